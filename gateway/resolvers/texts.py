"""From a verdict to what a client reads: the rule's own text, with the actual values in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.validation.rules import SET_ASIDE
from gateway.validation.verdict import Status, Verdict

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """Texts of one rule: its statement, and what it says when it refuses or warns."""

    statement: Mapping[str, str]
    texts: Texts
    has_many_checks: bool


@dataclass(frozen=True, slots=True)
class VerdictTexts:
    """Texts of all rules, and those that belong to a check whatever the rule."""

    rules: Mapping[str, RuleTexts]
    checks: Mapping[str, Texts]

    def message(self, verdict: Verdict, language: str) -> str:
        statement = self.rules[verdict.rule].statement[language]
        if verdict.status is Status.PASSED:
            return statement
        template = self._text(verdict, _kind(verdict), language)
        values = {**verdict.values, "statement": statement}
        return statement if template is None else template.format_map(_Filled(values))

    def remedy(self, verdict: Verdict, language: str) -> str | None:
        if verdict.status is Status.PASSED or SET_ASIDE in verdict.values:
            return None
        template = self._text(verdict, "remedy", language)
        return None if template is None else template.format_map(_Filled(verdict.values))

    def _text(self, verdict: Verdict, kind: str, language: str) -> str | None:
        """A rule with one check speaks for itself; one with several lets each check speak, where it has words."""
        rule = self.rules[verdict.rule]
        own, common = rule.texts.get(kind), self.checks.get(verdict.check, {}).get(kind)
        found = (common or own) if rule.has_many_checks or own is None else own
        found = found or self.checks.get("generic", {}).get(kind)
        return found[language] if found else None


def _kind(verdict: Verdict) -> str:
    return SET_ASIDE if SET_ASIDE in verdict.values else verdict.status.value.lower()


class _Filled(dict[str, Any]):
    """Values of a text; one that a check does not give shows as a dash rather than as an error."""

    def __missing__(self, key: str) -> str:
        return "–"
