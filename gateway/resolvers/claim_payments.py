"""What a claim's decision grants is paid: to the client, the hospital, or first to the vendor that has advanced it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.faults import bad_input
from gateway.repositories import writes
from gateway.resolvers import cases, claim_cases, inputs
from gateway.resolvers.claim_cases import step_facts, subject_of
from gateway.resolvers.claim_decisions import in_force
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.validation.adjudication import NOTHING
from gateway.validation.verdict import Verdict
from models.base import new_id


async def pay(
    transaction: Transaction,
    operation: str,
    *,
    claim: str,
    result: str,
    reference: str | None,
    failure: str | None,
) -> Work:
    """An order to pay what the decision grants and nobody has paid yet, and how it ended. A failed one makes room for
    the next."""
    context = transaction.context
    why = inputs.text(failure, "input", "failure")
    if (result == "FAILED") != (why is not None):
        raise bad_input("Say why, for a payment that failed and for no other.", "input", "failure")
    row = await claim_cases.locked(transaction, claim)
    command = "order" if result == "ORDERED" else "pay"
    found = step_facts(context, operation, row, command)
    under_way = _under_way(row, result, inputs.name(reference, "input", "reference"))
    payment = under_way or _order(context, row, inputs.name(reference, "input", "reference"))
    is_last = payment["amount"] == _unpaid(row)
    state = {"ORDERED": "DECIDED", "PAID": "PAID" if is_last else "DECIDED", "FAILED": "PAYMENT_FAILED"}[result]

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        ended = {"state": result, "failure": why, "resolved_at": None if result == "ORDERED" else context.now}
        if under_way is None:
            await writes.insert(transaction.writes, "claim_payments", {**payment, **ended})
        else:
            key = {"policy_id": row["policy_id"], "id": payment["id"]}
            await writes.update(transaction.writes, "claim_payments", key, ended)
        if state == "PAID":
            await claim_cases.stop_clocks(transaction, row, claim_cases.PAID)
        await cases.move(transaction, cases.CLAIM, row, command, state, reason=why)
        if result != "ORDERED":
            await claim_cases.tell(transaction, row, f"claim.payment_{result.lower()}")
        return subject_of(row)

    return Work(found, write)


def _under_way(row: Mapping[str, Any], result: str, reference: str | None) -> dict[str, Any] | None:
    """The order that this is about; a second one is never sent beside it."""
    for key, _, amount, state, _, known in row["payments"]:
        if state != "ORDERED":
            continue
        if result == "ORDERED" or reference not in (None, known):
            raise bad_input(f"The payment {known} is under way: record first how it ended.", "input", "reference")
        return {"id": key, "amount": amount}
    return None


def _order(context: Context, row: Mapping[str, Any], reference: str | None) -> dict[str, Any]:
    payee, amount = _due(row)
    if any(known == reference for *_, known in row["payments"]):
        raise bad_input("This reference belongs to an earlier payment.", "input", "reference")
    if payee == "CUSTOMER" and row["account_last4"] is None:
        raise bad_input("The claim has no account to pay to.", "input", "claim")
    return {
        "policy_id": row["policy_id"],
        "id": new_id(),
        "claim_id": row["id"],
        "decision_id": in_force(row)[0],
        "payee": payee,
        "hospital_code": row["hospital_code"] if payee == "HOSPITAL" else None,
        "vendor_code": row["vendor_code"] if payee == "VENDOR" else None,
        "account_last4": row["account_last4"] if payee == "CUSTOMER" else None,
        "amount": amount,
        "reference": reference or new_number("PO", context.now),
        "ordered_by": context.viewer.principal,
        "ordered_at": context.now,
    }


def _due(row: Mapping[str, Any]) -> tuple[str, Decimal]:
    """Who is paid next, and how much. Of an advance the vendor first gets what the settlement has the insurer bear,
    unless the client has paid that back already; the client gets the rest."""
    left = _unpaid(row)
    if left <= 0:
        raise bad_input("The decision leaves nothing to pay.", "input", "claim")
    if row["advance"] is None:
        return "CUSTOMER" if row["card_id"] is None else "HOSPITAL", left
    is_settled, covered, repayable, repaid = row["advance"]
    if not is_settled:  # until then the vendor may advance more
        raise bad_input("The advance is settled first: only then it is known what the vendor gets.", "input", "claim")
    to_vendor = covered - claim_cases.returned_to_vendor(row) - max(repaid - repayable, NOTHING)
    return ("VENDOR", min(left, to_vendor)) if to_vendor > 0 else ("CUSTOMER", left)


def _unpaid(row: Mapping[str, Any]) -> Decimal:
    return in_force(row)[4] - claim_cases.paid_so_far(row)
