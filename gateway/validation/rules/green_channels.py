"""Green channels: where a child is taken, who comes along at discharge, and when a use is spent all the same."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict

SPENT = "own_reasons_spend_use"
"""The check whose warning spends the use."""


def child_hospital(rule: Rule, facts: Facts) -> Verdict:
    """The hospital is on the vendor's list, or a large one whose department for children is asked for. Where no list
    has been loaded, people judge the rest (VAS-TBL-02)."""
    hospital, place = facts.hospital, facts.place
    if hospital is None or place is None:
        return rule.unknown(*path(facts, "hospital"))
    lowest: int = rule.parameters["minHospitalLevel"]
    values: dict[str, Value] = {"hospital": hospital.name, "min_level": lowest}
    is_large = hospital.level is not None and hospital.level >= lowest
    is_for_children = place.department == rule.parameters["department"]
    if place.is_listed or (is_large and is_for_children):
        return rule.passed(**values)
    if not place.is_list_loaded:
        return rule.unknown(*path(facts, "hospital"), **values)
    return rule.refused(*path(facts, "hospital"), passes_from=None, **values)


def discharge_accompanied(rule: Rule, facts: Facts) -> Verdict:
    """The health manager came along at discharge; where not, that is noted (ZAWX-GRN-05)."""
    return rule.passed() if facts.form.get("isAccompanied") else rule.warned(*path(facts, "isAccompanied"))


def own_reasons_spend_use(rule: Rule, facts: Facts) -> Verdict:
    """What has been arranged and fails for the client's own reasons counts as used (ZAWX-GRN-18, ZAWX-SOP-24)."""
    return rule.warned(*path(facts, "cause")) if facts.form.get("cause") == "CLIENT" else rule.passed()
