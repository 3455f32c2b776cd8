"""Booking an escort: the request, its facts, and what an agreed request writes."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.personal import PersonalVault
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Fault, bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import entitlements, outbox, policies, writes
from gateway.repositories.entitlements import Ledger
from gateway.resolvers import inputs
from gateway.resolvers.bookings import (
    account_facts,
    cover,
    hospital_facts,
    keep_acknowledgements,
    new_number,
    positive_minutes,
    start_clocks,
    step,
    write_event,
)
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.validation import facts
from gateway.validation.facts import Facts
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

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
class Patient:
    name: str | None
    gender: str | None
    phone: str | None
    birth_on: dt.date | None


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


PATHS = {
    field: ("input", path)
    for field, path in {
        "policyNumber": "policyNumber",
        "hospital": "hospital",
        "department": "department",
        "visitAt": "visitAt",
        "plannedMinutes": "plannedMinutes",
        "registration": "registration",
        "isDiagnosed": "isDiagnosed",
        "symptom": "symptom",
        "need": "need",
        "conditions": "conditions",
        "companion": "companion",
        "needsTransportOutsideHospital": "needsTransportOutsideHospital",
        "documents": "documents",
        "acknowledged": "acknowledged",
    }.items()
} | {
    field: ("input", "patient", path)
    for field, path in {"patientName": "name", "gender": "gender", "phone": "phone", "birthOn": "birthOn"}.items()
}


async def book(transaction: Transaction, operation: str, request: EscortRequest) -> Work:
    """Lock the account, gather the facts; the write reserves the use and makes the booking."""
    request = _clean(request, facts.civil_day(transaction.context.now))
    connection, context = transaction.connection, transaction.context
    context.viewer.require_cover(service=SERVICE, hospital=request.hospital)
    asked = await _asked_for(context, connection, request)
    _check_service(context, asked, operation)
    insured = _insured(context, asked, request.patient)
    account = await entitlements.lock_account(
        connection, asked["policy_id"], insured.id, SERVICE, facts.civil_day(context.now)
    )
    papers = await _papers(connection, asked["policy_id"], request.documents)
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=SERVICE,
        is_service_in_product=asked["has_service"],
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        hospital=hospital_facts(asked),
        patient=facts.Patient(
            name=request.patient.name or "",
            gender=request.patient.gender,
            birth_on=request.patient.birth_on or (insured.birth_on if insured.is_patient else None),
            is_insured=insured.is_patient,
            conditions=frozenset(request.conditions),
            companion=request.companion.relation if request.companion else None,
        ),
        visit=facts.Visit(request.visit_at, request.planned_minutes),
        step=step(context, MACHINE, "", "request"),
        form=_form(request, asked["department_code"]),
        paths=PATHS,
        acknowledged=frozenset(request.acknowledged),
        papers=papers,
        needs_outside_transport=request.needs_transport_outside_hospital,
        vendor=asked["vendor_code"],
        acting_vendor=context.viewer.vendor,
    )
    booking = _Booking(transaction, request, asked, insured, account, found)
    return Work(found, booking.write)


async def _asked_for(context: Context, connection: Any, request: EscortRequest) -> Mapping[str, Any]:
    """What the request names. The first thing that is not there, or not the caller's, is told."""
    asked = await rows.asked_for(
        connection,
        policy_id=policies.policy_id(request.policy_number.strip()),
        service=SERVICE,
        hospital=request.hospital,
        department=request.department,
        vendor=context.viewer.vendor,
    )
    if asked is None or not _may_act(context, asked):
        raise no_such_policy()
    if asked["code"] is None:
        raise no_such_hospital()
    if request.department is not None and asked["department_code"] is None:
        raise no_such_department()
    return asked


def _check_service(context: Context, asked: Mapping[str, Any], operation: str) -> None:
    """A product without the service, whose handbook has no clause to cite for that, is the wrong one to name."""
    governing = context.services.rulebook.governing(operation, asked["product_code"], SERVICE)
    if not asked["has_service"] and not any(check.__name__ == "service_in_product" for _, check in governing):
        raise bad_input(
            "This policy's product has no escort service: name a policy of a product that has one.",
            "input",
            "policyNumber",
        )


@dataclass(frozen=True, slots=True)
class _Insured:
    id: uuid.UUID
    birth_on: dt.date
    is_patient: bool


async def policy_to_act_for(context: Context, connection: Any, number: str) -> Mapping[str, Any]:
    """The policy of a number, if the viewer may act for it; a foreign one is answered like one that is not there."""
    policy = await policies.find(connection, number.strip(), context.viewer.vendor)
    if policy is None or not _may_act(context, policy):
        raise no_such_policy()
    return policy


def _may_act(context: Context, policy: Mapping[str, Any]) -> bool:
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(policy["policy_id"])
    return policy["is_contracted"] and viewer.covers(product=policy["product_code"])


def _may_act_for(viewer: Viewer, policy: uuid.UUID, insured: uuid.UUID) -> bool:
    return viewer.kind is not ViewerKind.CUSTOMER or viewer.reaches(policy, insured)


def _insured(context: Context, asked: Mapping[str, Any], patient: Patient) -> _Insured:
    """The insured whom the patient is; where it is none of them, the first one, so that all rules can be judged."""
    people = [person for person in asked["insured"] if _may_act_for(context.viewer, asked["policy_id"], person[0])]
    for person, name, gender, born_on in people:
        if name == patient.name and patient.birth_on in (None, born_on) and patient.gender in (None, gender):
            return _Insured(person, born_on, is_patient=True)
    return _Insured(people[0][0], people[0][3], is_patient=False)


def no_such_policy() -> Fault:
    return bad_input("No such policy: expected the number of a policy you may act for.", "input", "policyNumber")


def no_such_hospital() -> Fault:
    return bad_input("No such hospital: expected a code from `hospitals`.", "input", "hospital")


def no_such_department() -> Fault:
    return bad_input("No such department: expected a code or name from `departments`.", "input", "department")


async def known_hospital(connection: Any, code: str, product: str) -> Mapping[str, Any]:
    hospital = await rows.hospital(connection, code, product=product, service=SERVICE)
    if hospital is None:
        raise no_such_hospital()
    return hospital


async def known_department(connection: Any, code_or_name: str | None) -> str | None:
    if code_or_name is None:
        return None
    department = await rows.department(connection, code_or_name)
    if department is None:
        raise no_such_department()
    return department


async def _papers(connection: Any, policy_id: uuid.UUID, documents: Sequence[str]) -> tuple[facts.Paper, ...]:
    if not documents:
        return ()
    wanted = [ids.decode_as("doc", document, 2, "input", "documents") for document in documents]
    found = await rows.papers(connection, policy_id, [key for policy, key in wanted if policy == policy_id])
    if len(found) != len(set(wanted)):
        raise ids.not_an_id("doc", "input", "documents")
    return tuple(facts.Paper(row["kind"], row["issued_on"]) for row in found)


def _clean(request: EscortRequest, today: dt.date) -> EscortRequest:
    """The same request with its texts trimmed and its numbers in one spelling; what cannot be taken is named."""
    patient, companion = request.patient, request.companion
    return EscortRequest(
        policy_number=request.policy_number,
        hospital=request.hospital.strip(),
        department=inputs.text(request.department, "input", "department"),
        visit_at=request.visit_at,
        planned_minutes=positive_minutes(request.planned_minutes, "input", "plannedMinutes"),
        patient=Patient(
            name=inputs.name(patient.name, "input", "patient", "name"),
            gender=patient.gender,
            phone=inputs.phone(patient.phone, "input", "patient", "phone"),
            birth_on=inputs.birth_on(patient.birth_on, today, "input", "patient", "birthOn"),
        ),
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

    transaction: Transaction
    request: EscortRequest
    asked: Mapping[str, Any]
    insured: _Insured
    account: Mapping[str, Any] | None
    facts: Facts

    async def write(self, verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(self.asked["policy_id"], new_id())
        await self._reserve(subject, verdicts)
        await self._write_booking(subject)
        await self._write_details(subject)
        await self._link_papers(subject)
        await keep_acknowledgements(self.transaction, self.facts.operation, subject, verdicts)
        await write_event(
            self.transaction,
            policy_id=subject.policy_id,
            booking_id=subject.id,
            seq=1,
            machine=MACHINE,
            from_state="",
            command="request",
            to_state="REQUESTED",
        )
        await start_clocks(
            self.transaction,
            product=self.asked["product_code"],
            service=SERVICE,
            command="request",
            subject=subject,
            visit=self.facts.visit,
            sequence=1,
        )
        await self._tell_vendor(subject)
        return subject

    async def _link_papers(self, subject: Subject) -> None:
        papers = [ids.decode_as("doc", document, 2, "input", "documents")[1] for document in self.request.documents]
        if papers:
            await rows.link_papers(self.transaction.writes, subject.policy_id, papers, subject.id)

    async def _reserve(self, subject: Subject, verdicts: Sequence[Verdict]) -> None:
        """The last word on the quota is the database's; its no is the verdict of the rule that states the quota."""
        quota = next((verdict for verdict in verdicts if verdict.check == "within_quota"), None)
        account, context = self.account, self.transaction.context
        if account is None:
            return
        ledger = Ledger(
            self.transaction.connection, subject.policy_id, account["id"], context.viewer.principal, context.now
        )
        if await ledger.reserve("BOOKING", subject.id, rule=quota.rule if quota else None):
            return
        if quota is None:
            raise RuntimeError("a use was refused that no rule limits")
        raise RefusedByDatabase(Verdict(quota.rule, Status.REFUSED, values=quota.values, check=quota.check))

    async def _write_booking(self, subject: Subject) -> None:
        context, request = self.transaction.context, self.request
        await writes.insert(
            self.transaction.writes,
            "bookings",
            {
                "policy_id": subject.policy_id,
                "id": subject.id,
                "number": new_number("ESC", context.now),
                "product_code": self.asked["product_code"],
                "service": SERVICE,
                "machine": MACHINE,
                "state": "REQUESTED",
                "state_seq": 1,
                "insured_id": self.insured.id,
                "vendor_code": self.facts.vendor,
                "hospital_code": request.hospital,
                "department_code": self.asked["department_code"],
                "visit_at": request.visit_at,
                "visit_on": facts.civil_day(request.visit_at),
                "planned_minutes": request.planned_minutes,
                "is_demo": self.asked["is_demo"],
                "created_at": context.now,
                "updated_at": context.now,
            },
        )

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

    async def _tell_vendor(self, subject: Subject) -> None:
        await outbox.post(
            self.transaction.writes,
            policy_id=subject.policy_id,
            subject_id=subject.id,
            topic="booking.requested",
            audience="VENDOR",
            dedupe_key=f"booking.requested:{subject.id.hex}:1",
            now=self.transaction.context.now,
            payload={"booking": ids.encode("book", subject.policy_id, subject.id), "vendor": self.facts.vendor},
        )
