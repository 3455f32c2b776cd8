"""Closed sets of claims."""

from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("理赔的种类。", "Kind of a claim."))
class ClaimKind(Enum):
    PUBLIC_OUTPATIENT = word("PUBLIC_OUTPATIENT", "公立医院门急诊事后理赔。", "After an outpatient visit, public.")
    PUBLIC_INPATIENT = word("PUBLIC_INPATIENT", "公立医院住院事后理赔。", "After a stay in a public hospital.")
    INTERNET_PRESCRIPTION = word("INTERNET_PRESCRIPTION", "互联网医院处方。", "A prescription of an internet hospital.")
    VACCINE = word("VACCINE", "疫苗事后理赔。", "After a vaccination.")
    DIRECT_OUTPATIENT = word("DIRECT_OUTPATIENT", "门急诊直付。", "Outpatient, billed directly.")
    DIRECT_INPATIENT = word("DIRECT_INPATIENT", "住院直付。", "Inpatient, billed directly.")
    DIRECT_VACCINE = word("DIRECT_VACCINE", "疫苗直付。", "Vaccination, billed directly.")
    DIRECT_DENTAL = word("DIRECT_DENTAL", "齿科直付。", "Dental care, billed directly.")
    DIRECT_EYE = word("DIRECT_EYE", "眼科直付。", "Eye care, billed directly.")
    DIRECT_HEALTH_CHECK = word("DIRECT_HEALTH_CHECK", "健康检查直付。", "Health check, billed directly.")
    ADVANCE_SETTLEMENT = word("ADVANCE_SETTLEMENT", "住院垫付的结算。", "Settlement of an advance payment.")


@strawberry.enum(description=T("理赔材料的递交渠道。", "Channel by which papers of a claim come."))
class ClaimChannel(Enum):
    ONLINE = word("ONLINE", "线上。", "Online.")
    MAIL_ORIGINALS = word("MAIL_ORIGINALS", "邮寄原件。", "Originals by post.")
    HOTLINE = word("HOTLINE", "热线电话。", "Hotline.")
    EMAIL = word("EMAIL", "电子邮件。", "E-mail.")


@strawberry.enum(description=T("理赔的状态。", "State of a claim."))
class ClaimStatus(Enum):
    AWAITING_SIGNATURE = word("AWAITING_SIGNATURE", "直付账单待签字。", "The client has yet to sign the direct bill.")
    SUBMITTED = word("SUBMITTED", "已提交。", "Submitted.")
    AWAITING_ORIGINALS = word("AWAITING_ORIGINALS", "等待原件。", "Originals have yet to arrive.")
    UNDER_REVIEW = word("UNDER_REVIEW", "审核中。", "Under review.")
    SUPPLEMENT_REQUESTED = word("SUPPLEMENT_REQUESTED", "待补充材料，时限暂停。", "Papers are missing; clocks rest.")
    AWAITING_APPROVAL = word(
        "AWAITING_APPROVAL", "已有决定，待主管批准。", "Decided; above the limit, so that a supervisor approves."
    )
    DECIDED = word("DECIDED", "已决定。", "Decided.")
    PAID = word("PAID", "已支付。", "Paid.")
    PAYMENT_FAILED = word("PAYMENT_FAILED", "支付失败。", "The payment failed.")
    CLOSED_INCOMPLETE = word("CLOSED_INCOMPLETE", "材料不全，已关闭。", "Closed, since papers never came.")
    WITHDRAWN = word("WITHDRAWN", "已撤回。", "Withdrawn.")


@strawberry.enum(description=T("理赔结论。", "Outcome of a claim."))
class ClaimOutcome(Enum):
    APPROVED = word("APPROVED", "赔付。", "Approved.")
    PARTIALLY_APPROVED = word("PARTIALLY_APPROVED", "部分赔付。", "Approved in part.")
    REFUSED = word("REFUSED", "不予赔付。", "Refused.")


@strawberry.enum(description=T("清单中一份材料的状态。", "State of a paper on the checklist."))
class PaperStatus(Enum):
    MISSING = word("MISSING", "缺少。", "Missing.")
    PROVIDED = word("PROVIDED", "已提供。", "Provided.")
    ACCEPTED = word("ACCEPTED", "已采纳。", "Accepted.")
    REJECTED = word("REJECTED", "未采纳。", "Rejected.")


@strawberry.enum(description=T("补充材料要求的状态。", "State of a request for more papers."))
class SupplementStatus(Enum):
    OPEN = word("OPEN", "待补充。", "Open.")
    ANSWERED = word("ANSWERED", "已补充。", "Answered.")
    OVERDUE = word("OVERDUE", "逾期。", "Overdue.")
    WITHDRAWN = word("WITHDRAWN", "已撤回。", "Withdrawn.")


@strawberry.enum(description=T("赔款付给谁。", "To whom a claim is paid."))
class ClaimPayee(Enum):
    CUSTOMER = word("CUSTOMER", "客户。", "The client.")
    HOSPITAL = word("HOSPITAL", "医院。", "The hospital.")
    VENDOR = word("VENDOR", "服务商。", "The vendor.")


@strawberry.enum(description=T("赔款支付的状态。", "State of a payment of a claim."))
class ClaimPaymentStatus(Enum):
    ORDERED = word("ORDERED", "已发起。", "Ordered.")
    PAID = word("PAID", "已支付。", "Paid.")
    FAILED = word("FAILED", "失败。", "Failed.")


@strawberry.enum(description=T("客户签字的文件。", "A paper that the client has signed."))
class SignedPaper(Enum):
    BILL = word("BILL", "账单。", "The bill.")
    FORM = word("FORM", "直付理赔表。", "The form.")
    RECEIPT = word("RECEIPT", "收据。", "The receipt.")


@strawberry.enum(description=T("申诉的状态。", "State of an appeal."))
class AppealStatus(Enum):
    FILED = word("FILED", "已提出。", "Filed.")
    UNDER_REVIEW = word("UNDER_REVIEW", "复核中。", "Under review.")
    DECIDED = word("DECIDED", "已决定。", "Decided.")


@strawberry.enum(description=T("申诉的结论。", "Outcome of an appeal."))
class AppealOutcome(Enum):
    UPHELD = word("UPHELD", "维持原决定。", "The decision stands.")
    PARTIALLY_OVERTURNED = word("PARTIALLY_OVERTURNED", "部分改变。", "Changed in part.")
    OVERTURNED = word("OVERTURNED", "改变。", "Changed.")
