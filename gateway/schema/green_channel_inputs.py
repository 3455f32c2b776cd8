"""Inputs of green channels, and of the review that several services share."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.resolvers.critical_care import CareRequest
from gateway.schema.booking_inputs import BOOKING_ID, PatientInput
from gateway.schema.consultation_inputs import PersonInfoInput
from gateway.schema.consultation_mutations import person
from gateway.schema.green_channels import BookingReviewOutcome
from gateway.schema.mutations import KEY
from gateway.schema.paper_inputs import ClaimDocumentInput, handed
from gateway.schema.visit_inputs import ACKNOWLEDGED, DEPARTMENT, HOSPITAL, INSURED, PATIENT, POLICY_NUMBER


@strawberry.input(description=T("申请少儿门诊绿通。", "A request for the children's outpatient green channel."))
class OutpatientGreenChannelRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    hospital: str = strawberry.field(description=HOSPITAL)
    department: str | None = strawberry.field(default=None, description=DEPARTMENT)
    visit_at: dt.datetime = strawberry.field(description=T("期望的就诊时刻。", "When the visit is wanted."))
    patient: PatientInput = strawberry.field(description=PATIENT)
    is_diagnosed: bool | None = strawberry.field(
        default=None, description=T("是否已明确诊断。", "Whether there is a diagnosis.")
    )
    symptom: str | None = strawberry.field(
        default=None, description=T("疾病名称或主要症状。", "Disease or main symptoms.")
    )
    need: str | None = strawberry.field(default=None, description=T("本次需求。", "What is needed this time."))
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("申请重疾住院绿通。", "A request for the inpatient green channel."))
class InpatientGreenChannelRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    person: PersonInfoInput | None = strawberry.field(
        default=None, description=T("用于核验身份的信息。", "What the insured is verified by.")
    )
    diagnosis: str = strawberry.field(description=T("诊断。", "The diagnosis."))
    critical_illness: str | None = strawberry.field(
        default=None, description=T("重大疾病的名称。", "The critical illness, by its name in the terms.")
    )
    first_diagnosed_on: dt.date | None = strawberry.field(
        default=None, description=T("首次确诊日。", "Day of the first diagnosis.")
    )
    diagnosed_at: str | None = strawberry.field(
        default=None, description=T("确诊医院的代码。", "Code of the hospital that made the diagnosis.")
    )
    is_diagnosed_by_specialist: bool | None = strawberry.field(
        default=None, description=T("是否由专科医生确诊。", "Whether a specialist made the diagnosis.")
    )
    documents: list[ClaimDocumentInput] = strawberry.field(
        default_factory=list, description=T("提交的材料。", "Papers, each as what it is.")
    )
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("审核客户提交的内容。", "A review of what the client has handed in."))
class BookingReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    outcome: BookingReviewOutcome = strawberry.field(description=T("结果。", "What it found."))
    reason: str | None = strawberry.field(
        default=None, description=T("缘由；未通过时必填。", "Why; needed unless it passes.")
    )


def care_request(given: InpatientGreenChannelRequestInput) -> CareRequest:
    return CareRequest(
        policy_number=given.policy_number,
        insured=given.insured,
        person=person(given.person),
        diagnosis=given.diagnosis,
        critical_illness=given.critical_illness,
        first_diagnosed_on=given.first_diagnosed_on,
        diagnosed_at=given.diagnosed_at,
        is_diagnosed_by_specialist=given.is_diagnosed_by_specialist,
        documents=handed(given.documents),
        acknowledged=tuple(given.acknowledged),
    )
