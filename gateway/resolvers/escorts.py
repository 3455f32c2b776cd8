"""Booking an escort: the request, its facts, and what an agreed request writes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.personal import PersonalVault
from gateway.repositories import entitlements, writes
from gateway.resolvers import inputs
from gateway.resolvers.bookings import account_facts, cover, hospital_facts, set_aside, step
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.inputs import positive_minutes
from gateway.resolvers.placing import Placing
from gateway.resolvers.requests import (
    PATIENT_PATHS,
    Patient,
    asked_for,
    check_service,
    insured_who_is,
    link_papers,
    papers_of,
    paths_of,
)
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Patient as PatientFacts
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Verdict

SERVICE = "OUTPATIENT_ESCORT"
MACHINE = "ESCORT"
PHONE = "escort_details.patient_phone"
COMPANION_PHONE = "escort_details.companion_phone"


@dataclass(frozen=True, slots=True)
class Companion:
    relation: str
    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class EscortRequest:
    policy_number: str
    hospital: str
    department: str | None
    visit_at: dt.datetime
    planned_minutes: int
    patient: Patient
    registration: str | None
    is_diagnosed: bool | None
    symptom: str | None
    need: str | None
    conditions: tuple[str, ...]
    companion: Companion | None
    needs_transport_outside_hospital: bool
    documents: tuple[str, ...]
    acknowledged: tuple[str, ...]


PATHS = PATIENT_PATHS | paths_of(
    "policyNumber",
    "hospital",
    "department",
    "visitAt",
    "plannedMinutes",
    "registration",
    "isDiagnosed",
    "symptom",
    "need",
    "conditions",
    "companion",
    "needsTransportOutsideHospital",
    "documents",
    "acknowledged",
)


async def book(transaction: Transaction, operation: str, request: EscortRequest) -> Work:
    """Lock the account, gather the facts; the write reserves the use and makes the booking."""
    request = _clean(request, civil_day(transaction.context.now))
    connection, context = transaction.connection, transaction.context
    context.viewer.require_cover(service=SERVICE, hospital=request.hospital)
    asked = await asked_for(
        context,
        connection,
        number=request.policy_number,
        service=SERVICE,
        hospital=request.hospital,
        department=request.department,
    )
    check_service(context, asked, operation, SERVICE)
    insured = insured_who_is(asked["insured"], request.patient)
    account = await entitlements.lock_account(
        connection, asked["policy_id"], insured.id, SERVICE, civil_day(context.now)
    )
    papers = await papers_of(connection, asked["policy_id"], request.documents)
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=SERVICE,
        is_service_in_product=asked["has_service"],
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        hospital=hospital_facts(asked),
        patient=PatientFacts(
            name=request.patient.name or "",
            gender=request.patient.gender,
            birth_on=request.patient.birth_on or (insured.birth_on if insured.is_patient else None),
            is_insured=insured.is_patient,
            conditions=frozenset(request.conditions),
            companion=request.companion.relation if request.companion else None,
        ),
        visit=Visit(request.visit_at, request.planned_minutes),
        step=step(context, MACHINE, "", "request"),
        form=_form(request, asked["department_code"]),
        paths=PATHS,
        acknowledged=frozenset(request.acknowledged),
        papers=papers,
        needs_outside_transport=request.needs_transport_outside_hospital,
        vendor=asked["vendor_code"],
        acting_vendor=context.viewer.vendor,
        overrides=set_aside(asked["overrides"], insured.id, civil_day(request.visit_at)),
    )
    placing = Placing(transaction, "ESC", MACHINE, asked, insured.id, account, found)
    return Work(found, _Booking(placing, request).write)


def _clean(request: EscortRequest, today: dt.date) -> EscortRequest:
    """The same request with its texts trimmed and its numbers in one spelling; what cannot be taken is named."""
    companion = request.companion
    return EscortRequest(
        policy_number=request.policy_number,
        hospital=request.hospital.strip(),
        department=inputs.text(request.department, "input", "department"),
        visit_at=request.visit_at,
        planned_minutes=positive_minutes(request.planned_minutes, "input", "plannedMinutes"),
        patient=request.patient.cleaned(today),
        registration=inputs.text(request.registration, "input", "registration"),
        is_diagnosed=request.is_diagnosed,
        symptom=inputs.text(request.symptom, "input", "symptom"),
        need=inputs.text(request.need, "input", "need"),
        conditions=request.conditions,
        companion=companion and cleaned_companion(companion),
        needs_transport_outside_hospital=request.needs_transport_outside_hospital,
        documents=request.documents,
        acknowledged=request.acknowledged,
    )


def cleaned_companion(companion: Companion) -> Companion:
    return Companion(
        companion.relation,
        inputs.name(companion.name, "input", "companion", "name"),
        inputs.phone(companion.phone, "input", "companion", "phone"),
    )


def companion_row(companion: Companion | None, vault: PersonalVault) -> dict[str, Any]:
    """The columns about who comes along; a new companion is somebody else, so nothing of a former one stays."""
    phone = companion.phone if companion else None
    return {
        "companion_relation": companion.relation if companion else None,
        "companion_name": companion.name if companion else None,
        "companion_phone_encrypted": phone and vault.seal(phone, COMPANION_PHONE),
        "companion_phone_last4": phone and phone[-4:],
    }


def _form(request: EscortRequest, department: str | None) -> dict[str, object]:
    return {
        "patientName": request.patient.name,
        "gender": request.patient.gender,
        "phone": request.patient.phone,
        "registration": request.registration,
        "isDiagnosed": request.is_diagnosed,
        "symptom": request.symptom,
        "need": request.need,
        "visitAt": request.visit_at,
        "hospital": request.hospital,
        "department": department,
    }


@dataclass(frozen=True, slots=True)
class _Booking:
    """What an agreed request writes."""

    placing: Placing
    request: EscortRequest

    @property
    def transaction(self) -> Transaction:
        return self.placing.transaction

    async def write(self, verdicts: Sequence[Verdict]) -> Subject:
        request = self.request
        subject = await self.placing.write(
            verdicts,
            hospital_code=request.hospital,
            department_code=self.placing.asked["department_code"],
            planned_minutes=request.planned_minutes,
        )
        await self._write_details(subject)
        await link_papers(self.transaction, subject, request.documents)
        return subject

    async def _write_details(self, subject: Subject) -> None:
        vault, request = self.transaction.context.services.vault, self.request
        phone = request.patient.phone
        row: dict[str, Any] = {
            "policy_id": subject.policy_id,
            "booking_id": subject.id,
            "patient_name": request.patient.name or "",
            "patient_gender": request.patient.gender,
            "patient_birth_on": request.patient.birth_on,
            "patient_phone_encrypted": phone and vault.seal(phone, PHONE),
            "patient_phone_last4": phone and phone[-4:],
            "registration": request.registration,
            "is_diagnosed": request.is_diagnosed,
            "symptom": request.symptom,
            "need": request.need,
            "conditions": list(request.conditions),
            "checklist": {},
            **companion_row(request.companion, vault),
        }
        await writes.insert(self.transaction.writes, "escort_details", row)
