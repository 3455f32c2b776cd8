"""The working-day calendar."""

from typing import Any

import pytest

from tests.support.client import Answer, Gateway

DAYS = "query Days($from: Date!, $to: Date!) { workCalendar(from: $from, to: $to) { on isWorkday status name } }"


def ask(gateway: Gateway, first: str, last: str) -> Answer:
    return gateway.anyone().ask(DAYS, **{"from": first, "to": last})


def days(gateway: Gateway, first: str, last: str) -> dict[str, dict[str, Any]]:
    return {day["on"]: day for day in ask(gateway, first, last).data["workCalendar"]}


def test_both_ends_are_included_in_order(gateway: Gateway) -> None:
    assert list(days(gateway, "2026-02-27", "2026-03-01")) == ["2026-02-27", "2026-02-28", "2026-03-01"]


def test_one_day_is_a_calendar_too(gateway: Gateway) -> None:
    assert len(days(gateway, "2026-03-10", "2026-03-10")) == 1


@pytest.mark.parametrize("day", ["2024-02-04", "2025-01-26", "2026-02-14"])
def test_a_make_up_day_is_a_working_weekend(gateway: Gateway, day: str) -> None:
    assert days(gateway, day, day)[day]["isWorkday"]


@pytest.mark.parametrize("day", ["2024-10-01", "2025-05-01", "2026-02-17"])
def test_a_holiday_is_no_working_day(gateway: Gateway, day: str) -> None:
    assert not days(gateway, day, day)[day]["isWorkday"]


def test_an_ordinary_week_has_five_working_days(gateway: Gateway) -> None:
    assert sum(day["isWorkday"] for day in days(gateway, "2026-03-09", "2026-03-15").values()) == 5


def test_years_with_a_notice_are_official_and_the_next_is_estimated(gateway: Gateway) -> None:
    assert {day["status"] for day in days(gateway, "2024-12-30", "2026-12-31").values()} == {"OFFICIAL"}
    assert {day["status"] for day in days(gateway, "2027-01-01", "2027-12-31").values()} == {"ESTIMATED"}


def test_every_day_of_the_known_years_is_there(gateway: Gateway) -> None:
    assert len(days(gateway, "2026-01-01", "2027-12-31")) == 730


def test_an_end_before_the_beginning_is_named(gateway: Gateway) -> None:
    answer = ask(gateway, "2026-03-10", "2026-03-09")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["to"])


def test_eight_hundred_days_and_no_more(gateway: Gateway) -> None:
    assert "errors" not in ask(gateway, "2025-01-01", "2027-03-11").body
    assert ask(gateway, "2025-01-01", "2027-03-12").code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-2-3", "20260203", "2026-02-03T00:00:00Z", "0000-01-01", "9999-12-31", ""]
)
def test_a_day_that_does_not_exist_is_named(gateway: Gateway, day: str) -> None:
    answer = ask(gateway, day, "2026-03-10")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["from"])
    assert "YYYY-MM-DD" in answer.error["message"]
