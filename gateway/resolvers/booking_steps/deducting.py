"""A change on the day that may count as used: a vendor proposes, staff decides."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.uses import cancel_free, consume, free
from gateway.resolvers.bookings import case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.verdict import Verdict
from models.base import new_id


async def propose_deduction(
    transaction: Transaction, operation: str, *, booking: str, reason: str, evidence: str | None, cost_incurred: bool
) -> Work:
    """The vendor asks that a change on the visit's day count as used; people decide (GEN-15)."""
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    case = await locked(transaction, booking, "proposeDeduction")
    changed = await rows.was_changed_by_client_on_visit_day(transaction.connection, case.policy_id, case.booking_id)
    if await rows.deduction(transaction.connection, case.policy_id, case.booking_id) is not None:
        raise bad_input("A deduction has been proposed for this booking already.", "input", "booking")
    found = replace(
        case_facts(case, operation),
        is_changed_by_client_on_visit_day=changed,
        is_cost_incurred=cost_incurred,
        paths={"costIncurred": ("input", "costIncurred")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await writes.insert(
            transaction.writes,
            "booking_deductions",
            {
                "policy_id": case.policy_id,
                "id": new_id(),
                "booking_id": case.booking_id,
                "state": "PROPOSED",
                "reason": why,
                "evidence": inputs.text(evidence, "input", "evidence"),
                "proposed_by": case.context.viewer.principal,
                "proposed_at": case.context.now,
            },
        )
        await move(case, only_state(found))
        await tell(case, "booking.deduction_proposed", "STAFF")
        return case.subject

    return Work(found, write)


async def decide_deduction(
    transaction: Transaction, operation: str, *, booking: str, approve: bool, reason: str
) -> Work:
    """Staff decides with a reason. Approved, the use is spent and the booking ends; else everything stays, or
    the cancellation that waited for the decision is free of charge.
    """
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    case = await locked(transaction, booking, "decideDeduction")
    proposed = await rows.deduction(transaction.connection, case.policy_id, case.booking_id)
    if proposed is None or proposed["state"] != "PROPOSED":
        raise bad_input("No proposed deduction waits for a decision on this booking.", "input", "booking")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await writes.update(
            transaction.writes,
            "booking_deductions",
            {"policy_id": case.policy_id, "id": proposed["id"]},
            {
                "state": "APPROVED" if approve else "REJECTED",
                "decided_by": case.context.viewer.principal,
                "decided_at": case.context.now,
                "decision_reason": why,
            },
        )
        if approve:
            await consume(case, "deduction approved")
            await free(case)
        elif case.row["state"] == "DEDUCTION_PENDING":
            await cancel_free(case)
        rejected = {"DEDUCTION_PENDING": "CANCELLED_FREE"}.get(case.row["state"], case.row["state"])
        await move(case, "DEDUCTED" if approve else rejected, reason=why)
        await tell(case, "booking.deduction_decided", "CUSTOMER")
        return case.subject

    return Work(found, write)
