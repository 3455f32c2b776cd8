"""Requests for services that are answered rather than visited, as far as all of them are alike."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.repositories import consultations as rows
from gateway.repositories import entitlements
from gateway.resolvers import inputs
from gateway.resolvers.bookings import account_facts, cover, hospital_facts, set_aside, step
from gateway.resolvers.commands import Transaction
from gateway.resolvers.placing import Placing
from gateway.resolvers.requests import (
    PATIENT_PATHS,
    Insured,
    Patient,
    asked_for,
    check_service,
    insured_who_is,
    named_insured,
    paths_of,
)
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Patient as PatientFacts

PATHS = PATIENT_PATHS | paths_of("policyNumber", "hospital", "visitAt", "phone", "topic", "person", "acknowledged")


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for what. Without a patient the insured is meant, where the policy has but one."""

    service: str
    machine: str
    prefix: str  # of the number for people
    policy_number: str
    patient: Patient | None = None
    hospital: str | None = None
    hospital_at: tuple[str, ...] = ()  # where the input names it, if not as usual
    department: str | None = None
    command: str = "request"
    acknowledged: tuple[str, ...] = ()
    insured: str | None = None  # by id; None: the patient, or the only one


async def begin(transaction: Transaction, operation: str, ask: Ask, **known: Any) -> Placing:
    """Lock the account and gather what the rules look at; `known` are the facts of the service's own."""
    context, connection = transaction.context, transaction.connection
    context.viewer.require_cover(service=ask.service, hospital=ask.hospital)
    asked = await asked_for(
        context,
        connection,
        number=ask.policy_number,
        service=ask.service,
        hospital=ask.hospital,
        department=ask.department,
        hospital_at=ask.hospital_at,
    )
    check_service(context, asked, operation, ask.service)
    today = civil_day(context.now)
    patient = ask.patient and ask.patient.cleaned(today)
    people = _meant(asked, ask.insured)
    insured = _insured(people, patient)
    account = await entitlements.lock_account(connection, asked["policy_id"], insured.id, ask.service, today)
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=ask.service,
        is_service_in_product=asked["has_service"],
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        hospital=None if ask.hospital is None else hospital_facts(asked),
        patient=_patient(people, patient, insured),
        step=step(context, ask.machine, "", ask.command),
        paths=PATHS,
        acknowledged=frozenset(ask.acknowledged),
        vendor=asked["vendor_code"],
        acting_vendor=context.viewer.vendor,
    )
    found = replace(found, **known)
    if found.visit is not None:
        found = replace(found, overrides=set_aside(asked["overrides"], insured.id, found.visit.on))
    return Placing(transaction, ask.prefix, ask.machine, asked, insured.id, account, found, command=ask.command)


def knowing(placing: Placing, **known: Any) -> Placing:
    """The same with more facts: those that are asked for only once the insured is known."""
    return replace(placing, facts=replace(placing.facts, **known))


def reviewed(placing: Placing) -> Placing:
    """The same for a service whose vendor reviews what no rule could judge."""
    return replace(placing, is_reviewed=True)


def person_of(placing: Placing) -> tuple[str, Any]:
    """Gender and day of birth of the insured, as the policy has them."""
    people: Mapping[uuid.UUID, tuple[str, Any]] = {row[0]: (row[2], row[3]) for row in placing.asked["insured"]}
    return people[placing.insured_id]


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """What a person is verified by, where a policy number is not enough."""

    name: str
    id_type: str
    id_number: str


async def is_person_known(placing: Placing, person: PersonInfo | None) -> bool | None:
    """Whether name and paper are those of the insured; None where nobody says who it is."""
    if person is None:
        return None
    number = inputs.id_number(person.id_type, person.id_number, "input", "person", "idNumber")
    return await rows.is_person_known(
        placing.transaction.connection,
        placing.asked["policy_id"],
        placing.insured_id,
        name=inputs.name(person.name, "input", "person", "name"),
        fingerprints=placing.transaction.context.services.vault.fingerprints(person.id_type, number),
    )


def patient_of(person: PersonInfo | None) -> Patient | None:
    return person and Patient(inputs.name(person.name, "input", "person", "name"), None, None, None)


def _meant(asked: Mapping[str, Any], insured: str | None) -> Sequence[Any]:
    """All who may be meant."""
    if insured is None:
        return asked["insured"]
    person = named_insured(asked, insured)
    return [row for row in asked["insured"] if row[0] == person]


def _insured(people: Sequence[Any], patient: Patient | None) -> Insured:
    if patient is not None:
        return insured_who_is(people, patient)
    return Insured(people[0][0], people[0][3], is_patient=len(people) == 1)


def _patient(people: Sequence[Any], patient: Patient | None, insured: Insured) -> PatientFacts | None:
    """Nobody, where nobody was named and several are insured: then it is not known whom the question is about."""
    if patient is None and not insured.is_patient:
        return None
    name, gender = next((name, gender) for key, name, gender, _ in people if key == insured.id)
    return PatientFacts(
        name=name if patient is None else patient.name or "",
        gender=gender if patient is None else patient.gender,
        birth_on=insured.birth_on if insured.is_patient else patient and patient.birth_on,
        is_insured=insured.is_patient,
    )
