"""Tests at home: where the vendor goes, by which paper, and once in a calendar month."""

from gateway.validation.civil_time import start_of
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict


def city_reached(rule: Rule, facts: Facts) -> Verdict:
    """The order's city is on the list of the service (CY26-TEST-09)."""
    if facts.test is None:
        return rule.unknown(*path(facts, "city"))
    city, province = facts.test.city, facts.test.province
    if facts.test.is_city_served:
        return rule.passed(city=city, province=province)
    return rule.refused(*path(facts, "city"), city=city, province=province)


def address_recognized(rule: Rule, facts: Facts) -> Verdict:
    """The address itself decides, and the vendor has the say; one that names another city than the order contradicts
    itself (CY26-TEST-10)."""
    if facts.test is None:
        return rule.unknown(*path(facts, "address"))
    city, named = facts.test.city, facts.test.named_city or ""
    values: dict[str, Value] = {"city": city, "named_city": named}
    if facts.test.is_address_recognized:
        return rule.passed(**values)
    if named not in ("", city):
        return rule.refused(*path(facts, "address"), passes_from=None, **values)
    return rule.unknown(*path(facts, "address"), **values)


def identity_paper_accepted(rule: Rule, facts: Facts) -> Verdict:
    """The coupon is used with a paper of this list (CY26-TEST-06)."""
    given = facts.test.id_type if facts.test else None
    if given is None:
        return rule.unknown(*path(facts, "idType"))
    accepted: list[str] = rule.parameters["idTypes"]
    if given in accepted:
        return rule.passed(id_type=given, accepted=", ".join(accepted))
    return rule.refused(*path(facts, "idType"), id_type=given, accepted=", ".join(accepted))


def within_monthly_cap(rule: Rule, facts: Facts) -> Verdict:
    """No other order of this calendar month is live or served, by the day of the order in Shanghai (CY26-TEST-05)."""
    if facts.test is None or facts.test.ordered_on is None:
        return rule.unknown()
    first = facts.test.ordered_on.replace(day=1)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    cap: int = rule.parameters["monthlyCap"]
    values: dict[str, Value] = {"month": f"{first:%Y-%m}", "next_on": str(following), "cap": cap}
    if facts.test.uses_in_month < cap:
        return rule.passed(**values)
    return rule.refused(passes_from=start_of(following), **values)
