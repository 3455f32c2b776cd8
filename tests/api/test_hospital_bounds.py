"""A hospital opens, signs and bills; what is owed and to whom the insurer's people decide, whatever a token carries."""

import pytest

from tests.support.client import Gateway
from tests.support.mutations import sample, send
from tests.support.preauths import hospital

DECISIONS = (
    *("preAuthReview", "preAuthInquire", "preAuthDecide", "preAuthApprove", "emergencyNoticeDecide"),
    *("guaranteeLetterIssue", "guaranteeLetterRevoke", "guaranteeLetterReturn"),
    *("claimReview", "claimSupplementRequest", "claimClose", "claimAdjudicate", "claimApprove", "claimPay"),
    *("appealDecide", "appealExtend", "advanceAuthorize", "billWaive", "billDisputeDecide", "cardReinstate"),
    *("repaymentWaive", "claimDocumentReview", "appealReview", "cardUnbind"),
)


@pytest.mark.parametrize("mutation", DECISIONS)
def test_a_hospital_decides_nothing(gateway: Gateway, mutation: str) -> None:
    answer = send(hospital(gateway), mutation, sample(mutation))
    assert answer.code == "FORBIDDEN"
    assert answer.error["extensions"]["missingScopes"] == []
