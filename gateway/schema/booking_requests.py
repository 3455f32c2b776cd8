"""What clients, vendors and staff ask for, in the terms of the commands."""

from typing import Any

from gateway.resolvers import booking_steps as steps
from gateway.resolvers import escorts
from gateway.resolvers.requests import Patient
from gateway.schema.booking_inputs import (
    AdmissionInput,
    BookingRescheduleInput,
    CompanionInput,
    ConfirmationChecklistInput,
    EscortBookInput,
    PatientInput,
)


def request(given: EscortBookInput) -> escorts.EscortRequest:
    return escorts.EscortRequest(
        policy_number=given.policy_number,
        hospital=given.hospital,
        department=given.department,
        visit_at=given.visit_at,
        planned_minutes=given.planned_minutes,
        patient=patient(given.patient),
        registration=given.registration,
        is_diagnosed=given.is_diagnosed,
        symptom=given.symptom,
        need=given.need,
        conditions=tuple(condition.value for condition in given.conditions),
        companion=_companion(given.companion),
        needs_transport_outside_hospital=given.needs_transport_outside_hospital,
        documents=tuple(given.documents),
        acknowledged=tuple(given.acknowledged),
    )


def change(given: BookingRescheduleInput) -> steps.Change:
    return steps.Change(
        visit_at=given.visit_at,
        planned_minutes=given.planned_minutes,
        hospital=given.hospital,
        department=given.department,
        registration=given.registration,
        companion=_companion(given.companion),
        reason=given.reason,
    )


def patient(given: PatientInput) -> Patient:
    return Patient(given.name, given.gender.value if given.gender else None, given.phone, given.birth_on)


def _companion(given: CompanionInput | None) -> escorts.Companion | None:
    return given and escorts.Companion(given.relation.value, given.name, given.phone)


def checklist(given: ConfirmationChecklistInput | None) -> dict[str, Any]:
    if given is None:
        return {}
    return {
        "introduction": given.introduction,
        "visit": given.visit,
        "meetingPlace": given.meeting_place,
        "meetingAt": given.meeting_at,
        "materials": given.materials,
        "examinations": given.examinations,
        "priorConditions": given.prior_conditions,
        "specialExaminations": given.special_examinations,
        "contactLeft": given.contact_left,
        "remark": given.remark,
    }


def admission(given: AdmissionInput | None) -> steps.Admission | None:
    return given and steps.Admission(
        given.hospital, given.department, given.admitted_at, given.doctor_name, given.doctor_contact
    )
