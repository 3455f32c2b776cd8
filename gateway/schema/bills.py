"""What a client still owes: bills of a hospital, and sums to be paid back."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, enum_column, global_id, money, sql_type, to_many, to_one
from gateway.execution.filters import matches, operators
from gateway.language import T
from gateway.schema.bookings import Booking
from gateway.schema.case_enums import (
    BillDisputeStatus,
    BilledVisit,
    BillStatus,
    CaseOrder,
    PaymentStatus,
    ReminderChannel,
    RepaymentCause,
    RepaymentEntryKind,
    RepaymentPayee,
    RepaymentStatus,
)
from gateway.schema.cases import ORDERS, Case, Owned, Step, of_policy
from gateway.schema.hospitals import Hospital
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.operators import BillStatusCondition, DateTimeCondition, TextCondition
from gateway.schema.vendors import Vendor
from models.bill_disputes import BillDispute as DisputeRows
from models.bills import Bill as BillRows
from models.bills import BillEvent as EventRows
from models.bills import BillPayment as PaymentRows
from models.bills import BillReminder as ReminderRows
from models.bills import BillWaiver as WaiverRows
from models.bills import Repayment as RepaymentRows
from models.bills import RepaymentEntry as EntryRows

if TYPE_CHECKING:
    from gateway.schema.advances import Advance
    from gateway.schema.claims import Claim

READ = "bills:read"


@sql_type(PaymentRows, T("一次在线支付。", "An attempt to pay online."), scope=READ)
class BillPayment(SqlType):
    amount: Money = money("amount", T("金额。", "The amount."))
    status: PaymentStatus = enum_column("state", PaymentStatus, T("状态。", "Its state."))
    created_at: dt.datetime = column("created_at", T("发起时刻。", "When it was begun."))
    resolved_at: dt.datetime | None = column("resolved_at", T("完成时刻。", "When it was resolved."))


@sql_type(ReminderRows, T("一次提醒；送达才计数。", "A reminder; it counts once it has been delivered."), scope=READ)
class BillReminder(SqlType):
    seq: int = column("seq", T("第几次。", "Its place."))
    channel: ReminderChannel = enum_column("channel", ReminderChannel, T("方式。", "Its channel."))
    sent_at: dt.datetime = column("sent_at", T("发出时刻。", "When it was sent."))
    delivered_at: dt.datetime | None = column("delivered_at", T("送达时刻。", "When it was delivered."))


@sql_type(
    WaiverRows, T("豁免或经异议调减的一部分。", "A part that was let go, or taken off after a dispute."), scope=READ
)
class BillWaiver(SqlType):
    amount: Money = money("amount", T("金额。", "The amount."))
    reason: str = column("reason", T("理由。", "Why."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(DisputeRows, T("对账单的一次异议。", "A dispute of a bill."), scope=READ)
class BillDispute(SqlType):
    status: BillDisputeStatus = enum_column("state", BillDisputeStatus, T("状态。", "Its state."))
    grounds: str = column("grounds", T("异议的内容。", "What is said to be wrong."), sensitive=True)
    taken_off: Money | None = money("taken_off", T("调减的金额。", "What was taken off the bill."))
    reason: str | None = column("reason", T("处理的理由。", "Why it was decided so."), sensitive=True)
    opened_at: dt.datetime = column("opened_at", T("提出时刻。", "When it was opened."))
    ended_at: dt.datetime | None = column("ended_at", T("结束时刻。", "When it ended."))


@sql_type(EventRows, T("账单经历的一步。", "A step in a bill's life."), scope=READ)
class BillEvent(SqlType, Step):
    status: BillStatus = enum_column("to_state", BillStatus, T("之后的状态。", "State after."))


@sql_type(
    BillRows,
    T("应由客户付给医院的自付部分。", "The client's own part of a visit, owed to the hospital."),
    prefix="bill",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class Bill(SqlType, Node, Case):
    id: strawberry.ID = global_id("bill", "policy_id", "id")
    status: BillStatus = enum_column("state", BillStatus, T("状态。", "Its state."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "Its hospital."), code="hospital_code")
    claim: Annotated["Claim", strawberry.lazy("gateway.schema.claims")] | None = to_one(
        "Claim", T("相关的理赔。", "The claim behind it."), policy_id="policy_id", id="claim_id"
    )
    booking: Booking | None = to_one(
        "Booking", T("相关的预约。", "The booking behind it."), policy_id="policy_id", id="booking_id"
    )
    visit_type: BilledVisit = enum_column("visit_type", BilledVisit, T("就诊方式。", "Kind of visit."))
    amount: Money = money("amount", T("金额。", "The amount."))
    paid_amount: Money = money("paid_amount", T("已付金额。", "Part that has been paid."))
    waived_amount: Money = money("waived_amount", T("已豁免金额。", "Part that has been waived."))
    outstanding_amount: Money = money("outstanding_amount", T("未付金额。", "Part that is still owed."))
    reminder_count: int = column("reminder_count", T("已送达的提醒次数。", "Reminders that were delivered."))
    due_on: dt.date | None = column("due_on", T("到期日；手册未载明则为空。", "Day it is due; null: not stated."))
    disputed_at: dt.datetime | None = column(
        "disputed_at",
        T("未处理完的异议何时提出；没有则为空。", "When the dispute that is open was opened; null: none is."),
    )
    settled_at: dt.datetime | None = column("settled_at", T("结清时刻。", "When nothing was owed any more."))
    payments: list[BillPayment] = to_many(
        "BillPayment", ["created_at", "id"], T("支付，旧的在前。", "Its payments."), policy_id="policy_id", bill_id="id"
    )
    reminders: list[BillReminder] = to_many(
        "BillReminder", ["seq"], T("提醒，旧的在前。", "Its reminders."), policy_id="policy_id", bill_id="id"
    )
    waivers: list[BillWaiver] = to_many(
        "BillWaiver", ["at", "id"], T("豁免，旧的在前。", "Its waivers."), policy_id="policy_id", bill_id="id"
    )
    disputes: list[BillDispute] = to_many(
        "BillDispute", ["opened_at", "id"], T("异议，旧的在前。", "Its disputes."), policy_id="policy_id", bill_id="id"
    )
    timeline: list[BillEvent] = to_many(
        "BillEvent", ["seq"], T("经历，旧的在前。", "Its history."), policy_id="policy_id", bill_id="id"
    )


@sql_type(EntryRows, T("已返还或免除的一部分。", "A part that was paid back or let go."), scope=READ)
class RepaymentEntry(SqlType):
    kind: RepaymentEntryKind = enum_column("kind", RepaymentEntryKind, T("种类。", "Its kind."))
    amount: Money = money("amount", T("金额。", "The amount."))
    reason: str | None = column("reason", T("理由。", "Why."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(
    RepaymentRows,
    T("须返还的款项。", "A sum to be paid back."),
    prefix="repay",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class Repayment(SqlType, Node, Owned):
    id: strawberry.ID = global_id("repay", "policy_id", "id")
    cause: RepaymentCause = enum_column("cause", RepaymentCause, T("缘由。", "Why."))
    status: RepaymentStatus = enum_column("state", RepaymentStatus, T("状态。", "Its state."))
    payee: RepaymentPayee = enum_column("payee", RepaymentPayee, T("返还给谁。", "To whom."))
    vendor: Vendor | None = to_one("Vendor", T("收款的服务商。", "The vendor that receives it."), code="vendor_code")
    advance: Annotated["Advance", strawberry.lazy("gateway.schema.advances")] | None = to_one(
        "Advance", T("相关的垫付。", "The advance behind it."), policy_id="policy_id", id="advance_id"
    )
    claim: Annotated["Claim", strawberry.lazy("gateway.schema.claims")] | None = to_one(
        "Claim", T("相关的理赔。", "The claim behind it."), policy_id="policy_id", id="claim_id"
    )
    amount: Money = money("amount", T("金额。", "The amount."))
    paid_amount: Money = money("paid_amount", T("已返还金额。", "Part that has been paid back."))
    waived_amount: Money = money("waived_amount", T("已免除金额。", "Part that has been let go."))
    outstanding_amount: Money = money("outstanding_amount", T("未返还金额。", "Part that is still owed."))
    entries: list[RepaymentEntry] = to_many(
        "RepaymentEntry", ["at", "id"], T("记录，旧的在前。", "Its entries."), policy_id="policy_id", repayment_id="id"
    )


@strawberry.input(description=T("账单的筛选条件。", "Filter of bills."))
class BillFilter:
    number: TextCondition | None = operators("number", T("编号。", "Its number."))
    status: BillStatusCondition | None = operators("state", T("状态。", "Its state."))
    disputed_at: DateTimeCondition | None = operators(
        "disputed_at", T("未处理完的异议何时提出。", "When the dispute that is open was opened.")
    )
    policy_number: TextCondition | None = matches(of_policy, T("保单号。", "Number of its policy."))


@strawberry.type
class BillQueries:
    bills: Connection[Bill] = connection(
        "Bill",
        T("可见的账单，缺省新的在前。", "Bills that the viewer may see, by default newest first."),
        of=Bill,
        orders=(CaseOrder, ORDERS),
        where=BillFilter,
        scope=READ,
    )
