import pytest

from gateway.validation.rules import quota
from gateway.validation.verdict import Status

from .builders import account, booked_facts, facts, rule


@pytest.mark.parametrize(
    ("granted", "used", "held", "status"),
    [
        (1, 0, 0, Status.PASSED),
        (1, 1, 0, Status.REFUSED),
        (1, 0, 1, Status.REFUSED),
        (3, 1, 1, Status.PASSED),
        (3, 2, 1, Status.REFUSED),
        (0, 0, 0, Status.REFUSED),
    ],
    ids=["the one use is free", "spent", "reserved", "the last of three", "one too many", "none granted"],
)
def test_one_more_use_is_still_granted(granted: int, used: int, held: int, status: Status) -> None:
    verdict = quota.within_quota(rule(), facts(account=account(granted=granted, used=used, held=held)))
    assert (verdict.status, verdict.values) == (status, {"granted": granted, "used": used, "reserved": held})


def test_a_service_without_a_limit_is_never_used_up() -> None:
    assert quota.within_quota(rule(), facts(account=account(granted=None, used=999))).status is Status.PASSED


def test_a_quota_is_not_judged_without_an_account() -> None:
    verdict = quota.within_quota(rule(), facts(account=None))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "policyNumber"))


@pytest.mark.parametrize(
    ("cancellations", "accepts_deduction", "status"),
    [
        (0, False, Status.PASSED),
        (1, False, Status.REFUSED),
        (1, True, Status.WARNED),
        (2, False, Status.REFUSED),
    ],
    ids=["the first", "the second", "the second, and the use is given up", "the third"],
)
def test_one_cancellation_a_year_is_free(cancellations: int, accepts_deduction: bool, status: Status) -> None:
    case = booked_facts(account=account(cancellations=cancellations), accepts_deduction=accepts_deduction)
    verdict = quota.cancellations_left(rule(maxCancellations=1), case)
    assert (verdict.status, verdict.values) == (status, {"max_cancellations": 1, "cancellations": cancellations})
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "acceptDeduction"))


def test_a_cancellation_before_confirmation_does_not_count() -> None:
    case = booked_facts(is_confirmed=False, account=account(cancellations=5))
    assert quota.cancellations_left(rule(maxCancellations=1), case).status is Status.PASSED


def test_cancellations_are_not_judged_without_an_account() -> None:
    assert quota.cancellations_left(rule(maxCancellations=1), booked_facts(account=None)).status is Status.UNKNOWN
