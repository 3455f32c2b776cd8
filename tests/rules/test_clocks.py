"""When a deadline of an answer ends, and when it is worth a reminder."""

import datetime as dt
from dataclasses import replace

import pytest

from gateway.validation import clocks
from gateway.validation.calendar import Day, WorkCalendar
from gateway.validation.rule import Rule
from tests.rules.builders import at, on, rule

THE_ZAWX = rule(responseMinutes=15, opensAt="09:00", closesAt="18:00")
THE_VAS = rule(responseSeconds=30)
TWO_DAYS = rule(dueWorkingDays=2, alertWorkingDays=1)

WEEK = {on("2026-03-09") + dt.timedelta(days=day): Day(day % 7 < 5, is_official=True) for day in range(21)}
CALENDAR = WorkCalendar(WEEK | {on("2026-03-18"): Day(is_workday=False, is_official=True)})


def due(of: Rule, start: str) -> dt.datetime | None:
    return clocks.due_at(of, start=at(start), visit=None, calendar=CALENDAR)


def test_seconds_run_from_the_request() -> None:
    assert due(THE_VAS, "2026-03-09 23:59:50") == at("2026-03-10 00:00:20")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-09 09:00", "2026-03-09 09:15"),
        ("2026-03-09 17:45", "2026-03-09 18:00"),
        ("2026-03-09 17:50", "2026-03-10 09:05"),
        ("2026-03-09 07:00", "2026-03-09 09:15"),
        ("2026-03-09 18:00", "2026-03-10 09:15"),
    ],
)
def test_minutes_run_only_while_the_service_is_open(start: str, end: str) -> None:
    assert due(THE_ZAWX, start) == at(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-09 00:00", "2026-03-12 00:00"),
        ("2026-03-09 23:59", "2026-03-12 00:00"),
        ("2026-03-13 10:00", "2026-03-18 00:00"),  # a Friday
        ("2026-03-17 10:00", "2026-03-21 00:00"),  # before a holiday
    ],
)
def test_working_days_end_at_midnight_of_the_last_one(start: str, end: str) -> None:
    assert due(TWO_DAYS, start) == at(end)


def test_the_reminder_comes_when_the_first_working_day_is_over() -> None:
    sent = clocks.send_at(TWO_DAYS, now=at("2026-03-13 10:00"), visit=None, calendar=CALENDAR)
    assert sent == at("2026-03-17 00:00")


@pytest.mark.parametrize(
    ("start", "is_estimated"), [("2026-03-25 10:00", False), ("2026-03-27 10:00", True)], ids=["known", "beyond"]
)
def test_a_deadline_beyond_the_calendar_is_estimated(start: str, is_estimated: bool) -> None:
    assert clocks.is_estimated(TWO_DAYS, start=at(start), calendar=CALENDAR) is is_estimated


def test_minutes_are_never_estimated() -> None:
    assert not clocks.is_estimated(THE_ZAWX, start=at("2030-01-01 10:00"), calendar=CALENDAR)


def test_a_rule_without_a_deadline_has_none() -> None:
    assert due(replace(TWO_DAYS, parameters={}), "2026-03-09 10:00") is None


def test_a_deadline_is_counted_anew_from_its_start() -> None:
    found = clocks.counted_anew(at("2026-03-17 10:00"), 2, CALENDAR)
    assert (found.at, found.is_estimated) == (at("2026-03-21 00:00"), False)
    beyond = clocks.counted_anew(at("2026-03-27 10:00"), 2, CALENDAR)
    assert (beyond.at, beyond.is_estimated) == (at("2026-04-01 00:00"), True)


@pytest.mark.parametrize(("of", "days"), [(TWO_DAYS, 2), (THE_VAS, None), (THE_ZAWX, None), (rule(dueHours=24), None)])
def test_only_working_days_follow_the_calendar(of: Rule, days: int | None) -> None:
    assert clocks.working_days(of) == days
