"""Bookings of any service: their state, details, history, clocks, and what can be done next."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import Text, case, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from strawberry.types import Info

from gateway.context import Context
from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    enum_column,
    enum_list_column,
    expression,
    filled,
    global_id,
    sql_type,
    to_many,
    to_one,
    to_one_of,
)
from gateway.execution.filters import matches, operators
from gateway.execution.forms import Scope
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories import clocks as clock_sql
from gateway.repositories import lifecycles as lifecycle_sql
from gateway.resolvers import booking_steps
from gateway.resolvers.bookings import ROLES
from gateway.schema import consultations
from gateway.schema.cases import Step, of_policy
from gateway.schema.consultations import CheckupPlanDetails, ConsultationDetails, DrugQuestionDetails
from gateway.schema.enums import (
    BookingOrder,
    BookingStatus,
    CancellationOutcome,
    ClockStatus,
    CompanionRelation,
    DeductionStatus,
    Gender,
    PatientCondition,
    ProductCode,
    ServiceKind,
)
from gateway.schema.hospitals import Hospital
from gateway.schema.nodes import Node
from gateway.schema.operators import DateTimeCondition, ServiceCondition, StatusCondition, TextCondition
from gateway.schema.patients import patient_name, patient_phone
from gateway.schema.rules import Rule, Verdict
from gateway.schema.tellings import now
from gateway.schema.vendors import Vendor
from gateway.schema.verdicts import shown
from models.bookings import Booking as BookingRows
from models.bookings import BookingDeduction as DeductionRows
from models.bookings import BookingEvent as EventRows
from models.bookings import BookingRating as RatingRows
from models.bookings import EscortDetails as EscortRows
from models.bookings import SlaClock as ClockRows

if TYPE_CHECKING:
    from gateway.schema.drug_orders import DrugOrderDetails
    from gateway.schema.expert_calls import ExpertCallDetails
    from gateway.schema.green_channels import InpatientGreenChannelDetails, OutpatientGreenChannelDetails
    from gateway.schema.hospital_visits import HospitalVisitDetails
    from gateway.schema.hospitals import Department
    from gateway.schema.policies import Person, Policy
    from gateway.schema.respiratory_tests import RespiratoryTestDetails
    from gateway.schema.second_opinions import SecondOpinionDetails

MUTATIONS = {
    "accept": "bookingAccept",
    "decline": "bookingDecline",
    "assign": "bookingAssign",
    "confirm": "bookingConfirm",
    "reschedule": "bookingReschedule",
    "cancel": "bookingCancel",
    "checkIn": "bookingCheckIn",
    "checkOut": "bookingCheckOut",
    "followUp": "bookingFollowUpRecord",
    "noShow": "bookingNoShowRecord",
    "rate": "bookingRate",
    "proposeDeduction": "bookingDeductionPropose",
    "decideDeduction": "bookingDeductionDecide",
    "reply": "consultationReply",
    "ask": "consultationReply",
    "close": "consultationClose",
    # visits that are billed directly, and tests at home
    "complete": "bookingComplete",
    "terminate": "bookingTerminate",
    "share": "testReportShare",
    # calls with an expert
    "attemptCall": "bookingCallAttemptRecord",
    # green channels
    "review": "bookingReview",
    "contact": "bookingFollowUpRecord",
    # second opinions
    "proposeHospitals": "secondOpinionHospitalsPropose",
    "selectHospital": "secondOpinionHospitalSelect",
    "submitDocuments": "secondOpinionDocumentsSubmit",
    **dict.fromkeys(booking_steps.STAGE_COMMANDS, "secondOpinionStageAdvance"),
    # listed drugs
    "reviewPrescription": "drugPrescriptionReview",
    "issueVoucher": "drugVoucherIssue",
    "chooseFulfillment": "drugFulfillmentChoose",
    "confirmDelivery": "drugDeliveryConfirm",
    "reportDamage": "drugDamageReport",
    "decideDamage": "drugDamageDecide",
    "attach": "bookingDocumentsAttach",
}
"""Command of the lifecycle → the mutation that sends it."""


@sql_type(EscortRows, T("陪诊的详情。", "Details of an escort."))
class EscortDetails(SqlType):
    patient_name: str = patient_name()
    patient_gender: Gender | None = enum_column("patient_gender", Gender, T("性别。", "Gender."))
    patient_phone: str | None = patient_phone()
    registration: str | None = column("registration", T("挂号信息。", "Registration at the hospital."))
    is_diagnosed: bool | None = column("is_diagnosed", T("是否已明确诊断。", "Whether there is a diagnosis."))
    symptom: str | None = column("symptom", T("疾病名称或主要症状。", "Disease or main symptoms."), sensitive=True)
    need: str | None = column("need", T("本次需求。", "What is needed this time."), sensitive=True)
    conditions: list[PatientCondition] = enum_list_column(
        "conditions", PatientCondition, T("声明的状况。", "Declared conditions."), sensitive=True
    )
    companion_relation: CompanionRelation | None = enum_column(
        "companion_relation", CompanionRelation, T("陪同人的关系。", "What the companion is to the patient.")
    )
    escort_name: str | None = column("escort_name", T("陪诊人员。", "The escort."))
    meeting_place: str | None = column("meeting_place", T("会面地点。", "Where to meet."))
    materials: str | None = column("materials", T("须携带的材料。", "Papers to bring."))
    checked_in_at: dt.datetime | None = column("checked_in_at", T("签到时刻。", "When the escort checked in."))
    checked_out_at: dt.datetime | None = column("checked_out_at", T("签退时刻。", "When the escort checked out."))
    actual_minutes: int | None = column("actual_minutes", T("实际时长（分钟）。", "How long it took, in minutes."))
    client_expected_at: dt.datetime | None = column(
        "client_expected_at", T("迟到客户预计到达的时刻。", "When a client who runs late is expected.")
    )


DETAILS: dict[str, str] = {
    "OUTPATIENT_ESCORT": "EscortDetails",
    "HOSPITAL_VISIT": "HospitalVisitDetails",
    "VACCINATION": "HospitalVisitDetails",
    "RESPIRATORY_TEST": "RespiratoryTestDetails",
    "EXPERT_CALL": "ExpertCallDetails",
    "OUTPATIENT_GREEN_CHANNEL": "OutpatientGreenChannelDetails",
    "INPATIENT_GREEN_CHANNEL": "InpatientGreenChannelDetails",
    "SECOND_OPINION": "SecondOpinionDetails",
    "ONCOLOGY_DRUG": "DrugOrderDetails",
    **{service: kind.__name__ for service, kind in consultations.DETAILS.items()},
}
"""Service → the type of its details; a service without an entry has none."""

BookingDetails = Annotated[
    EscortDetails
    | ConsultationDetails
    | DrugQuestionDetails
    | CheckupPlanDetails
    | Annotated["HospitalVisitDetails", strawberry.lazy("gateway.schema.hospital_visits")]
    | Annotated["RespiratoryTestDetails", strawberry.lazy("gateway.schema.respiratory_tests")]
    | Annotated["ExpertCallDetails", strawberry.lazy("gateway.schema.expert_calls")]
    | Annotated["OutpatientGreenChannelDetails", strawberry.lazy("gateway.schema.green_channels")]
    | Annotated["InpatientGreenChannelDetails", strawberry.lazy("gateway.schema.green_channels")]
    | Annotated["SecondOpinionDetails", strawberry.lazy("gateway.schema.second_opinions")]
    | Annotated["DrugOrderDetails", strawberry.lazy("gateway.schema.drug_orders")],
    strawberry.union("BookingDetails", description=T("各服务的详情。", "Details, one type for each service.")),
]


@sql_type(EventRows, T("预约经历的一步。", "A step in a booking's life."))
class BookingEvent(SqlType, Step):
    status: BookingStatus = enum_column("to_state", BookingStatus, T("之后的状态。", "State after."))


def _clock_status(root: Any, info: Info) -> ClockStatus:
    if root["excused_at"] is not None:
        return ClockStatus.EXCUSED
    if root["stopped_at"] is not None:
        return ClockStatus.MET if root["stopped_at"] <= root["due_at"] else ClockStatus.MISSED
    if root["cancelled_at"] is not None:
        return ClockStatus.CANCELLED
    return ClockStatus.RUNNING if info.context.now <= root["due_at"] else ClockStatus.OVERDUE


@sql_type(ClockRows, T("服务方的时限。", "A deadline of the vendor or the insurer."))
class SlaClock(SqlType):
    rule: Rule = to_one("Rule", T("载明时限的规则。", "The rule that states it."), code="rule_code")
    part: str | None = expression(
        "part",
        lambda row: func.nullif(row.part, ""),
        T("同一规则有多项时限时，是哪一项。", "Which one it is, where a rule states several deadlines."),
    )
    status: ClockStatus = computed(
        _clock_status, T("状态。", "Its state."), sql=lambda row, scope: clock_sql.status(row, now(scope))
    )
    started_at: dt.datetime = column("started_at", T("起算时刻。", "When it began."))
    due_at: dt.datetime = column("due_at", T("到期时刻。", "When it ends."))
    stopped_at: dt.datetime | None = column("stopped_at", T("完成时刻。", "When the awaited step was taken."))
    is_estimated: bool = column("is_estimated", T("是否依据估计的日历。", "Whether it rests on an estimated calendar."))
    corrected_at: dt.datetime | None = column(
        "corrected_at",
        T(
            "因工作日历更正而提前的时刻；从不推后。",
            "When a corrected calendar brought it forward; none ever puts it off.",
        ),
    )
    excuse: str | None = column("excuse", T("免责的缘由。", "Why it is excused."))


@sql_type(RatingRows, T("客户的评价。", "What the client thought of it."))
class BookingRating(SqlType):
    score: int = column("score", T("1–5 分。", "1 to 5."))
    comment: str | None = column("comment", T("意见。", "Comment."))
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(DeductionRows, T("因当日变更而扣减次数的建议。", "A proposal to count a change on the day as used."))
class BookingDeduction(SqlType):
    status: DeductionStatus = enum_column("state", DeductionStatus, T("状态。", "Its state."))
    reason: str = column("reason", T("服务商的理由。", "The vendor's reason."))
    evidence: str | None = column("evidence", T("凭证。", "The vendor's evidence."))
    decision_reason: str | None = column("decision_reason", T("决定的理由。", "The reason of the decision."))
    proposed_at: dt.datetime = column("proposed_at", T("提出时刻。", "When it was proposed."))
    decided_at: dt.datetime | None = column("decided_at", T("决定时刻。", "When it was decided."))


def actions(root: Any, info: Info) -> list[str]:
    role = ROLES.get(info.context.viewer.kind)
    if role is None:
        return []
    commands = info.context.services.lifecycles.commands(root["machine"], root["state"], role)
    return [MUTATIONS[command] for command in commands]


def actions_sql(row: Any, scope: Scope) -> Any:
    role = ROLES.get(scope.sight.kind)
    commands = lifecycle_sql.commands(row, role or "").subquery()
    return func.array(select(case(MUTATIONS, value=commands.c.command)).scalar_subquery(), type_=ARRAY(Text))


@sql_type(
    BookingRows,
    T("一次服务的预约。", "A booking of a service."),
    prefix="book",
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class Booking(SqlType, Node):
    id: strawberry.ID = global_id("book", "policy_id", "id")
    number: str = column("number", T("预约号。", "Number for people."))
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    service: ServiceKind = enum_column("service", ServiceKind, T("服务。", "Its service."))
    status: BookingStatus = enum_column("state", BookingStatus, T("状态。", "Its state."))
    policy: Annotated["Policy", strawberry.lazy("gateway.schema.policies")] | None = to_one(
        "Policy", T("保单。", "Its policy."), policy_id="policy_id"
    )
    insured: Annotated["Person", strawberry.lazy("gateway.schema.policies")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    hospital: Hospital | None = to_one("Hospital", T("医院。", "Its hospital."), code="hospital_code")
    department: Annotated["Department", strawberry.lazy("gateway.schema.hospitals")] | None = to_one(
        "Department", T("科室。", "Its department."), code="department_code"
    )
    vendor: Vendor | None = to_one("Vendor", T("服务商。", "The vendor that serves it."), code="vendor_code")
    visit_at: dt.datetime | None = column("visit_at", T("就诊时刻。", "When the visit begins."))
    planned_minutes: int | None = column(
        "planned_minutes", T("计划时长（分钟）。", "How long it is planned, in minutes.")
    )
    confirmed_at: dt.datetime | None = column(
        "confirmed_at", T("客户首次确认的时刻。", "When the client first confirmed.")
    )
    details: BookingDetails | None = to_one_of(
        "service",
        DETAILS,
        T("该服务的详情。", "Details of its service."),
        policy_id="policy_id",
        booking_id="id",
    )
    timeline: list[BookingEvent] = to_many(
        "BookingEvent",
        ["seq"],
        T("经历，旧的在前。", "Its history, oldest first."),
        policy_id="policy_id",
        booking_id="id",
    )
    sla_clocks: list[SlaClock] = to_many(
        "SlaClock",
        ["due_at", "rule_code", "part", "id"],
        T("时限。", "Its deadlines."),
        where={"subject_type": "BOOKING"},
        policy_id="policy_id",
        subject_id="id",
    )
    available_actions: list[str] = computed(
        actions, T("请求者此刻可用的变更。", "Mutations that the viewer may send now."), sql=actions_sql
    )
    rating: BookingRating | None = to_one(
        "BookingRating", T("评价。", "The client's rating."), policy_id="policy_id", booking_id="id"
    )
    deduction: BookingDeduction | None = to_one(
        "BookingDeduction", T("扣减建议。", "A proposed deduction."), policy_id="policy_id", booking_id="id"
    )
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))
    created_at: dt.datetime = column("created_at", T("申请时刻。", "When it was asked for."))
    updated_at: dt.datetime = column("updated_at", T("最近变更时刻。", "When it last changed."))


@strawberry.input(description=T("预约的筛选条件。", "Filter of bookings."))
class BookingFilter:
    number: TextCondition | None = operators("number", T("预约号。", "Its number."))
    service: ServiceCondition | None = operators("service", T("服务。", "Its service."))
    status: StatusCondition | None = operators("state", T("状态。", "Its state."))
    policy_number: TextCondition | None = matches(of_policy, T("保单号。", "Number of its policy."))
    visit_at: DateTimeCondition | None = operators("visit_at", T("就诊时刻。", "When the visit begins."))


ORDERS = {
    BookingOrder.CREATED_AT_DESC: (Key("created_at", descending=True), Key("id", descending=True)),
    BookingOrder.CREATED_AT_ASC: (Key("created_at"), Key("id")),
    BookingOrder.NUMBER_ASC: (Key("number"), Key("id")),
}


@strawberry.type(description=T("此刻取消的后果。", "What cancelling now would mean."))
class CancellationQuote:
    outcome: CancellationOutcome = strawberry.field(description=T("后果。", "The outcome."))
    free_until: dt.datetime | None = strawberry.field(
        description=T(
            "可免费取消到何时：按小时倒算的含该时刻，写明“几点前”的不含；已无此可能则为空。",
            "Until when cancelling is free: included where hours are counted back, excluded where a handbook says "
            "“before” a clock time; null where it is free no more.",
        )
    )
    verdicts: list[Verdict] = strawberry.field(description=T("所依据的规则。", "The rules that were asked."))


async def _quotes(context: Context, rows: Sequence[Any], booking: str) -> list[CancellationQuote]:
    quote = await booking_steps.cancellation_quote(context, booking)
    made = CancellationQuote(
        outcome=CancellationOutcome(quote.outcome),
        free_until=quote.free_until,
        verdicts=shown(quote.verdicts, context),
    )
    return [made for _ in rows]


@strawberry.type
class BookingQueries:
    bookings: Connection[Booking] = connection(
        "Booking",
        T("可见的预约，缺省新的在前。", "Bookings that the viewer may see, by default newest first."),
        of=Booking,
        orders=(BookingOrder, ORDERS),
        where=BookingFilter,
        scope="bookings:read",
    )

    cancellation_quote: CancellationQuote = filled(
        _quotes,
        T(
            "此刻取消该预约的后果。",
            "What cancelling this booking now would mean.",
        ),
        scope="bookings:read",
        booking=(strawberry.ID, T("预约的编号。", "Id of the booking.")),
    )
