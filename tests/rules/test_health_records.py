"""Rules of a child's health record."""

import pytest

from gateway.validation.rules.health_records import record_consented
from gateway.validation.verdict import Status
from tests.rules.builders import facts, rule


@pytest.mark.parametrize(("has_consent", "status"), [(True, Status.PASSED), (False, Status.REFUSED)])
def test_somebody_has_agreed_that_the_vendor_keeps_it(has_consent: bool, status: Status) -> None:
    assert record_consented(rule(), facts(has_vendor_consent=has_consent)).status is status


def test_a_refusal_names_the_vendor_to_agree_to() -> None:
    asked = facts(vendor="JDHEALTH", paths={"policyNumber": ("input", "policyNumber")})
    verdict = record_consented(rule(), asked)
    assert (verdict.values, verdict.input_path) == ({"vendor": "JDHEALTH"}, ("input", "policyNumber"))
