"""What the client has agreed to."""

import datetime as dt

import pytest

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules.consents import consent_given
from gateway.validation.verdict import Status

RULE = Rule("ZAWX-DRUG-27", "ZAWX", 1, parameters={"consent": "VENDOR_SHARING"})
NOW = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("consents", "is_shared_now", "status"),
    [
        (frozenset({"VENDOR_SHARING"}), True, Status.PASSED),
        (frozenset({"VENDOR_SHARING"}), False, Status.PASSED),
        (frozenset({"CROSS_BORDER"}), True, Status.REFUSED),
        (frozenset[str](), True, Status.REFUSED),
        (frozenset[str](), False, Status.WARNED),
        (None, True, Status.UNKNOWN),
    ],
    ids=["given", "given ahead", "another one", "none", "none yet", "not looked up"],
)
def test_consent_comes_before_sharing(consents: frozenset[str] | None, is_shared_now: bool, status: Status) -> None:
    facts = Facts("x", NOW, "ZAWX", "", consents=consents, is_shared_now=is_shared_now)
    assert consent_given(RULE, facts).status is status
