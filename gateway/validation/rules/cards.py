"""Cards: who may bind one, and from when."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path, written
from gateway.validation.verdict import Verdict


def bindable_from(rule: Rule, facts: Facts) -> Verdict:
    """A policy sold in this way can be bound from its issue, or from when it takes effect
    (CY23-CARD-03, CY23-CARD-04, CY26-CARD-01)."""
    if facts.binding is None:
        return rule.unknown(*path(facts, "policyNumber"))
    effective_at = facts.binding.effective_at
    concerns = facts.binding.sold_by == rule.parameters.get("purchaseChannel", facts.binding.sold_by)
    if concerns and rule.parameters["bindableFrom"] == "POLICY_EFFECTIVE" and facts.now < effective_at:
        return rule.refused(passes_from=effective_at, effective_at=written(effective_at))
    return rule.passed(effective_at=written(effective_at))


def name_as_applied(rule: Rule, facts: Facts) -> Verdict:
    """The name is exactly that of an insured of the policy; blanks and full-width signs make no other name
    (CY23-CARD-06, CY26-CARD-06)."""
    is_known = facts.binding is not None and facts.binding.is_name_as_applied
    return rule.passed() if is_known else rule.refused(*path(facts, "name"))


def phone_as_applied(rule: Rule, facts: Facts) -> Verdict:
    """The phone is the one that was given in the application (CY23-CARD-07)."""
    is_same = facts.binding is not None and facts.binding.is_phone_as_applied
    return rule.passed() if is_same else rule.refused(*path(facts, "phone"))


def phone_proven(rule: Rule, facts: Facts) -> Verdict:
    """The code that was sent to this phone has come back, in time and not too often tried (CY23-CARD-07)."""
    is_right = facts.binding is not None and facts.binding.is_code_right
    return rule.passed() if is_right else rule.refused(*path(facts, "code"))


def paper_as_applied(rule: Rule, facts: Facts) -> Verdict:
    """Kind and number of the identity paper are those of the application (CY26-CARD-06)."""
    is_same = facts.binding is not None and facts.binding.is_paper_as_applied
    return rule.passed() if is_same else rule.refused(*path(facts, "idNumber"))


def person_as_applied(rule: Rule, facts: Facts) -> Verdict:
    """An identity card says enough by its number; with another paper, birthday and gender are given and are the
    insured's (CY26-CARD-07)."""
    given = facts.form.get("idType")
    needed: list[str] = [] if given == "ID_CARD" else rule.parameters["otherFields"]
    missing = [name for name in needed if facts.form.get(name) is None]
    if missing:
        return rule.refused(*path(facts, missing[0]), missing=", ".join(missing))
    is_same = not needed or (facts.binding is not None and facts.binding.is_person_as_applied)
    return rule.passed(missing="") if is_same else rule.refused(*path(facts, "birthOn"), missing="")
