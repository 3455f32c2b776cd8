import datetime as dt
from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.calls import Attempt, Duty, Expert, Slot
from gateway.validation.rules import expert_calls
from gateway.validation.verdict import Status

from .builders import at, facts, rule, visit

FIELDS = ("startsAt", "expert")
NOW = "2026-03-09 10:10"
TOP = rule(minTitle="ASSOCIATE_CHIEF", maxRank=100)
WEEK = rule(windowDays=7)
CALLS = rule(maxAttempts=3, caller="EXPERT", mode="SCHEDULED")


def calling(**changes: Any) -> Facts:
    paths = {field: ("input", field) for field in FIELDS}
    asked = {"now": at(NOW), "visit": None, "paths": paths} | changes
    return facts(operation="expertCallBook", product="VAS", service="EXPERT_CALL", **asked)


# The time


@pytest.mark.parametrize(
    ("slot", "status"),
    [(Slot(is_free=True), Status.PASSED), (Slot(is_free=False), Status.REFUSED), (None, Status.REFUSED)],
    ids=["free", "taken", "not on the schedule"],
)
def test_the_time_is_a_free_one_of_the_schedule(slot: Slot | None, status: Status) -> None:
    verdict = expert_calls.slot_on_schedule(rule(), calling(visit=visit("2026-03-12 15:00", 0), slot=slot))
    assert verdict.status is status
    assert verdict.values == {"starts_at": "2026-03-12 15:00"}


@pytest.mark.parametrize(
    ("starts", "status", "passes_from"),
    [
        ("2026-03-09 10:09", Status.REFUSED, None),
        ("2026-03-09 10:10", Status.REFUSED, None),
        ("2026-03-09 10:11", Status.PASSED, None),
        ("2026-03-16 23:59", Status.PASSED, None),
        ("2026-03-17 00:00", Status.REFUSED, "2026-03-10 00:00"),
        ("2026-03-20 09:00", Status.REFUSED, "2026-03-13 00:00"),
    ],
    ids=["past", "this very instant", "today", "the last day to its end", "the day after", "later"],
)
def test_a_call_lies_ahead_and_within_the_week(starts: str, status: Status, passes_from: str | None) -> None:
    verdict = expert_calls.within_booking_window(WEEK, calling(visit=visit(starts, 0)))
    assert verdict.status is status
    assert verdict.passes_from == (passes_from and at(passes_from))
    assert verdict.values["last_on"] == "2026-03-16"


def test_the_window_is_the_rule_s_number() -> None:
    found = calling(visit=visit("2026-03-12 15:00", 0))
    assert expert_calls.within_booking_window(rule(windowDays=2), found).status is Status.REFUSED
    assert expert_calls.within_booking_window(rule(windowDays=3), found).status is Status.PASSED


@pytest.mark.parametrize("check", [expert_calls.slot_on_schedule, expert_calls.within_booking_window])
def test_without_a_time_nobody_can_tell(check: Any) -> None:
    verdict = check(WEEK, calling())
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "startsAt"))


# The expert


@pytest.mark.parametrize(
    ("expert", "status"),
    [
        (Expert("ASSOCIATE_CHIEF", 100, is_in_service=True), Status.PASSED),
        (Expert("CHIEF", 1, is_in_service=True), Status.PASSED),
        (Expert("CHIEF", 101, is_in_service=True), Status.REFUSED),
        (Expert("ATTENDING", 1, is_in_service=True), Status.REFUSED),
        (Expert("MAGICIAN", 1, is_in_service=True), Status.REFUSED),
        (Expert("CHIEF", 1, is_in_service=False), Status.REFUSED),
        (Expert("CHIEF", None, is_in_service=True), Status.UNKNOWN),
        (Expert("ATTENDING", None, is_in_service=True), Status.REFUSED),
        (None, Status.UNKNOWN),
    ],
    ids=[
        "the last place, the lowest title",
        "the first place, a higher title",
        "a place too far down",
        "a title too low",
        "a title that nobody knows",
        "out of service",
        "no ranking loaded",
        "no ranking loaded, and a title too low",
        "nobody known",
    ],
)
def test_an_expert_has_title_and_place(expert: Expert | None, status: Status) -> None:
    verdict = expert_calls.expert_qualified(TOP, calling(expert=expert))
    assert verdict.status is status
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "expert"))


@pytest.mark.parametrize(
    ("duty", "status", "passes_from"),
    [
        (Duty(is_now=True, has_room=True), Status.PASSED, None),
        (Duty(is_now=True, has_room=False, next_at=at("2026-03-10 10:00")), Status.REFUSED, "2026-03-10 10:00"),
        (Duty(is_now=False, has_room=True, next_at=at("2026-03-10 10:00")), Status.REFUSED, "2026-03-10 10:00"),
        (Duty(is_now=False, has_room=False), Status.REFUSED, None),
        (None, Status.UNKNOWN, None),
    ],
    ids=["on duty", "fully booked", "back tomorrow", "no duty known", "nothing known"],
)
def test_without_an_appointment_the_expert_is_on_duty_with_room(
    duty: Duty | None, status: Status, passes_from: str | None
) -> None:
    verdict = expert_calls.on_duty_with_room(rule(), calling(duty=duty))
    assert verdict.status is status
    assert verdict.passes_from == (passes_from and at(passes_from))


# Calls that reach nobody


def in_vain(count: int) -> tuple[dt.datetime, ...]:
    return (at("2026-03-09 10:00"),) * count


@pytest.mark.parametrize(
    ("attempt", "status"),
    [
        (Attempt("EXPERT", "SCHEDULED", in_vain(2)), Status.PASSED),
        (Attempt("EXPERT", "SCHEDULED", in_vain(3)), Status.WARNED),
        (Attempt("EXPERT", "SCHEDULED", in_vain(4)), Status.WARNED),
        (Attempt("HEALTH_MANAGER", "SCHEDULED", in_vain(3)), Status.PASSED),
        (Attempt("EXPERT", "DIRECT", in_vain(3)), Status.PASSED),
        (None, Status.PASSED),
    ],
    ids=["two", "three", "more", "of another caller", "of a direct call", "no call"],
)
def test_three_failed_calls_of_one_caller_end_the_order(attempt: Attempt | None, status: Status) -> None:
    verdict = expert_calls.client_reached(CALLS, calling(attempt=attempt))
    assert verdict.status is status
    if attempt is not None:
        assert verdict.values == {"failed": len(attempt.failed), "max_attempts": 3}


@pytest.mark.parametrize(
    ("first", "failed"), [("2026-03-10 08:30", 3), ("2026-03-10 08:29:59", 2)], ids=["when due", "early"]
)
def test_calls_count_from_when_the_handbook_has_them_made(first: str, failed: int) -> None:
    terms = rule(maxAttempts=3, caller="EXPERT", mode="SCHEDULED", countsFromMinutesBefore=30)
    calls = (at("2026-03-10 08:45"), at("2026-03-10 08:40"), at(first))
    found = calling(booked=visit("2026-03-10 09:00"), attempt=Attempt("EXPERT", "SCHEDULED", calls))
    assert expert_calls.client_reached(terms, found).values["failed"] == failed
