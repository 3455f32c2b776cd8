"""Parts of a booking: the details of its service, its history, deadlines, rating and deduction."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import func
from strawberry.types import Info

from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    enum_column,
    enum_list_column,
    expression,
    sql_type,
    to_one,
)
from gateway.language import T
from gateway.repositories import clocks as clock_sql
from gateway.schema import consultations
from gateway.schema.booking_enums import (
    BookingStatus,
    ClockStatus,
    CompanionRelation,
    DeductionStatus,
    PatientCondition,
)
from gateway.schema.cases import Step
from gateway.schema.consultations import CheckupPlanDetails, ConsultationDetails, DrugQuestionDetails
from gateway.schema.enums import Gender
from gateway.schema.patients import patient_name, patient_phone
from gateway.schema.rules import Rule
from gateway.schema.tellings import now
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
    from gateway.schema.respiratory_tests import RespiratoryTestDetails
    from gateway.schema.second_opinions import SecondOpinionDetails


@sql_type(EscortRows, T("陪诊的详情。", "Details of an escort."))
class EscortDetails(SqlType):
    patient_name: str = patient_name()
    patient_gender: Gender | None = enum_column("patient_gender", Gender, T("性别。", "Gender."))
    patient_phone: str | None = patient_phone()
    registration: str | None = column("registration", T("挂号信息。", "Registration at the hospital."), sensitive=True)
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
    meeting_place: str | None = column("meeting_place", T("会面地点。", "Where to meet."), sensitive=True)
    materials: str | None = column("materials", T("须携带的材料。", "Papers to bring."), sensitive=True)
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
    excuse: str | None = column("excuse", T("免责的缘由。", "Why it is excused."), sensitive=True)


@sql_type(RatingRows, T("客户的评价。", "What the client thought of it."))
class BookingRating(SqlType):
    score: int = column("score", T("1–5 分。", "1 to 5."))
    comment: str | None = column("comment", T("意见。", "Comment."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(DeductionRows, T("因当日变更而扣减次数的建议。", "A proposal to count a change on the day as used."))
class BookingDeduction(SqlType):
    status: DeductionStatus = enum_column("state", DeductionStatus, T("状态。", "Its state."))
    reason: str = column("reason", T("服务商的理由。", "The vendor's reason."), sensitive=True)
    evidence: str | None = column("evidence", T("凭证。", "The vendor's evidence."), sensitive=True)
    decision_reason: str | None = column(
        "decision_reason", T("决定的理由。", "The reason of the decision."), sensitive=True
    )
    proposed_at: dt.datetime = column("proposed_at", T("提出时刻。", "When it was proposed."))
    decided_at: dt.datetime | None = column("decided_at", T("决定时刻。", "When it was decided."))
