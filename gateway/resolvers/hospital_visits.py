"""Booking a visit that is billed directly: a hospital's or a vaccination clinic's, in the network of the plan."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.repositories import entitlements, writes
from gateway.resolvers import inputs
from gateway.resolvers.billing import MACHINE, Care, billing_facts
from gateway.resolvers.bookings import account_facts, cover, hospital_facts, set_aside, step
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.placing import Placing, open_rules
from gateway.resolvers.requests import PATIENT_PATHS, Patient, asked_for, check_service, insured_who_is, paths_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Patient as PatientFacts
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Verdict

PHONE = "hospital_visit_details.patient_phone"
PATHS = PATIENT_PATHS | paths_of(
    "policyNumber",
    "hospital",
    "department",
    "departmentClass",
    "visitType",
    "liability",
    "visitAt",
    "doctor",
    "acknowledged",
)
PREFIXES = {"HOSPITAL_VISIT": "VIS", "VACCINATION": "VAC"}


@dataclass(frozen=True, slots=True)
class VisitRequest:
    service: str
    policy_number: str
    hospital: str
    department: str | None
    visit_at: dt.datetime
    care: Care
    patient: Patient
    acknowledged: tuple[str, ...]
    vaccine: str | None = None
    dose: int | None = None


async def book(transaction: Transaction, operation: str, request: VisitRequest) -> Work:
    """Lock the account, gather the facts; the write makes the booking, which people then arrange."""
    connection, context = transaction.connection, transaction.context
    today = civil_day(context.now)
    request = _cleaned(request, today)
    context.viewer.require_cover(service=request.service, hospital=request.hospital)
    asked = await asked_for(
        context,
        connection,
        number=request.policy_number,
        service=request.service,
        hospital=request.hospital,
        department=request.department,
    )
    check_service(context, asked, operation, request.service)
    insured = insured_who_is(asked["insured"], request.patient)
    account = await entitlements.lock_account(connection, asked["policy_id"], insured.id, request.service, today)
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=request.service,
        is_service_in_product=asked["has_service"],
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        hospital=hospital_facts(asked),
        patient=PatientFacts(
            name=request.patient.name or "",
            gender=request.patient.gender,
            birth_on=request.patient.birth_on or (insured.birth_on if insured.is_patient else None),
            is_insured=insured.is_patient,
        ),
        visit=Visit(request.visit_at),
        step=step(context, MACHINE, "", "request"),
        paths=PATHS,
        acknowledged=frozenset(request.acknowledged),
        vendor=asked["vendor_code"],
        acting_vendor=context.viewer.vendor,
        calendar=context.services.calendar,
        is_by_client=context.viewer.kind is ViewerKind.CUSTOMER,
        overrides=set_aside(asked["overrides"], insured.id, civil_day(request.visit_at)),
        billing=await billing_facts(
            connection,
            policy_id=asked["policy_id"],
            insured_id=insured.id,
            hospital=asked["code"],
            care=request.care,
        ),
    )
    placing = Placing(transaction, PREFIXES[request.service], MACHINE, asked, insured.id, account, found)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts, hospital_code=asked["code"], department_code=asked["department_code"])
        await writes.insert(
            transaction.writes, "hospital_visit_details", _details(transaction, request, subject, verdicts)
        )
        return subject

    return Work(found, write)


def _cleaned(request: VisitRequest, today: dt.date) -> VisitRequest:
    if request.dose is not None and not 1 <= request.dose <= 99:
        raise bad_input("Expected the number of the dose: 1 to 99.", "input", "dose")
    return replace(
        request,
        hospital=request.hospital.strip(),
        department=inputs.text(request.department, "input", "department"),
        care=replace(request.care, doctor=inputs.name(request.care.doctor, "input", "doctor")),
        patient=request.patient.cleaned(today),
        vaccine=inputs.name(request.vaccine, "input", "vaccine"),
    )


def _details(
    transaction: Transaction, request: VisitRequest, subject: Subject, verdicts: Sequence[Verdict]
) -> dict[str, Any]:
    patient, care = request.patient, request.care
    phone = patient.phone
    return {
        "policy_id": subject.policy_id,
        "booking_id": subject.id,
        "visit_type": care.visit_type,
        "department_class": care.department_class,
        "liability": care.liability,
        "doctor": care.doctor,
        "vaccine": request.vaccine,
        "dose": request.dose,
        "open_rules": open_rules(verdicts),
        "patient_name": patient.name or "",
        "patient_gender": patient.gender,
        "patient_birth_on": patient.birth_on,
        "patient_phone_encrypted": phone and transaction.context.services.vault.seal(phone, PHONE),
        "patient_phone_last4": phone and phone[-4:],
    }
