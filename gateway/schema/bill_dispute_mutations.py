"""Mutations of disputes of bills: opened, withdrawn, decided."""

from decimal import Decimal

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import bill_disputes
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.bill_mutations import BILL, WRITE, BillOutcome
from gateway.schema.case_enums import BillDisputeOutcome
from gateway.schema.mutations import KEY, mutation

CLIENTS = (ViewerKind.CUSTOMER, ViewerKind.STAFF)


@strawberry.input(
    description=T(
        "对账单提出异议：客户对一张账单提出一次，员工可按来电登记。处理期间停止提醒，也不因它置灰卡片。",
        "Dispute a bill: a client does so once for a bill, staff at the client's word. Meanwhile reminders rest and it "
        "grays no card.",
    )
)
class BillDisputeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    bill: strawberry.ID = strawberry.field(description=BILL)
    grounds: str = strawberry.field(description=T("异议的内容。", "What is wrong with it."))


@strawberry.input(description=T("撤回对账单的异议。", "Withdraw the dispute of a bill."))
class BillDisputeWithdrawInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    bill: strawberry.ID = strawberry.field(description=BILL)


@strawberry.input(
    description=T(
        "处理对账单的异议；开具账单或裁定其理赔的人不能处理。",
        "Decide on the dispute of a bill; nobody does who issued the bill or decided its claim.",
    )
)
class BillDisputeDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    bill: strawberry.ID = strawberry.field(description=BILL)
    outcome: BillDisputeOutcome = strawberry.field(description=T("处理结果。", "What is decided."))
    amount: Decimal | None = strawberry.field(
        default=None,
        description=T(
            "ADJUSTED 时必填：调减的金额（元），不超过未付金额。",
            "Needed with ADJUSTED: what is taken off, CNY; no more than is still owed.",
        ),
    )
    reason: str = strawberry.field(description=T("理由。", "Why."))


@strawberry.type(description=T("billDispute 的回答。", "Answer of billDispute."))
class BillDisputePayload(BillOutcome):
    pass


@strawberry.type(description=T("billDisputeWithdraw 的回答。", "Answer of billDisputeWithdraw."))
class BillDisputeWithdrawPayload(BillOutcome):
    pass


@strawberry.type(description=T("billDisputeDecide 的回答。", "Answer of billDisputeDecide."))
class BillDisputeDecidePayload(BillOutcome):
    pass


async def _dispute(transaction: Transaction, operation: str, input: BillDisputeInput) -> Work:
    return await bill_disputes.open_dispute(transaction, operation, bill=input.bill, grounds=input.grounds)


async def _withdraw(transaction: Transaction, operation: str, input: BillDisputeWithdrawInput) -> Work:
    return await bill_disputes.withdraw(transaction, operation, bill=input.bill)


async def _decide(transaction: Transaction, operation: str, input: BillDisputeDecideInput) -> Work:
    return await bill_disputes.decide(
        transaction,
        operation,
        bill=input.bill,
        outcome=input.outcome.value,
        amount=input.amount,
        reason=input.reason,
    )


@strawberry.type
class BillDisputeMutations:
    bill_dispute = mutation(
        BillDisputeInput,
        BillDisputePayload,
        _dispute,
        "对账单提出异议。",
        "Dispute a bill.",
        scopes=WRITE,
        kinds=CLIENTS,
    )
    bill_dispute_withdraw = mutation(
        BillDisputeWithdrawInput,
        BillDisputeWithdrawPayload,
        _withdraw,
        "撤回对账单的异议。",
        "Withdraw the dispute of a bill.",
        scopes=WRITE,
        kinds=CLIENTS,
    )
    bill_dispute_decide = mutation(
        BillDisputeDecideInput,
        BillDisputeDecidePayload,
        _decide,
        "处理对账单的异议。",
        "Decide on the dispute of a bill.",
        scopes=WRITE,
        kinds=(ViewerKind.STAFF,),
    )
