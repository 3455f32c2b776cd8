"""What is filled in, and what is brought along."""

from collections.abc import Iterable, Sized

from gateway.validation.calendar import months_before
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict

DATED_REPORTS = frozenset({"IMAGING_REPORT", "LAB_REPORT"})
"""Kinds of papers that grow old."""


def required_fields_given(rule: Rule, facts: Facts) -> Verdict:
    """Every field that this product's form demands is filled in; "no" is an answer, a blank is none
    (ZYB-ESC-05, VAS-ESC-03)."""
    missing = _missing(rule.parameters["fields"], facts)
    if not missing:
        return rule.passed(missing="")
    return rule.refused(*path(facts, missing[0]), missing=", ".join(missing))


def checklist_complete(rule: Rule, facts: Facts) -> Verdict:
    """Every point of the confirming call has been noted (VAS-ESC-06)."""
    missing = _missing(rule.parameters["fields"], facts)
    if not missing:
        return rule.passed(missing="")
    return rule.warned(*path(facts, missing[0]), missing=", ".join(missing))


def materials_given(rule: Rule, facts: Facts) -> Verdict:
    """Some of the papers for the visit are at hand; a first visit may have none (ZYB-ESC-31)."""
    return rule.passed() if facts.papers else rule.warned(*path(facts, "documents"))


def required_papers_given(rule: Rule, facts: Facts) -> Verdict:
    """Every kind of paper that is demanded is handed in (ZAWX-GRN-10, ZAWX-SOP-06)."""
    given = {paper.kind for paper in facts.papers}
    missing = ", ".join(kind for kind in rule.parameters["documents"] if kind not in given)
    return rule.refused(*path(facts, "documents"), missing=missing) if missing else rule.passed(missing="")


def reports_recent(rule: Rule, facts: Facts) -> Verdict:
    """Imaging and laboratory reports are at most so many calendar months old on the day of the visit
    (ZYB-ESC-32). `oldest_on` is the earliest date that still counts."""
    visit = facts.visit or facts.booked
    if visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    months: int = rule.parameters["months"]
    oldest_on = months_before(visit.on, months)
    values: dict[str, Value] = {"oldest_on": str(oldest_on), "months": months}
    issued = [paper.issued_on for paper in facts.papers if paper.kind in DATED_REPORTS]
    if any(day is not None and day < oldest_on for day in issued):
        return rule.warned(*path(facts, "documents"), **values)
    return rule.unknown(*path(facts, "documents"), **values) if None in issued else rule.passed(**values)


def _missing(fields: Iterable[str], facts: Facts) -> list[str]:
    return [field for field in fields if not _is_given(facts.form.get(field))]


def _is_given(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Sized):
        return len(value) > 0
    return value is not None
