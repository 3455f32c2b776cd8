"""The rulebook is whole: every rule is accounted for, every check exists and runs, every text can be filled."""

import ast
import inspect
import string
from collections.abc import Callable, Iterator

import pytest

from gateway.schema import schema
from gateway.validation.operations import OPERATIONS
from gateway.validation.rules import (
    advances,
    applicants,
    bills,
    cards,
    claims,
    consents,
    consulting,
    direct_billing,
    direct_claims,
    disclosures,
    documents,
    drugs,
    eligibility,
    expert_calls,
    green_channels,
    health_records,
    home_tests,
    hours,
    illnesses,
    network,
    people,
    preauths,
    quota,
    second_opinions,
    timing,
    visits,
)
from seeds.files import check_texts, lifecycles, product_files
from seeds.format.rules import Account, Kind, RuleRow
from seeds.format.shape import Text
from tests.support.checks import kinds, with_helpers

RULES = {rule.id: rule for file in product_files() for rule in file.rules}
MODULES = (
    *(disclosures, documents, eligibility, network, people, quota, timing),
    *(advances, applicants, bills, cards, claims, consents, consulting, direct_billing, direct_claims, drugs),
    *(expert_calls, preauths, second_opinions, green_channels, health_records, home_tests, hours, illnesses, visits),
)
CHECKS = {
    name: check
    for module in MODULES
    for name, check in inspect.getmembers(module, inspect.isfunction)
    if check.__module__ == module.__name__ and not name.startswith("_")
}
TEXTS = check_texts()

STILL_PENDING = 0
"""Rules that nobody accounts for yet: none of the 513, and none again."""

BY_LIFECYCLE_OR_CONSTRAINT = {"CY23-PAY-03"}
"""Enforced rules without a check: what upholds them is an edge of a lifecycle, or a constraint of the database."""

DEMANDING = {"CY23-CARD-16", "CY23-SVC-03", "CY26-FD-03", "CY26-FD-04", "CY26-FD-10", "VAS-TBL-13"}
"""Rules that describe, and are asked all the same: a record needs a consent, an assessment those who answer for it, and
a service that has no other rule the insured and a policy in force."""

IN_SCHEMA = set(schema._schema.query_type.fields) | set(schema._schema.mutation_type.fields)  # type: ignore[union-attr]
LATER: frozenset[str] = frozenset()
"""Operations that clients are promised and that are not built yet: none."""


# Accounts


def test_all_513_rules_are_accounted_for() -> None:
    assert len(RULES) == 513


def test_no_rule_is_unaccounted_for() -> None:
    """Unaccounted rules = 0."""
    assert sum(rule.account is Account.PENDING for rule in RULES.values()) == STILL_PENDING


def test_nothing_that_is_pending_has_a_check() -> None:
    assert [rule.id for rule in RULES.values() if rule.account is Account.PENDING and rule.checks] == []


def test_every_enforced_rule_is_upheld_by_something() -> None:
    loose = {rule.id for rule in RULES.values() if rule.account is Account.ENFORCED and not is_upheld(rule)}
    assert loose == BY_LIFECYCLE_OR_CONSTRAINT


def is_upheld(rule: RuleRow) -> bool:
    return bool(rule.checks) or any(RULES[other].checks for other in rule.same_as)


def test_a_verdict_never_comes_from_a_rule_that_cannot_be_broken() -> None:
    """But for those whose reading demands something of who acts on what they describe."""
    asked = {rule.id for rule in RULES.values() if rule.kind is Kind.DATA and rule.checks}
    assert asked == DEMANDING


def test_one_verdict_stands_for_all_that_state_the_same() -> None:
    """Of rules that state the same, no two ask the same check of the same operation."""
    twice = [
        (rule.id, other)
        for rule in RULES.values()
        for other in rule.same_as
        if rule.service in (None, RULES[other].service)
        and set(rule.checks) & set(RULES[other].checks)
        and set(rule.operations) & set(RULES[other].operations)
    ]
    assert twice == []


# Checks and operations


def test_every_check_that_a_rule_names_exists() -> None:
    assert {name for rule in RULES.values() for name in rule.checks} - set(CHECKS) == set()


def test_every_check_is_asked_by_some_rule() -> None:
    assert set(CHECKS) - {name for rule in RULES.values() for name in rule.checks} == set()


def test_every_check_of_a_rule_is_asked_in_some_operation_of_the_rule() -> None:
    idle = [
        (rule.id, name)
        for rule in RULES.values()
        for name in rule.checks
        if not any(CHECKS.get(name) in OPERATIONS.get(operation, ()) for operation in rule.operations)
    ]
    assert idle == []


def test_every_operation_that_a_rule_names_is_one_of_the_api() -> None:
    assert {name for rule in RULES.values() for name in rule.operations} - IN_SCHEMA - LATER == set()


def test_every_operation_of_the_table_is_in_the_schema() -> None:
    assert set(OPERATIONS) <= IN_SCHEMA


def test_every_mutation_of_a_booking_asks_whether_the_step_is_allowed() -> None:
    steps = {name for name in OPERATIONS if name.startswith("booking")}
    assert [name for name in steps if eligibility.step_allowed not in OPERATIONS[name]] == []


def test_every_clock_starts_and_stops_with_a_command_that_exists() -> None:
    commands = {edge.command for edges in lifecycles().values() for edge in edges}
    built = [rule for rule in RULES.values() if rule.account is not Account.PENDING]
    named = {rule.id: {word for clock in clocks_of(rule) for word in commands_of(clock)} for rule in built}
    assert {code: names - commands for code, names in named.items() if names - commands} == {}


def clocks_of(rule: RuleRow) -> list[dict[str, str]]:
    """The one of a rule, or those of its several deadlines."""
    return [part.get("clock", {}) for part in rule.parameters.get("clocks", [rule.parameters])]


def commands_of(clock: dict[str, str]) -> set[str]:
    return {word for name, word in clock.items() if name in ("startsAt", "stopsAt")}


# Texts


def supplied(check: Callable[..., object]) -> set[str]:
    """Names of the values that a check may put into a verdict."""
    found: set[str] = set()
    for source in with_helpers(check):
        for item in ast.walk(source):
            if isinstance(item, ast.Call):
                found |= {keyword.arg for keyword in item.keywords if keyword.arg}
            elif isinstance(item, ast.Dict):
                found |= {
                    key.value for key in item.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
    return found


def placeholders(text: Text | None) -> set[str]:
    languages = (text.zh, text.en) if text else ()
    return {name for words in languages for _, name, _, _ in string.Formatter().parse(words) if name}


def templates(rule: RuleRow, check: str) -> Iterator[Text]:
    """What a verdict of this check under this rule is written with: the same choice as for a client."""
    for kind in (*kinds(CHECKS[check]), "remedy"):
        own, common = getattr(rule.texts, kind), getattr(TEXTS.get(check), kind, None)
        shares = len(rule.checks) > 1
        found = (common or own) if shares or own is None else own
        if found is not None:
            yield found


NEVER_REFUSES = {"ZYB-CON-03"}
"""A number that nobody knows is bad input, before any rule is asked."""

ASKED = [(rule.id, check) for rule in RULES.values() for check in rule.checks]


@pytest.mark.parametrize(("code", "check"), ASKED)
def test_every_value_that_a_text_shows_is_one_that_its_check_gives(code: str, check: str) -> None:
    wanted = {name for text in templates(RULES[code], check) for name in placeholders(text)}
    assert wanted - supplied(CHECKS[check]) - {"statement"} == set()


@pytest.mark.parametrize(("code", "check"), [pair for pair in ASKED if pair[0] not in NEVER_REFUSES])
def test_whatever_can_refuse_has_words_for_it_and_a_way_out(code: str, check: str) -> None:
    if "refused" in kinds(CHECKS[check]):
        own, common = RULES[code].texts, TEXTS.get(check)
        assert own.refused or (common and common.refused)
        assert own.remedy or (common and common.remedy)


def test_both_languages_show_the_same_values() -> None:
    uneven = [
        (rule.id, kind)
        for rule in RULES.values()
        for kind, text in rule.texts
        if text is not None and placeholders(Text(zh=text.zh, en="x")) != placeholders(Text(zh="x", en=text.en))
    ]
    assert uneven == []
