"""Asking for a listed drug: the request, its facts, and what an agreed one writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories import consultations as consent_rows
from gateway.repositories import drug_orders as rows
from gateway.repositories import writes
from gateway.resolvers import asking, inputs
from gateway.resolvers.asking import Ask, PersonInfo
from gateway.resolvers.booking_steps.dispensing import MACHINE, PHONE
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.placing import Placing
from gateway.resolvers.requests import HandedIn, document_key, handed_in, link_papers, papers_of, paths_of
from gateway.validation.facts.drugs import Applicant, DrugOrder
from gateway.validation.verdict import Verdict

SERVICE = "ONCOLOGY_DRUG"
PATHS = asking.PATHS | paths_of(
    *("diagnosis", "prescription", "isUnavailableInHospital", "drug", "applicant", "documents", "insured", "phone")
)
SPEAKS_FOR = {frozenset({"AGENT"}): "AGENT", frozenset({"GUARDIAN"}): "GUARDIAN"}
"""Somebody who is let in as nothing else asks as that, whatever the request says."""


@dataclass(frozen=True, slots=True)
class DrugRequest:
    policy_number: str
    insured: str | None
    drug: str
    diagnosis: str
    is_malignant: bool | None
    prescription: str
    is_unavailable_in_hospital: bool
    applicant: str
    is_insured_incapable: bool
    phone: str | None
    person: PersonInfo | None
    documents: tuple[HandedIn, ...]
    acknowledged: tuple[str, ...]


async def request(transaction: Transaction, operation: str, asked: DrugRequest) -> Work:
    diagnosis = inputs.required(inputs.text(asked.diagnosis, "input", "diagnosis"), "input", "diagnosis")
    phone = inputs.phone(asked.phone, "input", "phone")
    placing = await asking.begin(
        transaction,
        operation,
        Ask(
            service=SERVICE,
            machine=MACHINE,
            prefix="MED",
            policy_number=asked.policy_number,
            patient=asking.patient_of(asked.person),
            insured=asked.insured,
            acknowledged=asked.acknowledged,
        ),
        paths=PATHS,
    )
    drug = await _drug(placing, asked.drug)
    found = await _facts(placing, asked, diagnosis, drug)
    placing = asking.knowing(placing, form=_form(phone or drug["has_phone"]), **found)
    return Work(placing.facts, _Order(placing, asked, diagnosis, phone, drug["id"]).write)


async def _drug(placing: Placing, drug: str) -> Mapping[str, Any]:
    (key,) = ids.decode_as("drug", drug, 1, "input", "drug")
    connection, policy = placing.transaction.connection, placing.asked["policy_id"]
    found = await rows.named(connection, key, policy, placing.insured_id)
    if found is None:
        raise ids.not_an_id("drug", "input", "drug")
    return found


async def _facts(placing: Placing, asked: DrugRequest, diagnosis: str, drug: Mapping[str, Any]) -> dict[str, Any]:
    connection, policy = placing.transaction.connection, placing.asked["policy_id"]
    prescription = await papers_of(connection, policy, [asked.prescription], "input", "prescription")
    papers = await handed_in(connection, policy, asked.documents)
    has_consent = await consent_rows.has_vendor_consent(connection, policy, placing.insured_id, placing.facts.vendor)
    return {
        "is_person_known": await asking.is_person_known(placing, asked.person),
        "consents": frozenset({"VENDOR_SHARING"} if has_consent else ()),
        "order": DrugOrder(
            diagnosis=diagnosis,
            is_malignant=asked.is_malignant,
            is_unavailable_in_hospital=asked.is_unavailable_in_hospital,
            papers=frozenset(paper.kind for paper in prescription),
            number=drug["seq"],
            is_of_product=drug["product_code"] == placing.facts.product,
            listed_from=drug["listed_from"],
            listed_until=drug["listed_until"],
        ),
        "applicant": Applicant(
            _applicant(placing, asked), frozenset(paper.kind for paper in papers), asked.is_insured_incapable
        ),
    }


def _applicant(placing: Placing, asked: DrugRequest) -> str:
    viewer: Viewer = placing.transaction.context.viewer
    if viewer.kind is not ViewerKind.CUSTOMER:
        return asked.applicant
    return SPEAKS_FOR.get(viewer.roles_on(placing.asked["policy_id"], placing.insured_id), asked.applicant)


def _form(phone: object) -> dict[str, object]:
    """What the vendor has to know of the insured: every policy has name and gender, most have a phone number."""
    return {"name": True, "gender": True, "phone": phone or None}


@dataclass(frozen=True, slots=True)
class _Order:
    """What an agreed request writes."""

    placing: Placing
    asked: DrugRequest
    diagnosis: str
    phone: str | None
    drug: Any

    async def write(self, verdicts: Sequence[Verdict]) -> Subject:
        subject = await self.placing.write(verdicts)
        transaction = self.placing.transaction
        await writes.insert(transaction.writes, rows.DETAILS, self._details(subject))
        await link_papers(
            transaction, subject, [self.asked.prescription, *(each.document for each in self.asked.documents)]
        )
        return subject

    def _details(self, subject: Subject) -> dict[str, Any]:
        vault, phone, applicant = (
            self.placing.transaction.context.services.vault,
            self.phone,
            self.placing.facts.applicant,
        )
        return {
            "policy_id": subject.policy_id,
            "booking_id": subject.id,
            "drug_id": self.drug,
            "diagnosis": self.diagnosis,
            "is_malignant": self.asked.is_malignant,
            "prescription_id": document_key(self.asked.prescription),
            "is_unavailable_in_hospital": self.asked.is_unavailable_in_hospital,
            "applicant": applicant.role if applicant else self.asked.applicant,
            "phone_encrypted": phone and vault.seal(phone, PHONE),
            "phone_last4": phone and phone[-4:],
        }
