"""Mutations of pre-authorizations and notices of emergencies."""

from collections.abc import Sequence
from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import from_python
from gateway.language import T
from gateway.resolvers import preauth_steps as steps
from gateway.resolvers import preauths
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.preauth_asking import Asking
from gateway.schema.mutations import mutation, of_subject, payload
from gateway.schema.preauth_inputs import (
    EmergencyNoticeDecideInput,
    PreAuthAnswerInput,
    PreAuthApproveInput,
    PreAuthDecideInput,
    PreAuthEmergencyNotifyInput,
    PreAuthInquireInput,
    PreAuthItemInput,
    PreAuthRequirementInput,
    PreAuthReviewInput,
    PreAuthSubmitInput,
    PreAuthWithdrawInput,
)
from gateway.schema.preauths import EmergencyNotice, PreAuth
from gateway.schema.verdicts import Outcome
from gateway.validation.facts.authorizations import Item

WRITE = ("preauths:write",)
STAFF = (ViewerKind.STAFF,)
LETTER_CODE = T(
    "医院核验担保函的代码，只在签发时显示一次。",
    "The code by which the hospital verifies the letter; shown once, when it is issued.",
)


def letter_code_of(payload: Any, _context: Any) -> str | None:
    subject = payload.result.subject
    return None if subject is None else subject.shown.get("letterCode")


@strawberry.interface(description=T("关于一项事先授权的回答。", "Answer of a mutation about a pre-authorization."))
class PreAuthOutcome(Outcome):
    pre_auth: PreAuth | None = of_subject(
        "PreAuth",
        T("事先授权；被拒绝时为 null。", "The pre-authorization; null when the request was refused."),
        "policy_id",
        "id",
    )


@strawberry.type(description=T("preAuthDecide 的回答。", "Answer of preAuthDecide."))
class PreAuthDecidePayload(PreAuthOutcome):
    letter_code: str | None = from_python(letter_code_of, LETTER_CODE)


@strawberry.type(description=T("preAuthApprove 的回答。", "Answer of preAuthApprove."))
class PreAuthApprovePayload(PreAuthOutcome):
    letter_code: str | None = from_python(letter_code_of, LETTER_CODE)


@strawberry.type(description=T("preAuthEmergencyNotify 的回答。", "Answer of preAuthEmergencyNotify."))
class PreAuthEmergencyNotifyPayload(PreAuthOutcome):
    notice: EmergencyNotice | None = of_subject(
        "EmergencyNotice", T("通知。", "The notice."), "policy_id", "preauth_id"
    )


@strawberry.type(description=T("emergencyNoticeDecide 的回答。", "Answer of emergencyNoticeDecide."))
class EmergencyNoticeDecidePayload(Outcome):
    notice: EmergencyNotice | None = of_subject("EmergencyNotice", T("通知。", "The notice."), "policy_id", "id")


def items_of(given: Sequence[PreAuthItemInput]) -> tuple[Item, ...]:
    return tuple(
        Item(item.category.value, item.name, item.unit_price, item.per_treatment, item.is_large_exam, item.is_rental)
        for item in given
    )


def asking_of(given: PreAuthSubmitInput | PreAuthRequirementInput) -> Asking:
    """Of a question, what only a request has stays empty."""
    is_request = isinstance(given, PreAuthSubmitInput)
    return Asking(
        policy_number=given.policy_number,
        insured=given.insured,
        hospital=given.hospital,
        treatment_on=given.treatment_on,
        channel=given.channel.value if is_request else None,
        items=items_of(given.items),
        diagnosis=given.diagnosis if is_request else None,
        expected_cumulative=given.expected_cumulative,
        late_reason=given.late_reason if is_request else None,
        documents=tuple(given.documents) if is_request else (),
        supersedes=given.supersedes,
    )


async def _submit(transaction: Transaction, operation: str, input: PreAuthSubmitInput) -> Work:
    return await preauths.submit(transaction, operation, asking_of(input))


async def _notify(transaction: Transaction, operation: str, input: PreAuthEmergencyNotifyInput) -> Work:
    emergency = preauths.Emergency(
        policy_number=input.policy_number,
        insured=input.insured,
        hospital=input.hospital,
        emergency_at=input.emergency_at,
        channel=input.channel.value,
        diagnosis=input.diagnosis,
        items=items_of(input.items),
        documents=tuple(input.documents),
    )
    return await preauths.notify_emergency(transaction, operation, emergency)


async def _withdraw(transaction: Transaction, operation: str, input: PreAuthWithdrawInput) -> Work:
    return await steps.withdraw(transaction, operation, preauth=input.pre_auth, reason=input.reason)


async def _review(transaction: Transaction, operation: str, input: PreAuthReviewInput) -> Work:
    return await steps.review(transaction, operation, preauth=input.pre_auth)


async def _inquire(transaction: Transaction, operation: str, input: PreAuthInquireInput) -> Work:
    return await steps.inquire(transaction, operation, preauth=input.pre_auth, question=input.question)


async def _answer(transaction: Transaction, operation: str, input: PreAuthAnswerInput) -> Work:
    return await steps.answer(
        transaction, operation, preauth=input.pre_auth, answer=input.answer, documents=input.documents
    )


async def _decide(transaction: Transaction, operation: str, input: PreAuthDecideInput) -> Work:
    rulings = tuple(
        steps.Ruling(item.position, item.decision.value, item.approved_amount, item.reason) for item in input.decisions
    )
    decision = steps.Decision(rulings, input.valid_until, input.reason)
    return await steps.decide(transaction, operation, preauth=input.pre_auth, decision=decision)


async def _approve(transaction: Transaction, operation: str, input: PreAuthApproveInput) -> Work:
    return await steps.approve(
        transaction, operation, preauth=input.pre_auth, is_approved=input.is_approved, reason=input.reason
    )


async def _decide_notice(transaction: Transaction, operation: str, input: EmergencyNoticeDecideInput) -> Work:
    return await steps.decide_notice(
        transaction, operation, notice=input.notice, is_granted=input.is_granted, reason=input.reason
    )


@strawberry.type
class PreAuthMutations:
    pre_auth_submit = mutation(
        PreAuthSubmitInput,
        payload("preAuthSubmit", PreAuthOutcome),
        _submit,
        "提交事先授权申请。",
        "Ask for authorization before treatment.",
        scopes=WRITE,
    )
    pre_auth_emergency_notify = mutation(
        PreAuthEmergencyNotifyInput,
        PreAuthEmergencyNotifyPayload,
        _notify,
        "通知一次急诊，事后决定授权。",
        "Tell of an emergency; authorization is decided afterwards.",
        scopes=WRITE,
    )
    pre_auth_withdraw = mutation(
        PreAuthWithdrawInput,
        payload("preAuthWithdraw", PreAuthOutcome),
        _withdraw,
        "撤回事先授权，其担保函一并作废。",
        "Withdraw a pre-authorization, and with it its letters.",
        scopes=WRITE,
    )
    pre_auth_review = mutation(
        PreAuthReviewInput,
        payload("preAuthReview", PreAuthOutcome),
        _review,
        "开始审核。",
        "Take a request up for review.",
        scopes=WRITE,
        kinds=STAFF,
    )
    pre_auth_inquire = mutation(
        PreAuthInquireInput,
        payload("preAuthInquire", PreAuthOutcome),
        _inquire,
        "要求补充信息。",
        "Ask for more information.",
        scopes=WRITE,
        kinds=STAFF,
    )
    pre_auth_answer = mutation(
        PreAuthAnswerInput,
        payload("preAuthAnswer", PreAuthOutcome),
        _answer,
        "答复补充信息的要求。",
        "Answer what the insurer asked.",
        scopes=WRITE,
    )
    pre_auth_decide = mutation(
        PreAuthDecideInput,
        PreAuthDecidePayload,
        _decide,
        "逐项决定；批准且医院可直付时签发担保函。",
        "Decide item by item; what is granted at a hospital that bills directly gets a letter of guarantee.",
        scopes=WRITE,
        kinds=STAFF,
    )
    pre_auth_approve = mutation(
        PreAuthApproveInput,
        PreAuthApprovePayload,
        _approve,
        "主管批准或退回超过权限的决定。",
        "A supervisor lets a decision above the limit stand, or sends it back.",
        scopes=WRITE,
        kinds=STAFF,
    )
    emergency_notice_decide = mutation(
        EmergencyNoticeDecideInput,
        EmergencyNoticeDecidePayload,
        _decide_notice,
        "决定是否豁免逾期的紧急通知。",
        "Decide whether a late notice is excused.",
        scopes=WRITE,
        kinds=STAFF,
    )
