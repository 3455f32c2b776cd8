"""Parts of a claim: visits with invoices and lines, papers and parcels, decisions, payments and appeals."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    enum_column,
    global_id,
    money,
    sql_type,
    to_many,
    to_one,
)
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_name, masked_number
from gateway.schema.cases import Step
from gateway.schema.claim_enums import (
    AppealOutcome,
    AppealStatus,
    ClaimOutcome,
    ClaimPayee,
    ClaimPaymentStatus,
    ClaimStatus,
    PaperStatus,
    SignedPaper,
    SupplementStatus,
)
from gateway.schema.documents import Document
from gateway.schema.enums import DepartmentClass
from gateway.schema.hospitals import Hospital
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.rules import Rule
from gateway.schema.statements import statement_url
from gateway.schema.tellings import name_for
from gateway.schema.vendors import Vendor
from models import appeals
from models import claim_decisions as decisions
from models import claim_papers as papers
from models import claims as rows

if TYPE_CHECKING:
    from gateway.schema.claims import Claim

READ = "claims:read"


@strawberry.type
class Sums:
    """How an amount was divided: what was asked is paid, deducted, borne by the client or excluded, to the cent."""

    asked: Money = money("asked", T("申请金额。", "Amount asked for."))
    allowed: Money = money("allowed", T("认可金额。", "Amount that the cover allows."))
    deductible: Money = money("deductible", T("免赔额。", "Part within the deductible."))
    copay: Money = money("copay", T("客户按比例自付。", "The client's share."))
    excluded: Money = money("excluded", T("除外金额。", "Part that is excluded."))
    other: Money = money("other", T("其他扣除。", "Deducted for another reason."))
    paid: Money = money("paid", T("赔付金额。", "Amount that is paid."))
    reason: str | None = column("reason", T("理由。", "Its reason."), sensitive=True)
    rule_codes: list[str] = column("rule_codes", T("所依据的规则编号。", "Ids of the rules behind it."))


@sql_type(decisions.ClaimDecisionLine, T("一次决定对一个项目的结论。", "What a decision says of one line."), scope=READ)
class ClaimLineOutcome(SqlType, Sums):
    line: Annotated["ClaimLine", strawberry.lazy("gateway.schema.claim_parts")] = to_one(
        "ClaimLine", T("该项目。", "The line."), policy_id="policy_id", id="line_id"
    )
    decision: Annotated["ClaimDecision", strawberry.lazy("gateway.schema.claim_parts")] = to_one(
        "ClaimDecision", T("该决定。", "The decision."), policy_id="policy_id", id="decision_id"
    )


@sql_type(rows.ClaimLine, T("账单明细的一项。", "An item of the bill."), scope=READ)
class ClaimLine(SqlType):
    position: int = column("position", T("序号。", "Its place."))
    category: str = column("category", T("类别。", "Its category."), sensitive=True)
    name: str = column("name", T("名称。", "Its name."), sensitive=True)
    asked: Money = money("asked", T("申请金额。", "Amount asked for."))
    is_approved_vaccine: bool | None = column(
        "is_approved_vaccine", T("是否获批疫苗；非疫苗为空。", "Whether the vaccine is approved; null: no vaccine.")
    )
    is_experimental: bool | None = column("is_experimental", T("是否实验性质。", "Whether it is experimental."))
    outcomes: list[ClaimLineOutcome] = to_many(
        "ClaimLineOutcome",
        ["decision_id"],
        T("历次决定的结论，旧的在前。", "What each decision says of it, oldest first."),
        policy_id="policy_id",
        line_id="id",
    )


@sql_type(rows.ClaimInvoice, T("一张发票。", "An invoice."), scope=READ)
class ClaimInvoice(SqlType):
    code: str = column("code", T("发票代码；没有则为空文字。", "Code; empty where it has none."))
    number: str = column("number", T("发票号码。", "Number."))
    amount: Money = money("amount", T("金额。", "The amount."))
    is_marked: bool = column("is_marked", T("是否已标注索赔。", "Whether it is marked as claimed."))
    released_at: dt.datetime | None = column(
        "released_at", T("解除占用的时刻。", "When the claim set it free for another one.")
    )


@sql_type(rows.ClaimVisit, T("一次就诊。", "A visit."), scope=READ)
class ClaimVisit(SqlType):
    position: int = column("position", T("序号。", "Its place."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "Its hospital."), code="hospital_code")
    department_class: DepartmentClass | None = enum_column(
        "department_class", DepartmentClass, T("部别。", "Class of department.")
    )
    visited_on: dt.date = column("visited_on", T("就诊日或入院日。", "Day of the visit or of admission."))
    discharged_on: dt.date | None = column("discharged_on", T("出院日。", "Day of discharge."))
    amount: Money = money("amount", T("金额。", "The amount."))
    invoices: list[ClaimInvoice] = to_many(
        "ClaimInvoice", ["number", "id"], T("发票。", "Its invoices."), policy_id="policy_id", visit_id="id"
    )
    lines: list[ClaimLine] = to_many(
        "ClaimLine", ["position"], T("明细。", "Its lines."), policy_id="policy_id", visit_id="id"
    )


@sql_type(
    decisions.ClaimDecision,
    T("一次决定；申诉或更正会产生新的一次。", "A decision; changes are new ones."),
    prefix="decision",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class ClaimDecision(SqlType, Node, Sums):
    id: strawberry.ID = global_id("decision", "policy_id", "id")
    claim: Annotated["Claim", strawberry.lazy("gateway.schema.claims")] | None = to_one(
        "Claim", T("理赔。", "Its claim."), policy_id="policy_id", id="claim_id"
    )
    revision: int = column("revision", T("第几次。", "Its place."))
    outcome: ClaimOutcome = enum_column("outcome", ClaimOutcome, T("结论。", "Its outcome."))
    decided_at: dt.datetime = column("decided_at", T("决定时刻。", "When it was made."))
    rulebook: str = column(
        "rulebook", T("作出决定所依的规则手册版本。", "Version of the rulebook that it was made by.")
    )
    statement_url: str = statement_url("decision", "理赔决定说明", "Its explanation", "policy_id", "id")
    lines: list[ClaimLineOutcome] = to_many(
        "ClaimLineOutcome", ["line_id"], T("各项目的结论。", "Line by line."), policy_id="policy_id", decision_id="id"
    )


@sql_type(papers.ClaimDocument, T("材料清单的一行。", "A line of the checklist."), scope=READ)
class ClaimDocument(SqlType):
    kind: str = column("kind", T("材料种类。", "Kind of paper."))
    is_required: bool = column("is_required", T("是否必需。", "Whether it is required."))
    status: PaperStatus = enum_column("state", PaperStatus, T("状态。", "Its state."))
    rule: Rule | None = to_one("Rule", T("依据的规则。", "The rule that asks for it."), code="rule_code")
    document: Document | None = to_one(
        "Document",
        T("已提供的材料。", "The paper that was given."),
        policy_id="policy_id",
        id="document_id",
    )
    reason: str | None = column("reason", T("未采纳的理由。", "Why it was rejected."), sensitive=True)
    checked_at: dt.datetime | None = column("checked_at", T("检查时刻。", "When it was checked."))


@sql_type(papers.ClaimSignature, T("客户的一次签字。", "A paper that the client has signed."), scope=READ)
class ClaimSignature(SqlType):
    paper: SignedPaper = enum_column("paper", SignedPaper, T("文件。", "The paper."))
    signed_at: dt.datetime = column("signed_at", T("签字时刻。", "When it was signed."))


def _contact(root: Any, info: Info) -> str:
    named = root["contact_name"]
    return masked_name(named) if info.context.viewer.kind is ViewerKind.VENDOR else named


def _contact_phone(root: Any) -> str:
    return masked_number(root["phone_last4"])


@sql_type(papers.ClaimShipment, T("寄送原件的包裹。", "A parcel of originals."), scope=READ)
class ClaimShipment(SqlType):
    carrier: str | None = column("carrier", T("快递公司。", "Its carrier."))
    tracking_number: str = column("tracking_number", T("快递单号。", "Its tracking number."))
    contact_name: str = computed(
        _contact,
        T("联系人；对服务商只显示姓氏。", "Whom to contact; vendors see the surname only."),
        sql=lambda row, scope: name_for(row.contact_name, scope),
    )
    contact_phone: str = computed(
        _contact_phone,
        T("联系电话，只显示末四位。", "Phone of the contact; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    registered_at: dt.datetime = column("registered_at", T("登记时刻。", "When it was registered."))
    received_at: dt.datetime | None = column("received_at", T("收到时刻。", "When it arrived."))


@sql_type(papers.ClaimSupplement, T("一次补充材料的要求。", "Papers asked for in one go."), scope=READ)
class ClaimSupplement(SqlType):
    kinds: list[str] = column("kinds", T("所需材料的种类。", "Kinds of paper that are asked for."))
    note: str | None = column("note", T("说明。", "A note."), sensitive=True)
    status: SupplementStatus = enum_column("state", SupplementStatus, T("状态。", "Its state."))
    requested_at: dt.datetime = column("requested_at", T("提出时刻。", "When they were asked for."))
    due_at: dt.datetime | None = column("due_at", T("期限；手册未载明则为空。", "When they are due; null: not stated."))
    closed_at: dt.datetime | None = column("closed_at", T("结束时刻。", "When it was closed."))


def _paid_account(root: Any) -> str | None:
    return None if root["account_last4"] is None else masked_number(root["account_last4"])


@sql_type(decisions.ClaimPayment, T("一笔赔款支付。", "An order to pay what a decision grants."), scope=READ)
class ClaimPayment(SqlType):
    payee: ClaimPayee = enum_column("payee", ClaimPayee, T("付给谁。", "To whom."))
    hospital: Hospital | None = to_one("Hospital", T("收款的医院。", "The hospital paid."), code="hospital_code")
    vendor: Vendor | None = to_one("Vendor", T("收款的服务商。", "The vendor that is paid."), code="vendor_code")
    account: str | None = computed(
        _paid_account,
        T("账号，只显示末四位。", "The account; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.account_last4),
    )
    amount: Money = money("amount", T("金额。", "The amount."))
    status: ClaimPaymentStatus = enum_column("state", ClaimPaymentStatus, T("状态。", "Its state."))
    reference: str = column("reference", T("付款流水号。", "Reference of the payment."))
    failure: str | None = column("failure", T("失败原因。", "Why it failed."), sensitive=True)
    ordered_at: dt.datetime = column("ordered_at", T("发起时刻。", "When it was ordered."))
    resolved_at: dt.datetime | None = column("resolved_at", T("完成时刻。", "When it was resolved."))


@sql_type(rows.ClaimEvent, T("理赔经历的一步。", "A step in a claim's life."), scope=READ)
class ClaimEvent(SqlType, Step):
    status: ClaimStatus = enum_column("to_state", ClaimStatus, T("之后的状态。", "State after."))


@sql_type(appeals.AppealEvent, T("申诉经历的一步。", "A step in an appeal's life."), scope=READ)
class AppealEvent(SqlType, Step):
    status: AppealStatus = enum_column("to_state", AppealStatus, T("之后的状态。", "State after."))


@sql_type(
    appeals.Appeal,
    T("对理赔决定的申诉。", "A decision that is looked at again, by someone else."),
    prefix="appeal",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class Appeal(SqlType, Node):
    id: strawberry.ID = global_id("appeal", "policy_id", "id")
    number: str = column("number", T("编号。", "Number for people."))
    claim: Annotated["Claim", strawberry.lazy("gateway.schema.claims")] | None = to_one(
        "Claim", T("理赔。", "Its claim."), policy_id="policy_id", id="claim_id"
    )
    level: int = column("level", T("第几级。", "Its level."))
    status: AppealStatus = enum_column("state", AppealStatus, T("状态。", "Its state."))
    grounds: str = column("grounds", T("申诉理由。", "Its grounds."), sensitive=True)
    decision: ClaimDecision = to_one(
        "ClaimDecision",
        T("所申诉的决定。", "The decision it is against."),
        policy_id="policy_id",
        id="decision_id",
    )
    outcome: AppealOutcome | None = enum_column(
        "outcome", AppealOutcome, T("结论；未决定为空。", "Its outcome; null: none yet.")
    )
    reason: str | None = column("reason", T("结论的理由。", "Reason of the outcome."), sensitive=True)
    new_decision: ClaimDecision | None = to_one(
        "ClaimDecision",
        T("由此产生的新决定。", "The new decision that it led to."),
        policy_id="policy_id",
        id="new_decision_id",
    )
    extended_at: dt.datetime | None = column("extended_at", T("延期时刻。", "When its time was extended."))
    answer_by: dt.date | None = column(
        "answer_by", T("延期时承诺的答复日。", "The day by which an answer was promised when it was extended.")
    )
    decided_at: dt.datetime | None = column("decided_at", T("决定时刻。", "When it was decided."))
    created_at: dt.datetime = column("created_at", T("提出时刻。", "When it was filed."))
    timeline: list[AppealEvent] = to_many(
        "AppealEvent", ["seq"], T("经历，旧的在前。", "Its history."), policy_id="policy_id", appeal_id="id"
    )
