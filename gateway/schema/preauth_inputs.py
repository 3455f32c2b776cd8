"""Inputs about pre-authorizations, letters of guarantee and emergencies."""

import datetime as dt
from decimal import Decimal

import strawberry

from gateway.language import T
from gateway.schema.case_enums import Channel, ItemDecision, TreatmentCategory
from gateway.schema.mutations import KEY

POLICY = T("保单号。", "Policy number.")
PREAUTH = T("事先授权的编号。", "Id of the pre-authorization.")
LETTER = T("担保函的编号。", "Id of the letter.")
REASON = T("缘由。", "Why.")
INSURED = T(
    "被保险人的编号；保单有多位被保险人时必填。", "Id of the insured; needed where the policy insures several people."
)
DOCUMENTS = T("已上传材料的编号。", "Ids of uploaded papers.")
EXPECTED = T(
    "保险期间内预计累计费用（元），含已发生的；缺省为各项目之和。",
    "Cost in CNY that is expected in the policy term, with what has arisen already; by default the sum of the items.",
)


@strawberry.input(description=T("申请授权的一个项目。", "One treatment that authorization is asked for."))
class PreAuthItemInput:
    category: TreatmentCategory = strawberry.field(description=T("类别。", "Its category."))
    name: str = strawberry.field(description=T("名称。", "Its name."))
    unit_price: Decimal | None = strawberry.field(default=None, description=T("单价（元）。", "Price of a unit, CNY."))
    per_treatment: Decimal | None = strawberry.field(
        default=None, description=T("单次治疗费用（元）。", "Cost of one treatment, CNY.")
    )
    is_large_exam: bool = strawberry.field(
        default=False, description=T("是否大型检查检验。", "Whether it is a large examination or test.")
    )
    is_rental: bool = strawberry.field(
        default=False, description=T("设备是否租用。", "Whether equipment is rented, not bought.")
    )


@strawberry.input(description=T("查询是否须先取得授权。", "Whether authorization is needed first."))
class PreAuthRequirementInput:
    policy_number: str = strawberry.field(description=POLICY)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    hospital: str | None = strawberry.field(default=None, description=T("医院代码。", "Code of the hospital."))
    treatment_on: dt.date = strawberry.field(description=T("预定治疗日。", "Planned day of the treatment."))
    items: list[PreAuthItemInput] = strawberry.field(description=T("各项目，1–50 个。", "The items, 1 to 50."))
    expected_cumulative: Decimal | None = strawberry.field(default=None, description=EXPECTED)
    supersedes: strawberry.ID | None = strawberry.field(
        default=None,
        description=T(
            "打算变更或延长的申请的编号；累计金额不再计入它。",
            "Id of the request that is to be extended or changed; it counts no more towards cumulative sums.",
        ),
    )


@strawberry.input(description=T("提交事先授权申请。", "A request for authorization before treatment."))
class PreAuthSubmitInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    treatment_on: dt.date = strawberry.field(description=T("预定治疗日。", "Planned day of the treatment."))
    channel: Channel = strawberry.field(default=Channel.MINI_PROGRAM, description=T("渠道。", "How it is sent."))
    items: list[PreAuthItemInput] = strawberry.field(description=T("各项目，1–50 个。", "The items, 1 to 50."))
    diagnosis: str = strawberry.field(description=T("诊断。", "Diagnosis."))
    expected_cumulative: Decimal | None = strawberry.field(default=None, description=EXPECTED)
    late_reason: str | None = strawberry.field(
        default=None,
        description=T(
            "员工例外受理逾期申请的理由；其他人填写不起作用。",
            "Why staff take a late request; of no effect from anybody else.",
        ),
    )
    supersedes: strawberry.ID | None = strawberry.field(
        default=None,
        description=T(
            "所变更或延长的申请的编号；旧申请在新申请获批前继续有效，获批时其担保函由新函取代，已支取的金额结转。",
            "Id of the request that this one extends or changes. What was approved stays in force until something is "
            "granted on this one; then a new letter takes the place of the old one and carries what was drawn.",
        ),
    )
    documents: list[strawberry.ID] = strawberry.field(default_factory=list, description=DOCUMENTS)
    acknowledged: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=T("已确认的告知编号，见 `disclosures`。", "Ids of disclosures that were read; see `disclosures`."),
    )


@strawberry.input(description=T("通知一次急诊。", "An emergency that left no time to ask first."))
class PreAuthEmergencyNotifyInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    emergency_at: dt.datetime = strawberry.field(
        description=T("急诊就诊开始的时刻。", "When the emergency visit began.")
    )
    channel: Channel = strawberry.field(default=Channel.MINI_PROGRAM, description=T("渠道。", "How it is sent."))
    diagnosis: str | None = strawberry.field(default=None, description=T("诊断。", "Diagnosis."))
    items: list[PreAuthItemInput] = strawberry.field(
        default_factory=list, description=T("已知的项目，至多 50 个。", "Treatments that are known, at most 50.")
    )
    documents: list[strawberry.ID] = strawberry.field(default_factory=list, description=DOCUMENTS)


@strawberry.input(
    description=T("撤回事先授权，其担保函一并作废。", "Withdraw a pre-authorization, and with it its letters.")
)
class PreAuthWithdrawInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)
    reason: str | None = strawberry.field(default=None, description=REASON)


@strawberry.input(description=T("开始审核。", "Take a request up for review."))
class PreAuthReviewInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)


@strawberry.input(description=T("要求补充信息。", "Ask for more information."))
class PreAuthInquireInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)
    question: str = strawberry.field(description=T("问题。", "The question."))


@strawberry.input(description=T("答复补充信息的要求。", "Answer what the insurer asked."))
class PreAuthAnswerInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)
    answer: str = strawberry.field(description=T("答复。", "The answer."))
    documents: list[strawberry.ID] = strawberry.field(default_factory=list, description=DOCUMENTS)


@strawberry.input(description=T("对一个项目的决定。", "The decision on one item."))
class PreAuthItemDecisionInput:
    position: int = strawberry.field(description=T("项目的序号，自 1 起。", "Place of the item, from 1 on."))
    decision: ItemDecision = strawberry.field(description=T("决定。", "The decision."))
    approved_amount: Decimal | None = strawberry.field(
        default=None,
        description=T(
            "批准的金额（元）；全额批准时缺省为项目的价格。",
            "Amount in CNY that is granted; for a full approval by default the price of the item.",
        ),
    )
    reason: str | None = strawberry.field(default=None, description=T("理由；不批准时必填。", "Why; needed to deny."))


@strawberry.input(description=T("逐项决定。", "Decide a request, item by item."))
class PreAuthDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)
    decisions: list[PreAuthItemDecisionInput] = strawberry.field(description=T("每个项目一项。", "One for every item."))
    valid_until: dt.date | None = strawberry.field(
        default=None,
        description=T(
            "授权的最后可用日；有批准时必填。", "Last day of the authorization; needed where something is granted."
        ),
    )
    reason: str | None = strawberry.field(default=None, description=REASON)


@strawberry.input(description=T("主管批准或退回超过权限的决定。", "A supervisor's word on a decision above the limit."))
class PreAuthApproveInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)
    is_approved: bool = strawberry.field(description=T("批准；否则退回。", "Approved; else sent back."))
    reason: str | None = strawberry.field(
        default=None, description=T("理由；退回时必填。", "Why; needed to send back.")
    )


@strawberry.input(description=T("决定是否豁免逾期的紧急通知。", "Whether a late notice is excused."))
class EmergencyNoticeDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    notice: strawberry.ID = strawberry.field(description=T("紧急通知的编号。", "Id of the notice."))
    is_granted: bool = strawberry.field(description=T("是否豁免。", "Whether it is excused."))
    reason: str = strawberry.field(description=REASON)


@strawberry.input(description=T("为已批准的授权重新签发担保函。", "Another letter for what was approved."))
class GuaranteeLetterIssueInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    pre_auth: strawberry.ID = strawberry.field(description=PREAUTH)


@strawberry.input(description=T("记录担保函已送达医院。", "Record that the hospital has the letter."))
class GuaranteeLetterDeliverInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    letter: strawberry.ID = strawberry.field(description=LETTER)


@strawberry.input(description=T("撤销担保函。", "Take a letter back."))
class GuaranteeLetterRevokeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    letter: strawberry.ID = strawberry.field(description=LETTER)
    reason: str = strawberry.field(description=REASON)


@strawberry.input(description=T("直付理赔支取担保函。", "A direct claim draws on a letter."))
class GuaranteeLetterDrawInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    letter: strawberry.ID = strawberry.field(description=LETTER)
    claim: strawberry.ID = strawberry.field(description=T("直付理赔的编号。", "Id of the direct claim."))
    amount: Decimal = strawberry.field(description=T("金额（元）。", "Amount in CNY."))


@strawberry.input(
    description=T("把直付理赔支取的金额退回担保函。", "Give back to a letter what a direct claim has drawn.")
)
class GuaranteeLetterReturnInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    letter: strawberry.ID = strawberry.field(description=LETTER)
    claim: strawberry.ID = strawberry.field(description=T("直付理赔的编号。", "Id of the direct claim."))
    amount: Decimal = strawberry.field(description=T("金额（元）。", "Amount in CNY."))
    reason: str = strawberry.field(description=REASON)
