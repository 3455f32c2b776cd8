"""What the client has agreed to."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def consent_given(rule: Rule, facts: Facts) -> Verdict:
    """A consent of the kind that the rule demands stands, or the client is told that nothing is shown to the vendor
    before: reading the papers asks for the consent once more (ZAWX-DRUG-27)."""
    kind: str = rule.parameters["consent"]
    if facts.consents is None:
        return rule.unknown(*path(facts, "policyNumber"))
    if kind in facts.consents:
        return rule.passed(consent=kind)
    return rule.warned(*path(facts, "policyNumber"), consent=kind)
