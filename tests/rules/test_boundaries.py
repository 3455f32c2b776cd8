"""Every rule turns exactly where its handbook says, asked with the numbers that the seeds hold."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.validation import clocks
from gateway.validation.facts.cases import Visit
from gateway.validation.rule import Rule
from gateway.validation.rules.consulting import TITLES
from tests.rules.boundaries import Boundary
from tests.rules.boundaries.amounts import AMOUNTS
from tests.rules.boundaries.counts import COUNTS
from tests.rules.boundaries.deadlines import DEADLINES, REMINDERS, Deadline
from tests.rules.boundaries.times import TIMES
from tests.rules.builders import PUBLISHED, at, visit
from tests.support.rulebook import RULES, asked
from tests.support.without_cases import BROUGHT

BOUNDARIES = [*TIMES, *COUNTS, *AMOUNTS]
CENT = Decimal("0.01")
BEGUN = at("2026-03-02 10:00")


def names(boundaries: list[Boundary]) -> list[str]:
    return [f"{place} {boundary.rule} {boundary.check}" for place, boundary in enumerate(boundaries)]


def other_numbers() -> Iterator[tuple[Boundary, str, str | int]]:
    """One step up and one step down from each number that the rule itself compares."""
    for boundary in BOUNDARIES:
        for name, number in boundary.numbers.items():
            if name not in BROUGHT:
                yield from ((boundary, name, other) for other in beside(number))


def beside(number: str | int) -> list[str | int]:
    if isinstance(number, int):
        return [number - 1, number + 1]
    if ":" in number:
        time = dt.datetime.fromisoformat(f"2026-03-02 {number}")
        return [f"{time + dt.timedelta(minutes=step):%H:%M}" for step in (-1, 1)]
    if "." in number:
        return [str(Decimal(number) + step * CENT) for step in (-1, 1)]
    return [title for title in TITLES if title != number]


OTHERS = list(other_numbers())
OTHER_NAMES = [f"{place} {boundary.rule} {name} {other}" for place, (boundary, name, other) in enumerate(OTHERS)]


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=names(BOUNDARIES))
def test_a_rule_turns_at_its_boundary(boundary: Boundary) -> None:
    sides = [asked(boundary.rule, boundary.check, side).status for side in (boundary.passes, boundary.fails)]
    assert sides == [boundary.passing, boundary.failing]


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=names(BOUNDARIES))
def test_its_numbers_are_those_of_the_rule(boundary: Boundary) -> None:
    terms = RULES[boundary.rule].parameters
    assert {name: terms[name] for name in boundary.numbers} == boundary.numbers


@pytest.mark.parametrize(("boundary", "name", "other"), OTHERS, ids=OTHER_NAMES)
def test_with_another_number_it_would_turn_elsewhere(boundary: Boundary, name: str, other: str | int) -> None:
    """So the two sides lie as close together as they can, and the number is the one that decides."""
    sides = (boundary.passes, boundary.fails)
    then = [asked(boundary.rule, boundary.check, side, **{name: other}).status for side in sides]
    assert then != [boundary.passing, boundary.failing]


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
