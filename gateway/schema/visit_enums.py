"""Closed sets of visits that are billed directly."""

from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("就诊类型。", "Type of a visit."))
class VisitType(Enum):
    OUTPATIENT = word("OUTPATIENT", "门诊。", "Outpatient.")
    INPATIENT = word("INPATIENT", "住院。", "Inpatient.")


@strawberry.enum(description=T("失约的种类。", "How a visit was missed."))
class StrikeKind(Enum):
    LATE_CANCELLED = word("LATE_CANCELLED", "逾时取消。", "Called off too late.")
    NO_SHOW = word("NO_SHOW", "未到诊。", "The client did not come.")


@strawberry.enum(description=T("失约之后的限制。", "What a client is shut out from after missed visits."))
class VisitRestriction(Enum):
    HOSPITAL = word("HOSPITAL", "列入该医院黑名单。", "Bookings at this hospital: its own decision.")
    BOOKING = word("BOOKING", "停用保险预约，由保险公司决定。", "Insured bookings: the insurer decides.")
    DIRECT_BILLING = word("DIRECT_BILLING", "停用直付，由保险公司决定。", "Direct billing: the insurer decides.")


@strawberry.enum(description=T("转品牌申请的状态。", "State of a request to move to another brand."))
class BrandTransferStatus(Enum):
    REQUESTED = word("REQUESTED", "待审核。", "Waits for a decision.")
    APPROVED = word("APPROVED", "已同意，转至指定品牌。", "Approved: the series goes to the named brand.")
    REJECTED = word("REJECTED", "不同意。", "Rejected.")


@strawberry.enum(description=T("对转品牌申请的决定。", "Decision on a request to move to another brand."))
class BrandTransferDecision(Enum):
    APPROVE = word("APPROVE", "同意。", "Approve.")
    REJECT = word("REJECT", "不同意。", "Reject.")
