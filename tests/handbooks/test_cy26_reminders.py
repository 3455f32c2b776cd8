"""The CY26 handbook on vaccination reminders: each dose once, as many days ahead as is set, by the health record."""

from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.api.test_vaccinations import FIRST, agreed, read, recorded
from tests.jobs.house import tick
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, at, look

DUE = FIRST | {"dueOn": "2026-03-20"}


@pytest.fixture
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture
def number(gateway: Gateway) -> str:
    return agreed(gateway)


def told(gateway: Gateway, number: str) -> list[dict[str, Any]]:
    sql = "select audience, rule_code from outbox_messages where policy_id = $1 and topic = 'vaccination.due'"
    return look(gateway, sql, policy_id(number))


@pytest.mark.parametrize(("now", "times"), [("2026-03-12 23:59", 0), ("2026-03-13 00:00", 1), ("2026-03-25 09:00", 1)])
def test_fd_07_a_dose_is_told_of_seven_days_ahead_or_as_soon_as_it_is_known(
    gateway: Gateway, vendor: Client, number: str, now: str, times: int
) -> None:
    recorded(vendor, number, DUE)
    tick(gateway, at(now))
    assert told(gateway, number) == [{"audience": "CUSTOMER", "rule_code": "CY26-FD-07"}] * times


def test_fd_07_it_is_told_of_once(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number, DUE)
    for day in ("2026-03-13 09:00", "2026-03-14 09:00"):
        tick(gateway, at(day))
    assert len(told(gateway, number)) == 1
    assert read(gateway.customer(number), number)[0]["remindedAt"] == "2026-03-13T01:00:00Z"


def test_fd_07_a_day_that_moves_is_told_of_again(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number, DUE)
    tick(gateway, at("2026-03-13 09:00"))
    recorded(vendor, number, DUE)
    tick(gateway, at("2026-03-14 09:00"))
    assert len(told(gateway, number)) == 1
    recorded(vendor, number, DUE | {"dueOn": "2026-04-20"})
    tick(gateway, at("2026-04-13 09:00"))
    assert len(told(gateway, number)) == 2


def test_fd_07_a_dose_that_was_given_is_not_told_of(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number, DUE | {"doneOn": "2026-03-09"})
    tick(gateway, at("2026-03-19 09:00"))
    assert told(gateway, number) == []


def test_fd_07_nobody_is_told_once_the_policy_has_ended(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number, DUE | {"dueOn": "2027-01-03"})
    tick(gateway, at("2027-01-01 09:00"))
    assert told(gateway, number) == []


def test_fd_07_without_a_health_record_there_is_nothing_to_tell(gateway: Gateway, number: str) -> None:
    tick(gateway, at("2026-03-19 09:00"))
    assert told(gateway, number) == []
