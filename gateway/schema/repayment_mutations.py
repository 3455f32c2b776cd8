"""Mutations of sums that are to be paid back."""

from decimal import Decimal

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import repayments
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.bills import Repayment
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.verdicts import Outcome

WRITE = ("bills:write",)
REPAYMENT = T("返还款的编号。", "Id of the sum to be paid back.")


@strawberry.input(description=T("登记收到的返还款。", "A payment that has come."))
class RepaymentRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    repayment: strawberry.ID = strawberry.field(description=REPAYMENT)
    amount: Decimal = strawberry.field(description=T("金额（元）。", "Amount in CNY."))
    reference: str = strawberry.field(description=T("转账的参考号。", "Reference of the transfer."))


@strawberry.input(description=T("免除返还款。", "Let a sum go, or a part of it."))
class RepaymentWaiveInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    repayment: strawberry.ID = strawberry.field(description=REPAYMENT)
    amount: Decimal | None = strawberry.field(
        default=None, description=T("金额（元）；缺省为全部余额。", "Amount in CNY; by default all that is left.")
    )
    reason: str = strawberry.field(description=T("理由。", "Why."))


@strawberry.interface(description=T("关于一笔返还款的回答。", "Answer of a mutation about a sum to be paid back."))
class RepaymentOutcome(Outcome):
    repayment: Repayment | None = of_subject(
        "Repayment", T("返还款；被拒绝时为 null。", "The sum; null when refused."), "policy_id", "id"
    )


@strawberry.type(description=T("repaymentRecord 的回答。", "Answer of repaymentRecord."))
class RepaymentRecordPayload(RepaymentOutcome):
    pass


@strawberry.type(description=T("repaymentWaive 的回答。", "Answer of repaymentWaive."))
class RepaymentWaivePayload(RepaymentOutcome):
    pass


async def _record(transaction: Transaction, operation: str, input: RepaymentRecordInput) -> Work:
    return await repayments.record_payment(
        transaction, operation, repayment=input.repayment, amount=input.amount, reference=input.reference
    )


async def _waive(transaction: Transaction, operation: str, input: RepaymentWaiveInput) -> Work:
    return await repayments.waive(
        transaction, operation, repayment=input.repayment, amount=input.amount, reason=input.reason
    )


@strawberry.type
class RepaymentMutations:
    repayment_record = mutation(
        RepaymentRecordInput,
        RepaymentRecordPayload,
        _record,
        "由收款方登记收到的返还款，可分次。",
        "Whoever receives it records what has come, in parts if need be.",
        scopes=WRITE,
        kinds=(ViewerKind.VENDOR, ViewerKind.STAFF),
    )
    repayment_waive = mutation(
        RepaymentWaiveInput,
        RepaymentWaivePayload,
        _waive,
        "免除尚未返还的款项或其中一部分。",
        "Let go what is still owed, or a part of it.",
        scopes=WRITE,
        kinds=(ViewerKind.STAFF,),
    )
