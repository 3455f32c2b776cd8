"""Every rule turns exactly where its handbook says, asked with the numbers that the seeds hold."""

from dataclasses import replace

import pytest

from gateway.validation import clocks
from gateway.validation.facts.cases import Visit
from gateway.validation.rule import Rule
from tests.rules.boundaries import Boundary
from tests.rules.boundaries.amounts import AMOUNTS
from tests.rules.boundaries.counts import COUNTS
from tests.rules.boundaries.deadlines import DEADLINES, REMINDERS, Deadline
from tests.rules.boundaries.times import TIMES
from tests.rules.builders import PUBLISHED, at, visit
from tests.support.rulebook import RULES, asked

BOUNDARIES = [*TIMES, *COUNTS, *AMOUNTS]
BEGUN = at("2026-03-02 10:00")


def names(boundaries: list[Boundary]) -> list[str]:
    return [f"{place} {boundary.rule} {boundary.check}" for place, boundary in enumerate(boundaries)]


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=names(BOUNDARIES))
def test_a_rule_turns_at_its_boundary(boundary: Boundary) -> None:
    sides = [asked(boundary.rule, boundary.check, side).status for side in (boundary.passes, boundary.fails)]
    assert sides == [boundary.passing, boundary.failing]


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=names(BOUNDARIES))
def test_its_numbers_are_those_of_the_rule(boundary: Boundary) -> None:
    terms = RULES[boundary.rule].parameters
    assert {name: terms[name] for name in boundary.numbers} == boundary.numbers


@pytest.mark.parametrize("deadline", DEADLINES, ids=lambda deadline: f"{deadline.rule}{deadline.part}")
def test_a_deadline_ends_at_this_instant(deadline: Deadline) -> None:
    ends_at = clocks.due_at(stated(deadline), start=BEGUN, visit=of_visit(deadline), calendar=PUBLISHED)
    assert ends_at == at(deadline.ends_at)


@pytest.mark.parametrize("reminder", REMINDERS, ids=lambda reminder: reminder.rule)
def test_a_reminder_goes_out_at_this_instant(reminder: Deadline) -> None:
    sent_at = clocks.send_at(stated(reminder), now=BEGUN, visit=of_visit(reminder), calendar=PUBLISHED)
    assert sent_at == at(reminder.ends_at)


def stated(deadline: Deadline) -> Rule:
    """The rule, or the part of one that states several deadlines; its numbers are those of the row."""
    rule = RULES[deadline.rule]
    parts = {part["part"]: part for part in rule.parameters.get("clocks", [])}
    terms = parts[deadline.part] if deadline.part else rule.parameters
    assert {name: terms[name] for name in deadline.numbers} == deadline.numbers
    return replace(rule, parameters=terms)


def of_visit(deadline: Deadline) -> Visit | None:
    return visit("2026-03-10 09:00") if deadline.before_visit else None
