import datetime as dt
from dataclasses import replace

import pytest

from gateway.validation.rule import Check
from gateway.validation.rules import timing
from gateway.validation.verdict import Status

from .builders import account, at, booked_facts, cover, facts, on, rule, visit

NOTICE = rule(minLeadDays=1, advisedLeadDays=2)
WAIT = rule(waitingDays=30)
FREE = rule(freeCancelHours=24)


@pytest.mark.parametrize(
    ("now", "visit_at", "status"),
    [
        ("2026-03-01 10:00", "2026-03-03 09:00", Status.PASSED),
        ("2026-03-01 23:59", "2026-03-03 00:00", Status.PASSED),
        ("2026-03-01 10:00", "2026-03-02 09:00", Status.WARNED),
        ("2026-03-01 23:59", "2026-03-02 08:00", Status.WARNED),
        ("2026-03-01 00:00", "2026-03-01 23:59", Status.REFUSED),
        ("2026-03-01 10:00", "2026-02-28 09:00", Status.REFUSED),
    ],
    ids=["two days", "two days by the calendar", "one day", "one day by the calendar", "same day", "yesterday"],
)
def test_a_visit_is_asked_for_a_day_ahead_and_better_two(now: str, visit_at: str, status: Status) -> None:
    verdict = timing.enough_notice(NOTICE, facts(now=at(now), visit=visit(visit_at)))
    assert verdict.status is status
    assert verdict.passes_from is None
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "visitAt"))


def test_too_little_notice_names_the_earliest_day_that_works() -> None:
    verdict = timing.enough_notice(rule(minLeadDays=3), facts(visit=visit("2026-03-03 09:00")))
    assert verdict.status is Status.REFUSED
    assert verdict.values == {
        "visit_on": "2026-03-03",
        "min_lead_days": 3,
        "advised_lead_days": 3,
        "earliest_visit_on": "2026-03-04",
    }


def test_nothing_is_advised_beyond_the_notice_where_the_product_advises_nothing() -> None:
    verdict = timing.enough_notice(rule(minLeadDays=3), facts(visit=visit("2026-03-04 09:00")))
    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-03-01 09:59", Status.REFUSED), ("2026-03-01 10:00", Status.PASSED)],
    ids=["a minute ago", "now"],
)
def test_a_visit_in_the_past_is_refused_even_where_no_notice_is_asked_for(visit_at: str, status: Status) -> None:
    assert timing.enough_notice(rule(minLeadDays=0), facts(visit=visit(visit_at))).status is status


def test_days_of_notice_are_days_in_shanghai() -> None:
    """17:30 on 1 March in London is already 2 March in Shanghai."""
    in_london = dt.datetime(2026, 3, 1, 17, 30, tzinfo=dt.UTC)
    verdict = timing.enough_notice(NOTICE, facts(now=in_london, visit=visit("2026-03-02 09:00")))
    assert (verdict.status, verdict.values["earliest_visit_on"]) == (Status.REFUSED, "2026-03-03")


@pytest.mark.parametrize(
    ("now", "status", "passes_from"),
    [
        ("2026-01-30 23:59", Status.REFUSED, "2026-01-31 00:00"),
        ("2026-01-31 00:00", Status.PASSED, None),
    ],
    ids=["day 30", "day 31"],
)
def test_the_waiting_period_ends_with_its_last_day(now: str, status: Status, passes_from: str | None) -> None:
    verdict = timing.waiting_period_over(WAIT, facts(now=at(now)))
    assert verdict.status is status
    assert verdict.passes_from == (at(passes_from) if passes_from else None)
    assert verdict.values == {"waiting_days": 30, "usable_from": "2026-01-31"}


def test_waiting_is_measured_on_the_day_of_the_request_not_of_the_visit() -> None:
    early = facts(now=at("2026-01-20 10:00"), visit=visit("2026-02-10 09:00"))
    assert timing.waiting_period_over(WAIT, early).status is Status.REFUSED


def test_the_account_has_the_last_word_on_when_waiting_ends() -> None:
    at_once = facts(now=at("2026-01-01 10:00"), account=account(usable_from=on("2026-01-01")))
    verdict = timing.waiting_period_over(WAIT, at_once)
    assert (verdict.status, verdict.values["waiting_days"]) == (Status.PASSED, 0)


@pytest.mark.parametrize("held", [None, account(usable_from=None)], ids=["no account", "an account without a day"])
def test_the_cover_and_the_rule_say_when_waiting_ends_where_the_account_does_not(held: object) -> None:
    verdict = timing.waiting_period_over(WAIT, facts(now=at("2026-01-30 10:00"), account=held))
    assert (verdict.status, verdict.values["usable_from"]) == (Status.REFUSED, "2026-01-31")


@pytest.mark.parametrize(
    ("parameters", "known"), [({}, cover()), ({"waitingDays": 30}, None)], ids=["no wait known", "no cover known"]
)
def test_waiting_is_not_judged_without_a_day_to_wait_for(parameters: dict[str, int], known: object) -> None:
    verdict = timing.waiting_period_over(rule(**parameters), facts(account=None, cover=known))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "policyNumber"))


@pytest.mark.parametrize(
    ("parameters", "waiting_days"),
    [({"waitingDays": 30}, 30), ({}, 0)],
    ids=["a wait is printed", "no wait is printed"],
)
def test_the_day_of_the_account_needs_neither_cover_nor_parameter(
    parameters: dict[str, int], waiting_days: int
) -> None:
    verdict = timing.waiting_period_over(rule(**parameters), facts(cover=None))
    assert (verdict.status, verdict.values["waiting_days"]) == (Status.PASSED, waiting_days)


@pytest.mark.parametrize(
    ("operation", "minutes", "status"),
    [
        ("escortBook", 240, Status.PASSED),
        ("escortBook", 241, Status.REFUSED),
        ("bookingReschedule", 241, Status.REFUSED),
        ("bookingCheckOut", 240, Status.PASSED),
        ("bookingCheckOut", 241, Status.WARNED),
    ],
    ids=["four hours", "a minute more", "a minute more after a change", "four hours spent", "a minute more spent"],
)
def test_a_visit_is_planned_for_four_hours_and_an_overrun_is_recorded(
    operation: str, minutes: int, status: Status
) -> None:
    case = facts(operation=operation, visit=visit("2026-03-10 09:00", minutes))
    verdict = timing.within_max_duration(rule(maxMinutes=240), case)
    assert (verdict.status, verdict.values) == (status, {"minutes": minutes, "max_minutes": 240})
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "plannedMinutes"))


@pytest.mark.parametrize(
    ("visit_at", "minutes", "status"),
    [
        ("2026-03-10 09:00", 240, Status.PASSED),
        ("2026-03-10 00:00", 240, Status.PASSED),
        ("2026-03-10 20:00", 240, Status.PASSED),
        ("2026-03-10 20:01", 240, Status.REFUSED),
        ("2026-03-10 23:59", 2, Status.REFUSED),
    ],
    ids=["morning", "from midnight", "to midnight", "a minute past midnight", "around midnight"],
)
def test_a_visit_begins_and_ends_on_one_day(visit_at: str, minutes: int, status: Status) -> None:
    verdict = timing.one_hospital_one_day(rule(), facts(visit=visit(visit_at, minutes)))
    assert (verdict.status, verdict.values) == (status, {"visit_on": "2026-03-10"})


def test_the_one_day_of_an_assigned_escort_is_that_of_the_booking() -> None:
    late = booked_facts(operation="bookingAssign", booked=visit("2026-03-10 22:00"))
    assert timing.one_hospital_one_day(rule(), late).status is Status.REFUSED


@pytest.mark.parametrize(
    ("now", "accepts_deduction", "status"),
    [
        ("2026-03-09 08:59", False, Status.PASSED),
        ("2026-03-09 09:00", False, Status.PASSED),
        ("2026-03-09 09:01", False, Status.REFUSED),
        ("2026-03-09 09:01", True, Status.WARNED),
        ("2026-03-10 10:00", False, Status.REFUSED),
    ],
    ids=["over 24 h", "24 h to the minute", "under 24 h", "under 24 h, use given up", "after the visit began"],
)
def test_cancelling_is_free_up_to_24_hours_before_the_visit(now: str, accepts_deduction: bool, status: Status) -> None:
    verdict = timing.free_cancellation(FREE, booked_facts(now=at(now), accepts_deduction=accepts_deduction))
    assert verdict.status is status
    assert verdict.values == {"free_until": "2026-03-09 09:00", "hours": 24, "visit_at": "2026-03-10 09:00"}
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "acceptDeduction"))


def test_before_confirmation_cancelling_is_free_at_any_time() -> None:
    last_minute = booked_facts(now=at("2026-03-10 08:59"), is_confirmed=False)
    assert timing.free_cancellation(FREE, last_minute).status is Status.PASSED


@pytest.mark.parametrize("operation", ["escortBook", "bookingReschedule"])
@pytest.mark.parametrize(
    ("now", "status"),
    [("2026-03-09 09:00", Status.PASSED), ("2026-03-09 09:01", Status.WARNED)],
    ids=["24 h to the minute", "under 24 h"],
)
def test_a_visit_too_near_to_be_cancelled_freely_is_booked_with_a_warning(
    operation: str, now: str, status: Status
) -> None:
    verdict = timing.late_cancellation_counts(FREE, facts(operation=operation, now=at(now)))
    assert (verdict.status, verdict.values) == (status, {"free_until": "2026-03-09 09:00", "hours": 24})


@pytest.mark.parametrize(
    ("now", "is_confirmed", "accepts_deduction", "status"),
    [
        ("2026-03-09 09:00", True, True, Status.PASSED),
        ("2026-03-09 09:01", True, True, Status.WARNED),
        ("2026-03-09 09:01", True, False, Status.PASSED),
        ("2026-03-09 09:01", False, True, Status.PASSED),
    ],
    ids=["in time", "late and accepted", "late and left to the rule on free cancelling", "not confirmed yet"],
)
def test_a_late_cancellation_that_is_accepted_warns_that_the_use_is_spent(
    now: str, is_confirmed: bool, accepts_deduction: bool, status: Status
) -> None:
    case = booked_facts(now=at(now), is_confirmed=is_confirmed, accepts_deduction=accepts_deduction)
    assert timing.late_cancellation_counts(FREE, case).status is status


@pytest.mark.parametrize(
    ("now", "status", "passes_from"),
    [
        ("2026-03-09 23:59", Status.REFUSED, "2026-03-10 00:00"),
        ("2026-03-10 00:00", Status.PASSED, None),
        ("2026-03-10 23:59", Status.PASSED, None),
        ("2026-03-11 00:00", Status.REFUSED, None),
    ],
    ids=["the night before", "first minute", "last minute", "the day after"],
)
def test_the_service_begins_on_the_day_of_the_visit(now: str, status: Status, passes_from: str | None) -> None:
    verdict = timing.on_visit_day(rule(), booked_facts(operation="bookingCheckIn", now=at(now)))
    assert (verdict.status, verdict.values) == (status, {"visit_on": "2026-03-10"})
    assert verdict.passes_from == (at(passes_from) if passes_from else None)


@pytest.mark.parametrize(
    ("now", "status", "passes_from"),
    [("2026-03-10 08:59", Status.REFUSED, "2026-03-10 09:00"), ("2026-03-10 09:00", Status.PASSED, None)],
    ids=["a minute before", "at the hour"],
)
def test_a_visit_is_missed_only_once_its_time_has_come(now: str, status: Status, passes_from: str | None) -> None:
    verdict = timing.no_show_after_visit_time(rule(), booked_facts(operation="bookingNoShowRecord", now=at(now)))
    assert (verdict.status, verdict.values) == (status, {"visit_at": "2026-03-10 09:00"})
    assert verdict.passes_from == (at(passes_from) if passes_from else None)


@pytest.mark.parametrize(
    ("by_client_on_the_day", "at_a_cost", "status", "path"),
    [
        (True, True, Status.PASSED, ()),
        (True, False, Status.REFUSED, ("input", "costIncurred")),
        (False, True, Status.REFUSED, ()),
        (False, False, Status.REFUSED, ()),
    ],
    ids=["all three", "no cost", "not the client, or another day", "none"],
)
def test_a_change_costs_a_use_only_if_the_client_made_it_on_the_day_at_a_cost(
    by_client_on_the_day: bool, at_a_cost: bool, status: Status, path: tuple[str, ...]
) -> None:
    case = booked_facts(is_changed_by_client_on_visit_day=by_client_on_the_day, is_cost_incurred=at_a_cost)
    verdict = timing.change_deductible(rule(), case)
    assert (verdict.status, verdict.input_path, verdict.values) == (status, path, {"visit_on": "2026-03-10"})


@pytest.mark.parametrize(
    "check",
    [
        timing.enough_notice,
        timing.within_max_duration,
        timing.one_hospital_one_day,
        timing.free_cancellation,
        timing.late_cancellation_counts,
        timing.on_visit_day,
        timing.no_show_after_visit_time,
        timing.change_deductible,
    ],
    ids=lambda check: check.__name__,
)
def test_without_a_visit_there_is_no_telling(check: Check) -> None:
    no_visit = replace(booked_facts(), booked=None)
    assert check(rule(minLeadDays=1, maxMinutes=240, freeCancelHours=24), no_visit).status is Status.UNKNOWN
