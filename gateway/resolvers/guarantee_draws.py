"""What direct claims take from letters of guarantee, and what comes back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gateway.auth.sight import KIND
from gateway.auth.viewer import ViewerKind
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.postgres import session
from gateway.repositories import guarantees as letter_rows
from gateway.repositories import preauths as rows
from gateway.repositories.writes import Writes
from gateway.resolvers import cases, guarantees, inputs
from gateway.resolvers.bookings import ROLES, only_state
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.validation.facts.authorizations import Draw
from gateway.validation.verdict import Status, Verdict

DIRECT = "DIRECT_"
SYSTEM = ROLES[ViewerKind.SYSTEM]
IN_FORCE = frozenset({"APPROVED", "PARTIALLY_APPROVED"})


async def draw(transaction: Transaction, operation: str, *, letter: str, claim: str, amount: Decimal) -> Work:
    """A direct claim takes its part. Two at once are one after the other, and the ceiling holds for their sum."""
    context, connection = transaction.context, transaction.connection
    wanted = _above_nothing(amount)
    drawing_claim = await _locked_claim(transaction, claim)
    row, found = await guarantees.step_on(transaction, operation, letter, "draw")
    claim_id = await _claim_of(connection, row, drawing_claim)
    if _has_ended(drawing_claim):
        raise bad_input("This claim has ended: nothing is drawn for it.", "input", "claim")
    remaining = guarantees.NOTHING if row["ended_at"] is not None else row["ceiling"] - row["drawn"]
    drawing = Draw(wanted, remaining, row["period"].lower, row["period"].upper - guarantees.A_DAY)
    found = replace(found, draw=drawing, paths={"amount": ("input", "amount")})

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(row["policy_id"], row["id"])
        state = "EXHAUSTED" if wanted == remaining else "DRAWN"
        await letter_rows.draw(
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
    """What a claim has drawn and does not need, because it was settled for less. It comes back to the letter in force,
    also where it was drawn on one before it."""
    connection = transaction.connection
    back = _above_nothing(amount)
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    giving = await _locked_claim(transaction, claim)
    row, found = await guarantees.step_on(transaction, operation, letter, "giveBack")
    if row["preauth_state"] not in IN_FORCE or not found.step or not found.step.leads_to:
        raise bad_input("Only a letter of an authorization in force takes anything back.", "input", "letter")
    claim_id = await _claim_of(connection, row, giving)
    drawn = await letter_rows.drawn_so_far(connection, row["policy_id"], row["preauth_id"], claim_id)
    if back > drawn:
        raise bad_input(f"This claim has drawn {drawn}.", "input", "amount")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _give_back(transaction, row, claim_id, back, only_state(found), why)
        return Subject(row["policy_id"], row["id"])

    return Work(found, write)


async def return_all(transaction: Transaction, claim: Mapping[str, Any], reason: str) -> None:
    """What a direct claim has drawn that ends without a cent. The claim's lock is held. It comes back by itself to the
    last letter of the line, from which whatever takes its place carries on; whether or not the one who ended the claim
    sees the letter."""
    if claim["preauth_id"] is None or not claim["kind"].startswith(DIRECT):
        return
    connection, itself = transaction.connection, replace(transaction, writes=Writes(transaction.connection))
    of_viewer = {KIND.name: KIND.text(transaction.context.viewer)}
    async with session.instead(connection, {KIND.name: SYSTEM}, of_viewer):
        letter, back = await _last_letter(connection, claim)
        if letter is not None and back != guarantees.NOTHING:
            steps = transaction.context.services.lifecycles
            (state,) = steps.leads_to(letter["machine"], letter["state"], "giveBack", SYSTEM)
            await _give_back(itself, letter, claim["id"], back, state, reason, role=SYSTEM)
            await itself.writes.flush()


async def _last_letter(connection: Any, claim: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, Decimal]:
    """The letter, locked after its request, once no other can follow it; and what the claim has drawn in all."""
    policy_id = claim["policy_id"]
    found = await letter_rows.last_drawn(connection, policy_id, claim["id"])
    while found is not None:
        await rows.lock(connection, policy_id, found["preauth_id"])
        last = await letter_rows.last_drawn(connection, policy_id, claim["id"])
        if last is not None and last["id"] == found["id"]:
            return await letter_rows.lock_letter(connection, policy_id, last["id"]), last["drawn"]
        found = last
    return None, guarantees.NOTHING


async def _give_back(
    transaction: Transaction,
    letter: Mapping[str, Any],
    claim_id: uuid.UUID,
    back: Decimal,
    state: str,
    reason: str,
    *,
    role: str | None = None,
) -> None:
    context, policy_id = transaction.context, letter["policy_id"]
    await letter_rows.give_back(
        transaction.writes,
        letter,
        claim_id=claim_id,
        amount=back,
        state=state,
        actor=context.viewer.principal,
        now=context.now,
    )
    await cases.write_event(
        transaction,
        cases.LETTER,
        Subject(policy_id, letter["id"]),
        letter["state_seq"] + 1,
        letter["state"],
        "giveBack",
        state,
        role=role,
        reason=reason,
        details={"claim": ids.encode("claim", policy_id, claim_id), "amount": str(back)},
    )


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


async def _locked_claim(transaction: Transaction, claim: str) -> Mapping[str, Any]:
    """The claim of an id, locked. One that is foreign is answered like one that is not there."""
    policy_id, claim_id = ids.decode_as("claim", claim, 2, "input", "claim")
    row, viewer = await letter_rows.lock_claim(transaction.connection, policy_id, claim_id), transaction.context.viewer
    if row is None or (viewer.kind is ViewerKind.VENDOR and row["vendor_code"] != viewer.vendor):
        raise ids.not_an_id("claim", "input", "claim")
    return row


def _has_ended(claim: Mapping[str, Any]) -> bool:
    return claim["state"] in ("WITHDRAWN", "CLOSED_INCOMPLETE") or claim["paid"] == 0


async def _claim_of(connection: Any, letter: Mapping[str, Any], claim: Mapping[str, Any]) -> uuid.UUID:
    """A direct claim of the same hospital and request."""
    if claim["policy_id"] != letter["policy_id"]:
        raise ids.not_an_id("claim", "input", "claim")
    is_direct = claim["kind"].startswith(DIRECT) and claim["hospital_code"] == letter["hospital_code"]
    if not is_direct or not await _is_under(connection, letter["policy_id"], letter["preauth_id"], claim["preauth_id"]):
        raise bad_input("Expected a direct claim of this hospital under the same authorization.", "input", "claim")
    return claim["id"]


async def _is_under(connection: Any, policy_id: uuid.UUID, authorization: uuid.UUID, named: uuid.UUID | None) -> bool:
    """Whether a claim names the authorization, or one whose place it has taken since."""
    if named is None or named == authorization:
        return named is not None
    return await letter_rows.is_in_line(connection, policy_id, authorization, named)
