"""The vendor takes a booking or not, and names who serves it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.resolvers import inputs
from gateway.resolvers.booking_steps.uses import details, free_escort, release
from gateway.resolvers.bookings import (
    Case,
    case_facts,
    locked,
    move,
    only_state,
    tell,
)
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.validation import facts
from gateway.validation.verdict import Status, Verdict


async def accept(transaction: Transaction, operation: str, *, booking: str, note: str | None) -> Work:
    case = await locked(transaction, booking, "accept")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await move(case, only_state(found), reason=inputs.text(note, "input", "note"))
        await tell(case, "booking.accepted", "CUSTOMER")
        return case.subject

    return Work(found, write)


async def decline(transaction: Transaction, operation: str, *, booking: str, reason: str) -> Work:
    """The vendor cannot serve: the use goes back to the client, and the cancellation is not the client's."""
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    case = await locked(transaction, booking, "decline")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await release(case, "declined by the vendor")
        await free_escort(case)
        await move(case, only_state(found), reason=why)
        await tell(case, "booking.declined", "CUSTOMER")
        return case.subject

    return Work(found, write)


@dataclass(frozen=True, slots=True)
class Assignment:
    escort: str | None
    escort_name: str | None
    meeting_place: str | None
    materials: str | None


async def assign(transaction: Transaction, operation: str, *, booking: str, assignment: Assignment) -> Work:
    """An escort for the visit; a named one is free at that time and serves one hospital a day."""
    case = await locked(transaction, booking, "assign")
    found = case_facts(case, operation)
    escort = inputs.name(assignment.escort, "input", "escort")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if escort is not None:
            await _take_escort(case, escort, verdicts)
        await details(
            case,
            escort_code=escort,
            escort_name=inputs.name(assignment.escort_name, "input", "escortName"),
            meeting_place=inputs.text(assignment.meeting_place, "input", "meetingPlace") or case.row["hospital_name"],
            materials=inputs.text(assignment.materials, "input", "materials"),
        )
        await move(case, only_state(found))
        await tell(case, "booking.assigned", "CUSTOMER")
        return case.subject

    return Work(found, write)


async def _take_escort(case: Case, escort: str, verdicts: Sequence[Verdict]) -> None:
    visit, connection, vendor = case.booked, case.transaction.connection, case.row["vendor_code"]
    if visit is None:
        return
    await rows.free_escort(connection, case.booking_id)  # at once: the same quarter-hours may be taken again
    rule = next((verdict for verdict in verdicts if verdict.check == "one_hospital_one_day"), None)
    if rule is not None and not await rows.keep_escort_to(
        connection, vendor=vendor, escort=escort, on=visit.on, hospital=case.row["hospital_code"]
    ):
        raise RefusedByDatabase(replace(rule, status=Status.REFUSED, input_path=("input", "escort")))
    if not await rows.take_escort(
        connection,
        vendor=vendor,
        escort=escort,
        policy_id=case.policy_id,
        booking_id=case.booking_id,
        quarters=_quarters(visit),
    ):
        raise bad_input("This escort is taken at that time: name another one.", "input", "escort")


def _quarters(visit: facts.Visit) -> list[tuple[dt.date, int]]:
    """Quarter-hours that the visit touches, each with its day, since a visit may run past midnight."""
    start, end = visit.at.astimezone(facts.SHANGHAI), visit.ends_at.astimezone(facts.SHANGHAI)
    quarter = start.replace(minute=start.minute // rows.SLOT_MINUTES * rows.SLOT_MINUTES, second=0, microsecond=0)
    found: list[tuple[dt.date, int]] = []
    while quarter < end:
        found.append((quarter.date(), (quarter.hour * 60 + quarter.minute) // rows.SLOT_MINUTES))
        quarter += dt.timedelta(minutes=rows.SLOT_MINUTES)
    return found
