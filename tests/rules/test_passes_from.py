"""What a refusal says of time is true of every rule that looks at the clock: at the instant that it names the same
request passes this rule, one second before it does not, and where it names none no waiting helps."""

import datetime as dt
import inspect
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.authorizations import Authorization, Draw
from gateway.validation.facts.calls import Duty
from gateway.validation.facts.cards import Binding
from gateway.validation.facts.cases import Account, Cover, Visit
from gateway.validation.facts.direct_claims import Bill
from gateway.validation.facts.drugs import Applicant, DrugOrder
from gateway.validation.facts.visits import Membership, Transfer
from gateway.validation.operations import OPERATIONS
from gateway.validation.rule import Check, Rule
from seeds import files
from tests.rules.builders import PUBLISHED, billing, facts, home_test, hospital, on, patient

CHECKS = {check.__name__: check for checks in OPERATIONS.values() for check in checks}
LOOKS_AT_TIME = re.compile(r"facts\.now|passes_from=(?!None)|_too_soon|_is_too_late")
TIMED = sorted(name for name, check in CHECKS.items() if LOOKS_AT_TIME.search(inspect.getsource(check)))
NAMES_AN_INSTANT = re.compile(r"passes_from=(?!None)")
A_SECOND = dt.timedelta(seconds=1)
REQUESTS = 60
FIRST_DAY = on("2026-02-20")


def governing() -> Iterator[Any]:
    """Each rule of the handbooks with each of its checks that looks at the clock."""
    for file in files.product_files():
        for position, row in enumerate(file.rules, 1):
            for name in sorted(set(row.checks) & set(TIMED)):
                operations = frozenset(each for each in row.operations if CHECKS[name] in OPERATIONS.get(each, ()))
                rule = Rule(row.id, file.product.code, position, row.kind, row.service, row.parameters, operations)
                yield pytest.param(rule, CHECKS[name], id=f"{row.id}-{name}")


GOVERNING = list(governing())


class Chance(random.Random):
    """Draws what a request holds, the same ones in every run."""

    def either(self, value: Any) -> Any:
        return self.choice([None, value])

    def is_so(self) -> bool:
        return self.random() < 0.5

    def day(self) -> dt.date:
        return FIRST_DAY + dt.timedelta(days=self.randrange(50))

    def instant(self) -> dt.datetime:
        return start_of(self.day()) + dt.timedelta(minutes=self.randrange(24 * 60))

    def period(self) -> tuple[dt.date, dt.date]:
        first = self.day()
        return first, first + dt.timedelta(days=self.randrange(1, 30))


def requests(rule: Rule) -> Iterator[Facts]:
    chance = Chance(rule.code)
    return (request(rule, chance) for _ in range(REQUESTS))


def request(rule: Rule, chance: Chance) -> Facts:
    """A request whose every day lies by chance before or after that of asking."""
    now, starts_at, letter = chance.instant(), chance.instant(), chance.period()
    last_day = civil_day(starts_at) + dt.timedelta(days=chance.randrange(60))
    liability = rule.parameters.get("liability", "OUTPATIENT_INPATIENT")
    places = [Membership(liability, *chance.choice([chance.period(), (chance.either(chance.day()), None)]))]
    return facts(
        operation=chance.choice(sorted(rule.operations)),
        product=rule.product,
        service=rule.service or "HOSPITAL_VISIT",
        now=now,
        calendar=PUBLISHED,
        cover=Cover(starts_at, civil_day(starts_at), last_day),
        account=Account(1, 0, 0, 0, chance.either(chance.day())),
        visit=chance.either(Visit(chance.instant())),
        booked=chance.either(Visit(chance.instant())),
        is_confirmed=chance.is_so(),
        hospital=hospital(ownership=chance.choice(["PUBLIC", "PRIVATE"])),
        patient=patient(birth_on=chance.day().replace(year=2008)),
        applicant=Applicant(chance.choice(["INSURED", "GUARDIAN"]), is_insured_incapable=chance.is_so()),
        order=DrugOrder(listed_from=letter[0], listed_until=chance.either(letter[1])),
        billing=billing(is_popular=chance.is_so(), memberships=tuple(places), lists=frozenset({liability})),
        transfer=Transfer("A", chance.either(chance.day()), chance.is_so(), "B", chance.either(chance.day())),
        test=home_test(ordered_on=civil_day(now), uses_in_month=chance.randrange(2)),
        bill=Bill("OUTPATIENT", reminded_on=chance.either(chance.day()), is_reminder_delivered=chance.is_so()),
        binding=Binding(rule.parameters.get("purchaseChannel", ""), chance.instant(), is_name_as_applied=True),
        authorization=Authorization(treatment_on=chance.day(), emergency_at=chance.instant()),
        draw=Draw(Decimal(chance.choice([1, 3])), Decimal(2), *letter),
        advance=Advancing("DISEASE", chance.day(), "INPATIENT_TREATMENT", discharge_on=chance.either(chance.day())),
        duty=Duty(is_now=False, has_room=False, next_at=None),
    )


def seen_at(found: Facts, now: dt.datetime) -> Facts:
    """The same request, sent at another time; tests are counted by the month in which one is ordered."""
    assert found.test is not None
    assert found.test.ordered_on is not None
    ordered_on = civil_day(now)
    is_same_month = (ordered_on.year, ordered_on.month) == (found.test.ordered_on.year, found.test.ordered_on.month)
    uses = found.test.uses_in_month if is_same_month else 0
    return replace(found, now=now, test=replace(found.test, ordered_on=ordered_on, uses_in_month=uses))


def later(found: Facts) -> Iterator[dt.datetime]:
    """Noons of the months to come."""
    for days in range(1, 75):
        yield start_of(civil_day(found.now) + dt.timedelta(days=days)) + dt.timedelta(hours=12)


@pytest.mark.parametrize(("rule", "check"), GOVERNING)
def test_what_a_refusal_says_of_time_is_true(rule: Rule, check: Check) -> None:
    for found in requests(rule):
        verdict = check(rule, found)
        if not verdict.is_refusal:
            continue
        if verdict.passes_from is None:
            helps = [then for then in later(found) if not check(rule, seen_at(found, then)).is_refusal]
            assert not helps, f"{found.now} is refused without an instant"
            continue
        assert verdict.passes_from > found.now
        assert not check(rule, seen_at(found, verdict.passes_from)).is_refusal
        assert check(rule, seen_at(found, verdict.passes_from - A_SECOND)).is_refusal


FROM_THE_SCHEDULE = "on_duty_with_room"
"""Names what the database finds in an expert's schedule, which tests/handbooks/test_vas_expert.py asks."""


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, check in CHECKS.items()
        if NAMES_AN_INSTANT.search(inspect.getsource(check)) and name != FROM_THE_SCHEDULE
    ),
)
def test_requests_by_chance_reach_every_check_that_names_an_instant(name: str) -> None:
    rules = [each.values[0] for each in GOVERNING if each.values[1] is CHECKS[name]]
    assert any(CHECKS[name](rule, found).passes_from for rule in rules for found in requests(rule))
