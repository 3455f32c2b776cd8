"""Where: the hospital, its city, and the bounds of the place."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict

UNRATED = "-"
"""What a text shows in place of the level of a hospital that has none."""


def city_is_served(rule: Rule, facts: Facts) -> Verdict:
    """The hospital's province and city are on the list of the service; where the client lives is of no matter
    (ZYB-TBL-12)."""
    if facts.hospital is None:
        return rule.unknown(*path(facts, "hospital"))
    city, province = facts.hospital.city, facts.hospital.province
    if facts.hospital.is_city_served:
        return rule.passed(city=city, province=province)
    return rule.refused(*path(facts, "hospital"), city=city, province=province)


def hospital_qualifies(rule: Rule, facts: Facts) -> Verdict:
    """The hospital has the ownership asked for and at least the level asked for; an unrated one has none
    (ZYB-ESC-22)."""
    hospital = facts.hospital
    if hospital is None:
        return rule.unknown(*path(facts, "hospital"))
    lowest: int = rule.parameters["minHospitalLevel"]
    values: dict[str, Value] = {
        "hospital": hospital.name,
        "level": UNRATED if hospital.level is None else hospital.level,
        "min_level": lowest,
        "ownership": hospital.ownership,
    }
    is_high_enough = hospital.level is not None and hospital.level >= lowest
    if is_high_enough and hospital.ownership == rule.parameters["ownership"]:
        return rule.passed(**values)
    return rule.refused(*path(facts, "hospital"), passes_from=None, **values)


def has_onsite_service(rule: Rule, facts: Facts) -> Verdict:
    """Somebody is stationed at the hospital to help (CY26-SVC-02)."""
    if facts.hospital is None:
        return rule.unknown(*path(facts, "hospital"))
    if facts.hospital.has_onsite_service:
        return rule.passed(hospital=facts.hospital.name)
    return rule.refused(*path(facts, "hospital"), hospital=facts.hospital.name)


def inside_hospital_only(rule: Rule, facts: Facts) -> Verdict:
    """No fetching, no bringing home, no company outside the hospital (ZYB-ESC-11)."""
    if facts.needs_outside_transport:
        return rule.refused(*path(facts, "needsTransportOutsideHospital"))
    return rule.passed()
