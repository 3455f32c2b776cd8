"""Bills that are paid: online by the client, or at the hospital; and what a provider says when money has come.

The bill's row is locked by all of them, so that a payment, a waiver and the greying of a card go one after another.
Whatever order they come in, money that has come is either set off against the bill or noted as to be given back.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import SYSTEM, ViewerKind
from gateway.context import Context, Services
from gateway.execution import ids
from gateway.execution.unit import unit_over
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import bills as rows
from gateway.repositories import writes
from gateway.resolvers import bills, cases, commands, inputs
from gateway.resolvers.commands import Command, Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

COUNTER = "counter"
"""In the place of a provider: the hospital has taken the money itself."""

CALLBACK = "paymentCallback"


@dataclass(frozen=True, slots=True)
class Paying:
    bill: str
    amount: Decimal | None
    reference: str | None  # of a receipt, where money was taken at the hospital


async def pay(transaction: Transaction, operation: str, paying: Paying) -> Work:
    """A client begins to pay online; a hospital or staff record what was paid to the hospital."""
    if transaction.context.viewer.kind is ViewerKind.CUSTOMER:
        return await _begin(transaction, operation, paying)
    return await _record(transaction, operation, paying)


async def _begin(transaction: Transaction, operation: str, paying: Paying) -> Work:
    """One attempt at a time: whoever asks again meanwhile goes on with the same."""
    context = transaction.context
    provider = context.services.payments.first
    if provider is None:
        raise Fault(Code.UNAVAILABLE, "Nothing can be paid online now.")
    row, around = await bills.locked(transaction, paying.bill)
    bills.require_step(context, row, "pay")
    amount = bills.within(row, paying.amount)
    under_way = around["payment_id"]
    if under_way is not None and paying.amount not in (None, around["pending_amount"]):
        raise bad_input("A payment of another amount is under way: finish it, or let it end.", "input", "amount")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if under_way is None:
            await _insert(transaction, row, provider.name, amount, "PENDING")
        return Subject(row["policy_id"], row["id"])

    return Work(bills.paid_facts(context, operation, row, is_online=True), write)


async def _record(transaction: Transaction, operation: str, paying: Paying) -> Work:
    context = transaction.context
    reference = inputs.required(inputs.name(paying.reference, "input", "reference"), "input", "reference")
    row, around = await bills.locked(transaction, paying.bill)
    if await rows.is_reference_taken(transaction.connection, row["policy_id"], COUNTER, reference):
        raise bad_input("This receipt is recorded already.", "input", "reference")
    bills.require_step(context, row, "pay")
    amount = bills.within(row, paying.amount)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _insert(transaction, row, COUNTER, amount, "PAID", reference)
        await _set_off(transaction, row, around, amount, COUNTER)
        return Subject(row["policy_id"], row["id"])

    return Work(bills.paid_facts(context, operation, row, is_online=False), write)


async def _insert(
    transaction: Transaction,
    row: Mapping[str, Any],
    provider: str,
    amount: Decimal,
    state: str,
    reference: str | None = None,
) -> None:
    """An attempt's reference is its own id, which leads to its policy; a receipt has its own."""
    context, payment = transaction.context, new_id()
    made = {
        "policy_id": row["policy_id"],
        "id": payment,
        "bill_id": row["id"],
        "provider": provider,
        "reference": reference or ids.encode("pay", row["policy_id"], payment),
        "amount": amount,
        "state": state,
        "principal": context.viewer.principal,
        "created_at": context.now,
        "resolved_at": None if state == "PENDING" else context.now,
    }
    await writes.insert(transaction.writes, "bill_payments", made)


async def _set_off(
    transaction: Transaction, row: Mapping[str, Any], around: Mapping[str, Any], amount: Decimal, provider: str
) -> None:
    state = "PAID" if amount == row["outstanding_amount"] else "PARTIALLY_PAID"
    details = {"amount": str(amount), "provider": provider}
    paid = row["paid_amount"] + amount
    await bills.settle(transaction, row, around, "pay", state, details=details, paid_amount=paid)


# Word from a provider


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider says of a payment, under an id that stays the same when it is said again."""

    provider: str
    event: str
    reference: str
    is_paid: bool
    amount: Decimal


class NoSuchPayment(Exception):
    """No payment that has been committed has this reference: the provider asks again later."""


async def receive(services: Services, notice: Notice, request_id: str, now: dt.datetime) -> bool:
    """Take word from a provider in; False where it was taken in before."""
    found = ids.decode(notice.reference)
    if found is None or found[0] != "pay" or len(found[1]) != 2:
        raise NoSuchPayment
    policy_id, payment_id = found[1]
    context = Context(
        services=services,
        viewer=SYSTEM,
        now=now,
        wall_clock=now,
        language="zh",
        request_id=request_id,
        unit=unit_over(services.pool, SYSTEM),
    )
    command = Command(CALLBACK, f"{notice.provider}:{notice.event}", notice, dry_run=False, kinds=(ViewerKind.SYSTEM,))

    async def prepare(transaction: Transaction) -> Work:
        return await _take_in(transaction, policy_id, payment_id, notice)

    outcome = await commands.run(context, command, prepare)
    await context.transaction.settle()
    return not outcome.is_replay


async def _take_in(transaction: Transaction, policy_id: uuid.UUID, payment_id: uuid.UUID, notice: Notice) -> Work:
    connection, context = transaction.connection, transaction.context
    bill_id = await rows.bill_of_payment(connection, policy_id, payment_id)
    row = None if bill_id is None else await rows.lock(connection, policy_id, bill_id)
    if bill_id is None or row is None:
        raise NoSuchPayment
    around = await rows.around(connection, policy_id, bill_id)
    payment = await rows.payment(connection, policy_id, payment_id)
    if (payment["provider"], payment["amount"]) != (notice.provider, notice.amount):
        raise bad_input("The payment of this reference is of another provider or amount.", "amount")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = next_state(payment["state"], notice.is_paid, is_owed=notice.amount <= row["outstanding_amount"])
        if state != payment["state"]:
            key = {"policy_id": policy_id, "id": payment_id}
            await writes.update(transaction.writes, "bill_payments", key, {"state": state, "resolved_at": context.now})
        if state == "PAID" != payment["state"]:
            await _set_off(transaction, row, around, payment["amount"], notice.provider)
        if state == "REFUND_DUE" != payment["state"]:
            payload = {"bill": ids.encode("bill", policy_id, bill_id)}
            subject = Subject(policy_id, payment_id)
            await cases.tell(transaction, "bill.refund_due", "STAFF", subject, row["state_seq"], payload)
        return Subject(policy_id, bill_id)

    return Work(Facts(CALLBACK, context.now, row["product_code"], ""), write)


def next_state(state: str, is_paid: bool, *, is_owed: bool) -> str:
    """Money that has come stays; what failed may still come, later than we waited; what is not owed goes back."""
    if state in ("PAID", "REFUND_DUE"):
        return state
    if not is_paid:
        return "FAILED"
    return "PAID" if is_owed else "REFUND_DUE"
