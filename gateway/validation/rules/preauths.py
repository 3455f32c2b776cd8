"""Authorization before treatment: what needs it, when and by whom it is asked for, and how far a guarantee reaches."""

import datetime as dt
from dataclasses import replace

from gateway.validation.authorization import exceeds, is_listed, matching
from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path, written
from gateway.validation.verdict import Value, Verdict


def needs_no_authorization(rule: Rule, facts: Facts) -> Verdict:
    """Nothing that is asked for is on this list; what is on it needs authorization first
    (CY23-PA-06 to 08, CY23-IPD-01 to 05, CY26-PA-07 to 12)."""
    asked = facts.authorization
    if asked is None:
        return rule.unknown(*path(facts, "items"))
    found = [match.position for match in matching([rule], asked.items, asked.cumulative)]
    names = ", ".join(asked.items[at - 1].name for at in found)
    if found:
        return rule.warned(*path(facts, "items"), items=names)
    if any(is_listed(rule, item) is None for item in asked.items):
        return rule.unknown(*path(facts, "items"), items=names)
    return rule.passed(items=names)


def sum_needs_no_authorization(rule: Rule, facts: Facts) -> Verdict:
    """The cost that is expected in the whole policy term stays within the sum of this list (CY23-PA-08, CY26-PA-12)."""
    asked = facts.authorization
    is_over = None if asked is None else exceeds(rule, asked.cumulative)
    values: dict[str, Value] = {
        "cumulative": "" if asked is None or asked.cumulative is None else str(asked.cumulative),
        "threshold": rule.parameters["threshold"],
    }
    if is_over is None:
        return rule.unknown(*path(facts, "expectedCumulative"), **values)
    return rule.warned(*path(facts, "expectedCumulative"), **values) if is_over else rule.passed(**values)


def asked_in_time(rule: Rule, facts: Facts) -> Verdict:
    """The request comes so many working days before the treatment, counted back from it; staff may take a later one
    and say why (CY23-PA-04, CY26-PA-03, GEN-04, GEN-18). An estimated calendar refuses only what every one would."""
    asked = facts.authorization
    if asked is None or asked.treatment_on is None or facts.calendar is None:
        return rule.unknown(*path(facts, "treatmentOn"))
    days: int = rule.parameters["minLeadWorkingDays"]
    latest = facts.calendar.latest_day(asked.treatment_on, days)
    values: dict[str, Value] = {
        "days": days,
        "treatment_on": str(asked.treatment_on),
        "latest_on": str(latest.expected),
    }
    today = civil_day(facts.now)
    if today <= latest.expected:
        verdict = rule.passed(**values)
    elif today <= latest.lenient or asked.is_excused:
        verdict = rule.warned(*path(facts, "treatmentOn"), **values)
    else:
        verdict = rule.refused(*path(facts, "treatmentOn"), passes_from=None, **values)
    return replace(verdict, is_estimated=latest.is_estimated)


def submitter_allowed(rule: Rule, facts: Facts) -> Verdict:
    """The handbook lets this side apply: the insured, or the hospital too (CY23-PA-03, CY26-PA-04)."""
    given = facts.authorization.submitter if facts.authorization else None
    if given is None:
        return rule.unknown()
    allowed: list[str] = rule.parameters["submitters"]
    verdict = rule.passed if given in allowed else rule.refused
    return verdict(submitter=given, submitters=", ".join(allowed))


def channel_accepted(rule: Rule, facts: Facts) -> Verdict:
    """The request or the notice came by one of the ways that the handbook names (CY26-PA-04, CY26-PA-06)."""
    given = facts.authorization.channel if facts.authorization else None
    if given is None:
        return rule.unknown(*path(facts, "channel"))
    accepted: list[str] = rule.parameters["channels"]
    if given in accepted:
        return rule.passed(channel=given, channels=", ".join(accepted))
    return rule.refused(*path(facts, "channel"), channel=given, channels=", ".join(accepted))


def treatment_within_cover(rule: Rule, facts: Facts) -> Verdict:
    """The treatment lies in the period of the policy, whose last day counts (CY23-PA-03, CY26-PA-02)."""
    day = _day(facts)
    if day is None or facts.cover is None:
        return rule.unknown(*path(facts, "treatmentOn"))
    cover = facts.cover
    values: dict[str, Value] = {
        "treatment_on": str(day),
        "starts_on": str(cover.starts_on),
        "ends_on": str(cover.ends_on),
    }
    if cover.starts_on <= day <= cover.ends_on:
        return rule.passed(**values)
    return rule.refused(*path(facts, "treatmentOn"), passes_from=None, **values)


def waiting_over_at_treatment(rule: Rule, facts: Facts) -> Verdict:
    """The day of the treatment is not before the first day after the waiting period, which is the policy's own
    (CY26-PA-02, GEN-10)."""
    day = _day(facts)
    usable_from = facts.authorization.usable_from if facts.authorization else None
    if day is None or usable_from is None:
        return rule.unknown(*path(facts, "policyNumber"))
    values: dict[str, Value] = {"treatment_on": str(day), "usable_from": str(usable_from)}
    if day >= usable_from:
        return rule.passed(**values)
    return rule.refused(*path(facts, "treatmentOn"), passes_from=None, **values)


def billed_directly_there(rule: Rule, facts: Facts) -> Verdict:
    """The hospital settles with the insurer, which is what authorization is for. Elsewhere one handbook takes no
    request, the other needs none (CY23-PA-03, CY26-CARD-12)."""
    hospital = facts.hospital
    if hospital is None or facts.authorization is None or facts.authorization.is_billed_directly is None:
        return rule.unknown(*path(facts, "hospital"))
    if facts.authorization.is_billed_directly:
        return rule.passed(hospital=hospital.name)
    if rule.parameters["directBillingRequired"]:
        return rule.refused(*path(facts, "hospital"), hospital=hospital.name)
    return rule.warned(*path(facts, "hospital"), hospital=hospital.name)


def emergency_told_in_time(rule: Rule, facts: Facts) -> Verdict:
    """The notice came within so many hours of the emergency visit, the last instant included. A later one is recorded
    as late, and people decide (CY26-PA-06)."""
    began = facts.authorization.emergency_at if facts.authorization else None
    if began is None:
        return rule.unknown(*path(facts, "emergencyAt"))
    hours: int = rule.parameters["dueHours"]
    due = began + dt.timedelta(hours=hours)
    values: dict[str, Value] = {"hours": hours, "emergency_at": written(began), "due_at": written(due)}
    return rule.passed(**values) if facts.now <= due else rule.warned(*path(facts, "emergencyAt"), **values)


def within_guarantee(rule: Rule, facts: Facts) -> Verdict:
    """No more is drawn than the letter still promises, and in its period (CY23-PA-09, CY26-PA-01)."""
    draw = facts.draw
    if draw is None:
        return rule.unknown(*path(facts, "amount"))
    values: dict[str, Value] = {
        "amount": str(draw.amount),
        "remaining": str(draw.remaining),
        "starts_on": str(draw.starts_on),
        "ends_on": str(draw.ends_on),
    }
    today = civil_day(facts.now)
    if draw.amount > draw.remaining:
        return rule.refused(*path(facts, "amount"), passes_from=None, **values)
    if today < draw.starts_on:
        return rule.refused(passes_from=start_of(draw.starts_on), **values)
    return rule.passed(**values) if today <= draw.ends_on else rule.refused(passes_from=None, **values)


def _day(facts: Facts) -> dt.date | None:
    return facts.authorization.treatment_on if facts.authorization else None
