"""Inputs of orders of listed drugs, and of what may be done with any booking on the side."""

import strawberry

from gateway.language import T
from gateway.schema.booking_inputs import BOOKING_ID, REASON
from gateway.schema.consultation_inputs import ACKNOWLEDGED, POLICY_NUMBER, PersonInfoInput
from gateway.schema.drug_enums import ApplicantRole, DamageCause, DrugFulfillment, PrescriptionOutcome
from gateway.schema.mutations import KEY
from gateway.schema.paper_inputs import ClaimDocumentInput
from gateway.schema.visit_inputs import INSURED


@strawberry.input(description=T("申请购药。", "A request for a listed drug."))
class DrugPurchaseRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    drug: strawberry.ID = strawberry.field(description=T("药品编号，见 `drugs`。", "Id of the drug; see `drugs`."))
    diagnosis: str = strawberry.field(description=T("诊断，依诊断证明。", "The diagnosis, as it is certified."))
    prescription: strawberry.ID = strawberry.field(
        description=T("处方（PRESCRIPTION）材料的编号。", "Id of the uploaded PRESCRIPTION.")
    )
    is_unavailable_in_hospital: bool = strawberry.field(
        description=T("声明保险条款认可的医院买不到。", "The statement that no hospital of the policy has it.")
    )
    applicant: ApplicantRole = strawberry.field(
        default=ApplicantRole.INSURED, description=T("由谁申请。", "Who applies.")
    )
    documents: list[ClaimDocumentInput] = strawberry.field(
        default_factory=list,
        description=T("监护人或代办人的证明等材料。", "Papers, such as those of a guardian or an agent."),
    )
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    is_malignant: bool | None = strawberry.field(
        default=None,
        description=T(
            "声明是否恶性肿瘤；不填则看诊断的用词。",
            "Whether it is declared a malignant tumor; without it the words of the diagnosis tell.",
        ),
    )
    is_insured_incapable: bool = strawberry.field(
        default=False,
        description=T("被保险人是否无民事行为能力。", "Whether the insured is legally incapable."),
    )
    phone: str | None = strawberry.field(
        default=None,
        description=T("联系电话；不填则用保单上的。", "Phone; without it, the one on the policy."),
    )
    person: PersonInfoInput | None = strawberry.field(
        default=None, description=T("被保险人的个人信息，用于核验。", "The insured, for verification.")
    )


@strawberry.input(description=T("处方审核。", "The review of a prescription."))
class DrugPrescriptionReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    outcome: PrescriptionOutcome = strawberry.field(description=T("结论。", "What was found."))
    reason: str | None = strawberry.field(
        default=None, description=T("理由；未通过时必填。", "The reason; a rejection needs it.")
    )


@strawberry.input(description=T("发放购药凭证。", "Issue the voucher."))
class DrugVoucherIssueInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    voucher_code: str | None = strawberry.field(
        default=None,
        description=T("服务商自己的凭证号；不填则自动生成。", "The vendor's own code; without it one is made."),
    )


@strawberry.input(description=T("选择取药的方式。", "How the client wants to have the drug."))
class DrugFulfillmentChooseInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    fulfillment: DrugFulfillment = strawberry.field(description=T("方式。", "The way."))
    pharmacy: str | None = strawberry.field(
        default=None,
        description=T(
            "指定药店的代码，见 `pharmacies`；取药用。",
            "Code of a designated pharmacy, from `pharmacies`, for collecting.",
        ),
    )
    pharmacy_name: str | None = strawberry.field(
        default=None,
        description=T("服务商指明的药店，限服务商。", "A pharmacy that the vendor names; for vendors."),
    )
    address: str | None = strawberry.field(
        default=None, description=T("送药地址；送药必填。", "Address; a delivery needs one.")
    )
    recipient_name: str | None = strawberry.field(default=None, description=T("收货人。", "Who takes it in."))
    phone: str | None = strawberry.field(default=None, description=T("收货电话。", "Phone for the delivery."))


@strawberry.input(description=T("确认收到药品。", "The drug is with the client."))
class DrugDeliveryConfirmInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    is_inspected: bool = strawberry.field(
        default=False, description=T("付款前是否当面验看。", "Whether it was looked at before paying.")
    )


@strawberry.input(description=T("报告药品损坏。", "Damage of a drug."))
class DrugDamageReportInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    cause: DamageCause = strawberry.field(description=T("原因。", "How it happened."))
    description: str = strawberry.field(description=T("情况说明。", "What is damaged."))
    is_paid: bool = strawberry.field(
        default=False, description=T("发现时是否已经付款。", "Whether it was found only after payment.")
    )


@strawberry.input(description=T("核实运输损坏。", "What was found of damage on the way."))
class DrugDamageDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    is_verified: bool = strawberry.field(
        description=T("是否确为运输损坏；是则补发。", "Whether it was damaged on its way; then another is sent.")
    )
    reason: str | None = strawberry.field(
        default=None, description=T("理由；不属实时必填。", "The reason; needed where it was not.")
    )


@strawberry.input(description=T("补交材料。", "More papers for a booking."))
class BookingDocumentsAttachInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    documents: list[ClaimDocumentInput] = strawberry.field(description=T("材料，1–50 份。", "The papers, 1 to 50."))


@strawberry.input(description=T("因不可抗力免除一项时限。", "Excuse a deadline that nobody could have met."))
class BookingDeadlineExcuseInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    rule: str = strawberry.field(description=T("载明时限的规则编号。", "Code of the rule that states the deadline."))
    reason: str = strawberry.field(description=REASON)
