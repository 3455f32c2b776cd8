"""What direct claims take from letters of guarantee, and what comes back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import preauths as rows
from gateway.resolvers import cases, guarantees, inputs
from gateway.resolvers.bookings import only_state
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.validation.facts.authorizations import Draw
from gateway.validation.verdict import Status, Verdict

IN_FORCE = frozenset({"APPROVED", "PARTIALLY_APPROVED"})


async def draw(transaction: Transaction, operation: str, *, letter: str, claim: str, amount: Decimal) -> Work:
    """A direct claim takes its part. Two at once are one after the other, and the ceiling holds for their sum."""
    context, connection = transaction.context, transaction.connection
    wanted = _above_nothing(amount)
    row, found = await guarantees.step_on(transaction, operation, letter, "draw")
    claim_id = await _claim_of(context, connection, row, claim)
    remaining = guarantees.NOTHING if row["ended_at"] is not None else row["ceiling"] - row["drawn"]
    drawing = Draw(wanted, remaining, row["period"].lower, row["period"].upper - guarantees.A_DAY)
    found = replace(found, draw=drawing, paths={"amount": ("input", "amount")})

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(row["policy_id"], row["id"])
        state = "EXHAUSTED" if wanted == remaining else "DRAWN"
        await rows.draw(
            transaction.writes,
            row,
            claim_id=claim_id,
            amount=wanted,
            state=state,
            actor=context.viewer.principal,
            now=context.now,
            refusal=_late_refusal(verdicts),
        )
        details = {"claim": claim, "amount": str(wanted)}
        sequence = row["state_seq"] + 1
        await cases.write_event(
            transaction, cases.LETTER, subject, sequence, row["state"], "draw", state, details=details
        )
        return subject

    return Work(found, write)


async def give_back(
    transaction: Transaction, operation: str, *, letter: str, claim: str, amount: Decimal, reason: str
) -> Work:
    """What a claim has drawn and does not need, because it was withdrawn or settled for less. It comes back to the
    letter in force, also where it was drawn on one before it."""
    context, connection = transaction.context, transaction.connection
    back = _above_nothing(amount)
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row, found = await guarantees.step_on(transaction, operation, letter, "giveBack")
    if row["preauth_state"] not in IN_FORCE or not found.step or not found.step.leads_to:
        raise bad_input("Only a letter of an authorization in force takes anything back.", "input", "letter")
    claim_id = await _claim_of(context, connection, row, claim)
    drawn = await rows.drawn_so_far(connection, row["policy_id"], row["preauth_id"], claim_id)
    if back > drawn:
        raise bad_input(f"This claim has drawn {drawn}.", "input", "amount")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject, state = Subject(row["policy_id"], row["id"]), only_state(found)
        await rows.give_back(
            transaction.writes,
            row,
            claim_id=claim_id,
            amount=back,
            state=state,
            actor=context.viewer.principal,
            now=context.now,
        )
        sequence, details = row["state_seq"] + 1, {"claim": claim, "amount": str(back)}
        await cases.write_event(
            transaction, cases.LETTER, subject, sequence, row["state"], "giveBack", state, reason=why, details=details
        )
        return subject

    return Work(found, write)


def _above_nothing(amount: Decimal) -> Decimal:
    wanted = inputs.amount(amount, "input", "amount")
    if not wanted:
        raise bad_input("Expected an amount above 0.", "input", "amount")
    return wanted


def _late_refusal(verdicts: Sequence[Verdict]) -> Exception:
    stating = next((verdict for verdict in verdicts if verdict.check == "within_guarantee"), None)
    if stating is None:
        return RuntimeError("a draw was refused that no rule limits")
    return RefusedByDatabase(replace(stating, status=Status.REFUSED, input_path=("input", "amount")))


async def _claim_of(context: Context, connection: Any, letter: Mapping[str, Any], claim: str) -> Any:
    """A direct claim of the same hospital and request, which the viewer may touch."""
    policy_id, claim_id = ids.decode_as("claim", claim, 2, "input", "claim")
    row = await rows.claim(connection, policy_id, claim_id) if policy_id == letter["policy_id"] else None
    is_foreign = context.viewer.kind is ViewerKind.VENDOR and (
        row is None or row["vendor_code"] != context.viewer.vendor
    )
    if row is None or is_foreign:
        raise ids.not_an_id("claim", "input", "claim")
    is_direct = row["kind"].startswith("DIRECT_") and row["hospital_code"] == letter["hospital_code"]
    if not is_direct or not await _is_under(connection, policy_id, letter["preauth_id"], row["preauth_id"]):
        raise bad_input("Expected a direct claim of this hospital under the same authorization.", "input", "claim")
    return claim_id


async def _is_under(connection: Any, policy_id: uuid.UUID, authorization: uuid.UUID, named: uuid.UUID | None) -> bool:
    """Whether a claim names the authorization, or one whose place it has taken since."""
    if named is None or named == authorization:
        return named is not None
    return await rows.is_in_line(connection, policy_id, authorization, named)
