"""What the client has agreed to."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def consent_given(rule: Rule, facts: Facts) -> Verdict:
    """A consent of the kind that the rule demands stands before anything is given away; who only prepares it is told
    (ZAWX-DRUG-27)."""
    kind: str = rule.parameters["consent"]
    if facts.consents is None:
        return rule.unknown(*path(facts, "policyNumber"))
    if kind in facts.consents:
        return rule.passed(consent=kind)
    answer = rule.refused if facts.is_shared_now else rule.warned
    return answer(*path(facts, "policyNumber"), consent=kind)
