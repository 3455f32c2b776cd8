"""Mutations of appeals against the decisions of claims."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import appeals
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.appeal_inputs import (
    AppealDecideInput,
    AppealExtendInput,
    AppealReviewInput,
    AppealSubmitInput,
)
from gateway.schema.claim_mutations import STAFF, WRITE, rulings_of
from gateway.schema.claim_parts import Appeal
from gateway.schema.mutations import mutation, of_subject, payload
from gateway.schema.verdicts import Outcome


@strawberry.interface(description=T("关于一次申诉的回答。", "Answer of a mutation about an appeal."))
class AppealAnswer(Outcome):
    appeal: Appeal | None = of_subject(
        "Appeal", T("申诉；被拒绝时为 null。", "The appeal; null when the request was refused."), "policy_id", "id"
    )


async def _appeal(transaction: Transaction, operation: str, input: AppealSubmitInput) -> Work:
    return await appeals.submit(
        transaction, operation, claim=input.claim, grounds=input.grounds, documents=input.documents
    )


async def _review(transaction: Transaction, operation: str, input: AppealReviewInput) -> Work:
    return await appeals.review(transaction, operation, appeal=input.appeal)


async def _extend_appeal(transaction: Transaction, operation: str, input: AppealExtendInput) -> Work:
    return await appeals.extend(
        transaction, operation, appeal=input.appeal, answer_by=input.answer_by, reason=input.reason
    )


async def _decide_appeal(transaction: Transaction, operation: str, input: AppealDecideInput) -> Work:
    return await appeals.decide(
        transaction,
        operation,
        appeal=input.appeal,
        outcome=input.outcome.value,
        reason=input.reason,
        rulings=rulings_of(input.lines),
        rules=input.rules,
    )


@strawberry.type
class AppealMutations:
    appeal_submit = mutation(
        AppealSubmitInput,
        payload("appealSubmit", AppealAnswer),
        _appeal,
        "对理赔决定提出申诉。",
        "Appeal against the decision of a claim.",
        scopes=WRITE,
        kinds=(ViewerKind.CUSTOMER, ViewerKind.STAFF),
    )
    appeal_review = mutation(
        AppealReviewInput,
        payload("appealReview", AppealAnswer),
        _review,
        "受理申诉，由未参与原决定的人；主管可以接手。",
        "Take an appeal up, by somebody who had no part in the decision; a supervisor takes over from another.",
        scopes=WRITE,
        kinds=STAFF,
    )
    appeal_extend = mutation(
        AppealExtendInput,
        payload("appealExtend", AppealAnswer),
        _extend_appeal,
        "申诉延期一次，并告知客户答复日。",
        "Extend the time of an appeal, once; the client learns until when.",
        scopes=WRITE,
        kinds=STAFF,
    )
    appeal_decide = mutation(
        AppealDecideInput,
        payload("appealDecide", AppealAnswer),
        _decide_appeal,
        "由未参与原决定的人决定申诉。",
        "Decide an appeal; by somebody who had no part in the decision.",
        scopes=WRITE,
        kinds=STAFF,
    )
