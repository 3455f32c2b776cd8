"""Another time or place for the same booking."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.resolvers import inputs
from gateway.resolvers.billing import with_billing
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.uses import details, free, is_escort
from gateway.resolvers.bookings import Case, case_facts, hospital_facts, locked, only_state, set_aside
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.escorts import Companion, cleaned_companion, companion_row
from gateway.resolvers.inputs import positive_minutes
from gateway.resolvers.placing import open_rules
from gateway.resolvers.requests import known_department, known_hospital
from gateway.validation.civil_time import civil_day
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Verdict


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
    visit = _visit(case, change)
    hospital = known.hospital
    if change.hospital is not None:
        named = change.hospital.strip()
        hospital = hospital_facts(
            await known_hospital(connection, named, product=row["product_code"], service=row["service"])
        )
    department = await known_department(connection, change.department)
    companion = change.companion and cleaned_companion(change.companion)
    relation = companion.relation if companion else row["companion_relation"]
    patient = known.patient and replace(known.patient, companion=relation)
    overrides = set_aside(row["overrides"], row["insured_id"], row["visit_on"], visit.on)
    found = replace(known, visit=visit, hospital=hospital, patient=patient, paths=PATHS, overrides=overrides)
    found = await with_billing(case, found)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _rearrange(case, change, companion, verdicts)
        await move(
            case,
            only_state(found),
            reason=inputs.text(change.reason, "input", "reason"),
            details=_change_note(case, visit),
            visit_at=visit.at,
            visit_on=visit.on,
            planned_minutes=visit.minutes or None,
            hospital_code=hospital.code if hospital else row["hospital_code"],
            department_code=department or row["department_code"],
            confirmed_at=_still_confirmed(case),
        )
        await tell(case, "booking.rescheduled", "VENDOR")
        return case.subject

    return Work(found, write)


def _still_confirmed(case: Case) -> dt.datetime | None:
    """What the vendor moves, the client has not confirmed; a moved visit is arranged anew by the insurer's people."""
    is_kept = is_escort(case) and case.context.viewer.kind is not ViewerKind.VENDOR
    return case.row["confirmed_at"] if is_kept else None


def _visit(case: Case, change: Change) -> Visit:
    if not is_escort(case):
        _check_unasked(change)
        return Visit(change.visit_at)
    minutes = case.row["planned_minutes"] if change.planned_minutes is None else change.planned_minutes
    return Visit(change.visit_at, positive_minutes(minutes, "input", "plannedMinutes"))


def _check_unasked(change: Change) -> None:
    """What only an escort has."""
    asked = {
        "plannedMinutes": change.planned_minutes,
        "registration": change.registration,
        "companion": change.companion,
    }
    for field, value in asked.items():
        if value is not None:
            raise bad_input("Only an escort has this: leave the field out.", "input", field)


async def _rearrange(case: Case, change: Change, companion: Companion | None, verdicts: Sequence[Verdict]) -> None:
    if not is_escort(case):
        await details(case, open_rules=open_rules(verdicts))
        return
    await free(case)
    await details(
        case,
        **AGREED_BEFORE,
        **(companion_row(companion, case.context.services.vault) if companion else {}),
        **_registration(change),
    )


def _registration(change: Change) -> dict[str, Any]:
    registration = inputs.text(change.registration, "input", "registration")
    return {} if registration is None else {"registration": registration}


def _change_note(case: Case, visit: Visit) -> dict[str, Any]:
    booked = case.booked
    return {
        "visitAtBefore": booked.at.isoformat() if booked else None,
        "visitAt": visit.at.isoformat(),
        "changedOnVisitDay": booked is not None and civil_day(case.context.now) == booked.on,
    }
