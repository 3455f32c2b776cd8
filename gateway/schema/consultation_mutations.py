"""Mutations of services that are answered rather than visited, and of messages for customer service."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import (
    booking_steps,
    checkup_plans,
    consultations,
    drug_questions,
    messages,
    onsite_assistance,
)
from gateway.resolvers.asking import PersonInfo
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.booking_outcomes import VENDORS_AND_STAFF, payload
from gateway.schema.booking_requests import patient
from gateway.schema.consultation_inputs import (
    CheckupPlanRequestInput,
    ComplaintCreateInput,
    ConsultationCallInput,
    ConsultationCloseInput,
    ConsultationReplyInput,
    ConsultationStartInput,
    DrugQuestionAskInput,
    MessageLeaveInput,
    OnsiteAssistanceRequestInput,
    PersonInfoInput,
)
from gateway.schema.doctors import doctor
from gateway.schema.messages import Complaint, Message
from gateway.schema.mutations import mutation, of_subject
from gateway.schema.verdicts import Outcome

CLIENTS_AND_STAFF = (ViewerKind.CUSTOMER, ViewerKind.STAFF)


@strawberry.type(description=T("留言的回答。", "Answer of messageLeave."))
class MessageLeavePayload(Outcome):
    message: Message | None = of_subject("Message", T("留言。", "The message."), "policy_id", "id")


@strawberry.type(description=T("投诉的回答。", "Answer of complaintCreate."))
class ComplaintCreatePayload(Outcome):
    complaint: Complaint | None = of_subject("Complaint", T("投诉。", "The complaint."), "policy_id", "id")


def _call(given: ConsultationCallInput | None) -> booking_steps.Call | None:
    return given and booking_steps.Call(given.started_at, given.ended_at)


def person(given: PersonInfoInput | None) -> PersonInfo | None:
    return given and PersonInfo(given.name, given.id_type.value, given.id_number)


async def _consultation_start(transaction: Transaction, operation: str, input: ConsultationStartInput) -> Work:
    request = consultations.ConsultationRequest(
        policy_number=input.policy_number,
        mode=input.mode.value,
        topic=input.topic.value,
        question=input.question,
        phone=input.phone,
        patient=input.patient and patient(input.patient),
        is_by_phone=input.is_by_phone,
        documents=tuple(input.documents),
        acknowledged=tuple(input.acknowledged),
    )
    return await consultations.start(transaction, operation, request)


async def _consultation_reply(transaction: Transaction, operation: str, input: ConsultationReplyInput) -> Work:
    answer = booking_steps.Answer(input.content, doctor(input.doctor), _call(input.call), tuple(input.suggestions))
    return await booking_steps.reply(transaction, operation, booking=input.booking, answer=answer)


async def _consultation_close(transaction: Transaction, operation: str, input: ConsultationCloseInput) -> Work:
    return await booking_steps.close(transaction, operation, booking=input.booking, summary=input.summary)


async def _drug_question_ask(transaction: Transaction, operation: str, input: DrugQuestionAskInput) -> Work:
    request = drug_questions.DrugQuestionRequest(
        policy_number=input.policy_number,
        category=input.category.value,
        question=input.question,
        phone=input.phone,
        drug=input.drug,
        person=person(input.person),
        acknowledged=tuple(input.acknowledged),
    )
    return await drug_questions.ask(transaction, operation, request)


async def _checkup_plan_request(transaction: Transaction, operation: str, input: CheckupPlanRequestInput) -> Work:
    request = checkup_plans.CheckupPlanRequest(
        input.policy_number, input.patient and patient(input.patient), tuple(input.family_history), tuple(input.habits)
    )
    return await checkup_plans.request(transaction, operation, request)


async def _onsite_assistance_request(
    transaction: Transaction, operation: str, input: OnsiteAssistanceRequestInput
) -> Work:
    request = onsite_assistance.OnsiteRequest(
        input.policy_number, input.hospital, input.visit_at, input.patient and patient(input.patient)
    )
    return await onsite_assistance.request(transaction, operation, request)


async def _message_leave(transaction: Transaction, operation: str, input: MessageLeaveInput) -> Work:
    return await messages.leave(
        transaction,
        operation,
        policy_number=input.policy_number,
        service=input.service.value if input.service else None,
        content=input.content,
        phone=input.phone,
    )


async def _complaint_create(transaction: Transaction, operation: str, input: ComplaintCreateInput) -> Work:
    return await messages.complain(
        transaction, operation, policy_number=input.policy_number, content=input.content, booking=input.booking
    )


@strawberry.type
class ConsultationMutations:
    consultation_start = mutation(
        ConsultationStartInput,
        payload("consultationStart"),
        _consultation_start,
        "向医生提问；产品规定的时段以外转为留言或不受理。",
        "Ask a doctor; outside the product's hours it becomes a message, or is refused.",
    )
    consultation_reply = mutation(
        ConsultationReplyInput,
        payload("consultationReply"),
        _consultation_reply,
        "医生答复；客户可用它补充问题。",
        "A doctor answers; a client may add to the question by it.",
    )
    consultation_close = mutation(
        ConsultationCloseInput,
        payload("consultationClose"),
        _consultation_close,
        "结束咨询，之后不再变动。",
        "End a consultation; nothing changes in it afterwards.",
        kinds=VENDORS_AND_STAFF,
    )
    drug_question_ask = mutation(
        DrugQuestionAskInput,
        payload("drugQuestionAsk"),
        _drug_question_ask,
        "咨询药品，由专业人员回电答复。",
        "Ask about a drug; somebody calls back with the answer.",
    )
    checkup_plan_request = mutation(
        CheckupPlanRequestInput,
        payload("checkupPlanRequest"),
        _checkup_plan_request,
        "申请体检项目建议。",
        "Ask which examinations suit a child.",
    )
    onsite_assistance_request = mutation(
        OnsiteAssistanceRequestInput,
        payload("onsiteAssistanceRequest"),
        _onsite_assistance_request,
        "申请驻点人员现场协助。",
        "Ask for help by staff stationed at a hospital.",
        kinds=CLIENTS_AND_STAFF,
    )
    message_leave = mutation(
        MessageLeaveInput,
        MessageLeavePayload,
        _message_leave,
        "给客服留言。",
        "Leave a message for customer service.",
        kinds=CLIENTS_AND_STAFF,
    )
    complaint_create = mutation(
        ComplaintCreateInput,
        ComplaintCreatePayload,
        _complaint_create,
        "投诉或提出建议。",
        "Complain, or suggest something.",
        kinds=CLIENTS_AND_STAFF,
    )
