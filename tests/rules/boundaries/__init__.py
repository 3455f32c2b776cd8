"""Where rules turn, by the numbers of the handbooks: the last case that is let through beside the first that is not.

The two cases of a row lie one step apart: a second, a day, a cent, a use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.validation.facts import Facts
from gateway.validation.verdict import Status
from tests.rules.builders import at, visit, visit_facts

Numbers = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Boundary:
    """One of a rule. `numbers` are those parameters of the rule that set it, as the handbook prints them; a rule that
    compares only what it is shown, such as the days of a policy, has none."""

    rule: str
    check: str
    passes: Facts
    fails: Facts
    numbers: Numbers = field(default_factory=dict)
    passing: Status = Status.PASSED
    failing: Status = Status.REFUSED


def case(now: str = "2026-03-02 10:00", visit_at: str = "2026-03-10 09:00", minutes: int = 0, **changes: Any) -> Facts:
    """A request of Monday 2 March for Tuesday the 10th, which every check lets through."""
    return replace(visit_facts(), now=at(now), visit=visit(visit_at, minutes), **changes)


def asked_at(rule: str, check: str, passes: str, fails: str, numbers: Numbers | None = None, **more: Any) -> Boundary:
    """The same request, sent at one instant or at the other."""
    return _between(rule, check, "now", passes, fails, numbers, more)


def asked_for(rule: str, check: str, passes: str, fails: str, numbers: Numbers | None = None, **more: Any) -> Boundary:
    """A visit at one instant or at the other, asked for at the same time."""
    return _between(rule, check, "visit_at", passes, fails, numbers, more)


def shown(
    rule: str, check: str, fact: str, passes: object, fails: object, numbers: Numbers | None = None, **more: Any
) -> Boundary:
    """The same request with one fact or the other."""
    return _between(rule, check, fact, passes, fails, numbers, more)


def _between(
    rule: str, check: str, fact: str, passes: object, fails: object, numbers: Numbers | None, more: dict[str, Any]
) -> Boundary:
    outcomes = {name: more.pop(name) for name in ("passing", "failing") if name in more}
    sides = (case(**more, **{fact: side}) for side in (passes, fails))
    return Boundary(rule, check, *sides, numbers or {}, **outcomes)
