"""Sums to be paid back: whoever receives them records what has come, and the insurer may let the rest go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import repayments as rows
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

PREFIX = "repay"


@dataclass(frozen=True, slots=True)
class Line:
    """What lessens a sum: a payment with its reference, or a waiver with its reason."""

    kind: str
    amount: Decimal
    reference: str | None = None
    reason: str | None = None


async def record_payment(
    transaction: Transaction, operation: str, *, repayment: str, amount: Decimal, reference: str
) -> Work:
    known_as = inputs.required(inputs.name(reference, "input", "reference"), "input", "reference")
    row = await _locked(transaction, repayment)
    if await rows.is_reference_used(transaction.connection, row["policy_id"], known_as):
        raise bad_input("Another payment has this reference already.", "input", "reference")
    return _lessening(transaction, operation, row, Line("PAYMENT", _part(row, amount), reference=known_as))


async def waive(
    transaction: Transaction, operation: str, *, repayment: str, amount: Decimal | None, reason: str
) -> Work:
    """Without an amount, all that is left."""
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row = await _locked(transaction, repayment)
    part = _part(row, row["outstanding_amount"] if amount is None else amount)
    return _lessening(transaction, operation, row, Line("WAIVER", part, reason=why))


def _lessening(transaction: Transaction, operation: str, row: Mapping[str, Any], line: Line) -> Work:
    context = transaction.context

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await rows.lessen(
            transaction.writes,
            row,
            kind=line.kind,
            amount=line.amount,
            state=_state(row, line),
            reference=line.reference,
            reason=line.reason,
            actor=context.viewer.principal,
            now=context.now,
        )
        return Subject(row["policy_id"], row["id"])

    return Work(Facts(operation, context.now, row["product_code"], ""), write)


def _state(row: Mapping[str, Any], line: Line) -> str:
    if line.amount < row["outstanding_amount"]:
        return "PARTIALLY_PAID"
    return "SETTLED" if line.kind == "PAYMENT" else "WAIVED"


def _part(row: Mapping[str, Any], amount: Decimal) -> Decimal:
    """A part of what is still owed, above nothing and at most all of it."""
    given, left = inputs.amount(amount, "input", "amount"), row["outstanding_amount"]
    if left == 0:
        raise bad_input("Nothing is owed any more.", "input", "repayment")
    if given is None or not 0 < given <= left:
        raise bad_input(f"Expected an amount above 0 and at most {left}.", "input", "amount")
    return given


async def _locked(transaction: Transaction, repayment: str) -> Mapping[str, Any]:
    """One that is foreign is answered like one that is not there."""
    path = ("input", "repayment")
    policy_id, repayment_id = ids.decode_as(PREFIX, repayment, 2, *path)
    row = await rows.lock(transaction.connection, policy_id, repayment_id)
    if row is None or not _may_touch(transaction.context, row):
        raise ids.not_an_id(PREFIX, *path)
    return row


def _may_touch(context: Context, row: Mapping[str, Any]) -> bool:
    """Staff, and the vendor to whom it is owed; no token that is cut reaches what is owed to the vendor itself."""
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    is_cut = any(cut is not None for cut in (viewer.products, viewer.services, viewer.hospitals))
    return not is_cut and viewer.vendor is not None and row["vendor_code"] == viewer.vendor
