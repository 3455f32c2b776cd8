"""Benefits are one plan, and the plain executor's answer."""

from dataclasses import replace

import pytest

from gateway.auth.viewer import VENDOR_LIMIT, Access, Viewer
from gateway.execution import ids
from tests.api.test_benefits import ASK
from tests.execution.twins import Twins, customer, staff, vendor

DEMO = ("DEMO-CY26-001", "DEMO-CY23-001", "DEMO-ZAWX-001", "DEMO-ZYB-001")
VIEWERS = {"staff": staff(), "an owner": customer(*DEMO), "a vendor": vendor("QITAI", scopes=VENDOR_LIMIT)}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=list(VIEWERS))
@pytest.mark.parametrize("number", DEMO)
def test_both_ways_of_answering_agree(twins: Twins, number: str, viewer: Viewer, language: str) -> None:
    found = twins.same(ASK, {"n": number}, viewer, language)["policy"]
    if viewer is VIEWERS["a vendor"]:
        assert found is None or found["benefits"] == []
    else:
        assert found["benefits"]


def test_whom_an_access_about_one_insured_shows_the_benefits_of(twins: Twins) -> None:
    number = DEMO[0]
    everybody = {item["insured"]["id"] for item in twins.same(ASK, {"n": number}, staff())["policy"]["benefits"]}
    assert len(everybody) > 1
    one = min(everybody)
    policy, person = ids.decode_as("person", one, 2)
    bound = replace(customer(number), policies=(), access=(Access(policy, "GUARDIAN", person),))
    found = twins.same(ASK, {"n": number}, bound)["policy"]["benefits"]
    assert {item["insured"]["id"] for item in found} == {one}
