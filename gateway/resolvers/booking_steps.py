"""Steps of a booking after it was asked for: by the client, by the vendor's people and by staff."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.bookings import (
    Case,
    case_facts,
    hospital_facts,
    locked,
    move,
    only_state,
    positive_minutes,
    start_clocks,
    tell,
)
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.resolvers.escorts import (
    Companion,
    cleaned_companion,
    companion_row,
    known_department,
    known_hospital,
)
from gateway.validation import facts
from gateway.validation.facts import Facts
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

SUBJECT = "BOOKING"
ESCORT_SLOT = rows.SLOT_MINUTES


def _key(case: Case) -> dict[str, Any]:
    return {"policy_id": case.policy_id, "booking_id": case.booking_id}


async def _details(case: Case, **changes: Any) -> None:
    await writes.update(case.transaction.writes, "escort_details", _key(case), changes)


async def _release(case: Case, reason: str, rule: str | None = None) -> None:
    if case.ledger is not None:
        await case.ledger.release(SUBJECT, case.booking_id, reason=reason, rule=rule)


async def _consume(case: Case, reason: str, rule: str | None = None) -> None:
    if case.ledger is not None:
        await case.ledger.consume(SUBJECT, case.booking_id, reason=reason, rule=rule)


async def _free_escort(case: Case) -> None:
    await rows.free_escort(case.transaction.connection, case.booking_id)


# The vendor takes it, or not ------------------------------------------------------------------------------------


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
        await _release(case, "declined by the vendor")
        await _free_escort(case)
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
        await _details(
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
    await _free_escort(case)
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
    quarter = start.replace(minute=start.minute // ESCORT_SLOT * ESCORT_SLOT, second=0, microsecond=0)
    found: list[tuple[dt.date, int]] = []
    while quarter < end:
        found.append((quarter.date(), (quarter.hour * 60 + quarter.minute) // ESCORT_SLOT))
        quarter += dt.timedelta(minutes=ESCORT_SLOT)
    return found


# The client's word ----------------------------------------------------------------------------------------------


async def confirm(
    transaction: Transaction, operation: str, *, booking: str, is_client_confirming: bool, checklist: Mapping[str, Any]
) -> Work:
    """The client agrees to time, place and papers; a vendor may record the word it was given on the phone."""
    case = await locked(transaction, booking, "confirm")
    is_client = case.context.viewer.kind is ViewerKind.CUSTOMER
    given = {name: value for name, value in checklist.items() if value not in (None, "")}
    found = replace(
        case_facts(case, operation),
        is_confirming_client=is_client_confirming,
        form={**case.row["checklist"], **given},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if given:
            await _details(case, checklist={**case.row["checklist"], **_plain(given)})
        await move(case, only_state(found), confirmed_at=case.row["confirmed_at"] or case.context.now)
        await tell(case, "booking.confirmed", "VENDOR" if is_client else "CUSTOMER")
        return case.subject

    return Work(found, write)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """What a rescheduling changes; what is left out stays."""

    visit_at: dt.datetime
    planned_minutes: int | None
    hospital: str | None
    department: str | None
    registration: str | None
    companion: Companion | None
    reason: str | None


AGREED_BEFORE: Mapping[str, Any] = {
    "escort_code": None,
    "escort_name": None,
    "meeting_place": None,
    "materials": None,
    "checklist": {},
}
"""What had been arranged for the former time and place, and holds no longer."""

PATHS = {name: ("input", name) for name in ("visitAt", "plannedMinutes", "hospital", "department", "companion")}


async def reschedule(transaction: Transaction, operation: str, *, booking: str, change: Change) -> Work:
    """Another time or place for the same booking: the use stays set aside, every rule of the visit is asked again.

    A client who confirmed and then moves the visit stays bound by the rules on cancelling, so that moving is no way
    around them. What the vendor moves, the client has not confirmed.
    """
    case = await locked(transaction, booking, "reschedule")
    connection, row = transaction.connection, case.row
    known = case_facts(case, operation)
    minutes = row["planned_minutes"] if change.planned_minutes is None else change.planned_minutes
    visit = facts.Visit(change.visit_at, positive_minutes(minutes, "input", "plannedMinutes"))
    hospital = known.hospital
    if change.hospital is not None:
        hospital = hospital_facts(await known_hospital(connection, change.hospital.strip(), row["product_code"]))
    department = await known_department(connection, change.department)
    companion = change.companion and cleaned_companion(change.companion)
    relation = companion.relation if companion else row["companion_relation"]
    patient = known.patient and replace(known.patient, companion=relation)
    found = replace(known, visit=visit, hospital=hospital, patient=patient, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _free_escort(case)
        await _details(
            case,
            **AGREED_BEFORE,
            **(companion_row(companion, case.context.services.vault) if companion else {}),
            **_registration(change),
        )
        await move(
            case,
            only_state(found),
            reason=inputs.text(change.reason, "input", "reason"),
            details=_change_note(case, visit),
            visit_at=visit.at,
            visit_on=visit.on,
            planned_minutes=visit.minutes,
            hospital_code=hospital.code if hospital else row["hospital_code"],
            department_code=department or row["department_code"],
            confirmed_at=None if case.context.viewer.kind is ViewerKind.VENDOR else row["confirmed_at"],
        )
        await start_clocks(
            transaction,
            product=row["product_code"],
            service=row["service"],
            command="request",
            subject=case.subject,
            visit=visit,
            sequence=row["state_seq"] + 1,
        )
        await tell(case, "booking.rescheduled", "VENDOR")
        return case.subject

    return Work(found, write)


def _registration(change: Change) -> dict[str, Any]:
    registration = inputs.text(change.registration, "input", "registration")
    return {} if registration is None else {"registration": registration}


def _change_note(case: Case, visit: facts.Visit) -> dict[str, Any]:
    booked = case.booked
    return {
        "visitAtBefore": booked.at.isoformat() if booked else None,
        "visitAt": visit.at.isoformat(),
        "changedOnVisitDay": booked is not None and facts.civil_day(case.context.now) == booked.on,
    }


async def cancel(
    transaction: Transaction, operation: str, *, booking: str, reason: str | None, accept_deduction: bool
) -> Work:
    """Free of charge where the rules say so; else only for a client who accepts that it counts as used."""
    case = await locked(transaction, booking, "cancel")
    found = replace(
        case_facts(case, operation),
        accepts_deduction=accept_deduction,
        paths={"acceptDeduction": ("input", "acceptDeduction")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        deducting = next((verdict for verdict in verdicts if verdict.status is Status.WARNED), None)
        if deducting is None:
            await _cancel_free(case)
        else:
            await _consume(case, "cancelled late", deducting.rule)
        await _free_escort(case)
        state = "CANCELLED_FREE" if deducting is None else "CANCELLED_LATE"
        await move(case, only_state(found, otherwise=state), reason=inputs.text(reason, "input", "reason"))
        await tell(case, "booking.cancelled", "VENDOR")
        return case.subject

    return Work(found, write)


async def _cancel_free(case: Case) -> None:
    """Only the cancellation of a confirmed booking counts against the one that is free."""
    if case.ledger is not None:
        counted = int(case.row["confirmed_at"] is not None)
        await case.ledger.release(SUBJECT, case.booking_id, reason="cancelled free of charge", cancellations=counted)


@dataclass(frozen=True, slots=True)
class Quote:
    """What cancelling now would mean."""

    outcome: str
    free_until: dt.datetime | None
    verdicts: tuple[Verdict, ...]


async def cancellation_quote(context: Context, booking: str) -> Quote:
    """The verdicts of a cancellation that is not made, without a lock."""
    found = await _quoted(context, booking)
    verdicts = tuple(context.services.rulebook.check(found))
    refusing = {verdict.check for verdict in verdicts if verdict.is_refusal}
    if "step_allowed" in refusing:
        return Quote("REFUSED", None, verdicts)
    if "cancellations_left" in refusing:
        return Quote("COUNTS_AS_USED", None, verdicts)
    if refusing:
        return Quote("COUNTS_AS_USED", _deadline(context, found), verdicts)
    return Quote("FREE", _free_until(context, found), verdicts)


async def _quoted(context: Context, booking: str) -> Facts:
    """Facts of a cancellation, read in a transaction of their own beside whatever else the query reads."""
    async with context.services.pool.acquire() as connection, connection.transaction(readonly=True):
        glance = Transaction.beside(context, connection)
        case = await locked(glance, booking, "cancel", path=("booking",), locking=False)
        return case_facts(case, "cancellationQuote")


def _free_until(context: Context, found: Facts) -> dt.datetime | None:
    """Until when it stays free whatever happens: the deadline; once that has passed unconfirmed, the visit itself."""
    ends = (_deadline(context, found), found.booked.at if found.booked else None)
    return next((end for end in ends if end is not None and end >= context.now), None)


def _deadline(context: Context, found: Facts) -> dt.datetime | None:
    """The last instant at which a confirmed booking is cancelled free of charge, by the rule that states the hours."""
    if found.booked is None:
        return None
    for rule, check in context.services.rulebook.governing(found.operation, found.product, found.service):
        if check.__name__ == "free_cancellation":
            return found.booked.at - dt.timedelta(hours=rule.parameters["freeCancelHours"])
    return None


async def rate(transaction: Transaction, operation: str, *, booking: str, score: int, comment: str | None) -> Work:
    if not 1 <= score <= 5:
        raise bad_input("Expected a score from 1 to 5.", "input", "score")
    case = await locked(transaction, booking, "rate")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await rows.upsert_rating(
            case.transaction.writes,
            case.policy_id,
            case.booking_id,
            score,
            inputs.text(comment, "input", "comment"),
            case.context.now,
        )
        await move(case, only_state(found))
        return case.subject

    return Work(found, write)


# The day of the visit -------------------------------------------------------------------------------------------


async def check_in(
    transaction: Transaction,
    operation: str,
    *,
    booking: str,
    client_is_late: bool,
    client_expected_at: dt.datetime | None,
) -> Work:
    case = await locked(transaction, booking, "checkIn")
    found = replace(
        case_facts(case, operation),
        client_is_late=client_is_late,
        client_expected_at=client_expected_at,
        paths={"clientExpectedAt": ("input", "clientExpectedAt")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _details(case, checked_in_at=case.context.now, client_expected_at=client_expected_at)
        await move(case, only_state(found))
        return case.subject

    return Work(found, write)


async def check_out(transaction: Transaction, operation: str, *, booking: str) -> Work:
    """The service ends now; an over-run is recorded with a warning, since a fact cannot be refused."""
    case = await locked(transaction, booking, "checkOut")
    minutes = _minutes_since(case.row["checked_in_at"], case.context.now)
    known = case_facts(case, operation)
    found = replace(known, visit=facts.Visit(case.row["checked_in_at"] or case.context.now, minutes))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _details(case, checked_out_at=case.context.now, actual_minutes=minutes)
        await move(case, only_state(found))
        return case.subject

    return Work(found, write)


def _minutes_since(start: dt.datetime | None, now: dt.datetime) -> int:
    """Begun minutes count in full, so that a second over four hours is over four hours."""
    seconds = 0 if start is None else max(0, int((now - start).total_seconds()))
    return -(-seconds // 60)


async def follow_up(transaction: Transaction, operation: str, *, booking: str, note: str | None) -> Work:
    """The follow-up completes the service, and the use is spent."""
    case = await locked(transaction, booking, "followUp")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _consume(case, "service completed")
        await _details(case, follow_up_note=inputs.text(note, "input", "note"))
        await move(case, only_state(found))
        await tell(case, "booking.completed", "CUSTOMER")
        return case.subject

    return Work(found, write)


NO_SHOW_STATES = {
    "CLIENT": "NO_SHOW",
    "HOSPITAL": "VENDOR_CANCELLED",
    "VENDOR": "VENDOR_CANCELLED",
    "PATIENT_EXCLUDED": "SERVICE_REFUSED",
}


async def no_show(transaction: Transaction, operation: str, *, booking: str, cause: str, note: str | None) -> Work:
    """The visit did not happen. It counts as used only for the client's own reasons and where the handbook says so."""
    case = await locked(transaction, booking, "noShow")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        counts = next((verdict for verdict in verdicts if verdict.check == "no_show_after_visit_time"), None)
        if cause == "CLIENT" and counts is not None:
            await _consume(case, "client did not come", counts.rule)
        else:
            await _release(case, f"visit did not happen: {cause.lower()}")
        await _free_escort(case)
        await move(case, NO_SHOW_STATES[cause], reason=inputs.text(note, "input", "note"), details={"cause": cause})
        await tell(case, "booking.not_served", "CUSTOMER")
        return case.subject

    return Work(found, write)


# A change on the day --------------------------------------------------------------------------------------------


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
    """Staff decides with a reason. Approved, the use is spent and the booking ends; else everything stays."""
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
            await _consume(case, "deduction approved")
            await _free_escort(case)
        await move(case, "DEDUCTED" if approve else case.row["state"], reason=why)
        await tell(case, "booking.deduction_decided", "CUSTOMER")
        return case.subject

    return Work(found, write)
