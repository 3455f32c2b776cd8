"""Services for critical illnesses: which illness, since when, and shown by what."""

import datetime as dt

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def critical_illness_listed(rule: Rule, facts: Facts) -> Verdict:
    """The illness is named and stands on the product's list; while no list is loaded, people decide (ZAWX-TBL-02)."""
    illness = facts.illness
    if illness is None or not illness.name:
        return rule.refused(*path(facts, "criticalIllness"), illness="")
    if illness.is_listed is None:
        return rule.unknown(*path(facts, "criticalIllness"), illness=illness.name)
    if illness.is_listed:
        return rule.passed(illness=illness.name)
    return rule.refused(*path(facts, "criticalIllness"), illness=illness.name)


def first_diagnosed_under_service(rule: Rule, facts: Facts) -> Verdict:
    """The first diagnosis came once the service was in effect; one before the cover does not count, one in the waiting
    period is for people (ZAWX-TBL-08)."""
    day = facts.illness.first_diagnosed_on if facts.illness else None
    if facts.cover is None:
        return rule.unknown(*path(facts, "policyNumber"))
    starts_on = facts.cover.starts_on
    usable_from = starts_on + dt.timedelta(days=rule.parameters["waitingDays"])
    values = {"diagnosed_on": str(day or ""), "starts_on": str(starts_on), "usable_from": str(usable_from)}
    if day is None or day < starts_on:
        return rule.refused(*path(facts, "firstDiagnosedOn"), passes_from=None, **values)
    if day < usable_from:
        return rule.unknown(*path(facts, "firstDiagnosedOn"), **values)
    return rule.passed(**values)


def examination_given(rule: Rule, facts: Facts) -> Verdict:
    """An imaging or examination result comes with the request; where it was made, the review looks at (ZAWX-TBL-07)."""
    kinds: list[str] = rule.parameters["documents"]
    needed: int = rule.parameters["minDocuments"]
    given = sum(paper.kind in kinds for paper in facts.papers)
    values = {"documents": ", ".join(kinds), "min_documents": needed}
    return (
        rule.passed(**values)
        if given >= needed
        else rule.refused(*path(facts, "documents"), passes_from=None, **values)
    )


def diagnosis_confirmed(rule: Rule, facts: Facts) -> Verdict:
    """There is a day on which the illness was diagnosed (ZAWX-GRN-17, ZAWX-SOP-23)."""
    day = facts.illness.first_diagnosed_on if facts.illness else None
    return rule.passed() if day else rule.refused(*path(facts, "firstDiagnosedOn"))


def diagnosed_by_specialist(rule: Rule, facts: Facts) -> Verdict:
    """A specialist made the diagnosis; where nobody says so, the review looks at it (ZAWX-GRN-16, ZAWX-SOP-22)."""
    said = facts.form.get("isDiagnosedBySpecialist")
    if said is None:
        return rule.unknown(*path(facts, "isDiagnosedBySpecialist"))
    return rule.passed() if said else rule.refused(*path(facts, "isDiagnosedBySpecialist"))
