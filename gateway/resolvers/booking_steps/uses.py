"""What many steps do to a booking: change its details, give its use back or spend it, free its escort."""

from typing import Any

from gateway.faults import Code, Fault
from gateway.repositories import bookings as rows
from gateway.repositories import writes
from gateway.resolvers.bookings import (
    Case,
)

SUBJECT = "BOOKING"


def key(case: Case) -> dict[str, Any]:
    return {"policy_id": case.policy_id, "booking_id": case.booking_id}


async def details(case: Case, **changes: Any) -> None:
    await writes.update(case.transaction.writes, "escort_details", key(case), changes)


async def release(case: Case, reason: str, rule: str | None = None, cancellations: int = 0) -> None:
    if case.ledger is not None:
        released = await case.ledger.release(
            SUBJECT, case.booking_id, reason=reason, rule=rule, cancellations=cancellations
        )
        _check(released)


async def consume(case: Case, reason: str, rule: str | None = None) -> None:
    if case.ledger is not None:
        _check(await case.ledger.consume(SUBJECT, case.booking_id, reason=reason, rule=rule))


def _check(is_done: bool) -> None:
    """A use that was set aside and is not there any more has been given back or spent by somebody else."""
    if not is_done:
        raise Fault(Code.CONFLICT, "Somebody else changed the same rows: send the request again.")


async def free_escort(case: Case) -> None:
    await rows.free_escort(case.transaction.connection, case.booking_id)
