"""Mutations of letters of guarantee."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import from_python
from gateway.language import T
from gateway.resolvers import guarantee_draws, guarantees
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.mutations import mutation, of_subject, payload
from gateway.schema.preauth_inputs import (
    GuaranteeLetterDeliverInput,
    GuaranteeLetterDrawInput,
    GuaranteeLetterIssueInput,
    GuaranteeLetterReturnInput,
    GuaranteeLetterRevokeInput,
)
from gateway.schema.preauth_mutations import LETTER_CODE, STAFF, WRITE, PreAuthOutcome, letter_code_of
from gateway.schema.preauths import GuaranteeLetter
from gateway.schema.verdicts import Outcome


@strawberry.interface(description=T("关于一份担保函的回答。", "Answer of a mutation about a letter of guarantee."))
class LetterOutcome(Outcome):
    letter: GuaranteeLetter | None = of_subject(
        "GuaranteeLetter", T("担保函；被拒绝时为 null。", "The letter; null when refused."), "policy_id", "id"
    )


@strawberry.type(description=T("guaranteeLetterIssue 的回答。", "Answer of guaranteeLetterIssue."))
class GuaranteeLetterIssuePayload(PreAuthOutcome):
    letter_code: str | None = from_python(letter_code_of, LETTER_CODE)


async def _issue(transaction: Transaction, operation: str, input: GuaranteeLetterIssueInput) -> Work:
    return await guarantees.issue(transaction, operation, preauth=input.pre_auth)


async def _deliver(transaction: Transaction, operation: str, input: GuaranteeLetterDeliverInput) -> Work:
    return await guarantees.deliver(transaction, operation, letter=input.letter)


async def _revoke(transaction: Transaction, operation: str, input: GuaranteeLetterRevokeInput) -> Work:
    return await guarantees.revoke(transaction, operation, letter=input.letter, reason=input.reason)


async def _draw(transaction: Transaction, operation: str, input: GuaranteeLetterDrawInput) -> Work:
    return await guarantee_draws.draw(
        transaction, operation, letter=input.letter, claim=input.claim, amount=input.amount
    )


async def _give_back(transaction: Transaction, operation: str, input: GuaranteeLetterReturnInput) -> Work:
    return await guarantee_draws.give_back(
        transaction,
        operation,
        letter=input.letter,
        claim=input.claim,
        amount=input.amount,
        reason=input.reason,
    )


@strawberry.type
class GuaranteeMutations:
    guarantee_letter_issue = mutation(
        GuaranteeLetterIssueInput,
        GuaranteeLetterIssuePayload,
        _issue,
        "为已批准的授权重新签发担保函。",
        "Issue another letter for what was approved.",
        scopes=WRITE,
        kinds=STAFF,
    )
    guarantee_letter_deliver = mutation(
        GuaranteeLetterDeliverInput,
        payload("guaranteeLetterDeliver", LetterOutcome),
        _deliver,
        "记录担保函已送达医院。",
        "Record that the hospital has the letter.",
        scopes=WRITE,
        kinds=STAFF,
    )
    guarantee_letter_revoke = mutation(
        GuaranteeLetterRevokeInput,
        payload("guaranteeLetterRevoke", LetterOutcome),
        _revoke,
        "撤销担保函。",
        "Take a letter back.",
        scopes=WRITE,
        kinds=STAFF,
    )
    guarantee_letter_draw = mutation(
        GuaranteeLetterDrawInput,
        payload("guaranteeLetterDraw", LetterOutcome),
        _draw,
        "直付理赔支取担保函。",
        "A direct claim draws on a letter.",
        scopes=WRITE,
        kinds=(ViewerKind.VENDOR, ViewerKind.STAFF),
    )
    guarantee_letter_return = mutation(
        GuaranteeLetterReturnInput,
        payload("guaranteeLetterReturn", LetterOutcome),
        _give_back,
        "把直付理赔不再需要的支取退回担保函。",
        "Give back to a letter what a direct claim drew and does not need.",
        scopes=WRITE,
        kinds=STAFF,
    )
