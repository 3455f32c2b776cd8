"""Hospital costs that are paid in advance: the stay, its payments, who reviewed them, and the settlement."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, enum_column, global_id, money, sql_type, to_many, to_one
from gateway.execution.filters import matches, operators
from gateway.language import T
from gateway.schema.booking_parts import SlaClock
from gateway.schema.case_enums import (
    AdmissionCause,
    AdvanceCostType,
    AdvancePaymentKind,
    AdvancePaymentStatus,
    AdvanceStatus,
    CaseOrder,
    ReviewOutcome,
    ReviewStage,
)
from gateway.schema.cases import ORDERS, Case, Step, clocks_of, of_policy, papers_of_case, parts_by
from gateway.schema.documents import Document
from gateway.schema.hospitals import Hospital
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.operators import AdvanceStatusCondition, DateCondition, TextCondition
from models.advances import Advance as Rows
from models.advances import AdvanceEvent as EventRows
from models.advances import AdvancePayment as PaymentRows
from models.advances import AdvanceReview as ReviewRows

if TYPE_CHECKING:
    from gateway.schema.bills import Repayment
    from gateway.schema.claims import Claim

READ = "advances:read"


@sql_type(ReviewRows, T("对一笔垫付的审核。", "What was found of a payment by the vendor or the insurer."), scope=READ)
class AdvanceReview(SqlType):
    stage: ReviewStage = enum_column("stage", ReviewStage, T("环节。", "Its stage."))
    outcome: ReviewOutcome = enum_column("outcome", ReviewOutcome, T("结论。", "Its outcome."))
    approved_amount: Money | None = money("approved_amount", T("批准金额。", "Amount that is approved."))
    reason: str | None = column("reason", T("理由。", "Its reason."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(PaymentRows, T("首笔或追加的垫付。", "The first payment of a stay, or a top-up."), scope=READ)
class AdvancePayment(SqlType):
    seq: int = column("seq", T("序号。", "Its place."))
    kind: AdvancePaymentKind = enum_column("kind", AdvancePaymentKind, T("种类。", "Its kind."))
    status: AdvancePaymentStatus = enum_column("state", AdvancePaymentStatus, T("状态。", "Its state."))
    requested_amount: Money = money("requested_amount", T("申请金额。", "Amount asked for."))
    approved_amount: Money | None = money("approved_amount", T("批准金额。", "Amount that is approved."))
    reviews: list[AdvanceReview] = to_many(
        "AdvanceReview", ["at", "id"], T("审核，旧的在前。", "Its reviews."), policy_id="policy_id", payment_id="id"
    )
    requested_at: dt.datetime = column("requested_at", T("申请时刻。", "When it was asked for."))
    paid_at: dt.datetime | None = column("paid_at", T("支付时刻。", "When it was paid."))


@sql_type(EventRows, T("垫付经历的一步。", "A step in an advance's life."), scope=READ)
class AdvanceEvent(SqlType, Step):
    status: AdvanceStatus = enum_column("to_state", AdvanceStatus, T("之后的状态。", "State after."))


_parts = parts_by("advance_id")


@sql_type(
    Rows,
    T("一次住院的垫付。", "Costs of one hospital stay that are paid in advance."),
    prefix="adv",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class Advance(SqlType, Node, Case):
    id: strawberry.ID = global_id("adv", "policy_id", "id")
    status: AdvanceStatus = enum_column("state", AdvanceStatus, T("状态。", "Its state."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "Its hospital."), code="hospital_code")
    admitted_on: dt.date = column("admitted_on", T("入院日。", "Day of admission."))
    discharged_on: dt.date | None = column("discharged_on", T("出院日。", "Day of discharge."))
    discharge_notified_at: dt.datetime | None = column(
        "discharge_notified_at", T("通知出院的时刻。", "When the discharge was announced.")
    )
    cause: AdmissionCause = enum_column("cause", AdmissionCause, T("住院原因。", "Why the insured is in hospital."))
    diagnosis: str = column("diagnosis", T("诊断。", "Diagnosis."), sensitive=True)
    critical_illness: str | None = column("critical_illness", T("重大疾病。", "The critical illness."), sensitive=True)
    first_diagnosed_on: dt.date | None = column(
        "first_diagnosed_on", T("首次确诊日。", "Day of the first diagnosis."), sensitive=True
    )
    cost_type: AdvanceCostType = enum_column("cost_type", AdvanceCostType, T("费用种类。", "Kind of cost."))
    is_traffic_accident: bool = column("is_traffic_accident", T("是否交通事故。", "Whether it was a traffic accident."))
    has_employer_funding: bool = column("has_employer_funding", T("单位是否垫资。", "Whether an employer pays ahead."))
    has_third_party_funding: bool = column(
        "has_third_party_funding", T("是否有第三方资金。", "Whether a third party pays.")
    )
    has_litigation: bool = column("has_litigation", T("是否涉诉。", "Whether there is a lawsuit."))
    can_hand_over_originals: bool = column(
        "can_hand_over_originals", T("能否交付原件。", "Whether originals can be handed over.")
    )
    is_settled_in_real_time: bool | None = column(
        "settles_in_real_time",
        T("医保能否实时结算；为空则未说明。", "Whether social insurance settles at the hospital; null: not said."),
    )
    requested_amount: Money = money("requested_amount", T("申请金额。", "Amount asked for."))
    authorized_limit: Money | None = money(
        "authorized_limit",
        T("保险公司授权的限额；为空则以保单限额为准。", "Limit that the insurer set; null: the policy's own."),
    )
    approved_amount: Money | None = money("approved_amount", T("批准金额。", "Amount that is approved."))
    paid_amount: Money = money("paid_amount", T("已垫付金额。", "Amount that has been paid."))
    adjudicated_amount: Money | None = money("adjudicated_amount", T("理赔核定金额。", "What the claim pays."))
    covered_amount: Money | None = money("covered_amount", T("由理赔抵扣的金额。", "Part that the claim covers."))
    repayable_amount: Money | None = money("repayable_amount", T("须返还的金额。", "Part that is owed back."))
    confirmed_at: dt.datetime | None = column("confirmed_at", T("客户确认的时刻。", "When the client agreed."))
    documents_complete_at: dt.datetime | None = column(
        "documents_complete_at", T("材料齐全的时刻。", "When the papers were complete.")
    )
    investigated_from: dt.datetime | None = column(
        "investigated_from", T("开启查勘的时刻。", "When an investigation began.")
    )
    signed_at: dt.datetime | None = column("signed_at", T("签署时刻。", "When it was signed."))
    settled_at: dt.datetime | None = column("settled_at", T("结算时刻。", "When it was settled."))
    payments: list[AdvancePayment] = _parts("AdvancePayment", "seq", "各笔垫付。", "Its payments.")
    reviews: list[AdvanceReview] = _parts(
        "AdvanceReview", "at id", "全部审核，旧的在前。", "All reviews, oldest first."
    )
    claims: list[Annotated["Claim", strawberry.lazy("gateway.schema.claims")]] | None = _parts(
        "Claim", "created_at id", "结算该垫付的理赔。", "Claims that settle it."
    )
    repayments: list[Annotated["Repayment", strawberry.lazy("gateway.schema.bills")]] | None = _parts(
        "Repayment", "created_at id", "须返还的款项。", "Sums to be paid back."
    )
    documents: list[Document] | None = papers_of_case()
    timeline: list[AdvanceEvent] = _parts("AdvanceEvent", "seq", "经历，旧的在前。", "Its history, oldest first.")
    sla_clocks: list[SlaClock] = clocks_of("ADVANCE")


@strawberry.input(description=T("垫付的筛选条件。", "Filter of advances."))
class AdvanceFilter:
    number: TextCondition | None = operators("number", T("编号。", "Its number."))
    status: AdvanceStatusCondition | None = operators("state", T("状态。", "Its state."))
    policy_number: TextCondition | None = matches(of_policy, T("保单号。", "Number of its policy."))
    admitted_on: DateCondition | None = operators("admitted_on", T("入院日。", "Day of admission."))


@strawberry.type
class AdvanceQueries:
    advances: Connection[Advance] = connection(
        "Advance",
        T("可见的住院垫付，缺省新的在前。", "Advances that the viewer may see, by default newest first."),
        of=Advance,
        orders=(CaseOrder, ORDERS),
        where=AdvanceFilter,
        scope=READ,
    )
