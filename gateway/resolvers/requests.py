"""What requests for any service share: whom, what and which papers they name."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import Viewer, ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Fault, bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import policies
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation.facts.cases import Paper

PATIENT_PATHS = {
    field: ("input", "patient", path)
    for field, path in {"patientName": "name", "gender": "gender", "phone": "phone", "birthOn": "birthOn"}.items()
}


def paths_of(*fields: str) -> dict[str, tuple[str, ...]]:
    """Fields that stand in the input itself, by their own names."""
    return {field: ("input", field) for field in fields}


# Whom a request is for


@dataclass(frozen=True, slots=True)
class Patient:
    name: str | None
    gender: str | None
    phone: str | None
    birth_on: dt.date | None

    def cleaned(self, today: dt.date) -> "Patient":
        return Patient(
            name=inputs.name(self.name, "input", "patient", "name"),
            gender=self.gender,
            phone=inputs.phone(self.phone, "input", "patient", "phone"),
            birth_on=inputs.birth_on(self.birth_on, today, "input", "patient", "birthOn"),
        )


@dataclass(frozen=True, slots=True)
class Insured:
    id: uuid.UUID
    birth_on: dt.date
    is_patient: bool


def insured_who_is(people: Sequence[Any], patient: Patient) -> Insured:
    """The insured whom the patient is; where it is none of them, the first one, so that all rules can be judged."""
    for person, name, gender, born_on in people:
        if name == patient.name and patient.birth_on in (None, born_on) and patient.gender in (None, gender):
            return Insured(person, born_on, is_patient=True)
    return Insured(people[0][0], people[0][3], is_patient=False)


def named_insured(asked: Mapping[str, Any], named: str | None) -> uuid.UUID:
    """The insured who is named, or the only one."""
    people = [person for person, *_ in asked["insured"]]
    if named is not None:
        policy, person = ids.decode_as("person", named, 2, "input", "insured")
        if policy != asked["policy_id"] or person not in people:
            raise ids.not_an_id("person", "input", "insured")
        return person
    if len(people) > 1:
        raise bad_input("Several people are insured: name the one whom it is for.", "input", "insured")
    return people[0]


# What a request names, and where it does unless a path says otherwise

HOSPITAL = ("input", "hospital")
DEPARTMENT = ("input", "department")


async def policy_to_act_for(context: Context, connection: Any, number: str) -> Mapping[str, Any]:
    """The policy of a number, if the viewer may act for it; a foreign one is answered like one that is not there."""
    policy = await policies.find(connection, number.strip(), context.viewer.vendor)
    if policy is None or not _may_act(context, policy):
        raise no_such_policy()
    return policy


async def asked_for(
    context: Context,
    connection: Any,
    *,
    number: str,
    service: str,
    hospital: str | None,
    department: str | None,
    hospital_at: tuple[str, ...] = (),
) -> Mapping[str, Any]:
    """What the request names. The first thing that is not there, or not the caller's, is told."""
    asked = await rows.asked_for(
        connection,
        policy_id=policies.policy_id(number.strip()),
        service=service,
        hospital=hospital,
        department=department,
        vendor=context.viewer.vendor,
    )
    if asked is None or not _may_act(context, asked):
        raise no_such_policy()
    if hospital is not None and asked["code"] is None:
        raise no_such_hospital(*hospital_at)
    if department is not None and asked["department_code"] is None:
        raise no_such_department()
    mine = [person for person in asked["insured"] if _may_act_for(context.viewer, asked["policy_id"], person[0])]
    return {**asked, "insured": mine}


def check_service(context: Context, asked: Mapping[str, Any], operation: str, service: str) -> None:
    """A product without the service, whose handbook has no clause to cite for that, is the wrong one to name."""
    governing = context.services.rulebook.governing(operation, asked["product_code"], service)
    if not asked["has_service"] and not any(check.__name__ == "service_in_product" for _, check in governing):
        raise bad_input(
            "This policy's product does not have this service: name a policy of a product that has it.",
            "input",
            "policyNumber",
        )


def _may_act(context: Context, policy: Mapping[str, Any]) -> bool:
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(policy["policy_id"])
    return policy["is_contracted"] and viewer.covers(product=policy["product_code"])


def _may_act_for(viewer: Viewer, policy: uuid.UUID, insured: uuid.UUID) -> bool:
    return viewer.kind is not ViewerKind.CUSTOMER or viewer.reaches(policy, insured)


def no_such_policy() -> Fault:
    return bad_input("No such policy: expected the number of a policy you may act for.", "input", "policyNumber")


def no_such_hospital(*path: str) -> Fault:
    return bad_input("No such hospital: expected a code from `hospitals`.", *(path or HOSPITAL))


def no_such_department(*path: str) -> Fault:
    return bad_input("No such department: expected a code or name from `departments`.", *(path or DEPARTMENT))


async def known_hospital(connection: Any, code: str, *path: str, product: str, service: str) -> Mapping[str, Any]:
    hospital = await rows.hospital(connection, code, product=product, service=service)
    if hospital is None:
        raise no_such_hospital(*path)
    return hospital


async def known_department(connection: Any, code_or_name: str | None, *path: str) -> str | None:
    if code_or_name is None:
        return None
    department = await rows.department(connection, code_or_name)
    if department is None:
        raise no_such_department(*path)
    return department


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A paper, and what it is handed in as."""

    kind: str
    document: str


DOCUMENTS = ("input", "documents")


async def papers_of(connection: Any, policy_id: uuid.UUID, documents: Sequence[str], *path: str) -> tuple[Paper, ...]:
    """The uploaded papers that a request hands in; one of another policy is answered like one that is not there."""
    found = await _uploaded(connection, policy_id, documents, path or DOCUMENTS)
    return tuple(Paper(row["kind"], row["issued_on"]) for row in found.values())


async def handed_in(connection: Any, policy_id: uuid.UUID, papers: Sequence[HandedIn]) -> tuple[Paper, ...]:
    """The same, each as what the request says that it is."""
    found = await _uploaded(connection, policy_id, [paper.document for paper in papers], DOCUMENTS)
    keys = ((paper.kind, document_key(paper.document)) for paper in papers)
    return tuple(Paper(kind, found[key]["issued_on"], found[key]["media_type"]) for kind, key in keys)


async def _uploaded(
    connection: Any, policy_id: uuid.UUID, documents: Sequence[str], path: tuple[str, ...]
) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    if not documents:
        return {}
    wanted = [ids.decode_as("doc", document, 2, *path) for document in documents]
    found = await rows.papers(connection, policy_id, [key for policy, key in wanted if policy == policy_id])
    if len(found) != len(set(wanted)):
        raise ids.not_an_id("doc", *path)
    return {row["id"]: row for row in found}


def document_key(document: str, *path: str) -> uuid.UUID:
    return ids.decode_as("doc", document, 2, *(path or DOCUMENTS))[1]


async def link_papers(transaction: Transaction, subject: Subject, documents: Sequence[str]) -> None:
    papers = [document_key(document) for document in documents]
    if papers:
        await rows.link_papers(transaction.writes, subject.policy_id, papers, subject.id)
