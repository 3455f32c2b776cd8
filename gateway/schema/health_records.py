"""A child's health record, as the family, whoever keeps it and staff read it."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import Boolean, not_, or_
from sqlalchemy.dialects.postgresql import UUID

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, enum_column, global_id, sql_type, to_many, to_one
from gateway.execution.filters import equals, matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.postgres.given import Given
from gateway.repositories.policies import policy_id
from gateway.resolvers.health_records import PREFIX
from gateway.resolvers.retractions import ASSESSMENT, ENTRY
from gateway.schema.consultations import CheckupPlanDetails
from gateway.schema.documents import Document
from gateway.schema.enums import word
from gateway.schema.nodes import Node
from gateway.schema.vaccinations import Vaccination
from gateway.schema.vendors import Vendor
from models.health_records import GrowthAssessment as GrowthRows
from models.health_records import HealthRecord as RecordRows
from models.health_records import HealthRecordEntry as EntryRows

if TYPE_CHECKING:
    from gateway.schema.people import Person
    from gateway.schema.policies import Policy


@strawberry.enum(description=T("健康档案中一条记录的种类。", "What an entry of a health record is."))
class HealthRecordEntryKind(Enum):
    CHECKUP_REPORT = word("CHECKUP_REPORT", "体检报告。", "Report of a check-up.")
    VISIT = word("VISIT", "就诊记录。", "A visit to a doctor.")
    GROWTH_MEASUREMENT = word("GROWTH_MEASUREMENT", "身高或体重。", "Height or weight.")
    REPORT_EXPLANATION = word("REPORT_EXPLANATION", "体检报告解读。", "What a check-up report means, as explained.")
    HEALTH_PLAN = word("HEALTH_PLAN", "为被保险人定制的健康管理方案。", "Health management tailored to the insured.")


@strawberry.enum(description=T("生长发育评估的方式。", "How growth was assessed."))
class GrowthAssessmentMode(Enum):
    PHONE = word("PHONE", "电话。", "By phone.")
    TEXT = word("TEXT", "图文。", "By text and pictures.")
    OTHER = word("OTHER", "其他方式。", "In another way.")


@sql_type()
class _Retractable(SqlType):
    """What is said of a part of a record that was taken back."""

    is_retracted: bool = column("is_retracted", T("是否已撤回。", "Whether it was taken back."))
    retracted_at: dt.datetime | None = column(
        "retracted_at", T("撤回的时刻；未撤回为空。", "When it was taken back; null where it was not.")
    )
    retraction_reason: str | None = column("retraction_reason", T("撤回的理由。", "Why."), sensitive=True)


@sql_type(
    EntryRows,
    T("健康档案中的一条记录。", "An entry of a health record."),
    prefix=ENTRY.prefix,
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class HealthRecordEntry(_Retractable, Node):
    id: strawberry.ID = global_id(ENTRY.prefix, "policy_id", "id")
    kind: HealthRecordEntryKind = enum_column("kind", HealthRecordEntryKind, T("种类。", "What it is."))
    on: dt.date = column("on", T("发生之日。", "The day that it is about."))
    title: str | None = column("title", T("标题；测量没有。", "Title; a measurement has none."), sensitive=True)
    height_cm: Decimal | None = column("height_cm", T("身高（厘米）。", "Height in centimeters."), sensitive=True)
    weight_kg: Decimal | None = column("weight_kg", T("体重（千克）。", "Weight in kilograms."), sensitive=True)
    note: str | None = column("note", T("说明。", "What is said of it."), sensitive=True)
    document: Document | None = to_one("Document", T("材料。", "Its paper."), policy_id="policy_id", id="document_id")
    replaced_by: Annotated["HealthRecordEntry", strawberry.lazy("gateway.schema.health_records")] | None = to_one(
        "HealthRecordEntry",
        T("更正后的记录；未更正为空。", "The entry that corrects it; null where none does."),
        policy_id="policy_id",
        id="replaced_by",
    )
    at: dt.datetime = column("at", T("记入时刻。", "When it was put down."))


@sql_type(
    GrowthRows,
    T(
        "一次生长发育评估：署名者的判断，非系统计算。",
        "An assessment of growth: the judgment of those named, not computed.",
    ),
    prefix=ASSESSMENT.prefix,
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class GrowthAssessment(_Retractable, Node):
    id: strawberry.ID = global_id(ASSESSMENT.prefix, "policy_id", "id")
    assessed_on: dt.date = column("assessed_on", T("评估日。", "Day of the assessment."))
    mode: GrowthAssessmentMode = enum_column("mode", GrowthAssessmentMode, T("方式。", "How it was done."))
    assessment: str = column("assessment", T("评估意见。", "What they think."), sensitive=True)
    diet_plan: str | None = column("diet_plan", T("膳食营养补充方案。", "The personal diet plan."), sensitive=True)
    pediatrician: str | None = column("pediatrician", T("儿科医生。", "The pediatrician."))
    health_manager: str | None = column("health_manager", T("儿科健康管家。", "The pediatric health manager."))
    nutritionist: str | None = column("nutritionist", T("营养师。", "The nutritionist."))
    rehabilitation_therapist: str | None = column(
        "rehabilitation_therapist", T("运动康复师。", "The sports rehabilitation therapist.")
    )
    measures_retracted_at: dt.datetime | None = column(
        "measures_retracted_at",
        T(
            "评估之后，所依据的身高体重有撤回的，其时刻；宜重新评估。",
            "When a measurement that it could build on was taken back afterwards: people should look again.",
        ),
    )
    at: dt.datetime = column("at", T("记入时刻。", "When it was put down."))


@strawberry.input(description=T("档案记录的筛选条件。", "Filter of a record's entries."))
class HealthRecordEntryFilter:
    kind: HealthRecordEntryKind | None = equals("kind", T("种类。", "What they are."))


def _assessments(description: str, *, is_retracted: bool) -> Any:
    return to_many(
        "GrowthAssessment",
        ["assessed_on", "id"],
        description,
        where={"is_retracted": is_retracted},
        policy_id="policy_id",
        insured_id="insured_id",
    )


@sql_type(
    RecordRows,
    T("儿童的健康档案。", "The health record of a child."),
    prefix=PREFIX,
    id_columns=("policy_id", "insured_id"),
    scope="bookings:read",
)
class HealthRecord(SqlType, Node):
    id: strawberry.ID = global_id(PREFIX, "policy_id", "insured_id")
    policy: Annotated["Policy", strawberry.lazy("gateway.schema.policies")] | None = to_one(
        "Policy",
        T(
            "所属保单；服务商在该保单上没有业务的为空。",
            "Its policy; null for a vendor that has no case on it.",
        ),
        policy_id="policy_id",
    )
    vendor: Vendor | None = to_one("Vendor", T("建档的服务商。", "The vendor that keeps it."), code="vendor_code")
    basics: list[str] = column("basics", T("基本健康信息。", "Basic facts about the child's health."), sensitive=True)
    family_history: list[str] = column("family_history", T("家族病史。", "Illnesses in the family."), sensitive=True)
    habits: list[str] = column("habits", T("生活习惯。", "Habits."), sensitive=True)
    entries: Connection[HealthRecordEntry] = connection(
        "HealthRecordEntry",
        T("体检报告、就诊与测量，新的在前。", "Check-up reports, visits and measurements, newest first."),
        of=HealthRecordEntry,
        orders=(Key("on", descending=True), Key("id", descending=True)),
        where=HealthRecordEntryFilter,
        within={"policy_id": "policy_id", "insured_id": "insured_id"},
        arguments={
            "with_retracted": (
                bool,
                T("是否包括已撤回的记录；缺省不包括。", "Whether with those that were taken back; without by default."),
                lambda row, given: or_(given.bind(Boolean), not_(row.is_retracted)),
            )
        },
        otherwise={"with_retracted": lambda row: not_(row.is_retracted)},
    )
    growth_assessments: list[GrowthAssessment] = _assessments(
        T("有效的生长发育评估，旧的在前。", "Assessments of growth that stand, oldest first."), is_retracted=False
    )
    retracted_growth_assessments: list[GrowthAssessment] = _assessments(
        T("已撤回的生长发育评估，旧的在前。", "Assessments of growth that were taken back, oldest first."),
        is_retracted=True,
    )
    checkup_plans: list[CheckupPlanDetails] = to_many(
        "CheckupPlanDetails",
        ["created_at", "id"],
        T("体检项目建议，旧的在前。", "Suggested check-ups, oldest first."),
        policy_id="policy_id",
        insured_id="insured_id",
    )
    vaccinations: list[Vaccination] = to_many(
        "Vaccination",
        ["due_on", "vaccine", "dose"],
        T("接种计划与已接种的针次，按到期日。", "Doses planned and given, by the day they are due."),
        policy_id="policy_id",
        insured_id="insured_id",
    )
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "Whose record it is."), policy_id="policy_id", id="insured_id"
    )
    created_at: dt.datetime = column("created_at", T("建档时刻。", "When it was begun."))
    updated_at: dt.datetime = column("updated_at", T("最近记入时刻。", "When something was last put into it."))


def of_exact_policy(row: Any, number: Given) -> Any:
    """Also for a vendor that has no case on the policy, and does not see it."""
    return row.policy_id == number.bind(UUID(as_uuid=True), policy_id)


POLICY_NUMBER = T("保单号，完全一致。", "Number of the policy, exactly.")


@strawberry.input(description=T("健康档案的筛选条件。", "Filter of health records."))
class HealthRecordFilter:
    policy_number: str | None = matches(of_exact_policy, POLICY_NUMBER)


@strawberry.type
class HealthRecordQueries:
    health_records: Connection[HealthRecord] = connection(
        "HealthRecord",
        T("可见的健康档案，新的在前。", "Health records that the viewer may see, newest first."),
        of=HealthRecord,
        orders=tuple(Key(name, descending=True) for name in ("created_at", "policy_id", "insured_id")),
        where=HealthRecordFilter,
        scope="bookings:read",
    )
