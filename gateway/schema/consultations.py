"""Details of services that are answered: consultations with what was said, drug questions, check-up plans."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gateway.execution.declare import SqlType, column, computed, enum_column, sql_type, to_many, to_one
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_number
from gateway.schema.consultation_enums import (
    ConsultationMode,
    ConsultationTopic,
    DoctorEmployment,
    DoctorTitle,
    DrugQuestionCategory,
    MessageAuthor,
)
from gateway.schema.enums import Gender
from models.consultations import ConsultationDetails as ConsultationRows
from models.consultations import ConsultationMessage as MessageRows
from models.consultations import DrugQuestionDetails as QuestionRows
from models.health_records import CheckupPlan as PlanRows

if TYPE_CHECKING:
    from gateway.schema.drugs import Drug


def _phone(root: Any) -> str | None:
    return None if root["phone_last4"] is None else masked_number(root["phone_last4"])


def _phone_field() -> Any:
    return computed(
        _phone,
        T("回电号码，只显示末四位。", "Number to be called at; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )


@sql_type(MessageRows, T("咨询中的一条内容。", "Something that was said in a consultation."))
class ConsultationMessage(SqlType):
    author: MessageAuthor = enum_column("author", MessageAuthor, T("出自谁。", "By whom."))
    content: str = column("content", T("内容。", "What was said."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(ConsultationRows, T("咨询的详情。", "Details of a consultation."))
class ConsultationDetails(SqlType):
    mode: ConsultationMode = enum_column("mode", ConsultationMode, T("方式。", "How it goes."))
    topic: ConsultationTopic = enum_column("topic", ConsultationTopic, T("主题。", "What it is about."))
    question: str = column("question", T("客户的问题。", "The client's question."), sensitive=True)
    phone: str | None = _phone_field()
    is_by_phone: bool = column("is_by_phone", T("是否由医生致电。", "Whether the doctor phones."))
    is_after_hours: bool = column(
        "is_after_hours", T("是否在服务时间以外留下。", "Whether it was left outside the service hours.")
    )
    doctor_name: str | None = column("doctor_name", T("答复的医生。", "The doctor who answers."))
    doctor_title: DoctorTitle | None = enum_column("doctor_title", DoctorTitle, T("职称。", "The doctor's title."))
    doctor_years: int | None = column("doctor_years", T("临床年限。", "Years of clinical work."))
    doctor_hospital: str | None = column("doctor_hospital", T("所在医院。", "The doctor's hospital."))
    doctor_employment: DoctorEmployment | None = enum_column(
        "doctor_employment", DoctorEmployment, T("任职情况。", "How the doctor is employed.")
    )
    first_replied_at: dt.datetime | None = column(
        "first_replied_at", T("首次答复的时刻。", "When it was first answered.")
    )
    call_started_at: dt.datetime | None = column("call_started_at", T("通话开始的时刻。", "When the call began."))
    call_ended_at: dt.datetime | None = column("call_ended_at", T("通话结束的时刻。", "When the call ended."))
    summary: str | None = column("summary", T("医生的书面小结。", "The doctor's written summary."), sensitive=True)
    summary_sent_at: dt.datetime | None = column("summary_sent_at", T("小结发出的时刻。", "When the summary was sent."))
    messages: list[ConsultationMessage] = to_many(
        "ConsultationMessage",
        ["at", "id"],
        T("问题之后的往来，旧的在前。", "What was said after the question, oldest first."),
        policy_id="policy_id",
        booking_id="booking_id",
    )


@sql_type(QuestionRows, T("药品咨询的详情。", "Details of a question about a drug."))
class DrugQuestionDetails(SqlType):
    category: DrugQuestionCategory = enum_column("category", DrugQuestionCategory, T("类别。", "What it concerns."))
    drug: Annotated["Drug", strawberry.lazy("gateway.schema.drugs")] | None = to_one(
        "Drug", T("所问的药品。", "The drug."), id="drug_id", sensitive=True
    )
    question: str = column("question", T("客户的问题。", "The client's question."), sensitive=True)
    phone: str | None = _phone_field()
    logged_at: dt.datetime | None = column("logged_at", T("登记的时刻。", "When it was logged."))
    called_back_at: dt.datetime | None = column("called_back_at", T("回电的时刻。", "When somebody called back."))
    answer: str | None = column("answer", T("答复。", "The answer."), sensitive=True)


@sql_type(PlanRows, T("体检项目建议的详情。", "Details of a suggested check-up."))
class CheckupPlanDetails(SqlType):
    age_years: int = column("age_years", T("申请时的周岁。", "Age at the request, in years."))
    gender: Gender = enum_column("gender", Gender, T("性别。", "Gender."))
    family_history: list[str] = column("family_history", T("家族病史。", "Illnesses in the family."), sensitive=True)
    habits: list[str] = column("habits", T("生活习惯。", "Habits."), sensitive=True)
    suggestions: list[str] = column("suggestions", T("建议的项目。", "Suggested examinations."), sensitive=True)
    advice: str | None = column("advice", T("说明。", "What is said about them."), sensitive=True)
    suggested_at: dt.datetime | None = column("suggested_at", T("给出建议的时刻。", "When it was suggested."))


DETAILS: dict[str, type] = {
    "TEXT_CONSULTATION": ConsultationDetails,
    "PHONE_CONSULTATION": ConsultationDetails,
    "FAMILY_DOCTOR": ConsultationDetails,
    "DRUG_QUESTION": DrugQuestionDetails,
    "CHECKUP_PLAN": CheckupPlanDetails,
}
"""Service → the type of its details."""
