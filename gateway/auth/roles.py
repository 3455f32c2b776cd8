"""Which staff may send which operation: one table. What is not in it is open to every role that has the scope."""

from collections.abc import Mapping

from gateway.auth.viewer import Viewer, ViewerKind
from gateway.faults import Code, Fault

DECIDING = frozenset({"adjuster", "supervisor"})
SERVING = DECIDING | {"hotline"}

STAFF_OPERATIONS: Mapping[str, frozenset[str]] = {
    "policyRegister": SERVING,
    "bookingDeductionDecide": DECIDING,
    "bookingDeadlineExcuse": DECIDING,
    "hotlineOverride": frozenset({"hotline"}),
    "noticePublish": frozenset({"supervisor"}),
    "messageAnswer": SERVING,
    "complaintAnswer": SERVING,
    "visitRestrictionLift": DECIDING,
    "accessGrant": DECIDING,
    "accessRevoke": SERVING,  # taking away is urgent more often than giving
    "personalDataUnmask": frozenset({"supervisor"}),
    "vaccineBrandTransferDecide": DECIDING,
    "preAuthReview": DECIDING,
    "preAuthInquire": DECIDING,
    "preAuthDecide": DECIDING,
    "preAuthApprove": frozenset({"supervisor"}),
    "emergencyNoticeDecide": frozenset({"supervisor"}),
    "guaranteeLetterIssue": DECIDING,
    "guaranteeLetterDeliver": SERVING,
    "guaranteeLetterRevoke": DECIDING,
    "guaranteeLetterDraw": DECIDING,
    "guaranteeLetterReturn": DECIDING,
    "directClaimCreate": DECIDING,
    "directClaimSign": DECIDING,
    "billIssue": DECIDING,
    "billReminderRecord": SERVING,
    "billPay": DECIDING,
    "billWaive": frozenset({"supervisor"}),
    "billDispute": SERVING,
    "billDisputeWithdraw": SERVING,
    "billDisputeDecide": DECIDING,
    "claimOriginalsReceive": DECIDING,
    "claimReview": DECIDING,
    "claimDocumentReview": DECIDING,
    "claimSupplementRequest": DECIDING,
    "claimClose": DECIDING,
    "claimAdjudicate": DECIDING,
    "claimApprove": frozenset({"supervisor"}),
    "claimPay": DECIDING,
    "appealReview": DECIDING,
    "appealDecide": DECIDING,
    "appealExtend": frozenset({"supervisor"}),
    "cardReinstate": DECIDING,
    "cardUnbind": SERVING,
    "advanceAuthorize": DECIDING,
    "advanceSettle": DECIDING,
    "repaymentRecord": DECIDING,
    "repaymentWaive": frozenset({"supervisor"}),
    "vendorTokenIssue": frozenset({"administrator"}),
    "vendorTokenRotate": frozenset({"administrator"}),
    "vendorTokenRevoke": frozenset({"administrator"}),
}


def require_role(viewer: Viewer, operation: str) -> None:
    """Scopes say what a token may touch; the role says whose work it is."""
    allowed = STAFF_OPERATIONS.get(operation)
    if viewer.kind is ViewerKind.STAFF and allowed is not None and viewer.role not in allowed:
        raise Fault(Code.FORBIDDEN, f"Only for staff who are: {', '.join(sorted(allowed))}.", missingScopes=[])
