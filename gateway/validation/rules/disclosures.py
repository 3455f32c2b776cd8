"""What the client must have read."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def disclosure_acknowledged(rule: Rule, facts: Facts) -> Verdict:
    """The request names this very disclosure as read (ZYB-ESC-23)."""
    if rule.code in facts.acknowledged:
        return rule.passed(disclosure=rule.code)
    return rule.refused(*path(facts, "acknowledged"), disclosure=rule.code)
