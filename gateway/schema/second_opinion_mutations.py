"""Mutations of second opinions from abroad."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import booking_steps as steps
from gateway.resolvers import second_opinions
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.booking_inputs import BOOKING_ID, NOTE
from gateway.schema.booking_outcomes import VENDORS, payload
from gateway.schema.green_channel_inputs import InpatientGreenChannelRequestInput, care_request
from gateway.schema.mutations import KEY, mutation
from gateway.schema.paper_inputs import ClaimDocumentInput, handed
from gateway.schema.second_opinions import SecondOpinionStep

CLIENTS_AND_STAFF = (ViewerKind.CUSTOMER, ViewerKind.STAFF)


@strawberry.input(description=T("申请国际二次诊疗。", "A request for a second opinion from abroad."))
class SecondOpinionRequestInput(InpatientGreenChannelRequestInput):
    """The same as for the inpatient green channel."""


@strawberry.input(description=T("推荐的一家境外医院。", "A hospital abroad."))
class ProposedHospitalInput:
    name: str = strawberry.field(description=T("名称。", "Name."))
    country: str = strawberry.field(description=T("国家或地区。", "Country."))
    expert: str | None = strawberry.field(default=None, description=T("专家。", "The expert."))


@strawberry.input(description=T("推荐境外医院。", "Hospitals to choose from."))
class SecondOpinionHospitalsProposeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    hospitals: list[ProposedHospitalInput] = strawberry.field(description=T("推荐的医院。", "The hospitals."))


@strawberry.input(description=T("选定一家推荐的医院。", "The hospital that the client chooses."))
class SecondOpinionHospitalSelectInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    hospital: int = strawberry.field(description=T("推荐医院的序号。", "Its `position` among those proposed."))


@strawberry.input(description=T("没有某类资料的原因。", "Why there is no paper of a kind."))
class NotApplicableInput:
    kind: str = strawberry.field(description=T("材料种类。", "Kind of paper."))
    reason: str = strawberry.field(description=T("原因。", "Why there is none."))


@strawberry.input(description=T("递交会诊资料。", "The papers for the expert."))
class SecondOpinionDocumentsSubmitInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    documents: list[ClaimDocumentInput] = strawberry.field(description=T("资料。", "Papers, each as what it is."))
    not_applicable: list[NotApplicableInput] = strawberry.field(
        default_factory=list, description=T("没有的资料及原因。", "Kinds that the patient has none of, and why.")
    )
    needs_scan: bool = strawberry.field(
        default=False, description=T("是否请服务商扫描影像。", "Whether the vendor shall scan films.")
    )


@strawberry.input(description=T("服务商完成一步。", "The vendor has done the next step."))
class SecondOpinionStageAdvanceInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    stage: SecondOpinionStep = strawberry.field(description=T("完成的一步。", "What was done."))
    note: str | None = strawberry.field(default=None, description=NOTE)
    questions: list[str] = strawberry.field(
        default_factory=list, description=T("病情评估：问专家的问题。", "Of the assessment: questions to the expert.")
    )
    document: strawberry.ID | None = strawberry.field(
        default=None, description=T("会诊记录或报告的编号。", "Id of the record or report of the consultation.")
    )


async def _request(transaction: Transaction, operation: str, input: SecondOpinionRequestInput) -> Work:
    return await second_opinions.request(transaction, operation, care_request(input))


async def _propose(transaction: Transaction, operation: str, input: SecondOpinionHospitalsProposeInput) -> Work:
    hospitals = [steps.Proposal(each.name, each.country, each.expert) for each in input.hospitals]
    return await steps.propose(transaction, operation, booking=input.booking, hospitals=hospitals)


async def _select(transaction: Transaction, operation: str, input: SecondOpinionHospitalSelectInput) -> Work:
    return await steps.select(transaction, operation, booking=input.booking, position=input.hospital)


async def _submit(transaction: Transaction, operation: str, input: SecondOpinionDocumentsSubmitInput) -> Work:
    reasons = {each.kind: each.reason for each in input.not_applicable}
    papers = steps.Papers(handed(input.documents), reasons, input.needs_scan)
    return await steps.submit(transaction, operation, booking=input.booking, papers=papers)


async def _advance(transaction: Transaction, operation: str, input: SecondOpinionStageAdvanceInput) -> Work:
    stage = steps.Stage(input.stage.value, input.note, tuple(input.questions), input.document)
    return await steps.advance(transaction, operation, booking=input.booking, stage=stage)


@strawberry.type
class SecondOpinionMutations:
    second_opinion_request = mutation(
        SecondOpinionRequestInput,
        payload("secondOpinionRequest"),
        _request,
        "申请国际二次诊疗。",
        "Ask for a second opinion from abroad.",
    )
    second_opinion_hospitals_propose = mutation(
        SecondOpinionHospitalsProposeInput,
        payload("secondOpinionHospitalsPropose"),
        _propose,
        "推荐境外医院供客户选择。",
        "Propose hospitals abroad to choose from.",
        kinds=VENDORS,
    )
    second_opinion_hospital_select = mutation(
        SecondOpinionHospitalSelectInput,
        payload("secondOpinionHospitalSelect"),
        _select,
        "从推荐的医院中选定一家。",
        "Choose one of the proposed hospitals.",
        kinds=CLIENTS_AND_STAFF,
    )
    second_opinion_documents_submit = mutation(
        SecondOpinionDocumentsSubmitInput,
        payload("secondOpinionDocumentsSubmit"),
        _submit,
        "递交会诊资料。",
        "Hand in the papers for the expert.",
    )
    second_opinion_stage_advance = mutation(
        SecondOpinionStageAdvanceInput,
        payload("secondOpinionStageAdvance"),
        _advance,
        "记录服务商完成的一步。",
        "Record the next step that the vendor has done.",
        kinds=VENDORS,
    )
