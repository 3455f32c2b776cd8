"""Steps of a request for authorization: review, questions, decision by item, the supervisor's word, withdrawal."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import bookings as paper_rows
from gateway.repositories import guarantees as letter_rows
from gateway.repositories import preauths as rows
from gateway.repositories import writes
from gateway.resolvers import cases, guarantees, inputs, preauth_revisions
from gateway.resolvers.bookings import only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.preauth_revisions import Standing
from gateway.validation.authorization import Granted
from gateway.validation.facts import Facts
from gateway.validation.retelling import told
from gateway.validation.verdict import Verdict
from models.base import new_id

NONE = Standing()
GRANTING = frozenset({"APPROVED", "MODIFIED", "PARTIALLY_APPROVED"})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided of one item, by its place in the request."""

    position: int
    decision: str
    approved_amount: Decimal | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    rulings: tuple[Ruling, ...]
    valid_until: dt.date | None
    reason: str | None


async def review(transaction: Transaction, operation: str, *, preauth: str) -> Work:
    row = await cases.locked(transaction, preauth)
    found = step_facts(transaction.context, operation, row, "review")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await cases.move(transaction, cases.PREAUTH, row, "review", only_state(found))
        return _subject(row)

    return Work(found, write)


async def inquire(transaction: Transaction, operation: str, *, preauth: str, question: str) -> Work:
    """The insurer asks to know more; one question is open at a time."""
    asked = inputs.required(inputs.text(question, "input", "question"), "input", "question")
    row = await cases.locked(transaction, preauth)
    context = transaction.context
    found = step_facts(context, operation, row, "inquire")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        inquiry = {
            "policy_id": row["policy_id"],
            "id": new_id(),
            "preauth_id": row["id"],
            "question": asked,
            "asked_by": context.viewer.principal,
            "asked_at": context.now,
        }
        await writes.insert(transaction.writes, "preauth_inquiries", inquiry)
        await cases.move(transaction, cases.PREAUTH, row, "inquire", only_state(found))
        await _tell(transaction, row, "preauth.info_requested")
        return _subject(row)

    return Work(found, write)


async def answer(
    transaction: Transaction, operation: str, *, preauth: str, answer: str, documents: Sequence[str]
) -> Work:
    said = inputs.required(inputs.text(answer, "input", "answer"), "input", "answer")
    row = await cases.locked(transaction, preauth)
    cited = await cases.papers(transaction.connection, row["policy_id"], documents)
    found = step_facts(transaction.context, operation, row, "answer")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await writes.update(
            transaction.writes,
            "preauth_inquiries",
            {"policy_id": row["policy_id"], "id": row["open_inquiry"]},
            {"answer": said, "answered_at": transaction.context.now},
        )
        await paper_rows.link_papers(transaction.writes, row["policy_id"], cited, row["id"])
        await cases.move(transaction, cases.PREAUTH, row, "answer", only_state(found))
        await _tell(transaction, row, "preauth.answered", "STAFF")
        return _subject(row)

    return Work(found, write)


async def decide(transaction: Transaction, operation: str, *, preauth: str, decision: Decision) -> Work:
    """Each item by itself; what is granted in all must lie within the authority of one, or a supervisor follows."""
    context = transaction.context
    reason = inputs.text(decision.reason, "input", "reason")
    row = await cases.locked(transaction, preauth)
    found = step_facts(context, operation, row, "decide")
    rulings = _rulings(row, decision.rulings)
    whole = Granted.of([item.decision for _, item in rulings], [item.approved_amount for _, item in rulings])
    granted, state = whole.total, whole.outcome
    is_granting = any(ruling.decision in GRANTING for _, ruling in rulings)
    valid_until = _valid_until(row, decision.valid_until) if is_granting else None
    place = await preauth_revisions.standing(transaction, row, granted, "input", "decisions") if is_granting else NONE

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        for item, ruling in rulings:
            await _write_ruling(transaction, row, item, ruling)
        is_above = granted > context.services.authority_limit
        decided = row | {"valid_until": valid_until}
        await cases.move(
            transaction,
            cases.PREAUTH,
            row,
            "decide",
            "AWAITING_APPROVAL" if is_above else state,
            reason=reason,
            details={"rules": [verdict.rule for verdict in verdicts], "granted": str(granted)},
            valid_until=valid_until,
            decided_by=context.viewer.principal,
            decided_at=context.now,
        )
        if is_above:
            await _tell(transaction, row, "preauth.awaiting_approval", "STAFF")
            return _subject(row)
        return await _conclude(transaction, decided, granted, place)

    return Work(found, write, decided=told(whole))


async def approve(
    transaction: Transaction, operation: str, *, preauth: str, is_approved: bool, reason: str | None
) -> Work:
    """A supervisor, who is somebody else, lets a decision above the limit stand or sends it back."""
    context = transaction.context
    why = inputs.text(reason, "input", "reason")
    row = await cases.locked(transaction, preauth)
    found = step_facts(context, operation, row, "approve")
    if row["state"] == "AWAITING_APPROVAL" and row["decided_by"] == context.viewer.principal:
        raise Fault(Code.FORBIDDEN, "Whoever decided cannot approve it: somebody else must.", missingScopes=[])
    if not is_approved:
        why = inputs.required(why, "input", "reason")
    whole = Granted.of([item[4] for item in row["items"]], [item[5] for item in row["items"]])
    granted, state = whole.total, whole.outcome if is_approved else "UNDER_REVIEW"
    place = await preauth_revisions.standing(transaction, row, granted, "input", "preAuth") if is_approved else NONE

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        approver = context.viewer.principal if is_approved else None
        cleared = {} if is_approved else {"decided_by": None, "decided_at": None, "valid_until": None}
        details = {"rules": [verdict.rule for verdict in verdicts], "granted": str(granted)}
        await cases.move(
            transaction,
            cases.PREAUTH,
            row,
            "approve",
            state,
            reason=why,
            details=details,
            approved_by=approver,
            **cleared,
        )
        if is_approved:
            return await _conclude(transaction, row, granted, place)
        for item in row["items"]:
            nothing: dict[str, Any] = dict.fromkeys(("decision", "approved_amount", "reason", "decided_at"))
            await writes.update(
                transaction.writes, "preauth_items", {"policy_id": row["policy_id"], "id": item[0]}, nothing
            )
        return _subject(row)

    return Work(found, write, decided=told(whole) if is_approved else {})


async def withdraw(transaction: Transaction, operation: str, *, preauth: str, reason: str | None) -> Work:
    """The client wants it no more. What has been drawn on cannot be undone."""
    why = inputs.text(reason, "input", "reason")
    row = await cases.locked(transaction, preauth)
    letters = await letter_rows.lock_letters(transaction.connection, row["policy_id"], row["id"])
    if any(letter["drawn"] for letter in letters):
        raise bad_input("A hospital has drawn on its letter of guarantee: it cannot be withdrawn.", "input", "preAuth")
    found = step_facts(transaction.context, operation, row, "withdraw")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        for letter in letters:
            await guarantees.end(transaction, letter, "revoke", "REVOKED", "the request was withdrawn")
        await cases.move(transaction, cases.PREAUTH, row, "withdraw", only_state(found), reason=why)
        await _tell(transaction, row, "preauth.withdrawn", "STAFF")
        return _subject(row)

    return Work(found, write)


async def decide_notice(
    transaction: Transaction, operation: str, *, notice: str, is_granted: bool, reason: str
) -> Work:
    """Whether a late notice is excused: the insurer may, and need not."""
    context = transaction.context
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    policy_id, notice_id = ids.decode_as("notice", notice, 2, "input", "notice")
    row = await rows.lock_notice(transaction.connection, policy_id, notice_id)
    if row is None:
        raise ids.not_an_id("notice", "input", "notice")
    if row["state"] != "LATE":
        raise bad_input("Only a late notice that nobody has decided on waits for this.", "input", "notice")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await writes.update(
            transaction.writes,
            "emergency_notices",
            {"policy_id": policy_id, "id": notice_id},
            {
                "state": "WAIVER_GRANTED" if is_granted else "WAIVER_REFUSED",
                "decided_by": context.viewer.principal,
                "decided_at": context.now,
                "reason": why,
            },
        )
        return Subject(policy_id, notice_id)

    return Work(Facts(operation, context.now, row["product_code"], ""), write)


def step_facts(context: Context, operation: str, row: Mapping[str, Any], command: str) -> Facts:
    return Facts(operation, context.now, row["product_code"], "", step=cases.step_of(context, row, command))


def _rulings(row: Mapping[str, Any], given: Sequence[Ruling]) -> list[tuple[uuid.UUID, Ruling]]:
    """One ruling for every item, each with its reason and its amount where it needs them."""
    items = {item[1]: item for item in row["items"]}
    if sorted(ruling.position for ruling in given) != sorted(items):
        known = ", ".join(map(str, sorted(items)))
        raise bad_input(f"Decide every item once: {known}.", "input", "decisions")
    return [
        (items[ruling.position][0], _ruling(items[ruling.position], ruling, "input", "decisions", str(place)))
        for place, ruling in enumerate(given)
    ]


def _ruling(item: Any, ruling: Ruling, *path: str) -> Ruling:
    reason = inputs.text(ruling.reason, *path, "reason")
    amount = inputs.amount(ruling.approved_amount, *path, "approvedAmount")
    if ruling.decision == "DENIED":
        reason = inputs.required(reason, *path, "reason")
    if ruling.decision not in GRANTING:
        return Ruling(ruling.position, ruling.decision, None, reason)
    if amount is None and ruling.decision == "APPROVED":
        amount = max((price for price in item[2:4] if price is not None), default=None)
    if amount is None:
        raise bad_input("Say how much is approved.", *path, "approvedAmount")
    return Ruling(ruling.position, ruling.decision, amount, reason)


def _valid_until(row: Mapping[str, Any], given: dt.date | None) -> dt.date:
    last = row["cover"].upper - dt.timedelta(days=1)
    if given is None or not row["treatment_on"] <= given <= last:
        raise bad_input(f"Expected a day from {row['treatment_on']} to {last}.", "input", "validUntil")
    return given


async def _write_ruling(transaction: Transaction, row: Mapping[str, Any], item: uuid.UUID, ruling: Ruling) -> None:
    changes = {
        "decision": ruling.decision,
        "approved_amount": ruling.approved_amount,
        "reason": ruling.reason,
        "decided_at": transaction.context.now,
    }
    await writes.update(transaction.writes, "preauth_items", {"policy_id": row["policy_id"], "id": item}, changes)


async def _conclude(transaction: Transaction, row: Mapping[str, Any], granted: Decimal, place: Standing) -> Subject:
    """The client is told; where something was granted at a hospital that bills directly, its letter is issued."""
    await _tell(transaction, row, "preauth.decided")
    await preauth_revisions.change_places(transaction, place, _subject(row))
    if granted <= place.carried or not guarantees.is_billing_directly(row):
        return _subject(row)
    code = await guarantees.write_letter(transaction, row, granted, place.carried)
    return Subject(row["policy_id"], row["id"], {"letterCode": code})


async def _tell(transaction: Transaction, row: Mapping[str, Any], topic: str, audience: str = "CUSTOMER") -> None:
    payload = {"preAuth": ids.encode("preauth", row["policy_id"], row["id"])}
    await cases.tell(transaction, topic, audience, _subject(row), row["state_seq"] + 1, payload)


def _subject(row: Mapping[str, Any]) -> Subject:
    return Subject(row["policy_id"], row["id"])
