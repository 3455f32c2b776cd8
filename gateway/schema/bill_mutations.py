"""Mutations of bills: issued, reminded of, paid, and let go."""

from decimal import Decimal
from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution.declare import from_python
from gateway.execution.sources import SOURCES
from gateway.language import T
from gateway.resolvers import bills, payments
from gateway.resolvers.commands import Outcome as Result
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.bills import Bill
from gateway.schema.case_enums import ReminderChannel
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.verdicts import Outcome

WRITE = ("bills:write",)
BILL = T("账单的编号。", "Id of the bill.")
ISSUERS = (ViewerKind.VENDOR, ViewerKind.STAFF)


@strawberry.input(description=T("为一次就诊开具自付账单。", "A bill for the client's own part of a visit."))
class BillIssueInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID | None = strawberry.field(
        default=None,
        description=T("该次就诊的理赔；与预约二选一。", "The claim of the visit; either this or the booking."),
    )
    booking: strawberry.ID | None = strawberry.field(
        default=None,
        description=T("该次就诊的预约；与理赔二选一。", "The booking of the visit; either this or the claim."),
    )
    amount: Decimal = strawberry.field(
        description=T(
            "自付金额（元）；不超过理赔未赔付的部分。", "The client's part, CNY; no more than the claim leaves unpaid."
        )
    )


@strawberry.input(description=T("记录一次账单提醒。", "A reminder of a bill."))
class BillReminderRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    bill: strawberry.ID = strawberry.field(description=BILL)
    channel: ReminderChannel = strawberry.field(description=T("方式。", "How."))
    is_delivered: bool = strawberry.field(
        default=True,
        description=T("是否送达；未送达的不计次数。", "Whether it reached the client; else it counts for nothing."),
    )


@strawberry.input(
    description=T(
        "支付账单：客户在线支付；医院与员工登记医院已收的款项。",
        "Pay a bill: clients do so online; hospitals and staff record what was paid to the hospital.",
    )
)
class BillPayInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    bill: strawberry.ID = strawberry.field(description=BILL)
    amount: Decimal | None = strawberry.field(
        default=None, description=T("金额（元）；缺省为全部未付。", "The amount, CNY; by default all that is left.")
    )
    reference: str | None = strawberry.field(
        default=None,
        description=T(
            "医院收据的号码；登记已收款项时必填，在线支付时不起作用。",
            "Number of the hospital's receipt; needed to record money it has taken, of no effect for online payment.",
        ),
    )


@strawberry.input(description=T("豁免账单的全部或部分余额。", "Let a part of a bill go, or all that is left."))
class BillWaiveInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    bill: strawberry.ID = strawberry.field(description=BILL)
    amount: Decimal | None = strawberry.field(
        default=None, description=T("金额（元）；缺省为全部未付。", "The amount, CNY; by default all that is left.")
    )
    reason: str = strawberry.field(description=T("理由。", "Why."))


@strawberry.interface(description=T("关于一张账单的回答。", "Answer of a mutation about a bill."))
class BillOutcome(Outcome):
    bill: Bill | None = of_subject(
        "Bill", T("账单；被拒绝时为 null。", "The bill; null when the request was refused."), "policy_id", "id"
    )


@strawberry.type(description=T("billIssue 的回答。", "Answer of billIssue."))
class BillIssuePayload(BillOutcome):
    pass


@strawberry.type(description=T("billReminderRecord 的回答。", "Answer of billReminderRecord."))
class BillReminderRecordPayload(BillOutcome):
    pass


@strawberry.type(description=T("billPay 的回答。", "Answer of billPay."))
class BillPayPayload(BillOutcome):
    checkout: strawberry.Private[str | None]
    checkout_url: str | None = from_python(
        lambda payload, _context: payload.checkout,
        T(
            "客户前往支付的地址；登记已收款项、试运行或支付已结束时为 null。",
            "Where the client goes to pay; null for money that was recorded, in a dry run, and when it has ended.",
        ),
    )


@strawberry.type(description=T("billWaive 的回答。", "Answer of billWaive."))
class BillWaivePayload(BillOutcome):
    pass


async def _paying(context: Context, result: Result) -> BillPayPayload:
    """The address is made from the attempt as it is kept, so that a replay has the same one."""
    return BillPayPayload(result=result, checkout=await _checkout(context, result))


async def _checkout(context: Context, result: Result) -> str | None:
    if result.subject is None or result.is_dry_run or context.viewer.kind is not ViewerKind.CUSTOMER:
        return None
    columns, key = ("policy_id", "bill_id"), result.subject.key
    found: list[Any] = await context.unit.many(SOURCES["BillPayment"], columns, key, ("created_at", "id"))
    for payment in found:
        provider = context.services.payments.named(payment["provider"])
        if payment["state"] == "PENDING" and provider is not None:
            return provider.checkout(payment["reference"], payment["amount"])
    return None


async def _issue(transaction: Transaction, operation: str, input: BillIssueInput) -> Work:
    return await bills.issue(transaction, operation, bills.Issuing(input.claim, input.booking, input.amount))


async def _remind(transaction: Transaction, operation: str, input: BillReminderRecordInput) -> Work:
    return await bills.remind(
        transaction, operation, bill=input.bill, channel=input.channel.value, is_delivered=input.is_delivered
    )


async def _pay(transaction: Transaction, operation: str, input: BillPayInput) -> Work:
    paying = payments.Paying(input.bill, input.amount, input.reference)
    return await payments.pay(transaction, operation, paying)


async def _waive(transaction: Transaction, operation: str, input: BillWaiveInput) -> Work:
    return await bills.waive(transaction, operation, bill=input.bill, amount=input.amount, reason=input.reason)


@strawberry.type
class BillMutations:
    bill_issue = mutation(
        BillIssueInput,
        BillIssuePayload,
        _issue,
        "为一次就诊开具自付账单。",
        "Issue the bill of a visit's own part.",
        scopes=WRITE,
        kinds=ISSUERS,
    )
    bill_reminder_record = mutation(
        BillReminderRecordInput,
        BillReminderRecordPayload,
        _remind,
        "记录一次账单提醒。",
        "Record that the client was reminded of a bill.",
        scopes=WRITE,
        kinds=ISSUERS,
    )
    bill_pay = mutation(
        BillPayInput,
        BillPayPayload,
        _pay,
        "支付账单，或登记医院已收的款项。",
        "Pay a bill, or record what was paid to the hospital.",
        scopes=WRITE,
        make=_paying,
    )
    bill_waive = mutation(
        BillWaiveInput,
        BillWaivePayload,
        _waive,
        "豁免账单的全部或部分余额。",
        "Let a part of a bill go, or all that is left.",
        scopes=WRITE,
        kinds=(ViewerKind.STAFF,),
    )
