"""Mutations of hospital costs that are paid in advance."""

from collections.abc import Sequence

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import advance_reviews as reviews
from gateway.resolvers import advance_settling as settling
from gateway.resolvers import advance_steps as steps
from gateway.resolvers import advances
from gateway.resolvers.advance_papers import Handed
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.drug_questions import PersonInfo
from gateway.schema.advance_inputs import (
    AdvanceAuthorizeInput,
    AdvanceCancelInput,
    AdvanceClaimFileInput,
    AdvanceContactRecordInput,
    AdvanceDischargeNotifyInput,
    AdvanceDocumentsSubmitInput,
    AdvanceFindingsInput,
    AdvancePayInput,
    AdvanceRequestInput,
    AdvanceReviewInput,
    AdvanceSettleInput,
    AdvanceSignInput,
    AdvanceTopUpInput,
)
from gateway.schema.advances import Advance
from gateway.schema.mutations import mutation, of_subject, payload
from gateway.schema.paper_inputs import ClaimDocumentInput
from gateway.schema.verdicts import Outcome

WRITE = ("advances:write",)
VENDOR = (ViewerKind.VENDOR,)
VENDOR_OR_STAFF = (ViewerKind.VENDOR, ViewerKind.STAFF)


@strawberry.interface(description=T("关于一笔垫付的回答。", "Answer of a mutation about an advance."))
class AdvanceOutcome(Outcome):
    advance: Advance | None = of_subject(
        "Advance", T("垫付；被拒绝时为 null。", "The advance; null when refused."), "policy_id", "id"
    )


def _handed(documents: Sequence[ClaimDocumentInput]) -> tuple[Handed, ...]:
    return tuple(Handed(paper.kind, paper.document) for paper in documents)


def _findings(given: AdvanceFindingsInput | None) -> dict[str, bool | None]:
    if given is None:
        return {}
    return {
        "COVERED": given.is_covered,
        "DISCLOSED": given.is_condition_disclosed,
        "DEDUCTIBLE_REACHED": given.is_deductible_reached,
        "SUM_INSURED_LEFT": given.is_sum_insured_left,
        "HOSPITAL_ACCEPTED": given.is_hospital_accepted,
    }


async def _request(transaction: Transaction, operation: str, input: AdvanceRequestInput) -> Work:
    person = input.person
    asking = advances.Asking(
        policy_number=input.policy_number,
        insured=input.insured,
        hospital=input.hospital,
        admitted_on=input.admitted_on,
        cause=input.cause.value,
        diagnosis=input.diagnosis,
        critical_illness=input.critical_illness,
        first_diagnosed_on=input.first_diagnosed_on,
        requested_amount=input.requested_amount,
        cost_type=input.cost_type.value,
        is_traffic_accident=input.is_traffic_accident,
        has_employer_funding=input.has_employer_funding,
        has_third_party_funding=input.has_third_party_funding,
        has_litigation=input.has_litigation,
        can_hand_over_originals=input.can_hand_over_originals,
        settles_in_real_time=input.is_settled_in_real_time,
        exception_reason=input.exception_reason,
        person=person and PersonInfo(person.name, person.id_type.value, person.id_number),
        documents=_handed(input.documents),
        acknowledged=tuple(input.acknowledged),
    )
    return await advances.request(transaction, operation, asking)


async def _contact(transaction: Transaction, operation: str, input: AdvanceContactRecordInput) -> Work:
    return await steps.record_contact(
        transaction,
        operation,
        advance=input.advance,
        is_confirmed=input.is_confirmed,
        visit_on=input.visit_on,
        note=input.note,
    )


async def _documents(transaction: Transaction, operation: str, input: AdvanceDocumentsSubmitInput) -> Work:
    papers = steps.Papers(
        input.advance,
        _handed(input.documents),
        input.is_complete,
        input.is_force_majeure,
        input.attending_doctor_contact,
    )
    return await steps.submit_documents(transaction, operation, papers)


async def _review(transaction: Transaction, operation: str, input: AdvanceReviewInput) -> Work:
    opinion = reviews.Opinion(
        input.advance, input.outcome.value, input.approved_amount, input.reason, _findings(input.findings)
    )
    return await reviews.review(transaction, operation, opinion)


async def _authorize(transaction: Transaction, operation: str, input: AdvanceAuthorizeInput) -> Work:
    opinion = reviews.Opinion(
        input.advance, input.outcome.value, input.approved_amount, input.reason, {}, input.authorized_limit
    )
    return await reviews.authorize(transaction, operation, opinion)


async def _sign(transaction: Transaction, operation: str, input: AdvanceSignInput) -> Work:
    signature = steps.Signature(input.advance, _handed(input.documents), input.is_confirmed, tuple(input.acknowledged))
    return await steps.sign(transaction, operation, signature)


async def _pay(transaction: Transaction, operation: str, input: AdvancePayInput) -> Work:
    return await reviews.pay(transaction, operation, advance=input.advance, reference=input.reference)


async def _top_up(transaction: Transaction, operation: str, input: AdvanceTopUpInput) -> Work:
    return await steps.top_up(transaction, operation, advance=input.advance, amount=input.amount)


async def _notify(transaction: Transaction, operation: str, input: AdvanceDischargeNotifyInput) -> Work:
    return await steps.notify_discharge(
        transaction,
        operation,
        advance=input.advance,
        discharge_on=input.discharge_on,
        acknowledged=tuple(input.acknowledged),
    )


async def _file(transaction: Transaction, operation: str, input: AdvanceClaimFileInput) -> Work:
    filing = settling.Filing(
        input.advance,
        input.discharged_on,
        input.amount,
        input.invoice_number,
        input.invoice_code,
        _handed(input.documents),
    )
    return await settling.file_claim(transaction, operation, filing)


async def _settle(transaction: Transaction, operation: str, input: AdvanceSettleInput) -> Work:
    return await settling.settle(
        transaction, operation, advance=input.advance, is_covered=input.is_covered, reason=input.reason
    )


async def _cancel(transaction: Transaction, operation: str, input: AdvanceCancelInput) -> Work:
    return await steps.cancel(transaction, operation, advance=input.advance, reason=input.reason)


@strawberry.type
class AdvanceMutations:
    advance_request = mutation(
        AdvanceRequestInput,
        payload("advanceRequest", AdvanceOutcome),
        _request,
        "申请住院垫付，每次住院一笔。",
        "Ask that the costs of a hospital stay are paid in advance; one advance for each stay.",
        scopes=WRITE,
    )
    advance_contact_record = mutation(
        AdvanceContactRecordInput,
        payload("advanceContactRecord", AdvanceOutcome),
        _contact,
        "记录与客户的联系和核实。",
        "Record that somebody has spoken with the client.",
        scopes=WRITE,
        kinds=VENDOR_OR_STAFF,
    )
    advance_documents_submit = mutation(
        AdvanceDocumentsSubmitInput,
        payload("advanceDocumentsSubmit", AdvanceOutcome),
        _documents,
        "提交垫付材料；交齐后开始审核。",
        "Hand in papers; once they are complete, the review begins.",
        scopes=WRITE,
    )
    advance_review = mutation(
        AdvanceReviewInput,
        payload("advanceReview", AdvanceOutcome),
        _review,
        "服务商审核待付的一笔。",
        "The vendor's word on the open payment.",
        scopes=WRITE,
        kinds=VENDOR,
    )
    advance_authorize = mutation(
        AdvanceAuthorizeInput,
        payload("advanceAuthorize", AdvanceOutcome),
        _authorize,
        "保险公司对服务商通过的一笔作出授权。",
        "The insurer's word on what the vendor has passed.",
        scopes=WRITE,
        kinds=(ViewerKind.STAFF,),
    )
    advance_sign = mutation(
        AdvanceSignInput,
        payload("advanceSign", AdvanceOutcome),
        _sign,
        "签署垫付委托文件。",
        "Sign the papers that entrust the vendor.",
        scopes=WRITE,
    )
    advance_pay = mutation(
        AdvancePayInput,
        payload("advancePay", AdvanceOutcome),
        _pay,
        "支付已批准的一笔。",
        "Pay what is approved to the hospital.",
        scopes=WRITE,
        kinds=VENDOR,
    )
    advance_top_up = mutation(
        AdvanceTopUpInput,
        payload("advanceTopUp", AdvanceOutcome),
        _top_up,
        "同一次住院追加垫付，不另占次数。",
        "Ask for more for the same stay; it takes no further use.",
        scopes=WRITE,
    )
    advance_discharge_notify = mutation(
        AdvanceDischargeNotifyInput,
        payload("advanceDischargeNotify", AdvanceOutcome),
        _notify,
        "通知出院日。",
        "Announce the day of discharge.",
        scopes=WRITE,
    )
    advance_claim_file = mutation(
        AdvanceClaimFileInput,
        payload("advanceClaimFile", AdvanceOutcome),
        _file,
        "出院后代客户申请理赔。",
        "File the client's claim after the discharge.",
        scopes=WRITE,
        kinds=VENDOR_OR_STAFF,
    )
    advance_settle = mutation(
        AdvanceSettleInput,
        payload("advanceSettle", AdvanceOutcome),
        _settle,
        "按理赔结论结算，多付的须返还。",
        "Settle with what the claim pays; what was paid above it is owed back.",
        scopes=WRITE,
        kinds=VENDOR_OR_STAFF,
    )
    advance_cancel = mutation(
        AdvanceCancelInput,
        payload("advanceCancel", AdvanceOutcome),
        _cancel,
        "付款之前取消垫付。",
        "Call an advance off before anything is paid.",
        scopes=WRITE,
        kinds=(ViewerKind.CUSTOMER, ViewerKind.STAFF),
    )
