"""The health record of a child."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def record_consented(rule: Rule, facts: Facts) -> Verdict:
    """Whoever may agree for the child has agreed that this vendor keeps the record (CY26-FD-03)."""
    if facts.has_vendor_consent:
        return rule.passed()
    return rule.refused(*path(facts, "policyNumber"), vendor=facts.vendor or "")
