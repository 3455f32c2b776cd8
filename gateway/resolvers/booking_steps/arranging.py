"""The vendor takes a booking or not, and names who serves it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import hospital_visits as visit_rows
from gateway.resolvers import inputs
from gateway.resolvers.billing import MACHINE as VISIT
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps import admitting, answering
from gateway.resolvers.booking_steps.uses import details, free, is_escort, release
from gateway.resolvers.bookings import Case, case_facts, locked, only_state
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.resolvers.green_channels import OUTPATIENT as OUTPATIENT_GREEN
from gateway.resolvers.respiratory_tests import MACHINE as TEST
from gateway.resolvers.respiratory_tests import with_test
from gateway.validation.civil_time import SHANGHAI
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Status, Verdict


async def accept(
    transaction: Transaction, operation: str, *, booking: str, note: str | None, voucher: str | None = None
) -> Work:
    """Whoever serves it takes it: what no rule could judge is judged by that, an address of a test among it."""
    case = await locked(transaction, booking, "accept")
    found = await with_test(case, case_facts(case, operation), is_address_recognized=True)
    code = inputs.name(voucher, "input", "voucherCode")
    if code is not None and case.row["machine"] != TEST:
        raise bad_input("Only a test has a voucher: leave the field out.", "input", "voucherCode")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if case.row["machine"] == VISIT:
            await details(case, open_rules=[])
        if case.row["machine"] == OUTPATIENT_GREEN:
            await details(case, need_confirmed_at=case.context.now)
        if case.row["machine"] == TEST:
            await details(case, is_address_recognized=True, voucher_code=code)
        await move(case, only_state(found), reason=inputs.text(note, "input", "note"))
        await answering.log(case)
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
        await free(case)
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
    doctor: answering.Doctor | None = None
    vendor: str | None = None
    visit_at: dt.datetime | None = None


async def assign(transaction: Transaction, operation: str, *, booking: str, assignment: Assignment) -> Work:
    """Who serves it: an escort whom the vendor names, or a vendor where the product names none."""
    case = await locked(transaction, booking, "assign")
    if case.row["machine"] == answering.CONSULTATION:
        return answering.take_on(case, operation, assignment.doctor)
    if case.row["machine"] == OUTPATIENT_GREEN:
        return admitting.name_doctor(case, operation, assignment.doctor, assignment.visit_at)
    if not is_escort(case):
        return await _hand_over(case, operation, assignment)
    if assignment.vendor is not None:
        raise bad_input("The vendor of an escort is fixed: leave the field out.", "input", "vendor")
    return _assign_escort(case, operation, assignment)


async def _hand_over(case: Case, operation: str, assignment: Assignment) -> Work:
    vendor = inputs.required(inputs.name(assignment.vendor, "input", "vendor"), "input", "vendor")
    if not await visit_rows.is_contracted(case.transaction.connection, case.row["product_code"], vendor):
        raise bad_input("No such vendor: expected one with a contract for the product.", "input", "vendor")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await move(case, only_state(found), vendor_code=vendor)
        await tell(case, "booking.requested", "VENDOR")
        return case.subject

    return Work(found, write)


def _assign_escort(case: Case, operation: str, assignment: Assignment) -> Work:
    """Somebody is named; an escort with a code is free at that time and serves one hospital a day."""
    found = case_facts(case, operation)
    escort = inputs.name(assignment.escort, "input", "escort")
    escort_name = inputs.name(assignment.escort_name, "input", "escortName")
    if escort is None and escort_name is None:
        blank = "escort" if assignment.escort_name is None else "escortName"
        raise bad_input("Name who comes: `escort`, your code of the escort, `escortName`, or both.", "input", blank)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if escort is not None:
            await _take_escort(case, escort, verdicts)
        await details(
            case,
            escort_code=escort,
            escort_name=escort_name,
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


def _quarters(visit: Visit) -> list[tuple[dt.date, int]]:
    """Quarter-hours that the visit touches, each with its day, since a visit may run past midnight."""
    start, end = visit.at.astimezone(SHANGHAI), visit.ends_at.astimezone(SHANGHAI)
    quarter = start.replace(minute=start.minute // rows.SLOT_MINUTES * rows.SLOT_MINUTES, second=0, microsecond=0)
    found: list[tuple[dt.date, int]] = []
    while quarter < end:
        found.append((quarter.date(), (quarter.hour * 60 + quarter.minute) // rows.SLOT_MINUTES))
        quarter += dt.timedelta(minutes=rows.SLOT_MINUTES)
    return found
