"""The health record, and whom the health manager talks to."""

from functools import partial

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def record_consented(rule: Rule, facts: Facts) -> Verdict:
    """Whoever may agree for the child has agreed that this vendor keeps the record (CY26-FD-03)."""
    if facts.has_vendor_consent:
        return rule.passed()
    return rule.refused(*path(facts, "policyNumber"), vendor=facts.vendor or "")


def contacted_as_printed(rule: Rule, facts: Facts) -> Verdict:
    """The manager comes by one of the ways that the handbook names, by which clients know them (CY26-FD-10)."""
    channel, named = str(facts.form.get("channel")), [str(name) for name in rule.parameters["channels"]]
    verdict = rule.passed if channel in named else partial(rule.warned, *path(facts, "channel"))
    return verdict(channel=channel, channels=", ".join(named))
