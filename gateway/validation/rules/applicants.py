"""Who asks in the name of the insured, and by which papers."""

import datetime as dt

from gateway.validation.calendar import birthday, completed_years
from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.drugs import Applicant
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def papers_of_applicant_given(rule: Rule, facts: Facts) -> Verdict:
    """An agent or a guardian has handed in every paper that says so; others need none (ZAWX-DRUG-20, ZAWX-DRUG-22)."""
    applicant = facts.applicant
    if applicant is None or applicant.role != rule.parameters["applicant"]:
        return rule.passed(missing="")
    missing = [kind for kind in rule.parameters["documents"] if kind not in applicant.papers]
    if not missing:
        return rule.passed(missing="")
    return rule.refused(*path(facts, "documents"), missing=", ".join(missing))


def guardian_applies(rule: Rule, facts: Facts) -> Verdict:
    """For who is too young on the day of the request, or legally incapable, only the guardian asks; the very birthday
    ends it (ZAWX-DRUG-21, GEN-13)."""
    applicant, patient = facts.applicant, facts.patient
    if applicant is None or patient is None or patient.birth_on is None:
        return rule.unknown(*path(facts, "applicant"))
    max_age: int = rule.parameters["maxAgeExclusive"]
    age = completed_years(patient.birth_on, civil_day(facts.now))
    is_free = age >= max_age and not applicant.is_insured_incapable
    if is_free or applicant.role == rule.parameters["applicant"]:
        return rule.passed(max_age=max_age)
    return rule.refused(
        *path(facts, "applicant"), passes_from=_of_age(patient.birth_on, max_age, applicant), max_age=max_age
    )


def _of_age(born_on: dt.date, max_age: int, applicant: Applicant) -> dt.datetime | None:
    """When time alone cures it: at the birthday; never for who is incapable."""
    return None if applicant.is_insured_incapable else start_of(birthday(born_on, max_age))
