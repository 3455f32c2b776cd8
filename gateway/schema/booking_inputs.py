"""Inputs of booking mutations: what clients, vendors and staff send."""

import datetime as dt
from decimal import Decimal

import strawberry

from gateway.language import T
from gateway.schema.booking_enums import CompanionRelation, DeductionDecision, NoShowCause, PatientCondition
from gateway.schema.doctors import DoctorInput
from gateway.schema.enums import Gender
from gateway.schema.mutations import KEY
from gateway.schema.visit_enums import VisitRestriction

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


@strawberry.input(description=T("受理预约。", "Take a booking."))
class BookingAcceptInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    note: str | None = strawberry.field(default=None, description=NOTE)
    voucher_code: str | None = strawberry.field(
        default=None, description=T("检测优惠券码。", "Code of the coupon, for a test.")
    )


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
    doctor: DoctorInput | None = strawberry.field(
        default=None,
        description=T(
            "咨询：接诊的医生；门诊绿通：所安排的医生。",
            "The doctor who takes a consultation, or was arranged for a child.",
        ),
    )
    vendor: str | None = strawberry.field(
        default=None,
        description=T("服务商代码，用于直付就诊。", "Code of the vendor, for a visit that is billed directly."),
    )
    visit_at: dt.datetime | None = strawberry.field(
        default=None,
        description=T(
            "门诊绿通：安排好的就诊时刻，与期望不同时填写。",
            "Of an outpatient green channel: when the visit is, if not as wanted.",
        ),
    )


@strawberry.input(description=T("安排好的住院。", "A stay that has been arranged."))
class AdmissionInput:
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    department: str | None = strawberry.field(
        default=None, description=T("科室代码或名称。", "Department, by code or name.")
    )
    admitted_at: dt.datetime = strawberry.field(description=T("入院时刻。", "When the stay begins."))
    doctor_name: str | None = strawberry.field(default=None, description=T("私人医生。", "The private doctor."))
    doctor_contact: str | None = strawberry.field(
        default=None, description=T("住院期间如何联系私人医生。", "How to reach that doctor during the stay.")
    )


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
    admission: AdmissionInput | None = strawberry.field(
        default=None,
        description=T(
            "住院绿通：安排好的住院，由服务商填写。", "Of an inpatient green channel: the stay, by the vendor."
        ),
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
    is_accompanied: bool | None = strawberry.field(
        default=None,
        description=T(
            "住院绿通：健康管家是否陪同出院。", "Of a stay: whether the health manager came along at discharge."
        ),
    )


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
    fee: Decimal | None = strawberry.field(
        default=None,
        description=T("医院照收的诊费（人民币），由客户自付。", "What the hospital charges, in CNY: the client's own."),
    )
    restriction: VisitRestriction | None = strawberry.field(
        default=None,
        description=T("失约后所决定的限制，须在 note 写明理由。", "What is decided after it; say why in `note`."),
    )


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
