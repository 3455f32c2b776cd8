"""Pre-authorizations: what is to be approved before treatment, item by item, and the letters that promise to pay."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry
from sqlalchemy import func

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    enum_column,
    expression,
    global_id,
    money,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.filters import matches, operators
from gateway.language import T
from gateway.schema.booking_parts import SlaClock
from gateway.schema.case_enums import (
    CaseOrder,
    Channel,
    ItemDecision,
    LetterStatus,
    NoticeStatus,
    PreAuthStatus,
    TreatmentCategory,
)
from gateway.schema.cases import ORDERS, Case, Step, clocks_of, of_policy, papers_of_case, parts_by
from gateway.schema.documents import Document
from gateway.schema.hospitals import Hospital
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.operators import DateCondition, PreAuthStatusCondition, TextCondition
from gateway.schema.statements import statement_url
from models.preauths import EmergencyNotice as NoticeRows
from models.preauths import GuaranteeLetter as LetterRows
from models.preauths import PreAuth as Rows
from models.preauths import PreAuthEvent as EventRows
from models.preauths import PreAuthInquiry as InquiryRows
from models.preauths import PreAuthItem as ItemRows

if TYPE_CHECKING:
    from gateway.schema.claims import Claim

READ = "preauths:read"


@sql_type(ItemRows, T("申请授权的一个项目，逐项决定。", "One treatment; each is decided by itself."), scope=READ)
class PreAuthItem(SqlType):
    category: TreatmentCategory = enum_column("category", TreatmentCategory, T("类别。", "Its category."))
    name: str = column("name", T("名称。", "Its name."), sensitive=True)
    unit_price: Money | None = money("unit_price", T("单价。", "Price of one unit."))
    per_treatment: Money | None = money("per_treatment", T("单次治疗费用。", "Cost of one treatment."))
    is_large_exam: bool = column("is_large_exam", T("是否大型检查。", "Whether it is a large examination."))
    is_rental: bool = column("is_rental", T("是否租用。", "Whether it is rented, not bought."))
    matched_rules: list[str] = column(
        "matched_rules", T("要求授权的规则编号。", "Ids of the rules that ask for authorization.")
    )
    decision: ItemDecision | None = enum_column(
        "decision", ItemDecision, T("决定；未决定为空。", "The decision; null: none yet.")
    )
    approved_amount: Money | None = money("approved_amount", T("批准金额。", "Amount that is approved."))
    reason: str | None = column("reason", T("理由。", "Its reason."), sensitive=True)
    decided_at: dt.datetime | None = column("decided_at", T("决定时刻。", "When it was decided."))
    cancelled_at: dt.datetime | None = column("cancelled_at", T("取消时刻。", "When it was called off."))


@sql_type(InquiryRows, T("保险公司要求补充的信息。", "What the insurer still asks to know."), scope=READ)
class PreAuthInquiry(SqlType):
    question: str = column("question", T("问题。", "The question."), sensitive=True)
    asked_at: dt.datetime = column("asked_at", T("提出时刻。", "When it was asked."))
    answer: str | None = column("answer", T("答复。", "The answer."), sensitive=True)
    answered_at: dt.datetime | None = column("answered_at", T("答复时刻。", "When it was answered."))


@sql_type(EventRows, T("事先授权经历的一步。", "A step in a pre-authorization's life."), scope=READ)
class PreAuthEvent(SqlType, Step):
    status: PreAuthStatus = enum_column("to_state", PreAuthStatus, T("之后的状态。", "State after."))


@sql_type(
    LetterRows,
    T("给医院的书面担保函。", "The insurer's written promise to a hospital."),
    prefix="letter",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class GuaranteeLetter(SqlType, Node):
    id: strawberry.ID = global_id("letter", "policy_id", "id")
    number: str = column("number", T("编号。", "Its number."))
    status: LetterStatus = enum_column("state", LetterStatus, T("状态。", "Its state."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "The hospital."), code="hospital_code")
    ceiling: Money = money("ceiling", T("最高金额。", "The most that it promises."))
    drawn: Money = money("drawn", T("已使用金额。", "What has been taken from it."))
    carried: Money = money(
        "carried",
        T("其中自先前担保函结转的金额。", "The part of it that was drawn on letters before this one."),
    )
    starts_on: dt.date = expression("starts_on", lambda row: func.lower(row.period), T("首日。", "First day."))
    ends_on: dt.date = expression(
        "ends_on", lambda row: func.upper(row.period) - 1, T("末日（含）。", "Last day, included.")
    )
    issued_at: dt.datetime = column("issued_at", T("签发时刻。", "When it was issued."))
    delivered_at: dt.datetime | None = column("delivered_at", T("送达时刻。", "When the hospital had it."))
    ended_at: dt.datetime | None = column("ended_at", T("终止时刻。", "When it ended."))
    pre_auth: Annotated["PreAuth", strawberry.lazy("gateway.schema.preauths")] | None = to_one(
        "PreAuth", T("所依据的事先授权。", "The pre-authorization behind it."), policy_id="policy_id", id="preauth_id"
    )
    statement_url: str = statement_url("letter", "担保函", "The letter", "policy_id", "id")


@sql_type(
    NoticeRows,
    T("紧急就医的通知。", "An emergency told to the insurer."),
    prefix="notice",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class EmergencyNotice(SqlType, Node):
    id: strawberry.ID = global_id("notice", "policy_id", "id")
    status: NoticeStatus = enum_column("state", NoticeStatus, T("状态。", "Its state."))
    channel: Channel = enum_column("channel", Channel, T("渠道。", "Its channel."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "The hospital."), code="hospital_code")
    diagnosis: str | None = column("diagnosis", T("诊断。", "Diagnosis."), sensitive=True)
    emergency_at: dt.datetime = column("emergency_at", T("急诊时刻。", "When the emergency was."))
    received_at: dt.datetime = column("received_at", T("收到通知的时刻。", "When the notice came."))
    reason: str | None = column(
        "reason", T("对逾期的决定的理由。", "Reason of the decision on its delay."), sensitive=True
    )
    decided_at: dt.datetime | None = column("decided_at", T("对逾期作出决定的时刻。", "When its delay was decided on."))


_parts = parts_by("preauth_id")


@sql_type(
    Rows,
    T("治疗前的授权申请。", "A request to have treatment approved beforehand."),
    prefix="preauth",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class PreAuth(SqlType, Node, Case):
    id: strawberry.ID = global_id("preauth", "policy_id", "id")
    status: PreAuthStatus = enum_column("state", PreAuthStatus, T("状态。", "Its state."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "Its hospital."), code="hospital_code")
    channel: Channel = enum_column("channel", Channel, T("渠道。", "Its channel."))
    diagnosis: str | None = column("diagnosis", T("诊断。", "Diagnosis."), sensitive=True)
    treatment_on: dt.date = column("treatment_on", T("治疗日。", "Day of the treatment."))
    expected_cumulative: Money | None = money(
        "expected_cumulative", T("保险期间内预计累计费用。", "Cost that is expected in the whole insurance period.")
    )
    valid_until: dt.date | None = column("valid_until", T("授权的最后可用日。", "Last day on which it may be used."))
    decided_at: dt.datetime | None = column("decided_at", T("决定时刻。", "When it was decided."))
    supersedes: Annotated["PreAuth", strawberry.lazy("gateway.schema.preauths")] | None = to_one(
        "PreAuth", T("所取代的申请。", "The one that it takes the place of."), policy_id="policy_id", id="supersedes_id"
    )
    revisions: list[Annotated["PreAuth", strawberry.lazy("gateway.schema.preauths")]] = to_many(
        "PreAuth",
        ["created_at", "id"],
        T("变更或延长它的申请，旧的在前。", "Requests that extend or change it, oldest first."),
        policy_id="policy_id",
        supersedes_id="id",
    )
    items: list[PreAuthItem] = _parts("PreAuthItem", "position", "各项目。", "Its items.")
    inquiries: list[PreAuthInquiry] = _parts(
        "PreAuthInquiry", "asked_at id", "补充信息的要求，旧的在前。", "Requests for information, oldest first."
    )
    guarantee_letters: list[GuaranteeLetter] = _parts(
        "GuaranteeLetter", "issued_at id", "担保函，旧的在前。", "Its guarantee letters, oldest first."
    )
    emergency_notices: list[EmergencyNotice] = _parts(
        "EmergencyNotice", "received_at id", "相关的紧急通知。", "Emergency notices that belong to it."
    )
    claims: list[Annotated["Claim", strawberry.lazy("gateway.schema.claims")]] | None = _parts(
        "Claim", "created_at id", "依据该授权的理赔。", "Claims under it."
    )
    documents: list[Document] | None = papers_of_case()
    timeline: list[PreAuthEvent] = _parts("PreAuthEvent", "seq", "经历，旧的在前。", "Its history, oldest first.")
    sla_clocks: list[SlaClock] = clocks_of("PREAUTH")


@strawberry.input(description=T("事先授权的筛选条件。", "Filter of pre-authorizations."))
class PreAuthFilter:
    number: TextCondition | None = operators("number", T("编号。", "Its number."))
    status: PreAuthStatusCondition | None = operators("state", T("状态。", "Its state."))
    policy_number: TextCondition | None = matches(of_policy, T("保单号。", "Number of its policy."))
    treatment_on: DateCondition | None = operators("treatment_on", T("治疗日。", "Day of the treatment."))


@strawberry.type
class PreAuthQueries:
    pre_auths: Connection[PreAuth] = connection(
        "PreAuth",
        T("可见的事先授权，缺省新的在前。", "Pre-authorizations that the viewer may see, by default newest first."),
        of=PreAuth,
        orders=(CaseOrder, ORDERS),
        where=PreAuthFilter,
        scope=READ,
    )
