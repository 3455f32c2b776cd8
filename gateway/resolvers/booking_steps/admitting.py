"""What green channels bring: a doctor for a child, a bed for the critically ill, and contacts around the stay."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import green_channels as rows
from gateway.repositories import outbox, writes
from gateway.resolvers import inputs
from gateway.resolvers.booking_clocks import REMINDER
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.answering import Doctor
from gateway.resolvers.booking_steps.uses import details, key
from gateway.resolvers.bookings import Case, case_facts, hospital_facts, only_state
from gateway.resolvers.commands import Subject, Work
from gateway.resolvers.green_channels import INPATIENT, OUTPATIENT
from gateway.resolvers.requests import known_department, known_hospital
from gateway.validation.civil_time import civil_day
from gateway.validation.facts.calls import Doctor as DoctorFacts
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Verdict

ADMISSION = ("input", "admission")
PATHS = {"doctorTitle": ("input", "doctor", "title"), "visitAt": ("input", "visitAt")}


def name_doctor(case: Case, operation: str, doctor: Doctor | None, visit_at: dt.datetime | None) -> Work:
    """The vendor names the doctor, and the time where it could not be the one that was asked for."""
    if doctor is None:
        raise bad_input("Name the doctor who was arranged.", "input", "doctor")
    if visit_at is not None and visit_at <= case.context.now:
        raise bad_input("The visit must lie ahead.", "input", "visitAt")
    visit = case.booked if visit_at is None else Visit(visit_at)
    name = inputs.required(inputs.name(doctor.name, "input", "doctor", "name"), "input", "doctor", "name")
    found = replace(case_facts(case, operation), doctor=DoctorFacts(title=doctor.title), visit=visit, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await details(case, doctor_name=name, doctor_title=doctor.title)
        changes: dict[str, Any] = {} if visit_at is None else {"visit_at": visit_at, "visit_on": civil_day(visit_at)}
        await move(case, only_state(found), **changes)
        await tell(case, "booking.assigned", "CUSTOMER")
        return case.subject

    return Work(found, write)


# The stay


@dataclass(frozen=True, slots=True)
class Admission:
    """Where and when the stay begins, and who can be phoned during it."""

    hospital: str
    department: str | None
    admitted_at: dt.datetime
    doctor_name: str | None
    doctor_contact: str | None


async def arrange(case: Case, operation: str, admission: Admission | None) -> Work:
    """A bed is found. It may be moved; what was to remind of the former day is called off."""
    if admission is None:
        raise bad_input("Say where and when the stay begins.", *ADMISSION)
    if admission.admitted_at <= case.context.now:
        raise bad_input("The admission must lie ahead.", *ADMISSION, "admittedAt")
    connection, row = case.transaction.connection, case.row
    hospital = hospital_facts(
        await known_hospital(
            connection,
            admission.hospital.strip(),
            *ADMISSION,
            "hospital",
            product=row["product_code"],
            service=row["service"],
        )
    )
    department = await known_department(connection, admission.department, *ADMISSION, "department")
    doctor = inputs.name(admission.doctor_name, *ADMISSION, "doctorName")
    reached_at = inputs.name(admission.doctor_contact, *ADMISSION, "doctorContact")
    found = replace(case_facts(case, operation), hospital=hospital, visit=Visit(admission.admitted_at))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await details(case, doctor_name=doctor, doctor_contact=reached_at)
        await _forget_reminders(case)
        await move(
            case,
            only_state(found),
            hospital_code=hospital.code,
            department_code=department,
            visit_at=admission.admitted_at,
            visit_on=civil_day(admission.admitted_at),
            confirmed_at=row["confirmed_at"] or case.context.now,
        )
        await tell(case, "booking.confirmed", "CUSTOMER")
        return case.subject

    return Work(found, write)


async def _forget_reminders(case: Case) -> None:
    await outbox.cancel_pending(
        case.transaction.writes,
        policy_id=case.policy_id,
        subject_id=case.booking_id,
        topic=REMINDER,
        now=case.context.now,
    )


async def admitted(case: Case) -> None:
    if case.row["machine"] == INPATIENT:
        await details(case, admitted_on=civil_day(case.context.now))


async def discharged(case: Case, *, is_accompanied: bool | None) -> None:
    if case.row["machine"] == INPATIENT:
        await details(case, discharged_on=civil_day(case.context.now))
        if is_accompanied:
            await _note(case, "DISCHARGE", None)


def is_under_way(case: Case) -> bool:
    return (case.row["machine"], case.row["state"]) == (INPATIENT, "IN_SERVICE")


def contact(case: Case, operation: str, note: str | None) -> Work:
    """Somebody was in touch with the patient during the stay: by the call of the first week, then time and again."""
    case = replace(case, command="contact")
    said = inputs.text(note, "input", "note")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        await _note(case, "TRACKING", said)
        await move(case, state, reason=said)
        return case.subject

    return Work(found, write)


async def followed_up(case: Case, note: str | None) -> None:
    if case.row["machine"] == OUTPATIENT:
        await details(case, follow_up_note=note)
    if case.row["machine"] == INPATIENT:
        await _note(case, "FOLLOW_UP", note)


async def _note(case: Case, kind: str, note: str | None) -> None:
    seq = await rows.next_contact(case.transaction.connection, case.policy_id, case.booking_id)
    is_first_call = kind == "TRACKING" and seq == 1
    await writes.insert(
        case.transaction.writes,
        "green_channel_contacts",
        {
            **key(case),
            "seq": seq,
            "kind": "ADMISSION_CALL" if is_first_call else kind,
            "note": note,
            "actor": case.context.viewer.principal,
            "at": case.context.now,
        },
    )
