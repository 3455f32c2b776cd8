"""Mutations of claims after the visit."""

from collections.abc import Sequence

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import (
    claim_decisions,
    claim_originals,
    claim_paper_reviews,
    claim_payments,
    claim_rulings,
    claim_steps,
    claim_supplements,
    claims,
)
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.claim_filing import account_of, filing_of
from gateway.schema.claim_inputs import (
    ClaimAccountChangeInput,
    ClaimAdjudicateInput,
    ClaimApproveInput,
    ClaimCloseInput,
    ClaimDocumentReviewInput,
    ClaimDocumentsAddInput,
    ClaimOriginalsReceiveInput,
    ClaimPayInput,
    ClaimReviewInput,
    ClaimRulingInput,
    ClaimShipmentRegisterInput,
    ClaimSubmitInput,
    ClaimSupplementRequestInput,
    ClaimWithdrawInput,
)
from gateway.schema.claims import Claim
from gateway.schema.mutations import mutation, of_subject, payload
from gateway.schema.paper_inputs import handed
from gateway.schema.verdicts import Outcome

WRITE = ("claims:write",)
STAFF = (ViewerKind.STAFF,)


@strawberry.interface(description=T("关于一件理赔的回答。", "Answer of a mutation about a claim."))
class ClaimAnswer(Outcome):
    claim: Claim | None = of_subject(
        "Claim", T("理赔；被拒绝时为 null。", "The claim; null when the request was refused."), "policy_id", "id"
    )


def rulings_of(given: Sequence[ClaimRulingInput]) -> list[claim_rulings.Ruling]:
    return [
        claim_rulings.Ruling(
            position=line.position,
            excluded=line.excluded,
            other=line.other,
            deductible=line.deductible,
            copay=line.copay,
            copay_percent=line.copay_percent,
            reason=line.reason,
            rules=tuple(line.rules),
        )
        for line in given
    ]


async def _submit(transaction: Transaction, operation: str, input: ClaimSubmitInput) -> Work:
    return await claims.submit(transaction, operation, filing_of(input))


async def _add_documents(transaction: Transaction, operation: str, input: ClaimDocumentsAddInput) -> Work:
    papers = handed(input.documents)
    return await claim_supplements.add_documents(transaction, operation, claim=input.claim, papers=papers)


async def _register(transaction: Transaction, operation: str, input: ClaimShipmentRegisterInput) -> Work:
    shipment = claim_originals.Shipment(
        tracking_number=input.tracking_number,
        carrier=input.carrier,
        is_prepaid=input.is_prepaid,
        insured_name=input.insured_name,
        id_number=input.id_number,
        phone=input.phone,
    )
    return await claim_originals.register_shipment(transaction, operation, claim=input.claim, shipment=shipment)


async def _receive(transaction: Transaction, operation: str, input: ClaimOriginalsReceiveInput) -> Work:
    return await claim_originals.receive_originals(transaction, operation, claim=input.claim)


async def _review(transaction: Transaction, operation: str, input: ClaimReviewInput) -> Work:
    return await claim_steps.review(transaction, operation, claim=input.claim)


async def _request(transaction: Transaction, operation: str, input: ClaimSupplementRequestInput) -> Work:
    return await claim_supplements.request_supplement(
        transaction, operation, claim=input.claim, kinds=input.kinds, rejected=input.rejected, note=input.note
    )


async def _review_document(transaction: Transaction, operation: str, input: ClaimDocumentReviewInput) -> Work:
    return await claim_paper_reviews.review(
        transaction,
        operation,
        claim=input.claim,
        document=input.document,
        is_accepted=input.is_accepted,
        reason=input.reason,
    )


async def _withdraw(transaction: Transaction, operation: str, input: ClaimWithdrawInput) -> Work:
    return await claim_steps.withdraw(transaction, operation, claim=input.claim, reason=input.reason)


async def _close(transaction: Transaction, operation: str, input: ClaimCloseInput) -> Work:
    return await claim_steps.close(transaction, operation, claim=input.claim, reason=input.reason)


async def _change_account(transaction: Transaction, operation: str, input: ClaimAccountChangeInput) -> Work:
    account = account_of(input.bank_account)
    return await claim_steps.change_account(transaction, operation, claim=input.claim, account=account)


async def _adjudicate(transaction: Transaction, operation: str, input: ClaimAdjudicateInput) -> Work:
    return await claim_decisions.adjudicate(
        transaction,
        operation,
        claim=input.claim,
        rulings=rulings_of(input.lines),
        reason=input.reason,
        rules=input.rules,
    )


async def _approve(transaction: Transaction, operation: str, input: ClaimApproveInput) -> Work:
    return await claim_decisions.approve(
        transaction, operation, claim=input.claim, is_approved=input.is_approved, reason=input.reason
    )


async def _pay(transaction: Transaction, operation: str, input: ClaimPayInput) -> Work:
    return await claim_payments.pay(
        transaction,
        operation,
        claim=input.claim,
        result=input.result.value,
        reference=input.reference,
        failure=input.failure,
    )


@strawberry.type
class ClaimMutations:
    claim_submit = mutation(
        ClaimSubmitInput,
        payload("claimSubmit", ClaimAnswer),
        _submit,
        "提交事后理赔。",
        "Claim what was paid for a visit.",
        scopes=WRITE,
    )
    claim_documents_add = mutation(
        ClaimDocumentsAddInput,
        payload("claimDocumentsAdd", ClaimAnswer),
        _add_documents,
        "补交材料；要求补充的材料齐全后继续审核。",
        "Hand in more papers; once all that were asked for are there, the review goes on.",
        scopes=WRITE,
    )
    claim_shipment_register = mutation(
        ClaimShipmentRegisterInput,
        payload("claimShipmentRegister", ClaimAnswer),
        _register,
        "登记寄送原件的包裹。",
        "Register a parcel of originals.",
        scopes=WRITE,
    )
    claim_withdraw = mutation(
        ClaimWithdrawInput,
        payload("claimWithdraw", ClaimAnswer),
        _withdraw,
        "撤回尚未决定的理赔，发票随之解除占用。",
        "Withdraw a claim that is not decided; its invoices are free again.",
        scopes=WRITE,
    )
    claim_account_change = mutation(
        ClaimAccountChangeInput,
        payload("claimAccountChange", ClaimAnswer),
        _change_account,
        "更换收款账户。",
        "Change the account to pay to.",
        scopes=WRITE,
    )
    claim_originals_receive = mutation(
        ClaimOriginalsReceiveInput,
        payload("claimOriginalsReceive", ClaimAnswer),
        _receive,
        "记录原件已收到。",
        "Record that the originals have arrived.",
        scopes=WRITE,
        kinds=(ViewerKind.VENDOR, ViewerKind.STAFF),
    )
    claim_review = mutation(
        ClaimReviewInput,
        payload("claimReview", ClaimAnswer),
        _review,
        "开始审核。",
        "Take a claim up for review.",
        scopes=WRITE,
        kinds=STAFF,
    )
    claim_document_review = mutation(
        ClaimDocumentReviewInput,
        payload("claimDocumentReview", ClaimAnswer),
        _review_document,
        "认可或不认可一份材料；不认可的随下一次补充要求一并索取。",
        "Accept a paper, or reject it; what is rejected is asked for with the next request for papers.",
        scopes=WRITE,
        kinds=STAFF,
    )
    claim_supplement_request = mutation(
        ClaimSupplementRequestInput,
        payload("claimSupplementRequest", ClaimAnswer),
        _request,
        "一次性要求补充材料，时限暂停。",
        "Ask for all missing papers in one go; deadlines rest.",
        scopes=WRITE,
        kinds=STAFF,
    )
    claim_close = mutation(
        ClaimCloseInput,
        payload("claimClose", ClaimAnswer),
        _close,
        "因材料始终不全而关闭。",
        "Close a claim whose papers never came.",
        scopes=WRITE,
        kinds=STAFF,
    )
    claim_adjudicate = mutation(
        ClaimAdjudicateInput,
        payload("claimAdjudicate", ClaimAnswer),
        _adjudicate,
        "逐项决定；多付的部分产生应返还的款项。",
        "Decide line by line; what was paid beyond it is to be paid back.",
        scopes=WRITE,
        kinds=STAFF,
    )
    claim_approve = mutation(
        ClaimApproveInput,
        payload("claimApprove", ClaimAnswer),
        _approve,
        "主管批准或退回超过权限的决定。",
        "A supervisor lets a decision above the limit stand, or sends it back.",
        scopes=WRITE,
        kinds=STAFF,
    )
    claim_pay = mutation(
        ClaimPayInput,
        payload("claimPay", ClaimAnswer),
        _pay,
        "支付决定的赔款。",
        "Pay what was decided.",
        scopes=WRITE,
        kinds=STAFF,
    )
