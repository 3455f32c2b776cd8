"""Rules of a child's health record."""

import pytest

from gateway.validation.rules.health_records import contacted_as_printed, record_consented
from gateway.validation.verdict import Status
from tests.rules.builders import facts, rule


@pytest.mark.parametrize(("has_consent", "status"), [(True, Status.PASSED), (False, Status.REFUSED)])
def test_somebody_has_agreed_that_the_vendor_keeps_it(has_consent: bool, status: Status) -> None:
    assert record_consented(rule(), facts(has_vendor_consent=has_consent)).status is status


def test_a_refusal_names_the_vendor_to_agree_to() -> None:
    asked = facts(vendor="JDHEALTH", paths={"policyNumber": ("input", "policyNumber")})
    verdict = record_consented(rule(), asked)
    assert (verdict.values, verdict.input_path) == ({"vendor": "JDHEALTH"}, ("input", "policyNumber"))


@pytest.mark.parametrize(("channel", "status"), [("SMS", Status.PASSED), ("OTHER", Status.WARNED)])
def test_a_manager_comes_by_a_way_that_the_handbook_names(channel: str, status: Status) -> None:
    asked = facts(form={"channel": channel}, paths={"channel": ("input", "channel")})
    assert contacted_as_printed(rule(channels=["PHONE", "SMS"]), asked).status is status
