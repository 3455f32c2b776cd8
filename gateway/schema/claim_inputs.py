"""Inputs about claims."""

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry

from gateway.language import T
from gateway.schema.claim_enums import ClaimChannel, ClaimKind, ClaimPaymentStatus
from gateway.schema.enums import DepartmentClass
from gateway.schema.mutations import KEY
from gateway.schema.paper_inputs import ClaimDocumentInput

POLICY = T("保单号。", "Policy number.")
CLAIM = T("理赔的编号。", "Id of the claim.")
REASON = T("缘由。", "Why.")
INSURED = T(
    "被保险人的编号；保单有多位被保险人时必填。", "Id of the insured; needed where the policy insures several people."
)
KIND = T("种类；直付与垫付结算另有操作。", "Its kind; direct billing and settled advances have mutations of their own.")
CHANNEL = T(
    "渠道；缺省为线上，须寄原件的为邮寄。热线与电子邮件由员工登记。",
    "Channel; by default online, or by mail where originals are needed. Hotline and e-mail are recorded by staff.",
)
RULES = T("所依据规则的编号。", "Ids of the rules behind it.")
DOCUMENTS = T("已上传材料的编号。", "Ids of uploaded papers.")


def _given(zh: str, en: str) -> Any:
    return strawberry.field(description=T(zh, en))


def _flag(zh: str, en: str) -> Any:
    return strawberry.field(default=False, description=T(zh, en))


def _optional(zh: str, en: str) -> Any:
    return strawberry.field(default=None, description=T(zh, en))


@strawberry.input(description=T("账单明细的一项。", "An item of the bill."))
class ClaimLineInput:
    category: str = _given("类别，如 CONSULTATION、DRUG。", "Its category, such as CONSULTATION or DRUG.")
    name: str = _given("名称。", "Its name.")
    amount: Decimal = _given("金额（元）。", "Amount in CNY.")


@strawberry.input(description=T("一次就诊及其发票。", "A visit with its invoice."))
class ClaimVisitInput:
    hospital: str = _given("医院代码。", "Code of the hospital.")
    department_class: DepartmentClass | None = _optional(
        "部别；疫苗理赔须填。", "Class of department; needed to claim a vaccine."
    )
    visited_on: dt.date = _given("就诊日或入院日。", "Day of the visit or of admission.")
    discharged_on: dt.date | None = _optional("出院日。", "Day of discharge.")
    amount: Decimal = _given("申请金额（元）。", "Amount that is claimed, in CNY.")
    invoice_number: str = _given("发票号码。", "Number of the invoice.")
    invoice_code: str = strawberry.field(
        default="", description=T("发票代码；没有则不填。", "Code of the invoice, where it has one.")
    )
    is_invoice_marked: bool = _flag("发票原件是否已标注索赔。", "Whether the original is marked as claimed.")
    lines: list[ClaimLineInput] = strawberry.field(
        default_factory=list,
        description=T(
            "账单明细，合计等于申请金额；不填则整张发票为一项。",
            "Items of the bill, which come to the amount; by default the invoice as a whole.",
        ),
    )


@strawberry.input(description=T("拟申请理赔的一次就诊。", "A visit that somebody thinks of claiming."))
class ClaimChecklistVisitInput:
    hospital: str | None = _optional("医院代码。", "Code of the hospital.")
    department_class: DepartmentClass | None = _optional("部别。", "Class of department.")
    visited_on: dt.date = _given("就诊日或入院日。", "Day of the visit or of admission.")
    amount: Decimal = _given("申请金额（元）。", "Amount that is claimed, in CNY.")
    invoice_number: str | None = _optional("发票号码。", "Number of the invoice.")
    is_invoice_marked: bool = _flag("发票原件是否已标注索赔。", "Whether the original is marked as claimed.")


@strawberry.input(description=T("收款账户；户名缺省为被保险人。", "Account to pay to; by default the insured's own."))
class BankAccountInput:
    bank_name: str | None = _optional("开户行。", "The bank.")
    holder: str | None = _optional("户名。", "Name of its holder.")
    number: str | None = _optional("账号或卡号。", "Number of the account or card.")


@strawberry.input(description=T("查询理赔所需材料与渠道。", "Which papers a claim needs, and by which channel."))
class ClaimChecklistInput:
    policy_number: str = strawberry.field(description=POLICY)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    kind: ClaimKind = strawberry.field(description=KIND)
    channel: ClaimChannel | None = strawberry.field(default=None, description=CHANNEL)
    visits: list[ClaimChecklistVisitInput] = _given("各次就诊，1–30 次。", "The visits, 1 to 30.")
    is_emergency: bool = _flag("是否急诊。", "Whether it was an emergency.")
    is_follow_up: bool | None = _optional("是否复诊。", "Whether it was a follow-up visit.")
    has_surgery: bool = _flag("是否手术。", "Whether there was surgery.")
    third_party_settled: bool = _flag(
        "是否已由医保等第三方结算。", "Whether another payer, such as social insurance, has settled a part."
    )


@strawberry.input(description=T("提交事后理赔。", "A claim after the visit."))
class ClaimSubmitInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    kind: ClaimKind = strawberry.field(description=KIND)
    channel: ClaimChannel | None = strawberry.field(default=None, description=CHANNEL)
    visits: list[ClaimVisitInput] = _given("各次就诊，1–30 次。", "The visits, 1 to 30.")
    bank_account: BankAccountInput = _given("收款账户。", "The account to pay to.")
    documents: list[ClaimDocumentInput] = _given("材料，至多 50 份。", "Papers, at most 50.")
    is_emergency: bool = _flag("是否急诊。", "Whether it was an emergency.")
    is_follow_up: bool | None = _optional(
        "是否复诊；互联网处方须填。",
        "Whether it was a follow-up visit; needed for prescriptions of internet hospitals.",
    )
    has_surgery: bool = _flag("是否手术。", "Whether there was surgery.")
    third_party_settled: bool = _flag(
        "是否已由医保等第三方结算。", "Whether another payer, such as social insurance, has settled a part."
    )
    is_self_ordered_test: bool = _flag(
        "是否自行在电商平台购买的检测。", "Whether it is about a test that was bought on a shopping site."
    )
    acknowledged: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=T("已确认的告知编号，见 `disclosures`。", "Ids of disclosures that were read; see `disclosures`."),
    )


@strawberry.input(description=T("补交理赔材料。", "More papers for a claim."))
class ClaimDocumentsAddInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    documents: list[ClaimDocumentInput] = _given("材料，1–50 份。", "Papers, 1 to 50.")


@strawberry.input(description=T("登记寄送原件的包裹。", "A parcel of originals."))
class ClaimShipmentRegisterInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    tracking_number: str | None = _optional("快递单号。", "Tracking number.")
    carrier: str | None = _optional("快递公司。", "Carrier.")
    is_prepaid: bool = strawberry.field(
        default=True, description=T("是否寄付；到付不予接收。", "Whether the sender has paid; else it is not taken in.")
    )
    insured_name: str | None = _optional("被保险人姓名。", "Name of the insured.")
    id_number: str | None = _optional("被保险人证件号码。", "Number of the insured's identity paper.")
    phone: str | None = _optional("联系电话。", "Phone to contact.")


@strawberry.input(description=T("记录原件已收到。", "The originals have arrived."))
class ClaimOriginalsReceiveInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)


@strawberry.input(description=T("开始审核理赔。", "Take a claim up for review."))
class ClaimReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)


@strawberry.input(description=T("一次性要求补充材料。", "Ask for all missing papers in one go."))
class ClaimSupplementRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    kinds: list[str] = strawberry.field(
        default_factory=list, description=T("所缺材料的种类。", "Kinds of papers that are missing.")
    )
    rejected: list[str] = strawberry.field(
        default_factory=list,
        description=T("已交但不合用、须重交的种类。", "Kinds that were handed in and do not serve: asked for again."),
    )
    note: str | None = _optional("说明；有退回的材料时必填。", "A note; needed where papers are rejected.")


@strawberry.input(description=T("撤回理赔。", "Withdraw a claim."))
class ClaimWithdrawInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    reason: str | None = strawberry.field(default=None, description=REASON)


@strawberry.input(description=T("因材料始终不全而关闭理赔。", "Close a claim whose papers never came."))
class ClaimCloseInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    reason: str = strawberry.field(description=REASON)


@strawberry.input(description=T("更换收款账户。", "Another account to pay to."))
class ClaimAccountChangeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    bank_account: BankAccountInput = _given("收款账户。", "The account to pay to.")


@strawberry.input(
    description=T(
        "对一个项目的裁定；申请金额减去以下各项即为赔付金额。",
        "What is decided of one line: what it asks for less these is paid.",
    )
)
class ClaimRulingInput:
    position: int = _given("项目的序号。", "Place of the line.")
    excluded: Decimal | None = _optional("除外金额（元）。", "Part that is excluded, in CNY.")
    other: Decimal | None = _optional("其他扣除（元）。", "Deducted for another reason, in CNY.")
    deductible: Decimal | None = _optional("免赔额（元）。", "Part within the deductible, in CNY.")
    copay: Decimal | None = _optional("客户自付金额（元）。", "The client's share, in CNY.")
    copay_percent: Decimal | None = _optional(
        "客户自付比例（%），按认可金额减免赔额计，四舍五入到分。",
        "The client's share in percent of what is allowed beyond the deductible, rounded half up to the cent.",
    )
    reason: str | None = _optional(
        "理由；有除外或其他扣除时必填。", "Its reason; needed where something is not covered."
    )
    rules: list[str] = strawberry.field(default_factory=list, description=RULES)


RULINGS = T("各项目的裁定，每项一次。", "What is decided of each line, every line once.")


@strawberry.input(description=T("认可或不认可一份材料。", "Accept a paper, or not."))
class ClaimDocumentReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    document: strawberry.ID = _given("材料的编号。", "Id of the paper.")
    is_accepted: bool = _given("是否认可。", "Whether it serves.")
    reason: str | None = _optional(
        "理由，如看不清、不是所要的材料；不认可时必填。",
        "Why it does not serve, such as that it cannot be read, or is another paper; needed where it is not accepted.",
    )


@strawberry.input(description=T("决定理赔，或更正已有的决定。", "Decide a claim, or correct its decision."))
class ClaimAdjudicateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    lines: list[ClaimRulingInput] = strawberry.field(description=RULINGS)
    reason: str | None = _optional(
        "理由；未全部认可或更正时必填。", "The reason; needed for a refusal, in whole or in part, and for a correction."
    )
    rules: list[str] = strawberry.field(default_factory=list, description=RULES)


@strawberry.input(description=T("主管批准或退回理赔决定。", "A supervisor's word on a decision."))
class ClaimApproveInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    is_approved: bool = _given("是否批准。", "Whether it stands.")
    reason: str | None = _optional("理由；退回时必填。", "The reason; needed to send it back.")


@strawberry.input(description=T("支付赔款，或记录支付的结果。", "Pay a claim, or record how a payment ended."))
class ClaimPayInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    claim: strawberry.ID = strawberry.field(description=CLAIM)
    result: ClaimPaymentStatus = strawberry.field(
        default=ClaimPaymentStatus.PAID,
        description=T(
            "ORDERED 为发起；PAID、FAILED 为结果，没有发起过的一并登记。",
            "ORDERED orders it; PAID and FAILED say how it ended, with the order if there was none.",
        ),
    )
    reference: str | None = _optional(
        "付款流水号；缺省由系统给出。", "Reference of the payment; made by the gateway where it is left out."
    )
    failure: str | None = _optional("失败原因；仅失败时填写。", "Why it failed; for a failed payment alone.")
