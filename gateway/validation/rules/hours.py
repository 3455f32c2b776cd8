"""The hours in which a service answers, and what follows outside them."""

from gateway.validation.calendar import is_between, next_time
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def within_service_hours(rule: Rule, facts: Facts) -> Verdict:
    """The request comes while the service is open: the opening minute counts, the closing one does not. Where the
    handbook takes messages instead, being closed is worth a word and no more (ZYB-TBL-05, ZAWX-CON-06)."""
    opens_at, closes_at = rule.parameters["opensAt"], rule.parameters["closesAt"]
    values = {"opens_at": opens_at, "closes_at": closes_at}
    if is_between(opens_at, closes_at, facts.now):
        return rule.passed(**values)
    if rule.parameters["afterHours"] == "MESSAGE":
        return rule.warned(**values)
    return rule.refused(passes_from=next_time(opens_at, facts.now), **values)


def phone_left_after_hours(rule: Rule, facts: Facts) -> Verdict:
    """Whoever asks while nobody answers online leaves a number to be called at (ZYB-TBL-06)."""
    if not is_between(rule.parameters["from"], rule.parameters["to"], facts.now) or facts.form.get("phone"):
        return rule.passed()
    return rule.refused(*path(facts, "phone"), passes_from=next_time(rule.parameters["to"], facts.now))
