"""Calls with an expert: who may be called and when, and what follows when the client cannot be reached."""

import datetime as dt

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path, written
from gateway.validation.rules.consulting import TITLES
from gateway.validation.verdict import Value, Verdict

UNREACHED = "client_reached"
"""The check whose warning ends an order."""


def slot_on_schedule(rule: Rule, facts: Facts) -> Verdict:
    """The time is one of the expert's schedule, and nobody has taken it (VAS-EXP-01)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "startsAt"))
    starts_at = written(facts.visit.at)
    is_free = facts.slot is not None and facts.slot.is_free
    return rule.passed(starts_at=starts_at) if is_free else rule.refused(*path(facts, "startsAt"), starts_at=starts_at)


def within_booking_window(rule: Rule, facts: Facts) -> Verdict:
    """The call lies ahead, and no more than so many days: today and the last day count (VAS-EXP-02)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "startsAt"))
    days: int = rule.parameters["windowDays"]
    last_on = civil_day(facts.now) + dt.timedelta(days=days)
    values: dict[str, Value] = {"starts_at": written(facts.visit.at), "days": days, "last_on": str(last_on)}
    if facts.visit.at <= facts.now:
        return rule.refused(*path(facts, "startsAt"), passes_from=None, **values)
    if facts.visit.on <= last_on:
        return rule.passed(**values)
    opens_on = facts.visit.on - dt.timedelta(days=days)
    return rule.refused(*path(facts, "startsAt"), passes_from=start_of(opens_on), **values)


def expert_qualified(rule: Rule, facts: Facts) -> Verdict:
    """The expert is in service at a hospital of the first places of the ranking, with the title asked for; where no
    ranking has been loaded, people judge (VAS-TBL-16)."""
    expert = facts.expert
    if expert is None:
        return rule.unknown(*path(facts, "expert"))
    lowest: str = rule.parameters["minTitle"]
    last: int = rule.parameters["maxRank"]
    values: dict[str, Value] = {"title": expert.title, "min_title": lowest, "max_rank": last}
    is_titled = expert.title in TITLES and TITLES.index(expert.title) >= TITLES.index(lowest)
    if not (expert.is_in_service and is_titled):
        return rule.refused(*path(facts, "expert"), passes_from=None, **values)
    if expert.hospital_rank is None:
        return rule.unknown(*path(facts, "expert"), **values)
    if expert.hospital_rank <= last:
        return rule.passed(**values)
    return rule.refused(*path(facts, "expert"), passes_from=None, **values)


def on_duty_with_room(rule: Rule, facts: Facts) -> Verdict:
    """Without an appointment: the expert is on duty now, and some of the times are still free (VAS-EXP-15)."""
    duty = facts.duty
    if duty is None:
        return rule.unknown(*path(facts, "expert"))
    if duty.is_now and duty.has_room:
        return rule.passed()
    return rule.refused(*path(facts, "expert"), passes_from=duty.next_at)


def client_reached(rule: Rule, facts: Facts) -> Verdict:
    """So many calls of one caller that fail, one after another, end the order: the use goes back. Of a call by
    appointment only those count that the client had to expect (VAS-EXP-11, VAS-EXP-13, VAS-EXP-17)."""
    attempt = facts.attempt
    if attempt is None:
        return rule.passed()
    counts_from = _counts_from(rule, facts)
    failed = sum(counts_from is None or at >= counts_from for at in attempt.failed)
    most: int = rule.parameters["maxAttempts"]
    values: dict[str, Value] = {"failed": failed, "max_attempts": most}
    is_meant = (attempt.caller, attempt.mode) == (rule.parameters["caller"], rule.parameters["mode"])
    return rule.warned(**values) if is_meant and failed >= most else rule.passed(**values)


def _counts_from(rule: Rule, facts: Facts) -> dt.datetime | None:
    """When the handbook has this caller phone the client; None where any call counts."""
    minutes: int | None = rule.parameters.get("countsFromMinutesBefore")
    if minutes is None or facts.booked is None:
        return None
    return facts.booked.at - dt.timedelta(minutes=minutes)
