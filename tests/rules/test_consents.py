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
    ("consents", "status"),
    [
        (frozenset({"VENDOR_SHARING"}), Status.PASSED),
        (frozenset({"CROSS_BORDER"}), Status.WARNED),
        (frozenset[str](), Status.WARNED),
        (None, Status.UNKNOWN),
    ],
    ids=["given", "another one", "none yet", "not looked up"],
)
def test_who_has_not_consented_is_told(consents: frozenset[str] | None, status: Status) -> None:
    assert consent_given(RULE, Facts("x", NOW, "ZAWX", "", consents=consents)).status is status
