"""What may be asked, who answers, and how a consultation by phone goes."""

from gateway.validation.facts import Facts
from gateway.validation.facts.calls import Doctor
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict

TITLES = ("RESIDENT", "ATTENDING", "ASSOCIATE_CHIEF", "CHIEF")
"""Titles of doctors, the lowest first."""


def topic_not_excluded(rule: Rule, facts: Facts) -> Verdict:
    """The question is about none of the topics that the service leaves out (ZAWX-CON-13)."""
    topic = facts.topic or ""
    if topic in rule.parameters["excludedTopics"]:
        return rule.refused(*path(facts, "topic"), topic=topic)
    return rule.passed(topic=topic)


def doctor_experienced(rule: Rule, facts: Facts) -> Verdict:
    """Who answers has so many years of clinical work, or more than that (ZAWX-CON-01, ZAWX-CON-05)."""
    if facts.doctor is None:
        return rule.passed()
    needed: int = rule.parameters["minClinicalYears"]
    years = facts.doctor.clinical_years
    lowest = needed + 1 if rule.parameters["operator"] == "GT" else needed
    if years is not None and years >= lowest:
        return rule.passed(years=years, min_years=lowest)
    return rule.refused(*path(facts, "doctorYears"), years="-" if years is None else years, min_years=lowest)


def doctor_titled(rule: Rule, facts: Facts) -> Verdict:
    """Who answers has at least the title asked for (ZAWX-CON-05, VAS-TBL-12)."""
    if facts.doctor is None:
        return rule.passed()
    lowest: str = rule.parameters["minTitle"]
    title = facts.doctor.title
    if title is not None and TITLES.index(title) >= TITLES.index(lowest):
        return rule.passed(title=title, min_title=lowest)
    return rule.refused(*path(facts, "doctorTitle"), title=title or "-", min_title=lowest)


def doctor_licensed(rule: Rule, facts: Facts) -> Verdict:
    """Who answers is a licensed physician (ZAWX-CON-04)."""
    return _stated(rule, facts, "doctorLicensed", facts.doctor is None or facts.doctor.is_licensed is True)


def doctor_of_top_hospital(rule: Rule, facts: Facts) -> Verdict:
    """Who answers comes from a hospital of class 3A (VAS-TBL-12)."""
    return _stated(rule, facts, "doctorOfTopHospital", facts.doctor is None or facts.doctor.is_of_top_hospital is True)


def doctor_employed(rule: Rule, facts: Facts) -> Verdict:
    """Who answers works full time for the service or at a hospital (VAS-FD-09)."""
    return _stated(rule, facts, "doctorEmployment", _is_employed(facts.doctor, rule.parameters["employment"]))


def single_call(rule: Rule, facts: Facts) -> Verdict:
    """A consultation has one call; a new question is a new consultation (VAS-FD-03)."""
    if facts.call is not None and facts.call.is_another:
        return rule.refused(*path(facts, "call"))
    return rule.passed()


def call_within_length(rule: Rule, facts: Facts) -> Verdict:
    """The call took no longer than it may; one that did is a fact to record (VAS-FD-03, VAS-FD-06)."""
    if facts.call is None:
        return rule.passed()
    longest: int = rule.parameters["maxMinutes"]
    values = {"minutes": facts.call.minutes, "max_minutes": longest}
    if facts.call.minutes <= longest:
        return rule.passed(**values)
    return rule.warned(*path(facts, "call"), **values)


def vendor_consent_given(rule: Rule, facts: Facts) -> Verdict:
    """The client lets the vendor see the case; where no consent is recorded, the vendor asks for it (CY26-FD-08)."""
    return rule.passed() if facts.has_vendor_consent else rule.warned()


def _is_employed(doctor: Doctor | None, ways: list[str]) -> bool:
    return doctor is None or doctor.employment in ways


def _stated(rule: Rule, facts: Facts, field: str, is_so: bool) -> Verdict:
    return rule.passed() if is_so else rule.refused(*path(facts, field))
