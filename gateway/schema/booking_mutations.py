"""Mutations of bookings: what clients, vendors and staff may do with one."""

import datetime as dt
from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Info
from gateway.language import T
from gateway.resolvers import booking_steps as steps
from gateway.resolvers import escorts
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.bookings import Booking
from gateway.schema.enums import CompanionRelation, DeductionDecision, Gender, NoShowCause, PatientCondition
from gateway.schema.mutations import KEY, mutation, subject_of
from gateway.schema.verdicts import Outcome

VENDORS = (ViewerKind.VENDOR,)
VENDORS_AND_STAFF = (ViewerKind.VENDOR, ViewerKind.STAFF)
BOOKING_ID = T("预约的编号。", "Id of the booking.")
NOTE = T("备注。", "A note.")
REASON = T("缘由。", "Why.")


@strawberry.input(description=T("就诊人。", "The patient."))
class PatientInput:
    name: str | None = strawberry.field(default=None, description=T("姓名，与保单一致。", "Name, as on the policy."))
    gender: Gender | None = strawberry.field(default=None, description=T("性别。", "Gender."))
    phone: str | None = strawberry.field(default=None, description=T("联系电话。", "Phone."))
    birth_on: dt.date | None = strawberry.field(default=None, description=T("出生日期。", "Day of birth."))


@strawberry.input(description=T("陪同人。", "A companion."))
class CompanionInput:
    relation: CompanionRelation = strawberry.field(
        description=T("与就诊人的关系。", "What the companion is to the patient.")
    )
    name: str | None = strawberry.field(default=None, description=T("姓名。", "Name."))
    phone: str | None = strawberry.field(default=None, description=T("电话。", "Phone."))


@strawberry.input(description=T("预约陪诊。", "A request for an escort."))
class EscortBookInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    department: str | None = strawberry.field(
        default=None, description=T("科室代码或名称。", "Department, by code or name.")
    )
    visit_at: dt.datetime = strawberry.field(description=T("就诊时刻。", "When the visit begins."))
    planned_minutes: int = strawberry.field(
        default=240, description=T("计划时长（分钟），1–1440。", "How long, in minutes; 1 to 1440.")
    )
    patient: PatientInput = strawberry.field(description=T("就诊人。", "The patient."))
    registration: str | None = strawberry.field(
        default=None, description=T("挂号信息。", "Registration at the hospital.")
    )
    is_diagnosed: bool | None = strawberry.field(
        default=None, description=T("是否已明确诊断。", "Whether there is a diagnosis.")
    )
    symptom: str | None = strawberry.field(
        default=None, description=T("疾病名称或主要症状。", "Disease or main symptoms.")
    )
    need: str | None = strawberry.field(default=None, description=T("本次需求。", "What is needed this time."))
    conditions: list[PatientCondition] = strawberry.field(
        default_factory=list, description=T("就诊人的状况。", "Conditions of the patient.")
    )
    companion: CompanionInput | None = strawberry.field(default=None, description=T("陪同人。", "Who comes along."))
    needs_transport_outside_hospital: bool = strawberry.field(
        default=False, description=T("是否需要院外接送。", "Whether transport outside the hospital is wanted.")
    )
    documents: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=T("已上传材料的编号。", "Ids of uploaded papers.")
    )
    acknowledged: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=T(
            "已确认的告知编号，见 `disclosures`。", "Ids of disclosures that the client has read; see `disclosures`."
        ),
    )


@strawberry.input(description=T("电话确认的要点。", "Points of the phone call that confirms an escort."))
class ConfirmationChecklistInput:
    introduction: str | None = strawberry.field(
        default=None, description=T("服务人员自我介绍。", "Introduction of the escort.")
    )
    visit: str | None = strawberry.field(default=None, description=T("就诊情况。", "About the visit."))
    meeting_place: str | None = strawberry.field(default=None, description=T("会面地点。", "Where to meet."))
    meeting_at: dt.datetime | None = strawberry.field(default=None, description=T("会面时刻。", "When to meet."))
    materials: str | None = strawberry.field(default=None, description=T("须携带的材料。", "Papers to bring."))
    examinations: str | None = strawberry.field(default=None, description=T("检查项目。", "Examinations."))
    prior_conditions: str | None = strawberry.field(default=None, description=T("既往疾病。", "Prior conditions."))
    special_examinations: str | None = strawberry.field(
        default=None, description=T("特殊检查的注意事项。", "What to mind for special examinations.")
    )
    contact_left: str | None = strawberry.field(
        default=None, description=T("已留存联系方式。", "Contact that was left.")
    )
    remark: str | None = strawberry.field(default=None, description=T("备注。", "Remark."))


def _checklist(given: ConfirmationChecklistInput | None) -> dict[str, Any]:
    if given is None:
        return {}
    return {
        "introduction": given.introduction,
        "visit": given.visit,
        "meetingPlace": given.meeting_place,
        "meetingAt": given.meeting_at,
        "materials": given.materials,
        "examinations": given.examinations,
        "priorConditions": given.prior_conditions,
        "specialExaminations": given.special_examinations,
        "contactLeft": given.contact_left,
        "remark": given.remark,
    }


@strawberry.input(description=T("受理预约。", "Take a booking."))
class BookingAcceptInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    note: str | None = strawberry.field(default=None, description=NOTE)


@strawberry.input(
    description=T("不受理或取消预约，权益退回客户。", "Decline or call off a booking; the use goes back to the client.")
)
class BookingDeclineInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    reason: str = strawberry.field(description=REASON)


@strawberry.input(description=T("安排服务人员。", "Assign someone to a booking."))
class BookingAssignInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    escort: str | None = strawberry.field(
        default=None,
        description=T(
            "服务人员的代码；所给者当日只服务一家医院。",
            "The vendor's code of the escort, who serves one hospital a day.",
        ),
    )
    escort_name: str | None = strawberry.field(default=None, description=T("服务人员姓名。", "Name of the escort."))
    meeting_place: str | None = strawberry.field(
        default=None, description=T("会面地点，缺省为医院。", "Where to meet; by default at the hospital.")
    )
    materials: str | None = strawberry.field(default=None, description=T("须携带的材料。", "Papers to bring."))


@strawberry.input(
    description=T(
        "客户确认时间、地点与材料；服务商可记录电话中的确认。",
        "The client agrees to time, place and papers; a vendor may record what was said on the phone.",
    )
)
class BookingConfirmInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    is_client_confirming: bool = strawberry.field(
        default=True, description=T("是否为客户本人的意思。", "Whether it is the client's own word.")
    )
    checklist: ConfirmationChecklistInput | None = strawberry.field(
        default=None, description=T("电话确认的要点。", "Points of the call.")
    )


@strawberry.input(
    description=T(
        "改期或改医院；全部规则按新的安排重新校验。",
        "Change time or place; every rule is asked again for the new visit.",
    )
)
class BookingRescheduleInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    visit_at: dt.datetime = strawberry.field(description=T("新的就诊时刻。", "The new time."))
    planned_minutes: int | None = strawberry.field(
        default=None, description=T("新的时长（分钟）。", "The new length in minutes.")
    )
    hospital: str | None = strawberry.field(default=None, description=T("新的医院代码。", "Code of the new hospital."))
    department: str | None = strawberry.field(
        default=None, description=T("新的科室代码或名称。", "The new department, by code or name.")
    )
    registration: str | None = strawberry.field(default=None, description=T("新的挂号信息。", "The new registration."))
    companion: CompanionInput | None = strawberry.field(default=None, description=T("陪同人。", "Who comes along."))
    reason: str | None = strawberry.field(default=None, description=REASON)


@strawberry.input(description=T("取消预约。", "Cancel a booking."))
class BookingCancelInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    reason: str | None = strawberry.field(default=None, description=REASON)
    accept_deduction: bool = strawberry.field(
        default=False,
        description=T(
            "不能免费取消时，是否接受视同使用。", "Whether it may count as used, where it cannot be free of charge."
        ),
    )


@strawberry.input(description=T("评价已完成的服务。", "Rate a completed service."))
class BookingRateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    score: int = strawberry.field(description=T("1–5 分。", "1 to 5."))
    comment: str | None = strawberry.field(default=None, description=T("意见。", "Comment."))


@strawberry.input(description=T("服务人员到达医院并签到。", "The escort has arrived and checks in."))
class BookingCheckInInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    client_is_late: bool = strawberry.field(
        default=False, description=T("客户是否迟到。", "Whether the client runs late.")
    )
    client_expected_at: dt.datetime | None = strawberry.field(
        default=None, description=T("迟到客户预计到达的时刻。", "When a late client is expected.")
    )


@strawberry.input(description=T("服务结束并签退。", "The service is over, and the escort checks out."))
class BookingCheckOutInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)


@strawberry.input(description=T("记录回访，完成服务。", "Record the follow-up, which completes the service."))
class BookingFollowUpRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    note: str | None = strawberry.field(default=None, description=NOTE)


@strawberry.input(description=T("记录未能成行及其原因。", "Record that the visit did not happen, and why."))
class BookingNoShowRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    cause: NoShowCause = strawberry.field(default=NoShowCause.CLIENT, description=T("原因。", "Why."))
    note: str | None = strawberry.field(default=None, description=NOTE)


@strawberry.input(
    description=T(
        "因客户当日变更，申请扣减次数；由保险公司决定。",
        "Ask that a change on the day count as used; the insurer decides.",
    )
)
class BookingDeductionProposeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    reason: str = strawberry.field(description=REASON)
    cost_incurred: bool = strawberry.field(
        description=T("服务人员是否已产生成本。", "Whether the escort had incurred cost.")
    )
    evidence: str | None = strawberry.field(default=None, description=T("凭证。", "Evidence."))


@strawberry.input(description=T("决定是否扣减次数。", "Decide a proposed deduction."))
class BookingDeductionDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    decision: DeductionDecision = strawberry.field(description=T("决定。", "The decision."))
    reason: str = strawberry.field(description=REASON)


async def _booking_of(root: Any, info: Info) -> Any:
    return await subject_of(info.context, "Booking", ("policy_id", "id"), root.result)


@strawberry.interface(description=T("关于一次预约的变更的回答。", "Answer of a mutation that is about a booking."))
class BookingOutcome(Outcome):
    booking: Booking | None = strawberry.field(
        resolver=_booking_of,
        description=T("预约；被拒绝时为 null。", "The booking; null when the request was refused."),
    )


def _payload(operation: str) -> Any:
    """The payload type of a booking mutation: `bookingAccept` → `BookingAcceptPayload`."""
    name = f"{operation[0].upper()}{operation[1:]}Payload"
    made = type(name, (BookingOutcome,), {"__module__": __name__})
    return strawberry.type(made, description=T(f"{operation} 的回答。", f"Answer of {operation}."))


def _request(given: EscortBookInput) -> escorts.EscortRequest:
    patient = given.patient
    return escorts.EscortRequest(
        policy_number=given.policy_number,
        hospital=given.hospital,
        department=given.department,
        visit_at=given.visit_at,
        planned_minutes=given.planned_minutes,
        patient=escorts.Patient(
            patient.name, patient.gender.value if patient.gender else None, patient.phone, patient.birth_on
        ),
        registration=given.registration,
        is_diagnosed=given.is_diagnosed,
        symptom=given.symptom,
        need=given.need,
        conditions=tuple(condition.value for condition in given.conditions),
        companion=_companion(given.companion),
        needs_transport_outside_hospital=given.needs_transport_outside_hospital,
        documents=tuple(given.documents),
        acknowledged=tuple(given.acknowledged),
    )


def _companion(given: CompanionInput | None) -> escorts.Companion | None:
    return given and escorts.Companion(given.relation.value, given.name, given.phone)


def _change(given: BookingRescheduleInput) -> steps.Change:
    return steps.Change(
        visit_at=given.visit_at,
        planned_minutes=given.planned_minutes,
        hospital=given.hospital,
        department=given.department,
        registration=given.registration,
        companion=_companion(given.companion),
        reason=given.reason,
    )


async def _escort_book(transaction: Transaction, operation: str, input: EscortBookInput) -> Work:
    return await escorts.book(transaction, operation, _request(input))


async def _booking_accept(transaction: Transaction, operation: str, input: BookingAcceptInput) -> Work:
    return await steps.accept(transaction, operation, booking=input.booking, note=input.note)


async def _booking_decline(transaction: Transaction, operation: str, input: BookingDeclineInput) -> Work:
    return await steps.decline(transaction, operation, booking=input.booking, reason=input.reason)


async def _booking_assign(transaction: Transaction, operation: str, input: BookingAssignInput) -> Work:
    return await steps.assign(
        transaction,
        operation,
        booking=input.booking,
        assignment=steps.Assignment(input.escort, input.escort_name, input.meeting_place, input.materials),
    )


async def _booking_confirm(transaction: Transaction, operation: str, input: BookingConfirmInput) -> Work:
    return await steps.confirm(
        transaction,
        operation,
        booking=input.booking,
        is_client_confirming=input.is_client_confirming,
        checklist=_checklist(input.checklist),
    )


async def _booking_reschedule(transaction: Transaction, operation: str, input: BookingRescheduleInput) -> Work:
    return await steps.reschedule(transaction, operation, booking=input.booking, change=_change(input))


async def _booking_cancel(transaction: Transaction, operation: str, input: BookingCancelInput) -> Work:
    return await steps.cancel(
        transaction,
        operation,
        booking=input.booking,
        reason=input.reason,
        accept_deduction=input.accept_deduction,
    )


async def _booking_rate(transaction: Transaction, operation: str, input: BookingRateInput) -> Work:
    return await steps.rate(transaction, operation, booking=input.booking, score=input.score, comment=input.comment)


async def _booking_check_in(transaction: Transaction, operation: str, input: BookingCheckInInput) -> Work:
    return await steps.check_in(
        transaction,
        operation,
        booking=input.booking,
        client_is_late=input.client_is_late,
        client_expected_at=input.client_expected_at,
    )


async def _booking_check_out(transaction: Transaction, operation: str, input: BookingCheckOutInput) -> Work:
    return await steps.check_out(transaction, operation, booking=input.booking)


async def _booking_follow_up_record(
    transaction: Transaction, operation: str, input: BookingFollowUpRecordInput
) -> Work:
    return await steps.follow_up(transaction, operation, booking=input.booking, note=input.note)


async def _booking_no_show_record(transaction: Transaction, operation: str, input: BookingNoShowRecordInput) -> Work:
    return await steps.no_show(transaction, operation, booking=input.booking, cause=input.cause.value, note=input.note)


async def _booking_deduction_propose(
    transaction: Transaction, operation: str, input: BookingDeductionProposeInput
) -> Work:
    return await steps.propose_deduction(
        transaction,
        operation,
        booking=input.booking,
        reason=input.reason,
        evidence=input.evidence,
        cost_incurred=input.cost_incurred,
    )


async def _booking_deduction_decide(
    transaction: Transaction, operation: str, input: BookingDeductionDecideInput
) -> Work:
    return await steps.decide_deduction(
        transaction,
        operation,
        booking=input.booking,
        approve=input.decision is DeductionDecision.APPROVE,
        reason=input.reason,
    )


@strawberry.type
class BookingMutations:
    escort_book = mutation(EscortBookInput, _payload("escortBook"), _escort_book, "预约陪诊。", "Book an escort.")
    booking_accept = mutation(
        BookingAcceptInput, _payload("bookingAccept"), _booking_accept, "受理预约。", "Take a booking.", kinds=VENDORS
    )
    booking_decline = mutation(
        BookingDeclineInput,
        _payload("bookingDecline"),
        _booking_decline,
        "不受理或取消预约，权益退回客户。",
        "Decline or call off a booking; the use goes back to the client.",
        kinds=VENDORS,
    )
    booking_assign = mutation(
        BookingAssignInput,
        _payload("bookingAssign"),
        _booking_assign,
        "安排服务人员。",
        "Assign someone to a booking.",
        kinds=VENDORS,
    )
    booking_confirm = mutation(
        BookingConfirmInput,
        _payload("bookingConfirm"),
        _booking_confirm,
        "客户确认时间、地点与材料；服务商可记录电话中的确认。",
        "The client agrees to time, place and papers; a vendor may record what was said on the phone.",
    )
    booking_reschedule = mutation(
        BookingRescheduleInput,
        _payload("bookingReschedule"),
        _booking_reschedule,
        "改期或改医院；全部规则按新的安排重新校验。",
        "Change time or place; every rule is asked again for the new visit.",
    )
    booking_cancel = mutation(
        BookingCancelInput, _payload("bookingCancel"), _booking_cancel, "取消预约。", "Cancel a booking."
    )
    booking_rate = mutation(
        BookingRateInput,
        _payload("bookingRate"),
        _booking_rate,
        "评价已完成的服务。",
        "Rate a completed service.",
        kinds=(ViewerKind.CUSTOMER,),
    )
    booking_check_in = mutation(
        BookingCheckInInput,
        _payload("bookingCheckIn"),
        _booking_check_in,
        "服务人员到达医院并签到。",
        "The escort has arrived and checks in.",
        kinds=VENDORS,
    )
    booking_check_out = mutation(
        BookingCheckOutInput,
        _payload("bookingCheckOut"),
        _booking_check_out,
        "服务结束并签退。",
        "The service is over, and the escort checks out.",
        kinds=VENDORS,
    )
    booking_follow_up_record = mutation(
        BookingFollowUpRecordInput,
        _payload("bookingFollowUpRecord"),
        _booking_follow_up_record,
        "记录回访，完成服务。",
        "Record the follow-up, which completes the service.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_no_show_record = mutation(
        BookingNoShowRecordInput,
        _payload("bookingNoShowRecord"),
        _booking_no_show_record,
        "记录未能成行及其原因。",
        "Record that the visit did not happen, and why.",
        kinds=VENDORS,
    )
    booking_deduction_propose = mutation(
        BookingDeductionProposeInput,
        _payload("bookingDeductionPropose"),
        _booking_deduction_propose,
        "因客户当日变更，申请扣减次数；由保险公司决定。",
        "Ask that a change on the day count as used; the insurer decides.",
        kinds=VENDORS,
    )
    booking_deduction_decide = mutation(
        BookingDeductionDecideInput,
        _payload("bookingDeductionDecide"),
        _booking_deduction_decide,
        "决定是否扣减次数。",
        "Decide a proposed deduction.",
        kinds=(ViewerKind.STAFF,),
    )
