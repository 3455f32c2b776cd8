"""Inputs about hospital costs that are paid in advance."""

import datetime as dt
from decimal import Decimal

import strawberry

from gateway.language import T
from gateway.schema.case_enums import AdmissionCause, AdvanceCostType, ReviewOutcome
from gateway.schema.consultation_inputs import PersonInfoInput
from gateway.schema.mutations import KEY
from gateway.schema.paper_inputs import ClaimDocumentInput

ADVANCE = T("垫付的编号。", "Id of the advance.")
ACKNOWLEDGED = T(
    "已确认的告知与已同意的条款编号，见 `disclosures`。",
    "Ids of disclosures that were read and of clauses that are agreed to; see `disclosures`.",
)
PAPERS = T("已上传的材料。", "Papers that have been uploaded.")
AMOUNT = T("金额（元）。", "Amount in CNY.")
REASON = T("理由。", "Why.")


@strawberry.input(description=T("申请住院垫付。", "A request that hospital costs are paid in advance."))
class AdvanceRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    insured: strawberry.ID | None = strawberry.field(
        default=None,
        description=T(
            "被保险人的编号；保单有多位被保险人时必填。",
            "Id of the insured; needed where the policy insures several people.",
        ),
    )
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    admitted_on: dt.date = strawberry.field(description=T("入院日。", "Day of admission."))
    cause: AdmissionCause = strawberry.field(description=T("住院原因。", "Why the insured is in hospital."))
    diagnosis: str = strawberry.field(description=T("诊断。", "Diagnosis."))
    critical_illness: str | None = strawberry.field(
        default=None,
        description=T("重大疾病的名称；限重疾的产品必填。", "The critical illness, for products that need one."),
    )
    first_diagnosed_on: dt.date | None = strawberry.field(
        default=None,
        description=T("首次确诊日；限重疾的产品必填。", "Day of its first diagnosis, for products that need one."),
    )
    requested_amount: Decimal = strawberry.field(description=AMOUNT)
    cost_type: AdvanceCostType = strawberry.field(description=T("费用种类。", "Kind of cost."))
    is_traffic_accident: bool = strawberry.field(
        default=False, description=T("是否交通事故。", "Whether it was a traffic accident.")
    )
    has_employer_funding: bool = strawberry.field(
        default=False, description=T("单位是否垫资。", "Whether an employer pays ahead.")
    )
    has_third_party_funding: bool = strawberry.field(
        default=False, description=T("是否有第三方资金。", "Whether a third party pays.")
    )
    has_litigation: bool = strawberry.field(default=False, description=T("是否涉诉。", "Whether there is a lawsuit."))
    can_hand_over_originals: bool = strawberry.field(
        default=True,
        description=T("出院时能否交付票据原件。", "Whether originals can be handed over at discharge."),
    )
    is_settled_in_real_time: bool | None = strawberry.field(
        default=None,
        description=T(
            "医保能否在医院实时结算；不确定则留空。",
            "Whether social insurance settles at the hospital; null where that is not known.",
        ),
    )
    exception_reason: str | None = strawberry.field(
        default=None,
        description=T(
            "保险公司员工对可直付医院例外受理的理由；其他人填写不起作用。",
            "Why the insurer's staff take it although the hospital bills directly; of no effect from anybody else.",
        ),
    )
    person: PersonInfoInput | None = strawberry.field(
        default=None, description=T("被保险人的个人信息，用于核验。", "The insured, for verification.")
    )
    documents: list[ClaimDocumentInput] = strawberry.field(default_factory=list, description=PAPERS)
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("记录与客户的联系。", "Somebody has spoken with the client."))
class AdvanceContactRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    is_confirmed: bool = strawberry.field(
        description=T(
            "已核实客户身份和病情，客户同意开始办理。",
            "Who the client is and the illness are confirmed, and the client agrees that it begins.",
        )
    )
    visit_on: dt.date | None = strawberry.field(
        default=None, description=T("客户指定的上门日。", "Day that the client names for a visit.")
    )
    note: str | None = strawberry.field(default=None, description=T("备注。", "A note."))


@strawberry.input(description=T("提交垫付材料。", "Papers of an advance."))
class AdvanceDocumentsSubmitInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    documents: list[ClaimDocumentInput] = strawberry.field(default_factory=list, description=PAPERS)
    is_complete: bool = strawberry.field(
        default=True,
        description=T(
            "客户认为已交齐；缺少必需材料时仍视为未交齐。",
            "Whether this is all; it is not where a paper that is needed is missing.",
        ),
    )
    is_force_majeure: bool = strawberry.field(
        default=False,
        description=T("服务专员因不可抗力到不了医院。", "Force majeure keeps the specialist from the hospital."),
    )
    attending_doctor_contact: str | None = strawberry.field(
        default=None,
        description=T("主治医生的联系方式，加密保存。", "How the attending doctor is reached; kept sealed."),
    )


@strawberry.input(description=T("审核的发现；空为未核实。", "What a review has found; null: not looked at."))
class AdvanceFindingsInput:
    is_covered: bool | None = strawberry.field(
        default=None,
        description=T("本次住院属于保障责任且不属免责。", "The stay is covered, and its cause not excluded."),
    )
    is_condition_disclosed: bool | None = strawberry.field(
        default=None,
        description=T("投保时没有隐瞒既往病史。", "No earlier illness was kept back at the application."),
    )
    is_deductible_reached: bool | None = strawberry.field(
        default=None, description=T("已达到免赔额。", "The deductible is reached.")
    )
    is_sum_insured_left: bool | None = strawberry.field(
        default=None, description=T("年度保额尚有余额。", "Of the sum insured of the year, something is left.")
    )
    is_hospital_accepted: bool | None = strawberry.field(
        default=None,
        description=T("服务商接受该医院。", "The vendor accepts the hospital, where no list says so."),
    )


@strawberry.input(description=T("服务商审核垫付。", "The vendor's review of the open payment."))
class AdvanceReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    outcome: ReviewOutcome = strawberry.field(description=T("结论。", "Its outcome."))
    approved_amount: Decimal | None = strawberry.field(
        default=None,
        description=T("批准的金额（元）；缺省为申请金额。", "Amount in CNY; by default what was asked for."),
    )
    findings: AdvanceFindingsInput | None = strawberry.field(
        default=None, description=T("核实的发现。", "What was found.")
    )
    reason: str | None = strawberry.field(
        default=None,
        description=T("理由；不通过或查勘时必填。", "Why; needed to refuse and to investigate."),
    )


@strawberry.input(description=T("保险公司授权垫付。", "The insurer's word on what the vendor has passed."))
class AdvanceAuthorizeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    outcome: ReviewOutcome = strawberry.field(description=T("结论。", "Its outcome."))
    approved_amount: Decimal | None = strawberry.field(
        default=None,
        description=T(
            "批准的金额（元），不高于服务商通过的；缺省相同。",
            "Amount in CNY, no more than the vendor passed; by default the same.",
        ),
    )
    authorized_limit: Decimal | None = strawberry.field(
        default=None,
        description=T("本次住院授权的额度（元）。", "Limit in CNY for all payments of the stay."),
    )
    reason: str | None = strawberry.field(
        default=None,
        description=T("理由；不通过或查勘时必填。", "Why; needed to refuse and to investigate."),
    )


@strawberry.input(description=T("签署垫付委托文件。", "The client's signature."))
class AdvanceSignInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    documents: list[ClaimDocumentInput] = strawberry.field(
        default_factory=list,
        description=T(
            "已签署的文件：ADVANCE_MANDATE 或 ADVANCE_AGREEMENT。",
            "The signed papers: ADVANCE_MANDATE or ADVANCE_AGREEMENT.",
        ),
    )
    is_confirmed: bool = strawberry.field(
        default=False,
        description=T(
            "代为登记时：客户已确认；客户本人签署无须填写。",
            "For those who record it: the client has confirmed. A client's own signature says so itself.",
        ),
    )
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("支付已批准的垫付款。", "Pay what is approved."))
class AdvancePayInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    reference: str = strawberry.field(description=T("转账的参考号。", "Reference of the transfer."))


@strawberry.input(description=T("同一次住院追加垫付。", "More for the same stay."))
class AdvanceTopUpInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    amount: Decimal = strawberry.field(description=AMOUNT)


@strawberry.input(description=T("通知出院日。", "The day of discharge is announced."))
class AdvanceDischargeNotifyInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    discharge_on: dt.date = strawberry.field(description=T("出院日。", "Day of discharge."))
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("服务商代客户申请理赔。", "The vendor files the client's claim for the stay."))
class AdvanceClaimFileInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    discharged_on: dt.date = strawberry.field(description=T("出院日。", "Day of discharge."))
    amount: Decimal = strawberry.field(description=T("住院总费用（元）。", "Cost of the whole stay in CNY."))
    invoice_number: str = strawberry.field(description=T("发票号码。", "Number of the invoice."))
    invoice_code: str | None = strawberry.field(
        default=None, description=T("电子票据的代码。", "Code of an electronic invoice.")
    )
    documents: list[ClaimDocumentInput] = strawberry.field(default_factory=list, description=PAPERS)


@strawberry.input(description=T("结算垫付。", "Settle an advance with what its claim pays."))
class AdvanceSettleInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    is_covered: bool = strawberry.field(
        default=True,
        description=T(
            "否：保险公司认定不属保障责任，全额返还；限员工，须写理由。",
            "False: the insurer finds that the stay is not covered, and all is owed back; for staff, with a reason.",
        ),
    )
    reason: str | None = strawberry.field(default=None, description=REASON)


@strawberry.input(description=T("取消垫付。", "Call an advance off."))
class AdvanceCancelInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    advance: strawberry.ID = strawberry.field(description=ADVANCE)
    reason: str | None = strawberry.field(default=None, description=REASON)
