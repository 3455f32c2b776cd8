"""What many steps do to a booking: change its details, give its use back or spend it, free whoever serves it."""

from typing import Any

from gateway.repositories import bookings as rows
from gateway.repositories import expert_calls, writes
from gateway.resolvers.bookings import Case

SUBJECT = "BOOKING"
DETAILS = {
    "ESCORT": "escort_details",
    "VISIT": "hospital_visit_details",
    "TEST": "respiratory_test_details",
    "EXPERT_CALL": "expert_call_details",
    "OUTPATIENT_GREEN": "outpatient_green_channel_details",
    "INPATIENT_GREEN": "inpatient_green_channel_details",
    "SECOND_OPINION": "second_opinion_details",
}
"""Lifecycle → where the details of its bookings stand."""


def key(case: Case) -> dict[str, Any]:
    return {"policy_id": case.policy_id, "booking_id": case.booking_id}


async def details(case: Case, **changes: Any) -> None:
    await writes.update(case.transaction.writes, DETAILS[case.row["machine"]], key(case), changes)


def is_escort(case: Case) -> bool:
    return case.row["machine"] == "ESCORT"


async def release(case: Case, reason: str, rule: str | None = None, cancellations: int = 0) -> None:
    if case.ledger is not None:
        await case.ledger.release(SUBJECT, case.booking_id, reason=reason, rule=rule, cancellations=cancellations)


async def cancel_free(case: Case) -> None:
    """Only the cancellation of a confirmed booking counts against the one that is free."""
    await release(case, "cancelled free of charge", cancellations=int(case.row["confirmed_at"] is not None))


async def is_deduction_pending(case: Case, *, locking: bool = True) -> bool:
    """Whether a proposal to deduct the use still waits for its decision. Only escorts know such proposals."""
    if not is_escort(case):
        return False
    proposed = await rows.deduction(case.transaction.connection, case.policy_id, case.booking_id, locking=locking)
    return proposed is not None and proposed["state"] == "PROPOSED"


async def consume(case: Case, reason: str, rule: str | None = None) -> None:
    if case.ledger is not None:
        await case.ledger.consume(SUBJECT, case.booking_id, reason=reason, rule=rule)


FREEING = {"ESCORT": rows.free_escort, "EXPERT_CALL": expert_calls.free}
"""Lifecycle → how whoever was set aside for a booking is given free."""


async def free(case: Case) -> None:
    give_free = FREEING.get(case.row["machine"])
    if give_free is not None:
        await give_free(case.transaction.writes, case.booking_id)
