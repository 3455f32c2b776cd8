"""How often: uses of the policy year, and cancellations that cost nothing."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def within_quota(rule: Rule, facts: Facts) -> Verdict:
    """One more use, on top of those spent and those reserved, is still granted (ZYB-TBL-04, VAS-TBL-07, GEN-12)."""
    account = facts.account
    if account is None:
        return rule.unknown(*path(facts, "policyNumber"))
    if account.granted is None:
        return rule.passed(used=account.used, reserved=account.held)
    verdict = rule.passed if account.used + account.held + 1 <= account.granted else rule.refused
    return verdict(granted=account.granted, used=account.used, reserved=account.held)


def cancellations_left(rule: Rule, facts: Facts) -> Verdict:
    """A confirmed booking is cancelled without cost only so often a policy year; further ones spend the use
    (ZYB-ESC-28)."""
    if not facts.is_confirmed:
        return rule.passed()
    if facts.account is None:
        return rule.unknown()
    allowed: int = rule.parameters["maxCancellations"]
    values = {"max_cancellations": allowed, "cancellations": facts.account.cancellations}
    if facts.account.cancellations < allowed:
        return rule.passed(**values)
    if facts.accepts_deduction:
        return rule.warned(*path(facts, "acceptDeduction"), **values)
    return rule.refused(*path(facts, "acceptDeduction"), passes_from=None, **values)
