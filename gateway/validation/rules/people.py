"""For whom, and with whom: the patient's age and state, the companion, and the client's own word."""

from gateway.validation.calendar import completed_years
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Patient
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict

KIN = frozenset({"RELATIVE", "FAMILY_MEMBER"})
"""Both words of the handbook mean a companion of the family; anybody else does not count."""


def condition_allowed(rule: Rule, facts: Facts) -> Verdict:
    """The patient is not in the state that this rule excludes, as the client declares it (ZYB-ESC-13 to 19)."""
    if facts.patient is None:
        return rule.unknown(*path(facts, "conditions"))
    condition: str = rule.parameters["condition"]
    if condition in facts.patient.conditions:
        return rule.refused(*path(facts, "conditions"), condition=condition)
    return rule.passed(condition=condition)


def elderly_accompanied(rule: Rule, facts: Facts) -> Verdict:
    """Who has completed so many years on the day of the visit, the very birthday included, comes with a relative
    (ZYB-ESC-20, GEN-13)."""
    age = _age_at_visit(facts)
    if age is None:
        return _unknown_age(rule, facts)
    min_age: int = rule.parameters["minAge"]
    if age < min_age or _is_with_kin(facts.patient):
        return rule.passed(age=age, min_age=min_age)
    return rule.refused(*path(facts, "companion"), age=age, min_age=min_age)


def child_accompanied(rule: Rule, facts: Facts) -> Verdict:
    """Who has completed no more than so many years on the day of the visit comes with the family
    (ZYB-ESC-21, GEN-13)."""
    age = _age_at_visit(facts)
    if age is None:
        return _unknown_age(rule, facts)
    max_age: int = rule.parameters["maxAge"]
    if age > max_age or _is_with_kin(facts.patient):
        return rule.passed(age=age, max_age=max_age)
    return rule.refused(*path(facts, "companion"), age=age, max_age=max_age)


def client_confirmed(rule: Rule, facts: Facts) -> Verdict:
    """The client agrees before anything is arranged, in person or by a recorded word (ZYB-ESC-29)."""
    return rule.passed() if facts.is_confirming_client else rule.refused()


def late_arrival_noted(rule: Rule, facts: Facts) -> Verdict:
    """Where the client is late, the time of arrival has been asked for and noted (VAS-ESC-08)."""
    if facts.client_is_late and facts.client_expected_at is None:
        return rule.warned(*path(facts, "clientExpectedAt"))
    return rule.passed()


def _age_at_visit(facts: Facts) -> int | None:
    if facts.patient is None or facts.patient.birth_on is None or facts.visit is None:
        return None
    return completed_years(facts.patient.birth_on, facts.visit.on)


def _unknown_age(rule: Rule, facts: Facts) -> Verdict:
    if facts.visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    return rule.unknown(*(path(facts, "birthOn") or ("patient", "birthOn")))


def _is_with_kin(patient: Patient | None) -> bool:
    return patient is not None and patient.companion in KIN
