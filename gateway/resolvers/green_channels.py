"""Asking for a green channel: an outpatient appointment for a child, or a bed for the critically ill."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.repositories import green_channels as rows
from gateway.repositories import writes
from gateway.resolvers import asking, critical_care, inputs
from gateway.resolvers.asking import Ask
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.critical_care import CareRequest
from gateway.resolvers.placing import Placing, open_rules
from gateway.resolvers.requests import HandedIn, Patient, document_key, link_papers, paths_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts.cases import Visit
from gateway.validation.facts.visits import Place
from gateway.validation.verdict import Verdict

OUTPATIENT = "OUTPATIENT_GREEN"
INPATIENT = "INPATIENT_GREEN"
PHONE = "outpatient_green_channel_details.patient_phone"
ADMISSION_SLIP = "ADMISSION_SLIP"
PATHS = {
    **asking.PATHS,
    **paths_of("department", "isDiagnosed", "symptom", "need"),
    "phone": ("input", "patient", "phone"),
}


@dataclass(frozen=True, slots=True)
class OutpatientRequest:
    policy_number: str
    hospital: str
    department: str | None
    visit_at: dt.datetime
    patient: Patient
    is_diagnosed: bool | None
    symptom: str | None
    need: str | None
    acknowledged: tuple[str, ...]


async def request_outpatient(transaction: Transaction, operation: str, request: OutpatientRequest) -> Work:
    context, today = transaction.context, civil_day(transaction.context.now)
    patient = request.patient.cleaned(today)
    symptom, need = inputs.text(request.symptom, "input", "symptom"), inputs.text(request.need, "input", "need")
    placing = await asking.begin(
        transaction,
        operation,
        Ask(
            service="OUTPATIENT_GREEN_CHANNEL",
            machine=OUTPATIENT,
            prefix="OPG",
            policy_number=request.policy_number,
            patient=patient,
            hospital=request.hospital.strip(),
            department=inputs.text(request.department, "input", "department"),
            acknowledged=request.acknowledged,
        ),
        visit=Visit(request.visit_at),
        calendar=context.services.calendar,
        paths=PATHS,
    )
    asked = placing.asked
    place = await rows.place(
        transaction.connection, asked["product_code"], asked["code"], asked["department_code"], today
    )
    placing = asking.knowing(
        placing,
        place=Place(place["is_list_loaded"], place["is_listed"], place["department"]),
        form={
            "patientName": patient.name,
            "gender": patient.gender,
            "phone": patient.phone,
            "isDiagnosed": request.is_diagnosed,
            "symptom": symptom,
            "need": need,
            "visitAt": request.visit_at,
            "hospital": asked["code"],
            "department": asked["department_code"],
        },
    )
    placing = asking.reviewed(placing)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts, hospital_code=asked["code"], department_code=asked["department_code"])
        row = _patient(transaction, patient, subject) | {
            "is_diagnosed": request.is_diagnosed,
            "symptom": symptom,
            "need": need,
            "open_rules": open_rules(verdicts),
        }
        await writes.insert(transaction.writes, "outpatient_green_channel_details", row)
        return subject

    return Work(placing.facts, write)


def _patient(transaction: Transaction, patient: Patient, subject: Subject) -> dict[str, Any]:
    phone, vault = patient.phone, transaction.context.services.vault
    return {
        "policy_id": subject.policy_id,
        "booking_id": subject.id,
        "patient_name": patient.name or "",
        "patient_gender": patient.gender,
        "patient_birth_on": patient.birth_on,
        "patient_phone_encrypted": phone and vault.seal(phone, PHONE),
        "patient_phone_last4": phone and phone[-4:],
    }


async def request_inpatient(transaction: Transaction, operation: str, request: CareRequest) -> Work:
    placing = await critical_care.begin(
        transaction, operation, request, service="INPATIENT_GREEN_CHANNEL", machine=INPATIENT, prefix="IPG"
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts)
        row = critical_care.columns(request, placing, subject, verdicts)
        await writes.insert(
            transaction.writes, "inpatient_green_channel_details", row | {"admission_slip_id": _slip(request.documents)}
        )
        await _link(placing, subject, request.documents)
        return subject

    return Work(placing.facts, write)


def _slip(documents: Sequence[HandedIn]) -> Any:
    return next((document_key(paper.document) for paper in documents if paper.kind == ADMISSION_SLIP), None)


async def _link(placing: Placing, subject: Subject, documents: Sequence[HandedIn]) -> None:
    await link_papers(placing.transaction, subject, [paper.document for paper in documents])
