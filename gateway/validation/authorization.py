"""Which treatments are on a product's lists, by the numbers and the operators that each list prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.validation.facts.authorizations import Item
from gateway.validation.rule import Rule

CUMULATIVE = "EXPECTED_CUMULATIVE"


@dataclass(frozen=True, slots=True)
class Match:
    """An item, by its place in the request from 1 on, and a rule that lists it."""

    rule: str
    position: int


def outcome_of(decisions: Iterable[str]) -> str:
    """What the decisions on all items come to."""
    needed = {decision for decision in decisions if decision != "NOT_REQUIRED"}
    if not needed:
        return "NOT_REQUIRED"
    if needed == {"DENIED"}:
        return "REFUSED"
    return "APPROVED" if needed <= {"APPROVED", "MODIFIED"} else "PARTIALLY_APPROVED"


@dataclass(frozen=True, slots=True)
class Granted:
    """What was decided of all items, and what it came to."""

    decisions: tuple[str, ...]
    amounts: tuple[Decimal, ...]
    outcome: str
    total: Decimal

    @classmethod
    def of(cls, decisions: Sequence[str], amounts: Iterable[Decimal | None]) -> "Granted":
        granted = tuple(amount or Decimal(0) for amount in amounts)
        return cls(tuple(decisions), granted, outcome_of(decisions), sum(granted, Decimal(0)))


def matching(rules: Iterable[Rule], items: Sequence[Item], cumulative: Decimal | None) -> list[Match]:
    """Every item that a rule lists, in the order of the rules. What stands on no other list may be on the last one,
    which is about the sum."""
    rules = list(rules)
    named = [
        Match(rule.code, at)
        for rule in rules
        if not _is_about_sum(rule)
        for at, item in enumerate(items, 1)
        if is_listed(rule, item)
    ]
    listed = {match.position for match in named}
    summed = [
        Match(rule.code, at)
        for rule in rules
        if _is_about_sum(rule) and exceeds(rule, cumulative)
        for at, item in enumerate(items, 1)
        if at not in listed and not _is_excluded(rule, item)
    ]
    return named + summed


def is_listed(rule: Rule, item: Item) -> bool | None:
    """Whether a rule lists the item by its category, its size or its price; None where the price would tell."""
    terms = rule.parameters
    if _is_excluded(rule, item):
        return False
    if item.category in terms.get("categories", ()):
        return True
    if item.is_large_exam and terms.get("includesLargeExam"):
        return True
    return exceeds(rule, _price(terms["basis"], item)) if item.category in terms.get("pricedCategories", ()) else False


def exceeds(rule: Rule, amount: Decimal | None) -> bool | None:
    """Over the threshold as it is printed: 以上 includes it, 超过 does not (GEN-02)."""
    if amount is None:
        return None
    threshold = Decimal(rule.parameters["threshold"])
    return amount >= threshold if rule.parameters["operator"] == "GTE" else amount > threshold


def _is_about_sum(rule: Rule) -> bool:
    return rule.parameters.get("basis") == CUMULATIVE


def _is_excluded(rule: Rule, item: Item) -> bool:
    terms: Any = rule.parameters
    if item.is_rental and terms.get("excludesRental"):
        return True
    return any(word in item.name.lower() for word in terms.get("excludedNames", ()))


def _price(basis: str, item: Item) -> Decimal | None:
    """What the list looks at. One treatment costs no less than one unit of what it uses."""
    if basis == "UNIT_PRICE":
        return item.unit_price
    known = [price for price in (item.unit_price, item.per_treatment) if price is not None]
    return max(known, default=None)
