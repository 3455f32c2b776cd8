"""The CY26 handbook on the health manager, clause by clause, asked through the API."""

import pytest

from tests.api.test_manager_contacts import MUTATION, put
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, refused, verdict_of
from tests.support.health_records import policy


@pytest.fixture(scope="module")
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway, is_agreed=False)


@pytest.mark.parametrize("channel", ["PHONE", "WECHAT_WORK", "SMS"])
def test_fd_10_the_manager_comes_by_one_of_three_ways(vendor: Client, number: str, channel: str) -> None:
    answer = put(vendor, number, dry_run=True, channel=channel).data[MUTATION]
    assert verdict_of(answer, "CY26-FD-10")["status"] == "PASSED"


def test_fd_10_another_way_is_recorded_with_a_warning(vendor: Client, number: str) -> None:
    answer = put(vendor, number, dry_run=True, channel="OTHER").data[MUTATION]
    verdict = verdict_of(answer, "CY26-FD-10")
    assert (verdict["status"], verdict["inputPath"], refused(answer)) == ("WARNED", ["input", "channel"], set())
    assert "PHONE, WECHAT_WORK, SMS" in verdict["message"]


@pytest.mark.parametrize("topic", ["CONSULTATION", "PREVENTION", "CHRONIC_DISEASE", "REHABILITATION", "OTHER"])
def test_fd_02_it_is_about_health_prevention_chronic_illness_or_recovery(
    vendor: Client, number: str, topic: str
) -> None:
    assert refused(put(vendor, number, dry_run=True, topic=topic).data[MUTATION]) == set()
