"""Claims: by the client, by a hospital that bills directly, or by a vendor that has paid in advance."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import null
from strawberry.types import Info

from gateway.auth.viewer import ViewerKind
from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    embedded,
    enum_column,
    global_id,
    money,
    sql_type,
    to_one,
)
from gateway.execution.filters import matches, operators
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_name, masked_number
from gateway.schema.booking_parts import SlaClock
from gateway.schema.bookings import Booking
from gateway.schema.cards import Card
from gateway.schema.case_enums import CaseOrder
from gateway.schema.cases import ORDERS, Case, clocks_of, of_policy, parts_by
from gateway.schema.claim_enums import ClaimChannel, ClaimKind, ClaimStatus
from gateway.schema.claim_parts import (
    READ,
    Appeal,
    ClaimDecision,
    ClaimDocument,
    ClaimEvent,
    ClaimLine,
    ClaimPayment,
    ClaimShipment,
    ClaimSignature,
    ClaimSupplement,
    ClaimVisit,
)
from gateway.schema.hospitals import Hospital
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.operators import ClaimKindCondition, ClaimStatusCondition, DateTimeCondition, TextCondition
from gateway.schema.tellings import name_for
from models.claims import Claim as Rows

if TYPE_CHECKING:
    from gateway.schema.advances import Advance
    from gateway.schema.bills import Bill, Repayment
    from gateway.schema.preauths import PreAuth


def _holder(root: Any, info: Info) -> str:
    named = root["account_holder"]
    return masked_name(named) if info.context.viewer.kind is ViewerKind.VENDOR else named


def _account(root: Any, info: Info) -> str | None:
    return None if info.context.viewer.kind is ViewerKind.VENDOR else masked_number(root["account_last4"])


def _bank(root: Any, info: Info) -> str | None:
    return None if info.context.viewer.kind is ViewerKind.VENDOR else root["bank_name"]


@sql_type(description=T("收款账户。", "The account that a claim is paid to."))
class BankAccount(SqlType):
    bank_name: str | None = computed(
        _bank,
        T("开户行；不向服务商提供。", "The bank; not for vendors."),
        sql=lambda row, scope: null() if scope.sight.kind is ViewerKind.VENDOR else row.bank_name,
    )
    holder: str = computed(
        _holder,
        T("户名；对服务商只显示姓氏。", "Name of its holder; vendors see the surname only."),
        sql=lambda row, scope: name_for(row.account_holder, scope),
    )
    number: str | None = computed(
        _account,
        T("账号，只显示末四位；不向服务商提供。", "Its number, only the last four digits; not for vendors."),
        sql=lambda row, scope: (
            null() if scope.sight.kind is ViewerKind.VENDOR else personal_sql.masked_number(row.account_last4)
        ),
    )


_parts = parts_by("claim_id")


@sql_type(Rows, T("一次理赔。", "A claim."), prefix="claim", id_columns=("policy_id", "id"), scope=READ)
class Claim(SqlType, Node, Case):
    id: strawberry.ID = global_id("claim", "policy_id", "id")
    kind: ClaimKind = enum_column("kind", ClaimKind, T("种类。", "Its kind."))
    channel: ClaimChannel | None = enum_column(
        "channel",
        ClaimChannel,
        T("渠道；由医院或服务商提交时为空。", "Channel; null: a hospital or vendor filed it."),
    )
    status: ClaimStatus = enum_column("state", ClaimStatus, T("状态。", "Its state."))
    hospital: Hospital | None = to_one(
        "Hospital", T("直付的医院。", "The hospital that bills directly."), code="hospital_code"
    )
    booking: Booking | None = to_one(
        "Booking", T("相关的预约。", "The booking behind it."), policy_id="policy_id", id="booking_id"
    )
    card: Card | None = to_one(
        "Card", T("就诊时出示的卡。", "The card that was shown."), policy_id="policy_id", id="card_id"
    )
    pre_auth: Annotated["PreAuth", strawberry.lazy("gateway.schema.preauths")] | None = to_one(
        "PreAuth", T("相关的事先授权。", "The pre-authorization behind it."), policy_id="policy_id", id="preauth_id"
    )
    advance: Annotated["Advance", strawberry.lazy("gateway.schema.advances")] | None = to_one(
        "Advance", T("所结算的垫付。", "The advance that it settles."), policy_id="policy_id", id="advance_id"
    )
    asked_amount: Money = money("asked_amount", T("申请金额。", "Amount asked for."))
    is_emergency: bool = column("is_emergency", T("是否急诊。", "Whether it was an emergency."))
    is_follow_up: bool | None = column("is_follow_up", T("是否复诊。", "Whether it was a follow-up visit."))
    has_surgery: bool = column("has_surgery", T("是否手术。", "Whether there was surgery."))
    is_third_party_settled: bool = column(
        "third_party_settled", T("是否已由第三方结算。", "Whether another payer has settled a part.")
    )
    is_pre_auth_missing: bool = column(
        "is_preauth_missing",
        T("是否缺少应有的事先授权；由人工决定后果。", "Whether authorization was needed and missing; people decide."),
    )
    bank_account: BankAccount | None = embedded(
        "BankAccount", T("收款账户。", "The account to pay to."), unless_null="account_last4"
    )
    originals_received_at: dt.datetime | None = column(
        "originals_received_at", T("收到原件的时刻。", "When originals arrived.")
    )
    documents_complete_at: dt.datetime | None = column(
        "documents_complete_at", T("材料齐全的时刻。", "When the papers were complete.")
    )
    visits: list[ClaimVisit] = _parts("ClaimVisit", "position", "各次就诊。", "Its visits.")
    lines: list[ClaimLine] = _parts("ClaimLine", "position", "账单明细。", "Its lines.")
    decision: ClaimDecision | None = to_one(
        "ClaimDecision",
        T("现行的决定；未决定为空。", "The decision in force; null: none yet."),
        policy_id="policy_id",
        claim_id="id",
        revision="revision",
    )
    decisions: list[ClaimDecision] = _parts(
        "ClaimDecision", "revision", "历次决定，旧的在前。", "All its decisions, oldest first."
    )
    documents: list[ClaimDocument] = _parts("ClaimDocument", "kind id", "材料清单。", "Its checklist.")
    signatures: list[ClaimSignature] = _parts("ClaimSignature", "paper", "客户的签字。", "What the client signed.")
    shipments: list[ClaimShipment] = _parts("ClaimShipment", "registered_at id", "寄送的包裹。", "Its parcels.")
    supplements: list[ClaimSupplement] = _parts(
        "ClaimSupplement", "requested_at id", "补充材料的要求，旧的在前。", "Requests for more papers, oldest first."
    )
    payments: list[ClaimPayment] = _parts("ClaimPayment", "ordered_at id", "支付，旧的在前。", "Its payments.")
    appeals: list[Appeal] = _parts("Appeal", "level id", "申诉。", "Appeals against its decisions.")
    bills: list[Annotated["Bill", strawberry.lazy("gateway.schema.bills")]] | None = _parts(
        "Bill", "created_at id", "自付账单。", "The client's own part."
    )
    repayments: list[Annotated["Repayment", strawberry.lazy("gateway.schema.bills")]] | None = _parts(
        "Repayment", "created_at id", "须返还的款项。", "Sums to be paid back."
    )
    timeline: list[ClaimEvent] = _parts("ClaimEvent", "seq", "经历，旧的在前。", "Its history, oldest first.")
    sla_clocks: list[SlaClock] = clocks_of("CLAIM")


@strawberry.input(description=T("理赔的筛选条件。", "Filter of claims."))
class ClaimFilter:
    number: TextCondition | None = operators("number", T("编号。", "Its number."))
    kind: ClaimKindCondition | None = operators("kind", T("种类。", "Its kind."))
    status: ClaimStatusCondition | None = operators("state", T("状态。", "Its state."))
    policy_number: TextCondition | None = matches(of_policy, T("保单号。", "Number of its policy."))
    created_at: DateTimeCondition | None = operators("created_at", T("登记时刻。", "When it began."))


@strawberry.type
class ClaimQueries:
    claims: Connection[Claim] = connection(
        "Claim",
        T("可见的理赔，缺省新的在前。", "Claims that the viewer may see, by default newest first."),
        of=Claim,
        orders=(CaseOrder, ORDERS),
        where=ClaimFilter,
        scope=READ,
    )
