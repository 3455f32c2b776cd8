"""Mutations of calls with an expert."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.resolvers import booking_steps as steps
from gateway.resolvers import expert_calls
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.booking_inputs import BOOKING_ID, PatientInput
from gateway.schema.booking_outcomes import VENDORS, payload
from gateway.schema.booking_requests import patient
from gateway.schema.consultation_inputs import ACKNOWLEDGED, POLICY_NUMBER, WHOM
from gateway.schema.expert_calls import Caller, ExpertCallTopic
from gateway.schema.mutations import KEY, mutation

EXPERT = T("专家代码，见 `expertSchedules`。", "Code of the expert, from `expertSchedules`.")
PHONE = T("接听电话。", "Number to be called at.")
TOPIC = T("主题。", "What it is about.")
QUESTION = T("想问的问题。", "What you want to ask.")


@strawberry.input(description=T("预约专家点诊。", "A call with an expert, by appointment."))
class ExpertCallBookInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    expert: str = strawberry.field(description=EXPERT)
    starts_at: dt.datetime = strawberry.field(
        description=T("所选时段的开始。", "When the chosen time of the schedule begins.")
    )
    phone: str | None = strawberry.field(default=None, description=PHONE)
    patient: PatientInput | None = strawberry.field(default=None, description=WHOM)
    topic: ExpertCallTopic | None = strawberry.field(default=None, description=TOPIC)
    question: str | None = strawberry.field(default=None, description=QUESTION)
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("直呼专家。", "A call with an expert who is on duty, at once."))
class ExpertCallNowInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    expert: str = strawberry.field(description=EXPERT)
    phone: str | None = strawberry.field(default=None, description=PHONE)
    patient: PatientInput | None = strawberry.field(default=None, description=WHOM)
    topic: ExpertCallTopic | None = strawberry.field(default=None, description=TOPIC)
    question: str | None = strawberry.field(default=None, description=QUESTION)
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("经系统拨给客户的一通电话。", "A call to the client through the system."))
class BookingCallAttemptRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    caller: Caller = strawberry.field(description=T("由谁拨打。", "Who phoned."))
    is_answered: bool = strawberry.field(description=T("是否接通。", "Whether it was answered."))
    call_reference: str = strawberry.field(
        description=T("电话系统的通话编号，每通不同。", "The telephone system's own record; each call has another.")
    )


def _request(given: ExpertCallBookInput | ExpertCallNowInput) -> expert_calls.CallRequest:
    return expert_calls.CallRequest(
        policy_number=given.policy_number,
        expert=given.expert,
        phone=given.phone,
        patient=given.patient and patient(given.patient),
        topic=given.topic.value if given.topic else None,
        question=given.question,
        acknowledged=tuple(given.acknowledged),
    )


async def _expert_call_book(transaction: Transaction, operation: str, input: ExpertCallBookInput) -> Work:
    return await expert_calls.book(transaction, operation, _request(input), starts_at=input.starts_at)


async def _expert_call_now(transaction: Transaction, operation: str, input: ExpertCallNowInput) -> Work:
    return await expert_calls.call_now(transaction, operation, _request(input))


async def _call_attempt_record(transaction: Transaction, operation: str, input: BookingCallAttemptRecordInput) -> Work:
    attempt = steps.CallAttempt(input.caller.value, input.is_answered, input.call_reference)
    return await steps.attempt_call(transaction, operation, booking=input.booking, attempt=attempt)


@strawberry.type
class ExpertCallMutations:
    expert_call_book = mutation(
        ExpertCallBookInput,
        payload("expertCallBook"),
        _expert_call_book,
        "预约专家点诊。",
        "Book a call with an expert.",
    )
    expert_call_now = mutation(
        ExpertCallNowInput,
        payload("expertCallNow"),
        _expert_call_now,
        "直呼正在出诊的专家；前面有人时排队。",
        "Call an expert who is on duty; behind those who wait already.",
    )
    booking_call_attempt_record = mutation(
        BookingCallAttemptRecordInput,
        payload("bookingCallAttemptRecord"),
        _call_attempt_record,
        "记录一通拨给客户的电话；同一方连续三次未接通，订单取消，权益退回。",
        "Record a call to the client; when several of one caller fail in a row, the order ends and the use goes back.",
        kinds=VENDORS,
    )
