"""Whatever a rule measures has its boundary tried, on both sides (tests/rules/boundaries)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seeds.format.rules import Account
from tests.rules.test_boundaries import BOUNDARIES, DEADLINES, REMINDERS
from tests.support.checks import CHECKS, compares
from tests.support.rulebook import ROWS
from tests.support.without_cases import EITHER_OR, HELD_BY, NEVER_NO, NO_LIMITS, OPEN, TRIED_IN

ROOT = Path(__file__).parents[2]
MEASURE = re.compile(r"\d+\.\d\d|\d\d:\d\d")
TRIED = {(row.rule, name) for row in [*BOUNDARIES, *DEADLINES, *REMINDERS] for name in row.numbers}
JUDGED = [row for row in ROWS.values() if row.account in (Account.ENFORCED, Account.TIMED)]


def numbers(terms: Any, name: str = "") -> Iterator[str]:
    """Names of the numbers, amounts and times of day among the parameters of a rule."""
    if isinstance(terms, dict):
        yield from (found for key, part in terms.items() for found in numbers(part, key))
    elif isinstance(terms, list):
        yield from (found for part in terms for found in numbers(part, name))
    elif (isinstance(terms, int) and not isinstance(terms, bool)) or MEASURE.fullmatch(str(terms)):
        yield name


MEASURED = sorted({(row.id, name) for row in JUDGED for name in numbers(row.parameters) if name not in NO_LIMITS})
COMPARED = [
    (row.id, check)
    for row in JUDGED
    for check in row.checks
    if check not in EITHER_OR and (row.id, check) not in NEVER_NO and compares(CHECKS[check])
]


@pytest.mark.parametrize(("code", "name"), MEASURED)
def test_every_number_of_a_rule_is_tried_on_both_sides(code: str, name: str) -> None:
    """Here, by the rule that states the same, or by a test of the timer that counts it."""
    stated_by = {code, *ROWS[code].same_as, HELD_BY.get((code, name), code)}
    is_tried = any((other, name) in TRIED for other in stated_by)
    assert is_tried or (code, name) in TRIED_IN or (code, name) in OPEN


@pytest.mark.parametrize(("code", "check"), COMPARED)
def test_every_check_that_compares_is_tried_on_both_sides_under_each_rule(code: str, check: str) -> None:
    assert any((row.rule, row.check) == (code, check) for row in BOUNDARIES)


# Reasons for having none


def test_a_number_that_another_rule_holds_is_the_same_there() -> None:
    differing = [pair for pair, other in HELD_BY.items() if stated(pair[0], pair[1]) != stated(other, pair[1])]
    assert differing == []


def stated(code: str, name: str) -> Any:
    return ROWS[code].parameters[name]


def test_no_reason_is_given_for_what_is_tried() -> None:
    assert [pair for pair in {*HELD_BY, *TRIED_IN, *OPEN} if pair in TRIED or pair not in MEASURED] == []


def test_no_reason_is_given_for_what_is_not_there() -> None:
    named = {name for row in JUDGED for name in numbers(row.parameters)}
    assert set(NO_LIMITS) - named == set()
    assert [check for check in EITHER_OR if not compares(CHECKS[check])] == []


@pytest.mark.parametrize("test", sorted(set(TRIED_IN.values())))
def test_the_test_of_a_timer_exists(test: str) -> None:
    file, _, name = test.partition("::")
    tests = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    assert name in {item.name for item in tests if isinstance(item, ast.FunctionDef)}
