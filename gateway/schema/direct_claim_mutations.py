"""Mutations of direct claims: a hospital opens the visit, and the client signs."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import direct_claims, direct_signatures
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.direct_openings import Line, Opening
from gateway.resolvers.direct_signatures import Signing
from gateway.schema.claims import Claim
from gateway.schema.direct_claim_inputs import DirectClaimCreateInput, DirectClaimLineInput, DirectClaimSignInput
from gateway.schema.mutations import mutation, of_subject
from gateway.schema.verdicts import Outcome

WRITE = ("claims:write",)


@strawberry.interface(description=T("关于一次直付理赔的回答。", "Answer of a mutation about a direct claim."))
class DirectClaimOutcome(Outcome):
    claim: Claim | None = of_subject(
        "Claim", T("理赔；被拒绝时为 null。", "The claim; null when the request was refused."), "policy_id", "id"
    )


@strawberry.type(description=T("directClaimCreate 的回答。", "Answer of directClaimCreate."))
class DirectClaimCreatePayload(DirectClaimOutcome):
    pass


@strawberry.type(description=T("directClaimSign 的回答。", "Answer of directClaimSign."))
class DirectClaimSignPayload(DirectClaimOutcome):
    pass


def _line(given: DirectClaimLineInput) -> Line:
    return Line(
        category=given.category.value,
        name=given.name,
        amount=given.amount,
        unit_price=given.unit_price,
        is_large_exam=given.is_large_exam,
        is_rental=given.is_rental,
        is_approved_vaccine=given.is_approved_vaccine,
        is_experimental=given.is_experimental,
    )


async def _create(transaction: Transaction, operation: str, input: DirectClaimCreateInput) -> Work:
    opening = Opening(
        policy_number=input.policy_number,
        insured=input.insured,
        hospital=input.hospital,
        kind=input.kind.value,
        department_class=input.department_class.value if input.department_class else None,
        visited_on=input.visited_on,
        discharged_on=input.discharged_on,
        is_emergency=input.is_emergency,
        card_number=input.card_number,
        shown_id_type=input.shown_id_type.value if input.shown_id_type else None,
        booking=input.booking,
        preauth=input.pre_auth,
        lines=tuple(_line(line) for line in input.lines),
        invoice=None if input.invoice_number is None else (input.invoice_code or "", input.invoice_number),
        documents=tuple(input.documents),
    )
    return await direct_claims.create(transaction, operation, opening)


async def _sign(transaction: Transaction, operation: str, input: DirectClaimSignInput) -> Work:
    signing = Signing(
        input.claim,
        tuple(paper.value for paper in input.papers),
        tuple(item.value for item in input.confirmations),
    )
    return await direct_signatures.sign(transaction, operation, signing)


@strawberry.type
class DirectClaimMutations:
    direct_claim_create = mutation(
        DirectClaimCreateInput,
        DirectClaimCreatePayload,
        _create,
        "开立一次直付就诊，等待客户签字。",
        "Open a visit that is billed directly; it then waits for the client's signature.",
        scopes=WRITE,
        kinds=(ViewerKind.VENDOR, ViewerKind.STAFF),
    )
    direct_claim_sign = mutation(
        DirectClaimSignInput,
        DirectClaimSignPayload,
        _sign,
        "记录客户的签字，提交给保险公司。",
        "Record the client's signature and hand the claim to the insurer.",
        scopes=WRITE,
    )
