"""What the hotline sets aside turns the refusal of that rule into a warning, and nothing else (GEN-18)."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import SET_ASIDE, timing, visits
from gateway.validation.verdict import Status

from .builders import at, booked_facts, booked_visit, facts, rule, visit, visit_facts

GIVEN = {rule().code: uuid.uuid4()}
CUTOFF = rule(minLeadWorkingDays=1, cutoffTime="14:00", phone="950610-8")
REFUSED: dict[str, tuple[Any, Rule, Facts]] = {
    "enough_notice": (timing.enough_notice, rule(minLeadDays=1), facts(visit=visit("2026-03-01 15:00"))),
    "free_cancellation": (
        timing.free_cancellation,
        rule(freeCancelHours=24),
        booked_facts(now=at("2026-03-10 08:00")),
    ),
    "booked_days_ahead": (
        visits.booked_days_ahead,
        rule(minLeadDays=7),
        visit_facts(visit=visit("2026-03-05 09:00", 0)),
    ),
    "booked_working_days_ahead": (
        visits.booked_working_days_ahead,
        rule(minLeadWorkingDays=2),
        visit_facts(visit=visit("2026-03-03 09:00", 0)),
    ),
    "before_cutoff": (visits.before_cutoff, CUTOFF, booked_visit(now=at("2026-03-09 14:00"))),
}
AHEAD = ("enough_notice", "booked_days_ahead", "booked_working_days_ahead")


def test_these_are_the_checks_that_can_be_set_aside() -> None:
    assert set(REFUSED) == timing.SET_ASIDE_BY_HOTLINE


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_becomes_a_warning_that_says_so(name: str) -> None:
    check, asked, found = REFUSED[name]
    refusal, warning = check(asked, found), check(asked, replace(found, overrides=GIVEN))
    assert (refusal.status, warning.status) == (Status.REFUSED, Status.WARNED)
    assert SET_ASIDE not in refusal.values
    assert (warning.values[SET_ASIDE], warning.values["is_late"]) == (1, 0)
    assert warning.input_path == refusal.input_path


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_set_aside_for_another_rule_changes_nothing(name: str) -> None:
    check, asked, found = REFUSED[name]
    other = replace(found, overrides={"ZYB-ESC-99": uuid.uuid4()})
    assert check(asked, other) == check(asked, found)


@pytest.mark.parametrize("name", AHEAD)
def test_a_visit_that_has_passed_is_never_let_through(name: str) -> None:
    check, asked, found = REFUSED[name]
    past = replace(found, visit=visit("2026-02-27 09:00", 0), overrides=GIVEN)
    assert check(asked, past).status is Status.REFUSED


@pytest.mark.parametrize("name", AHEAD)
def test_a_request_in_time_passes_without_a_word_of_it(name: str) -> None:
    check, asked, found = REFUSED[name]
    in_time = replace(found, visit=visit("2026-03-20 09:00", 0), overrides=GIVEN)
    verdict = check(asked, in_time)
    assert verdict.status is Status.PASSED
    assert SET_ASIDE not in verdict.values
