"""The checks by kind: each a small function, named for the state it demands, from a rule and facts to a verdict."""

import datetime as dt

from gateway.validation.civil_time import SHANGHAI
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.verdict import Status, Verdict

SET_ASIDE = "overridden"
"""The value of a verdict that the hotline has turned from a refusal into a warning."""


def path(facts: Facts, field: str) -> tuple[str, ...]:
    """Where the request holds this field; empty where the operation does not take it."""
    return tuple(facts.paths.get(field, ()))


def written(instant: dt.datetime) -> str:
    """An instant as texts show it: Shanghai time, to the minute."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def unless_set_aside(refusal: Verdict, facts: Facts) -> Verdict:
    """The refusal, or a warning where the hotline has set this rule aside for the request (GEN-18)."""
    if refusal.rule not in facts.overrides:
        return refusal
    values = {**refusal.values, SET_ASIDE: 1, "is_late": 0}
    return Verdict(refusal.rule, Status.WARNED, refusal.input_path, values)


def speaks_of(rule: Rule, facts: Facts) -> bool | None:
    """Whether the rule speaks of such a hospital; None where that is not known."""
    if facts.hospital is None:
        return None
    if facts.hospital.ownership != rule.parameters.get("ownership", facts.hospital.ownership):
        return False
    if "isPopular" not in rule.parameters:
        return True
    return None if facts.billing is None else facts.billing.is_popular
