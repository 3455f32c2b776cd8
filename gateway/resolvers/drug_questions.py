"""Questions about a drug: asked by somebody who proves to be the insured, answered by a call back."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.execution import ids
from gateway.repositories import consultations as rows
from gateway.repositories import writes
from gateway.resolvers import asking, inputs
from gateway.resolvers.asking import Ask, PersonInfo
from gateway.resolvers.booking_steps.answering import DRUG_QUESTION
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.verdict import Verdict

PHONE = "drug_question_details.phone"


@dataclass(frozen=True, slots=True)
class DrugQuestionRequest:
    policy_number: str
    category: str
    question: str
    phone: str
    drug: str | None
    person: PersonInfo | None
    acknowledged: tuple[str, ...]


async def ask(transaction: Transaction, operation: str, request: DrugQuestionRequest) -> Work:
    question = inputs.required(inputs.text(request.question, "input", "question"), "input", "question")
    phone = inputs.required(inputs.phone(request.phone, "input", "phone"), "input", "phone")
    placing = await asking.begin(
        transaction,
        operation,
        Ask(
            service="DRUG_QUESTION",
            machine=DRUG_QUESTION,
            prefix="DRG",
            policy_number=request.policy_number,
            patient=asking.patient_of(request.person),
            acknowledged=request.acknowledged,
        ),
    )
    placing = asking.knowing(placing, is_person_known=await asking.is_person_known(placing, request.person))
    drug = await _drug(transaction, request.drug, placing.facts.product)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts)
        row = {
            "policy_id": subject.policy_id,
            "booking_id": subject.id,
            "category": request.category,
            "drug_id": drug,
            "question": question,
            "phone_encrypted": transaction.context.services.vault.seal(phone, PHONE),
            "phone_last4": phone[-4:],
        }
        await writes.insert(transaction.writes, "drug_question_details", row)
        return subject

    return Work(placing.facts, write)


async def _drug(transaction: Transaction, drug: str | None, product: str) -> object:
    if drug is None:
        return None
    (key,) = ids.decode_as("drug", drug, 1, "input", "drug")
    found = await rows.drug(transaction.connection, key, product)
    if found is None:
        raise ids.not_an_id("drug", "input", "drug")
    return found
