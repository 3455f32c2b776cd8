"""Disputes of bills. While one is open, reminders rest and the bill grays no card; money is taken all the same.

The bill's row is locked by all of them, so that a dispute, a payment and the graying of a card go one after another.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import bill_disputes as rows
from gateway.repositories import writes
from gateway.resolvers import bills, cases, inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.direct_claims import Bill
from gateway.validation.verdict import Verdict
from models.base import new_id


async def open_dispute(transaction: Transaction, operation: str, *, bill: str, grounds: str) -> Work:
    """The client says that a bill is wrong, once, and as long as anything of it is owed; staff may look at it again."""
    context = transaction.context
    said = inputs.required(inputs.text(grounds, "input", "grounds"), "input", "grounds")
    row, _ = await bills.locked(transaction, bill)
    state = bills.next_state(context, row, "dispute", row["state"])
    if row["disputed_at"] is not None:
        raise bad_input("A dispute of this bill is open.", "input", "bill")
    earlier = await rows.newest(transaction.connection, row["policy_id"], row["id"])
    if context.viewer.kind is ViewerKind.CUSTOMER and earlier is not None:
        raise bad_input("This bill was disputed before: the hotline takes what is left to say.", "input", "bill")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        dispute = {
            "policy_id": row["policy_id"],
            "id": new_id(),
            "bill_id": row["id"],
            "issued_by": row["issued_by"],
            "state": "OPEN",
            "grounds": said,
            "opened_by": context.viewer.principal,
            "opened_at": context.now,
        }
        await cases.move(transaction, cases.BILL, row, "dispute", state, disputed_at=context.now)
        await writes.insert(transaction.writes, "bill_disputes", dispute)
        return await _told(transaction, row, "bill.disputed", *_others(row))

    return Work(_facts(transaction, operation, row), write)


async def withdraw(transaction: Transaction, operation: str, *, bill: str) -> Work:
    """The client leaves it at that, and the bill goes on with the time that it had left."""
    row, _, dispute = await _open(transaction, bill)
    state = bills.next_state(transaction.context, row, "withdrawDispute", row["state"])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _end(transaction, row, dispute, state="WITHDRAWN")
        changes = _resumed(row, transaction.context.now)
        await cases.move(transaction, cases.BILL, row, "withdrawDispute", state, **changes)
        return await _told(transaction, row, "bill.dispute_withdrawn", *_others(row))

    return Work(_facts(transaction, operation, row), write)


async def decide(
    transaction: Transaction, operation: str, *, bill: str, outcome: str, amount: Decimal | None, reason: str
) -> Work:
    """Somebody who had no part in the bill lets it stand, or takes off what the client does not owe."""
    context = transaction.context
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row, around, dispute = await _open(transaction, bill)
    off = _taken_off(row, outcome, amount)
    state = bills.next_state(context, row, "decideDispute", _state_without(row, off))
    await _require_no_part(transaction, row)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        decided = {"reason": why, "decided_by": context.viewer.principal, "taken_off": off}
        await _end(transaction, row, dispute, state=outcome, **decided)
        changes = _resumed(row, context.now)
        if off is not None:
            changes["waived_amount"] = row["waived_amount"] + off
            await bills.let_go(transaction, row, off, why, dispute)
        await bills.settle(transaction, row, around, "decideDispute", state, **changes)
        return await _told(transaction, row, "bill.dispute_decided", "CUSTOMER", *_others(row)[1:])

    return Work(_facts(transaction, operation, row), write)


def _taken_off(row: Mapping[str, Any], outcome: str, amount: Decimal | None) -> Decimal | None:
    if (outcome == "ADJUSTED") != (amount is not None):
        raise bad_input("An amount is needed to adjust a bill, and for nothing else.", "input", "amount")
    return None if amount is None else bills.within(row, amount)


def _state_without(row: Mapping[str, Any], off: Decimal | None) -> str:
    if off is None:
        return row["state"]
    return "WAIVED" if off == row["outstanding_amount"] else "PARTIALLY_PAID"


def _resumed(row: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """The day that the bill is due comes as many days later as were left when it was disputed."""
    if row["due_on"] is None:
        return {"disputed_at": None}
    left = max(row["due_on"] - civil_day(row["disputed_at"]), dt.timedelta(0))
    return {"disputed_at": None, "due_on": civil_day(now) + left}


async def _require_no_part(transaction: Transaction, row: Mapping[str, Any]) -> None:
    who = transaction.context.viewer.principal
    if who == row["issued_by"] or who in await rows.deciders(transaction.connection, row["policy_id"], row["claim_id"]):
        raise Fault(
            Code.FORBIDDEN, "Whoever had a part in the bill or its claim does not judge its dispute.", missingScopes=[]
        )


async def _open(transaction: Transaction, bill: str) -> tuple[Mapping[str, Any], Mapping[str, Any], uuid.UUID]:
    """A disputed bill, locked, what hangs on it, and its open dispute."""
    row, around = await bills.locked(transaction, bill)
    if row["disputed_at"] is None:
        raise bad_input("No dispute of this bill is open.", "input", "bill")
    newest = await rows.newest(transaction.connection, row["policy_id"], row["id"])
    assert newest is not None, "a bill that is disputed has a dispute"
    return row, around, newest


async def _end(transaction: Transaction, row: Mapping[str, Any], dispute: uuid.UUID, **changes: Any) -> None:
    key = {"policy_id": row["policy_id"], "id": dispute, "state": "OPEN"}
    ended = {"ended_at": transaction.context.now, **changes}
    await writes.update(transaction.writes, "bill_disputes", key, ended)


def _others(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Who has to know what the client says: staff, and the hospital's vendor where the bill is its own."""
    return ("STAFF", "VENDOR") if row["vendor_code"] else ("STAFF",)


async def _told(transaction: Transaction, row: Mapping[str, Any], topic: str, *audiences: str) -> Subject:
    subject = Subject(row["policy_id"], row["id"])
    for audience in audiences:
        await bills.tell(transaction, topic, subject, row["state_seq"] + 1, audience)
    return subject


def _facts(transaction: Transaction, operation: str, row: Mapping[str, Any]) -> Facts:
    return bills.facts_of(transaction.context, operation, row, Bill(row["visit_type"]))
