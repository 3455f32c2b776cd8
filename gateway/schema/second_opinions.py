"""Second opinions from abroad: the stages that are done, the hospitals that were proposed, and the report."""

import datetime as dt
from enum import Enum

import strawberry

from gateway.execution.declare import SqlType, column, enum_column, sql_type, to_many, to_one
from gateway.language import T
from gateway.schema.enums import word
from gateway.schema.green_channels import OPEN_RULES
from gateway.schema.hospitals import Hospital
from models.second_opinions import SecondOpinionDetails as DetailRows
from models.second_opinions import SecondOpinionHospital as HospitalRows
from models.second_opinions import SecondOpinionStage as StageRows


@strawberry.enum(description=T("二诊的阶段，按次序。", "A stage of a second opinion, in their order."))
class SecondOpinionStageName(Enum):
    CONSULT = word("CONSULT", "咨询解答。", "Questions are answered.")
    ASSESSMENT = word("ASSESSMENT", "病情评估。", "The illness is assessed.")
    RECORD_TRANSLATION = word("RECORD_TRANSLATION", "病历翻译。", "The records are translated.")
    HOSPITAL_MATCH = word("HOSPITAL_MATCH", "推荐医院。", "Hospitals are proposed.")
    HOSPITAL_SELECTION = word("HOSPITAL_SELECTION", "客户选定医院。", "The client chooses one.")
    DOCUMENTS = word("DOCUMENTS", "递交资料。", "The papers are handed in.")
    CONSULTATION = word("CONSULTATION", "境外专家会诊。", "The expert abroad gives advice.")
    RESULT_TRANSLATION = word("RESULT_TRANSLATION", "翻译会诊结果。", "The result is translated.")
    INTERPRETATION = word("INTERPRETATION", "解读报告。", "The report is explained.")
    FOLLOW_UP = word("FOLLOW_UP", "随访。", "The patient is followed up.")


@strawberry.enum(description=T("服务商完成的一步。", "What the vendor has done."))
class SecondOpinionStep(Enum):
    CONSULT = word("CONSULT", "咨询解答，说明流程和如何选医院。", "Answered questions, and explained how it goes.")
    ASSESSMENT = word("ASSESSMENT", "评估病情，列出问题。", "Assessed the illness and drew up the questions.")
    RECORD_TRANSLATION = word("RECORD_TRANSLATION", "整理并翻译病历。", "Put the records in order and translated them.")
    SENDING = word("SENDING", "把资料送往境外；须有客户同意。", "Sent the papers abroad, with the client's consent.")
    CONSULTATION = word("CONSULTATION", "收到境外专家的报告。", "Received the report of the expert abroad.")
    RESULT_TRANSLATION = word("RESULT_TRANSLATION", "把报告译成中文。", "Translated the report into Chinese.")
    INTERPRETATION = word("INTERPRETATION", "为客户讲解报告。", "Explained the report to the client.")
    FOLLOW_UP = word("FOLLOW_UP", "随访，服务完成。", "Followed up, which completes the service.")


@sql_type(StageRows, T("已完成的阶段。", "A stage that is done."))
class SecondOpinionStage(SqlType):
    stage: SecondOpinionStageName = enum_column("stage", SecondOpinionStageName, T("阶段。", "The stage."))
    note: str | None = column("note", T("记录。", "What was noted."), sensitive=True)
    at: dt.datetime = column("at", T("完成时刻。", "When it was done."))


@sql_type(HospitalRows, T("推荐的境外医院。", "A hospital abroad that was proposed."))
class SecondOpinionHospital(SqlType):
    position: int = column("position", T("序号，选定时使用。", "Its number, by which it is chosen."))
    name: str = column("name", T("名称。", "Name."))
    country: str = column("country", T("国家或地区。", "Country."))
    expert: str | None = column("expert", T("专家。", "The expert."))
    proposed_at: dt.datetime = column("proposed_at", T("推荐时刻。", "When it was proposed."))
    selected_at: dt.datetime | None = column("selected_at", T("选定时刻。", "When it was chosen; null: it was not."))


@sql_type(DetailRows, T("国际二次诊疗的详情。", "Details of a second opinion."))
class SecondOpinionDetails(SqlType):
    diagnosis: str = column("diagnosis", T("诊断。", "The diagnosis."), sensitive=True)
    critical_illness: str | None = column("critical_illness", T("重大疾病。", "The critical illness."), sensitive=True)
    first_diagnosed_on: dt.date = column(
        "first_diagnosed_on", T("首次确诊日。", "Day of the first diagnosis."), sensitive=True
    )
    diagnosed_at: Hospital | None = to_one(
        "Hospital", T("确诊的医院。", "The hospital that made the diagnosis."), code="diagnosed_at_hospital_code"
    )
    questions: list[str] = column("questions", T("问专家的问题。", "Questions to the expert."), sensitive=True)
    needs_scan: bool = column("needs_scan", T("是否由服务商扫描影像。", "Whether the vendor scans films."))
    materials_approved_at: dt.datetime | None = column(
        "materials_approved_at", T("资料审核通过的时刻。", "When the papers passed the review.")
    )
    sent_abroad_at: dt.datetime | None = column("sent_abroad_at", T("送往境外的时刻。", "When they were sent abroad."))
    report_issued_at: dt.datetime | None = column("report_issued_at", T("报告出具的时刻。", "When the report came."))
    stages: list[SecondOpinionStage] = to_many(
        "SecondOpinionStage",
        ["position"],
        T("已完成的阶段，按次序。", "Stages that are done, in their order."),
        policy_id="policy_id",
        booking_id="booking_id",
    )
    hospitals: list[SecondOpinionHospital] = to_many(
        "SecondOpinionHospital",
        ["position"],
        T("推荐的医院。", "Hospitals that were proposed."),
        policy_id="policy_id",
        booking_id="booking_id",
    )
    open_rules: list[str] = column("open_rules", OPEN_RULES)
