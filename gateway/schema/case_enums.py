"""Closed sets of pre-authorizations, claims, advances, bills and cards."""

from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("案件的排序。", "Ordering of cases."))
class CaseOrder(Enum):
    CREATED_AT_DESC = word("CREATED_AT_DESC", "登记时间，新的在前。", "By their beginning, newest first.")
    CREATED_AT_ASC = word("CREATED_AT_ASC", "登记时间，旧的在前。", "By their beginning, oldest first.")
    NUMBER_ASC = word("NUMBER_ASC", "编号。", "By number.")


@strawberry.enum(description=T("事先授权的状态。", "State of a pre-authorization."))
class PreAuthStatus(Enum):
    SUBMITTED = word("SUBMITTED", "已提交。", "Submitted.")
    UNDER_REVIEW = word("UNDER_REVIEW", "审核中。", "Under review.")
    INFO_REQUESTED = word("INFO_REQUESTED", "待补充信息，时限暂停。", "More is asked to be known; the clock rests.")
    AWAITING_APPROVAL = word(
        "AWAITING_APPROVAL", "已有决定，待主管批准。", "Decided; above the limit, so that a supervisor approves."
    )
    APPROVED = word("APPROVED", "全部项目已批准。", "Every item is approved.")
    PARTIALLY_APPROVED = word("PARTIALLY_APPROVED", "部分批准。", "Some is approved, some is not.")
    REFUSED = word("REFUSED", "未批准。", "Nothing is approved.")
    NOT_REQUIRED = word("NOT_REQUIRED", "无需授权。", "No item needs it.")
    WITHDRAWN = word("WITHDRAWN", "已撤回。", "Withdrawn.")
    SUPERSEDED = word("SUPERSEDED", "已被修订版取代。", "A revision has taken its place.")
    EXPIRED = word("EXPIRED", "授权已过期。", "The approval has run out.")


@strawberry.enum(description=T("申请事先授权的项目类别。", "Category of treatment in a pre-authorization."))
class TreatmentCategory(Enum):
    INPATIENT = word("INPATIENT", "住院。", "A hospital stay.")
    OBSERVATION_WARD = word("OBSERVATION_WARD", "留观（病房）。", "A stay in an observation ward.")
    SURGERY = word("SURGERY", "手术。", "Surgery.")
    SURGERY_UNDER_GENERAL_ANESTHESIA = word(
        "SURGERY_UNDER_GENERAL_ANESTHESIA", "全身麻醉的门诊手术。", "Outpatient surgery under general anesthesia."
    )
    CHEMOTHERAPY = word("CHEMOTHERAPY", "化学治疗。", "Chemotherapy.")
    RADIOTHERAPY = word("RADIOTHERAPY", "放射治疗。", "Radiotherapy.")
    TUMOR_IMMUNOTHERAPY = word("TUMOR_IMMUNOTHERAPY", "肿瘤免疫疗法。", "Immunotherapy of a tumor.")
    TUMOR_ENDOCRINE_THERAPY = word("TUMOR_ENDOCRINE_THERAPY", "肿瘤内分泌疗法。", "Endocrine therapy of a tumor.")
    PROTON_OR_HEAVY_ION = word("PROTON_OR_HEAVY_ION", "质子重离子治疗。", "Proton or heavy-ion therapy.")
    DIALYSIS = word("DIALYSIS", "透析。", "Dialysis.")
    SPECIAL_OUTPATIENT = word("SPECIAL_OUTPATIENT", "特殊门诊治疗。", "Special outpatient treatment.")
    CRITICAL_ILLNESS = word("CRITICAL_ILLNESS", "重大疾病的治疗。", "Treatment of a critical illness.")
    EXAMINATION = word("EXAMINATION", "检查检验。", "An examination or test.")
    TREATMENT = word("TREATMENT", "其他治疗。", "Another treatment.")
    INJECTION_OR_DRUG = word("INJECTION_OR_DRUG", "针剂或药品。", "An injection or a drug.")
    DURABLE_EQUIPMENT = word("DURABLE_EQUIPMENT", "耐用医疗设备。", "Durable medical equipment.")
    OTHER = word("OTHER", "其他。", "Something else.")


@strawberry.enum(description=T("对一个项目的决定。", "Decision on one item."))
class ItemDecision(Enum):
    APPROVED = word("APPROVED", "批准。", "Approved.")
    MODIFIED = word("MODIFIED", "调整后批准。", "Approved with changes.")
    PARTIALLY_APPROVED = word("PARTIALLY_APPROVED", "部分批准。", "Approved in part.")
    DENIED = word("DENIED", "不批准。", "Denied.")
    NOT_REQUIRED = word("NOT_REQUIRED", "无需授权。", "Needs no authorization.")


@strawberry.enum(description=T("提交的渠道。", "Channel of a request or a notice."))
class Channel(Enum):
    MINI_PROGRAM = word("MINI_PROGRAM", "小程序。", "Mini-program.")
    OFFICIAL_ACCOUNT = word("OFFICIAL_ACCOUNT", "公众号。", "Official account.")
    HOTLINE = word("HOTLINE", "热线电话。", "Hotline.")
    EMAIL = word("EMAIL", "电子邮件。", "E-mail.")
    HOSPITAL = word("HOSPITAL", "经医院提交。", "By the hospital.")


@strawberry.enum(description=T("担保函的状态。", "State of a guarantee letter."))
class LetterStatus(Enum):
    ISSUED = word("ISSUED", "已签发。", "Issued.")
    DELIVERED = word("DELIVERED", "已送达医院。", "Delivered to the hospital.")
    DRAWN = word("DRAWN", "已部分使用。", "Partly used.")
    EXHAUSTED = word("EXHAUSTED", "已用完。", "Used up.")
    EXPIRED = word("EXPIRED", "已过期。", "Run out.")
    REVOKED = word("REVOKED", "已撤销。", "Revoked.")
    SUPERSEDED = word("SUPERSEDED", "已被新函取代。", "Another letter has taken its place.")


@strawberry.enum(description=T("紧急通知的状态。", "State of an emergency notice."))
class NoticeStatus(Enum):
    ON_TIME = word("ON_TIME", "按时。", "In time.")
    LATE = word("LATE", "逾期，等待人工审核。", "Late; people decide.")
    WAIVER_GRANTED = word("WAIVER_GRANTED", "逾期，已予豁免。", "Late, and excused.")
    WAIVER_REFUSED = word("WAIVER_REFUSED", "逾期，不予豁免。", "Late, and not excused.")


@strawberry.enum(description=T("住院垫付的状态。", "State of an advance payment."))
class AdvanceStatus(Enum):
    REQUESTED = word("REQUESTED", "已申请，材料待齐。", "Asked for; papers are being gathered.")
    UNDER_REVIEW = word("UNDER_REVIEW", "服务商审核中。", "The vendor reviews it.")
    INVESTIGATING = word("INVESTIGATING", "查勘中。", "Under investigation.")
    REVIEWED = word("REVIEWED", "服务商已通过，待保险公司授权。", "Passed by the vendor; waits for the insurer.")
    AUTHORIZED = word(
        "AUTHORIZED",
        "审核（及所需的授权）已通过，待签署。",
        "Passed by all who must; waits for the signature.",
    )
    SIGNED = word("SIGNED", "已签署，待支付。", "Signed; waits for the payment.")
    PAID = word("PAID", "已垫付。", "Paid to the hospital.")
    DISCHARGE_NOTIFIED = word("DISCHARGE_NOTIFIED", "已通知出院。", "The discharge has been announced.")
    SETTLED = word("SETTLED", "已结算。", "Settled.")
    REFUSED = word("REFUSED", "未通过。", "Refused.")
    CANCELLED = word("CANCELLED", "已取消。", "Cancelled.")


@strawberry.enum(description=T("住院原因。", "Why somebody is in hospital."))
class AdmissionCause(Enum):
    DISEASE = word("DISEASE", "疾病。", "A disease.")
    ACCIDENT = word("ACCIDENT", "意外。", "An accident.")


@strawberry.enum(description=T("垫付费用的种类。", "Kind of cost that is paid in advance."))
class AdvanceCostType(Enum):
    INPATIENT_TREATMENT = word("INPATIENT_TREATMENT", "住院治疗费用。", "Treatment during a hospital stay.")
    DEPOSIT = word("DEPOSIT", "住院押金。", "The hospital's deposit.")
    OUTPATIENT = word("OUTPATIENT", "门急诊费用。", "Outpatient or emergency costs.")


@strawberry.enum(description=T("一笔垫付的种类。", "Kind of one payment of an advance."))
class AdvancePaymentKind(Enum):
    FIRST = word("FIRST", "首笔。", "The first payment.")
    TOP_UP = word("TOP_UP", "追加。", "A top-up.")


@strawberry.enum(description=T("一笔垫付的状态。", "State of one payment of an advance."))
class AdvancePaymentStatus(Enum):
    REQUESTED = word("REQUESTED", "已申请。", "Asked for.")
    APPROVED = word("APPROVED", "已批准。", "Approved.")
    REFUSED = word("REFUSED", "未批准。", "Refused.")
    CANCELLED = word("CANCELLED", "已取消。", "Cancelled.")
    PAID = word("PAID", "已支付。", "Paid.")


@strawberry.enum(description=T("审核的环节。", "Stage of a review."))
class ReviewStage(Enum):
    VENDOR = word("VENDOR", "服务商。", "The vendor's.")
    INSURER = word("INSURER", "保险公司。", "The insurer's.")


@strawberry.enum(description=T("审核结论。", "Outcome of a review."))
class ReviewOutcome(Enum):
    APPROVED = word("APPROVED", "通过。", "Approved.")
    REFUSED = word("REFUSED", "不通过。", "Refused.")
    INVESTIGATE = word("INVESTIGATE", "需查勘。", "To be investigated.")


@strawberry.enum(description=T("账单的状态。", "State of a bill."))
class BillStatus(Enum):
    ISSUED = word("ISSUED", "待支付。", "To be paid.")
    PARTIALLY_PAID = word("PARTIALLY_PAID", "部分支付。", "Paid in part.")
    PAID = word("PAID", "已付清。", "Paid.")
    WAIVED = word("WAIVED", "余额已豁免。", "What was left has been waived.")


@strawberry.enum(description=T("就诊方式。", "Kind of visit."))
class BilledVisit(Enum):
    OUTPATIENT = word("OUTPATIENT", "门诊。", "Outpatient.")
    EMERGENCY = word("EMERGENCY", "急诊。", "Emergency.")
    INPATIENT = word("INPATIENT", "住院。", "Inpatient.")


@strawberry.enum(description=T("一次支付的状态。", "State of one attempt to pay."))
class PaymentStatus(Enum):
    PENDING = word("PENDING", "处理中。", "Under way.")
    PAID = word("PAID", "成功。", "Paid.")
    FAILED = word("FAILED", "失败。", "Failed.")
    REFUND_DUE = word(
        "REFUND_DUE",
        "到账时账单已无此欠款，待退还。",
        "It came when no such sum was owed any more: to be given back.",
    )


@strawberry.enum(description=T("提醒的方式。", "How somebody is reminded."))
class ReminderChannel(Enum):
    PHONE = word("PHONE", "电话。", "Phone.")
    EMAIL = word("EMAIL", "电子邮件。", "E-mail.")


@strawberry.enum(description=T("返还款的缘由。", "Why a sum is to be paid back."))
class RepaymentCause(Enum):
    ADVANCE_EXCESS = word("ADVANCE_EXCESS", "垫付高于理赔金额。", "More was advanced than the claim pays.")
    NOT_COVERED = word("NOT_COVERED", "不属于保险责任。", "It turned out not to be covered.")
    OVER_LIMIT = word("OVER_LIMIT", "超过限额。", "It was above the limit.")
    REVISED = word("REVISED", "理赔决定已变更。", "The decision was revised.")
    IMPERSONATION = word("IMPERSONATION", "冒名使用。", "Somebody else had used it.")


@strawberry.enum(description=T("账单异议的状态。", "State of a dispute of a bill."))
class BillDisputeStatus(Enum):
    OPEN = word("OPEN", "待处理。", "Waits for a decision.")
    UPHELD = word("UPHELD", "账单维持不变。", "The bill stands.")
    ADJUSTED = word("ADJUSTED", "账单已调减。", "A part was taken off the bill.")
    WITHDRAWN = word("WITHDRAWN", "客户已撤回。", "Withdrawn.")
    LAPSED = word("LAPSED", "账单在处理前已结清。", "The bill was settled before anybody decided.")


@strawberry.enum(description=T("对账单异议的处理。", "What is decided on a dispute of a bill."))
class BillDisputeOutcome(Enum):
    UPHELD = word("UPHELD", "账单维持不变。", "The bill stands.")
    ADJUSTED = word("ADJUSTED", "调减账单。", "A part is taken off the bill.")


@strawberry.enum(description=T("返还给谁。", "To whom a sum is paid back."))
class RepaymentPayee(Enum):
    INSURER = word("INSURER", "保险公司。", "The insurer.")
    VENDOR = word("VENDOR", "服务商。", "The vendor.")


@strawberry.enum(description=T("返还款的状态。", "State of a sum to be paid back."))
class RepaymentStatus(Enum):
    OPEN = word("OPEN", "待返还。", "To be paid back.")
    PARTIALLY_PAID = word("PARTIALLY_PAID", "部分返还。", "Paid back in part.")
    SETTLED = word("SETTLED", "已结清。", "Paid back.")
    WAIVED = word("WAIVED", "已豁免。", "Waived.")


@strawberry.enum(description=T("返还记录的种类。", "Kind of an entry of a repayment."))
class RepaymentEntryKind(Enum):
    PAYMENT = word("PAYMENT", "返还。", "A payment.")
    WAIVER = word("WAIVER", "豁免。", "A waiver.")
    WRITE_OFF = word("WRITE_OFF", "核销。", "Written off.")


@strawberry.enum(description=T("电子卡此刻的状态。", "State of a card at this moment."))
class CardStatus(Enum):
    NOT_BOUND = word("NOT_BOUND", "未绑定。", "Nobody has bound it.")
    ACTIVE = word("ACTIVE", "有效。", "In working order.")
    GREYED = word("GREYED", "已置灰，不能直付。", "Greyed out: it opens no direct billing.")
    EXPIRED = word("EXPIRED", "保障已结束。", "The cover is over.")


@strawberry.enum(description=T("卡片停用的原因。", "Why a card is suspended."))
class SuspensionCause(Enum):
    BILL = word("BILL", "账单未付。", "An unpaid bill.")
    REPAYMENT = word("REPAYMENT", "款项未返还。", "A sum that was not paid back.")
    RESTRICTION = word("RESTRICTION", "使用受限。", "A restriction.")


@strawberry.enum(description=T("绑卡的核验方式。", "How it was proven who binds a card."))
class BindingProof(Enum):
    PHONE_CODE = word("PHONE_CODE", "手机验证码。", "A code sent to the phone.")
    IDENTITY = word("IDENTITY", "证件信息。", "The identity paper.")


@strawberry.enum(description=T("文件的状态。", "State of a document."))
class DocumentStatus(Enum):
    RESERVED = word("RESERVED", "已发上传凭证，尚未上传。", "A ticket was given; nothing has been uploaded.")
    UPLOADED = word("UPLOADED", "已上传，待检查。", "Uploaded, and not checked yet.")
    CHECKING = word("CHECKING", "检查中。", "Being checked.")
    CLEAN = word("CLEAN", "检查通过，可以读取。", "Checked; it can be read.")
    INFECTED = word("INFECTED", "含有恶意内容，已删除。", "Harmful; its bytes are deleted.")
    UNSUPPORTED = word("UNSUPPORTED", "不是可接受的文件，已删除。", "Not a file that is taken; its bytes are deleted.")
    ACCEPTED = word("ACCEPTED", "审核人员认可。", "Accepted by whoever reviews the case.")
    REJECTED = word("REJECTED", "审核人员不认可。", "Not accepted by whoever reviews the case.")
    EXPIRED = word("EXPIRED", "未用于任何事项，已到期删除。", "Used for no case in its time; its bytes are deleted.")
    REMOVED = word(
        "REMOVED",
        "保管期满，内容已删除；登记信息与摘要保留。",
        "Kept for its time; its bytes are deleted, and what is known of it stays.",
    )
