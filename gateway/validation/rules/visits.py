"""Visits in direct-billing networks: how far ahead, until when they may be called off, and for whom they are open."""

import datetime as dt
from dataclasses import replace

from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path, speaks_of, unless_set_aside, written
from gateway.validation.verdict import Value, Verdict


def in_advance(rule: Rule, facts: Facts) -> Verdict:
    """The request comes before the visit; the handbook prints no number of days (CY23-SVC-01)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    if facts.now < facts.visit.at:
        return rule.passed(visit_at=written(facts.visit.at))
    return rule.refused(*path(facts, "visitAt"), visit_at=written(facts.visit.at))


def booked_days_ahead(rule: Rule, facts: Facts) -> Verdict:
    """At hospitals of this kind the visit is at least so many calendar days away (CY26-BKG-08, CY26-BKG-10, GEN-05)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    days: int = rule.parameters["minLeadDays"]
    earliest = civil_day(facts.now) + dt.timedelta(days=days)
    values: dict[str, Value] = {"days": days, "visit_on": str(facts.visit.on), "earliest_visit_on": str(earliest)}
    concerns = speaks_of(rule, facts)
    if concerns is None:
        return rule.unknown(*path(facts, "hospital"), **values)
    if not concerns or facts.visit.on >= earliest:
        return rule.passed(**values)
    return _too_soon(rule, facts, values)


def booked_working_days_ahead(rule: Rule, facts: Facts) -> Verdict:
    """At hospitals of this kind the request comes so many working days before the visit, counted back from it
    (CY26-BKG-09, GEN-04). An estimated calendar refuses only what every plausible one would."""
    if facts.visit is None or facts.calendar is None:
        return rule.unknown(*path(facts, "visitAt"))
    days: int = rule.parameters["minLeadWorkingDays"]
    latest = facts.calendar.latest_day(facts.visit.on, days)
    values: dict[str, Value] = {"days": days, "visit_on": str(facts.visit.on), "latest_on": str(latest.expected)}
    concerns, today = speaks_of(rule, facts), civil_day(facts.now)
    if concerns is None:
        return rule.unknown(*path(facts, "hospital"), **values)
    if not concerns:
        return rule.passed(**values)
    if today <= latest.expected:
        verdict = rule.passed(**values)
    elif today <= latest.lenient and facts.now < facts.visit.at:
        verdict = rule.warned(*path(facts, "visitAt"), **values)
    else:
        verdict = _too_soon(rule, facts, values)
    return replace(verdict, is_estimated=latest.is_estimated)


def arrangeable_in_time(rule: Rule, facts: Facts) -> Verdict:
    """A visit inside the days that the vendor has for arranging it may come too soon (CY23-OPD-09)."""
    if facts.visit is None or facts.calendar is None:
        return rule.unknown(*path(facts, "visitAt"))
    today, days = civil_day(facts.now), int(rule.parameters["dueWorkingDays"])
    due = facts.calendar.add_working_days(today, days)
    values: dict[str, Value] = {"days": days, "visit_on": str(facts.visit.on), "due_on": str(due)}
    if facts.visit.on > due or not speaks_of(rule, facts):
        return rule.passed(**values)
    verdict = rule.warned(*path(facts, "visitAt"), **values)
    return replace(verdict, is_estimated=facts.calendar.is_estimated(due))


def before_cutoff(rule: Rule, facts: Facts) -> Verdict:
    """At hospitals of this kind, calling off or moving comes before this clock time on the last working day before the
    visit; the very instant is late (CY23-OPD-10, CY26-BKG-12, GEN-06). After it the client calls, and people record
    what was agreed."""
    if facts.booked is None or facts.calendar is None:
        return rule.unknown()
    if speaks_of(rule, facts) is False:
        return rule.passed()
    time = dt.time.fromisoformat(rule.parameters["cutoffTime"])
    days: int = rule.parameters["minLeadWorkingDays"]
    cutoff = facts.calendar.cutoff(facts.booked.on, time, days, since=facts.booked_since)
    values: dict[str, Value] = {
        "cutoff": written(cutoff.expected),
        "visit_at": written(facts.booked.at),
        "is_late": int(facts.now >= cutoff.lenient),
        "phone": rule.parameters["phone"],
    }
    if facts.now < cutoff.expected:
        verdict = rule.passed(**values)
    elif facts.now < cutoff.lenient or not facts.is_by_client:
        verdict = rule.warned(**values)
    else:
        verdict = unless_set_aside(rule.refused(passes_from=None, **values), facts)  # no instant to come cures it
    return replace(verdict, is_estimated=cutoff.is_estimated)


def before_visit(rule: Rule, facts: Facts) -> Verdict:
    """Where no earlier limit is printed, a visit is called off or moved until its time: afterwards it was kept or
    missed, for whoever asks (CY23-SVC-04, CY23-OPD-10, CY26-VAC-17)."""
    if facts.booked is None:
        return rule.unknown()
    has_cutoff = "cutoffTime" in rule.parameters and speaks_of(rule, facts) is not False
    values = {"visit_at": written(facts.booked.at)}
    if has_cutoff or facts.now < facts.booked.at:
        return rule.passed(**values)
    return rule.refused(passes_from=None, **values)


def waiting_over_on_visit_day(rule: Rule, facts: Facts) -> Verdict:
    """The day of the visit, not that of the request, is not before the first usable day (CY26-BKG-01, GEN-10)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    if facts.account is None or facts.account.usable_from is None:
        return rule.unknown(*path(facts, "policyNumber"))
    usable_from = facts.account.usable_from
    values = {"visit_on": str(facts.visit.on), "usable_from": str(usable_from)}
    if facts.visit.on >= usable_from:
        return rule.passed(**values)
    return rule.refused(*path(facts, "visitAt"), passes_from=None, **values)


def visit_type_bookable(rule: Rule, facts: Facts) -> Verdict:
    """At hospitals of this kind, visits of these types and classes of department may be booked
    (CY23-OPD-07, CY26-CARD-10)."""
    billing = facts.billing
    if billing is None:
        return rule.unknown(*path(facts, "visitType"))
    values: dict[str, Value] = {
        "visit_type": billing.visit_type,
        "visit_types": ", ".join(rule.parameters["visitTypes"]),
        "department_class": billing.department_class or "–",
        "department_classes": ", ".join(rule.parameters.get("departmentClasses", [])),
    }
    if not speaks_of(rule, facts):
        return rule.passed(**values)
    if billing.visit_type not in rule.parameters["visitTypes"]:
        return rule.refused(*path(facts, "visitType"), passes_from=None, **values)
    if billing.department_class not in rule.parameters.get("departmentClasses", [billing.department_class]):
        return rule.refused(*path(facts, "departmentClass"), passes_from=None, **values)
    return rule.passed(**values)


def no_named_doctor(rule: Rule, facts: Facts) -> Verdict:
    """At hospitals of this kind nobody in particular can be asked for (CY23-OPD-08, CY26-BKG-11)."""
    doctor = facts.billing.doctor if facts.billing else None
    if doctor is None or not speaks_of(rule, facts):
        return rule.passed()
    return rule.refused(*path(facts, "doctor"))


def not_restricted(rule: Rule, facts: Facts) -> Verdict:
    """Nobody has shut the client out after missed visits; only a recorded decision does
    (CY23-OPD-12, CY26-BKG-13)."""
    live = facts.billing.restrictions if facts.billing else frozenset[str]()
    found = sorted(live & set(rule.parameters["restrictions"]))
    hospital = facts.hospital.name if facts.hospital else ""
    if not found:
        return rule.passed(restrictions="", hospital=hospital)
    return rule.refused(*path(facts, "hospital"), restrictions=", ".join(found), hospital=hospital)


def _too_soon(rule: Rule, facts: Facts, values: dict[str, Value]) -> Verdict:
    """Waiting makes it only worse. What the hotline sets aside is the lead time, not that a visit lies ahead."""
    refusal = rule.refused(*path(facts, "visitAt"), passes_from=None, **values)
    lies_ahead = facts.visit is not None and facts.now < facts.visit.at
    return unless_set_aside(refusal, facts) if lies_ahead else refusal
