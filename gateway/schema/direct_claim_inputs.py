"""Inputs of direct claims: what a hospital brings when it opens a visit, and what the client signs."""

import datetime as dt
from decimal import Decimal
from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.case_enums import TreatmentCategory
from gateway.schema.claim_enums import SignedPaper
from gateway.schema.enums import DepartmentClass, IdType, word
from gateway.schema.mutations import KEY
from gateway.schema.preauth_inputs import DOCUMENTS, INSURED, POLICY


@strawberry.enum(description=T("直付的种类。", "Kind of care that is billed directly."))
class DirectCare(Enum):
    OUTPATIENT = word("DIRECT_OUTPATIENT", "门急诊。", "Outpatient or emergency.")
    INPATIENT = word("DIRECT_INPATIENT", "住院。", "A hospital stay.")
    VACCINE = word("DIRECT_VACCINE", "疫苗。", "Vaccination.")
    DENTAL = word("DIRECT_DENTAL", "齿科。", "Dental care.")
    EYE = word("DIRECT_EYE", "眼科。", "Eye care.")
    HEALTH_CHECK = word("DIRECT_HEALTH_CHECK", "健康检查。", "Health check.")


@strawberry.enum(description=T("客户在现场核对的内容。", "What the client has gone through with the hospital."))
class SignConfirmation(Enum):
    DIAGNOSIS_OR_RECORD = word("DIAGNOSIS_OR_RECORD", "诊断或病历属实。", "Diagnosis or record are right.")
    INVOICE = word("INVOICE", "发票费用属实。", "The charges are right.")


@strawberry.input(description=T("直付账单的一项。", "An item of the bill."))
class DirectClaimLineInput:
    category: TreatmentCategory = strawberry.field(description=T("类别。", "Its category."))
    name: str = strawberry.field(description=T("名称。", "Its name."))
    amount: Decimal = strawberry.field(description=T("金额（元）。", "The amount, CNY."))
    unit_price: Decimal | None = strawberry.field(
        default=None, description=T("单价（元）；缺省为金额。", "Price of a unit, CNY; by default the amount.")
    )
    is_large_exam: bool = strawberry.field(
        default=False, description=T("是否大型检查检验。", "Whether it is a large examination or test.")
    )
    is_rental: bool = strawberry.field(
        default=False, description=T("设备是否租用。", "Whether equipment is rented, not bought.")
    )
    is_approved_vaccine: bool | None = strawberry.field(
        default=None,
        description=T("疫苗是否经国家批准；非疫苗不填。", "Whether a vaccine is nationally approved; else left out."),
    )
    is_experimental: bool | None = strawberry.field(
        default=None, description=T("疫苗是否试验性质。", "Whether a vaccine is experimental.")
    )


@strawberry.input(description=T("医院开立一次直付就诊。", "A visit that the hospital bills to the insurer."))
class DirectClaimCreateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    kind: DirectCare = strawberry.field(description=T("种类。", "Its kind."))
    department_class: DepartmentClass | None = strawberry.field(
        default=None, description=T("部别。", "Class of department.")
    )
    visited_on: dt.date = strawberry.field(description=T("就诊日或入院日。", "Day of the visit or of admission."))
    discharged_on: dt.date | None = strawberry.field(default=None, description=T("出院日。", "Day of discharge."))
    is_emergency: bool = strawberry.field(default=False, description=T("是否急诊。", "Whether it was an emergency."))
    card_number: str = strawberry.field(description=T("出示的电子卡卡号。", "Number of the card that was shown."))
    shown_id_type: IdType | None = strawberry.field(
        default=None, description=T("出示的证件类型。", "Kind of identity paper that was shown.")
    )
    booking: strawberry.ID | None = strawberry.field(
        default=None, description=T("该次就诊的预约。", "The booking of the visit.")
    )
    pre_auth: strawberry.ID | None = strawberry.field(
        default=None, description=T("相关的事先授权。", "The authorization behind it.")
    )
    lines: list[DirectClaimLineInput] = strawberry.field(description=T("账单明细，1–100 项。", "Its items, 1 to 100."))
    invoice_number: str | None = strawberry.field(default=None, description=T("发票号码。", "Number of the invoice."))
    invoice_code: str | None = strawberry.field(
        default=None, description=T("发票代码；没有则不填。", "Code of the invoice, where it has one.")
    )
    documents: list[strawberry.ID] = strawberry.field(default_factory=list, description=DOCUMENTS)


@strawberry.input(description=T("客户在现场签字。", "The client signs at the hospital."))
class DirectClaimSignInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=T("理赔的编号。", "Id of the claim."))
    papers: list[SignedPaper] = strawberry.field(description=T("已签字的文件。", "What was signed."))
    confirmations: list[SignConfirmation] = strawberry.field(
        default_factory=list, description=T("已核对的内容。", "What was gone through.")
    )
