"""Bills of the client's own part: issued, reminded of, and let go. How they are paid is in `payments`."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import bill_disputes as disputes
from gateway.repositories import bills as rows
from gateway.repositories import outbox, writes
from gateway.resolvers import cases, inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Hospital
from gateway.validation.facts.direct_claims import Bill
from gateway.validation.verdict import Verdict
from models.base import new_id

PATHS = {field: ("input", field) for field in ("bill", "claim", "booking", "amount", "channel")}
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Issuing:
    claim: str | None
    booking: str | None
    amount: Decimal


async def issue(transaction: Transaction, operation: str, issuing: Issuing) -> Work:
    """A bill for one visit, which a claim or a booking stands for; a visit has one."""
    context = transaction.context
    amount = positive(issuing.amount)
    visit = await _visit(transaction, issuing)
    if not any(operation in rule.operations for rule in context.services.rulebook.of(visit["product_code"], "")):
        raise bad_input("The handbook of this policy's product knows no bills.", "input")
    if visit["at_most"] is not None and amount > visit["at_most"]:
        raise bad_input(f"The claim leaves at most {visit['at_most']} to the client.", "input", "amount")
    if await rows.is_billed(transaction.connection, visit["policy_id"], visit):
        raise bad_input("This visit has a bill already.", "input")
    found = facts_of(
        context,
        operation,
        visit,
        Bill(visit["visit_type"], plan=visit["plan_code"], full_cover_visits=visit["full_cover_visits"]),
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return await write_bill(transaction, visit, amount, issued_by=context.viewer.principal)

    return Work(found, write)


async def write_bill(
    transaction: Transaction, visit: Mapping[str, Any], amount: Decimal, *, issued_by: str | None
) -> Subject:
    """The bill, of which the client is told. `visit` says whose it is, where, and of which claim or booking."""
    context = transaction.context
    copied = ("insured_id", "claim_id", "booking_id", "vendor_code", "hospital_code", "visit_type", "is_demo")
    bill: dict[str, Any] = {
        "policy_id": visit["policy_id"],
        "id": new_id(),
        "number": new_number("BL", context.now),
        "product_code": visit["product_code"],
        "state": "ISSUED",
        "amount": amount,
        "paid_amount": NOTHING,
        "waived_amount": NOTHING,
        "reminder_count": 0,
        "due_on": _due_on(context, visit["product_code"]),
        "issued_by": issued_by,
        "created_at": context.now,
        "updated_at": context.now,
    } | {name: visit[name] for name in copied}
    await cases.begin(transaction, cases.BILL, bill, "issue")
    subject = Subject(bill["policy_id"], bill["id"])
    await tell(transaction, "bill.issued", subject, 1)
    return subject


def _due_on(context: Context, product: str) -> dt.date | None:
    """By the rule that greys the card over one unpaid bill. No handbook prints a day: it is a setting of the rule."""
    terms = [rule.parameters for rule in context.services.rulebook.of(product, "") if "payDueDays" in rule.parameters]
    days = terms[0]["payDueDays"] if terms else None
    return None if days is None else civil_day(context.now) + dt.timedelta(days=days)


async def remind(transaction: Transaction, operation: str, *, bill: str, channel: str, is_delivered: bool) -> Work:
    """A call or a mail; only one that was delivered counts."""
    context, now = transaction.context, transaction.context.now
    row, around = await locked(transaction, bill)
    if row["disputed_at"] is not None:
        raise bad_input("This bill is disputed: reminders rest until the dispute has ended.", "input", "bill")
    state = next_state(context, row, "remind", row["state"])
    reminded_at = around["reminded_at"]
    found = facts_of(
        context,
        operation,
        row,
        Bill(
            row["visit_type"],
            reminders=row["reminder_count"],
            reminded_on=reminded_at and civil_day(reminded_at),
            is_reminder_delivered=is_delivered,
        ),
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        reminder = {
            "policy_id": row["policy_id"],
            "bill_id": row["id"],
            "seq": around["last_seq"] + 1,
            "channel": channel,
            "actor": context.viewer.principal,
            "sent_at": now,
            "delivered_at": now if is_delivered else None,
        }
        await writes.insert(transaction.writes, "bill_reminders", reminder)
        count = row["reminder_count"] + is_delivered
        await cases.move(transaction, cases.BILL, row, "remind", state, reminder_count=count)
        return Subject(row["policy_id"], row["id"])

    return Work(found, write)


async def waive(transaction: Transaction, operation: str, *, bill: str, amount: Decimal | None, reason: str) -> Work:
    """Staff let a part go, or all that is left; nobody lets go what he has issued himself."""
    context = transaction.context
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row, around = await locked(transaction, bill)
    part = within(row, amount)
    state = next_state(context, row, "waive", "WAIVED" if part == row["outstanding_amount"] else "PARTIALLY_PAID")
    if row["issued_by"] == context.viewer.principal:
        raise Fault(Code.FORBIDDEN, "Whoever has issued a bill does not waive it.", missingScopes=[])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await settle(transaction, row, around, "waive", state, waived_amount=row["waived_amount"] + part)
        await let_go(transaction, row, part, why)
        return Subject(row["policy_id"], row["id"])

    return Work(facts_of(context, operation, row, Bill(row["visit_type"])), write)


async def let_go(
    transaction: Transaction, row: Mapping[str, Any], part: Decimal, why: str, dispute: uuid.UUID | None = None
) -> None:
    """The entry of what the client does not owe any more, or never did, as a dispute has shown."""
    waiver = {
        "policy_id": row["policy_id"],
        "id": new_id(),
        "bill_id": row["id"],
        "command_id": new_id(),
        "dispute_id": dispute,
        "amount": part,
        "reason": why,
        "issued_by": row["issued_by"],
        "waived_by": transaction.context.viewer.principal,
        "at": transaction.context.now,
    }
    await writes.insert(transaction.writes, "bill_waivers", waiver)


async def settle(
    transaction: Transaction,
    row: Mapping[str, Any],
    around: Mapping[str, Any],
    command: str,
    state: str,
    *,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """A step that leaves less to pay, or nothing: then no card is greyed by it any more, and no dispute is left."""
    context = transaction.context
    is_settled = state in ("PAID", "WAIVED")
    if is_settled:
        changes["settled_at"] = context.now
    if is_settled and row["disputed_at"] is not None and "disputed_at" not in changes:
        changes["disputed_at"] = None
        await disputes.lapse(transaction.writes, row["policy_id"], row["id"], context.now)
    await cases.move(transaction, cases.BILL, row, command, state, details=details, **changes)
    if not is_settled:
        return
    by, policy_id = context.viewer.principal, row["policy_id"]
    await rows.lift_suspensions(transaction.writes, policy_id, row["id"], by=by, now=context.now)
    for card in around["cards"]:
        await outbox.post(
            transaction.writes,
            policy_id=policy_id,
            subject_id=card,
            topic="card.restored",
            audience="CUSTOMER",
            dedupe_key=f"card.restored:{card.hex}:{row['id'].hex}",
            now=context.now,
            payload={"card": ids.encode("card", policy_id, card)},
        )


async def tell(
    transaction: Transaction, topic: str, subject: Subject, sequence: int, audience: str = "CUSTOMER"
) -> None:
    await cases.tell(transaction, topic, audience, subject, sequence, {"bill": ids.encode("bill", *subject.key)})


async def locked(transaction: Transaction, bill: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The bill of an id, locked, and what hangs on it. A foreign one is answered like one that is not there."""
    policy_id, bill_id = ids.decode_as("bill", bill, 2, "input", "bill")
    row = await rows.lock(transaction.connection, policy_id, bill_id)
    if row is None or not cases.may_touch(transaction.context, row):
        raise ids.not_an_id("bill", "input", "bill")
    return row, await rows.around(transaction.connection, policy_id, bill_id)


def within(row: Mapping[str, Any], amount: Decimal | None) -> Decimal:
    """The amount that was named, or all that is left; never more."""
    left = row["outstanding_amount"]
    if left == 0:
        raise bad_input("Nothing of this bill is left.", "input", "bill")
    if amount is None:
        return left
    if positive(amount) > left:
        raise bad_input(f"Only {left} of this bill is left.", "input", "amount")
    return positive(amount)


def positive(amount: Decimal) -> Decimal:
    found = inputs.amount(amount, "input", "amount")
    if not found:
        raise bad_input("Expected an amount above 0.", "input", "amount")
    return found


def paid_facts(context: Context, operation: str, row: Mapping[str, Any], *, is_online: bool) -> Facts:
    return facts_of(context, operation, row, Bill(row["visit_type"], is_paid_online=is_online))


def facts_of(context: Context, operation: str, row: Mapping[str, Any], bill: Bill) -> Facts:
    hospital = Hospital(row["hospital_code"], row["hospital_name"], "", "", None, row["ownership"], is_city_served=True)
    return Facts(operation, context.now, row["product_code"], "", hospital=hospital, paths=PATHS, bill=bill)


def next_state(context: Context, row: Mapping[str, Any], command: str, state: str) -> str:
    if state not in cases.step_of(context, row, command).leads_to:
        raise _no_such_step()
    return state


def require_step(context: Context, row: Mapping[str, Any], command: str) -> None:
    if not cases.step_of(context, row, command).leads_to:
        raise _no_such_step()


def _no_such_step() -> Fault:
    return bad_input("This step is not possible while the bill is in its present state.", "input", "bill")


async def _visit(transaction: Transaction, issuing: Issuing) -> Mapping[str, Any]:
    """The visit that is billed, locked; a foreign one is answered like one that is not there."""
    if (issuing.claim is None) == (issuing.booking is None):
        raise bad_input("Name the visit: either its claim or its booking.", "input", "claim")
    if issuing.claim is not None:
        prefix, field, given, find = "claim", "claim", issuing.claim, rows.of_claim
    else:
        prefix, field, given, find = "book", "booking", issuing.booking or "", rows.of_booking
    policy_id, key = ids.decode_as(prefix, given, 2, "input", field)
    row = await find(transaction.connection, policy_id, key)
    if row is None or row["hospital_code"] is None or not cases.may_touch(transaction.context, row):
        raise ids.not_an_id(prefix, "input", field)
    return row
