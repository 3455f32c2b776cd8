"""Asking a doctor: the request for a consultation, its facts, and what an agreed one writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.repositories import consultations as rows
from gateway.repositories import writes
from gateway.resolvers import asking, inputs
from gateway.resolvers.asking import Ask
from gateway.resolvers.booking_steps.answering import CONSULTATION
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.placing import Placing
from gateway.resolvers.requests import Patient, link_papers, papers_of
from gateway.validation.verdict import Status, Verdict

SERVICES = {"TEXT": "TEXT_CONSULTATION", "PHONE": "PHONE_CONSULTATION", "FAMILY_DOCTOR": "FAMILY_DOCTOR"}
"""Mode → the service that it is a use of."""

PHONE = "consultation_details.phone"


@dataclass(frozen=True, slots=True)
class ConsultationRequest:
    policy_number: str
    mode: str
    topic: str
    question: str
    phone: str | None
    patient: Patient | None
    is_by_phone: bool
    documents: tuple[str, ...]
    acknowledged: tuple[str, ...]


async def start(transaction: Transaction, operation: str, request: ConsultationRequest) -> Work:
    """A question to a doctor; where nobody answers online at this hour, it is kept as a message."""
    question = inputs.required(inputs.text(request.question, "input", "question"), "input", "question")
    phone = inputs.phone(request.phone, "input", "phone")
    placing = await asking.begin(
        transaction,
        operation,
        Ask(
            service=SERVICES[request.mode],
            machine=CONSULTATION,
            prefix="CON",
            policy_number=request.policy_number,
            patient=request.patient,
            acknowledged=request.acknowledged,
        ),
        topic=request.topic,
        form={"phone": phone},
    )
    connection, policy = transaction.connection, placing.asked["policy_id"]
    papers = await papers_of(connection, policy, request.documents)
    consent = await rows.has_vendor_consent(connection, policy, placing.insured_id, placing.facts.vendor)
    placing = asking.knowing(placing, papers=papers, has_vendor_consent=consent)
    return Work(placing.facts, _Consultation(placing, request, question, phone).write)


@dataclass(frozen=True, slots=True)
class _Consultation:
    """What an agreed request writes."""

    placing: Placing
    request: ConsultationRequest
    question: str
    phone: str | None

    async def write(self, verdicts: Sequence[Verdict]) -> Subject:
        is_after_hours = any(
            verdict.check == "within_service_hours" and verdict.status is Status.WARNED for verdict in verdicts
        )
        subject = await self.placing.write(verdicts, state="MESSAGE_LEFT" if is_after_hours else "REQUESTED")
        transaction = self.placing.transaction
        details = self._details(subject, is_after_hours=is_after_hours)
        await writes.insert(transaction.writes, "consultation_details", details)
        await link_papers(transaction, subject, self.request.documents)
        return subject

    def _details(self, subject: Subject, *, is_after_hours: bool) -> dict[str, Any]:
        vault, phone = self.placing.transaction.context.services.vault, self.phone
        return {
            "policy_id": subject.policy_id,
            "booking_id": subject.id,
            "mode": self.request.mode,
            "topic": self.request.topic,
            "question": self.question,
            "phone_encrypted": phone and vault.seal(phone, PHONE),
            "phone_last4": phone and phone[-4:],
            "is_by_phone": self.request.is_by_phone or self.request.mode == "PHONE",
            "is_after_hours": is_after_hours,
        }
