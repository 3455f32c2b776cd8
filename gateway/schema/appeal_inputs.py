"""Inputs about appeals."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.schema.claim_enums import AppealOutcome
from gateway.schema.claim_inputs import CLAIM, DOCUMENTS, RULES, ClaimRulingInput
from gateway.schema.mutations import KEY


@strawberry.input(description=T("对理赔决定提出申诉。", "Appeal against a decision."))
class AppealSubmitInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    grounds: str = strawberry.field(description=T("申诉理由。", "The grounds."))
    documents: list[strawberry.ID] = strawberry.field(default_factory=list, description=DOCUMENTS)


@strawberry.input(description=T("受理申诉。", "Take up an appeal."))
class AppealReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    appeal: strawberry.ID = strawberry.field(description=T("申诉的编号。", "Id of the appeal."))


@strawberry.input(description=T("申诉需要更多时间；只能延期一次。", "An appeal needs more time; it is extended once."))
class AppealExtendInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    appeal: strawberry.ID = strawberry.field(description=T("申诉的编号。", "Id of the appeal."))
    answer_by: dt.date = strawberry.field(description=T("承诺答复的日期。", "The day by which an answer is promised."))
    reason: str = strawberry.field(description=T("理由，会告知客户。", "Why; the client is told."))


@strawberry.input(description=T("决定申诉。", "Decide an appeal."))
class AppealDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    appeal: strawberry.ID = strawberry.field(description=T("申诉的编号。", "Id of the appeal."))
    outcome: AppealOutcome = strawberry.field(description=T("结论。", "The outcome."))
    reason: str = strawberry.field(description=T("结论的理由。", "The reason of the outcome."))
    lines: list[ClaimRulingInput] = strawberry.field(
        default_factory=list,
        description=T(
            "改变决定时的新裁定，每项一次；维持时不填。",
            "What is decided anew of each line, every line once; none where the decision stands.",
        ),
    )
    rules: list[str] = strawberry.field(default_factory=list, description=RULES)
