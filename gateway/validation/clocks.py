"""When deadlines and reminders fall due, from the parameters of the rules that state them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.validation.calendar import WorkCalendar, due_at_end_of, is_between, next_time
from gateway.validation.facts import SHANGHAI, Visit, civil_day
from gateway.validation.rule import Rule


def due_at(
    rule: Rule, *, start: dt.datetime, visit: Visit | None, calendar: WorkCalendar | None = None
) -> dt.datetime | None:
    """The instant a deadline ends. Hours and minutes run from the instant, days end at midnight (GEN-07, GEN-08)."""
    terms = rule.parameters
    if "responseSeconds" in terms:
        return start + dt.timedelta(seconds=terms["responseSeconds"])
    if "responseMinutes" in terms:
        return _in_hours(start, dt.timedelta(minutes=terms["responseMinutes"]), terms["opensAt"], terms["closesAt"])
    if "dueWorkingDays" in terms and calendar is not None:
        return due_at_end_of(calendar.add_working_days(civil_day(start), terms["dueWorkingDays"]))
    if "dueMinutes" in terms:
        return start + dt.timedelta(minutes=terms["dueMinutes"])
    if "dueDays" in terms:
        due = due_at_end_of(start.astimezone(SHANGHAI).date() + dt.timedelta(days=terms["dueDays"]))
        return due if visit is None else max(due, visit.at)  # a day the client asked for goes first
    if visit is None:
        return None
    if "minutesBefore" in terms:
        return visit.at - dt.timedelta(minutes=terms["minutesBefore"])
    if "dueTime" in terms:
        return _before(visit, terms["dueDaysBefore"], terms["dueTime"])
    return None


def is_estimated(rule: Rule, *, start: dt.datetime, calendar: WorkCalendar) -> bool:
    """Whether the deadline counts working days that no published calendar knows yet (GEN-03)."""
    days: int = rule.parameters.get("dueWorkingDays", 0)
    first = civil_day(start)
    return any(
        calendar.is_estimated(first + dt.timedelta(days=after))
        for after in range(1, (calendar.add_working_days(first, days) - first).days + 1)
    )


def send_at(
    rule: Rule, *, now: dt.datetime, visit: Visit | None, calendar: WorkCalendar | None = None
) -> dt.datetime | None:
    """The instant a reminder is to be sent; one whose time has passed is sent at once, while the visit is ahead."""
    terms = rule.parameters
    if "alertWorkingDays" in terms and calendar is not None:
        return due_at_end_of(calendar.add_working_days(civil_day(now), terms["alertWorkingDays"]))
    if visit is None or "sendAt" not in terms or visit.at <= now:
        return None
    return max(now, _before(visit, terms["daysBefore"], terms["sendAt"]))


def begun_by(rules: Iterable[Rule], command: str) -> list[Rule]:
    """Rules whose clock or reminder starts with a command."""
    return [rule for rule in rules if _clock(rule).get("startsAt") == command]


def ended_by(rules: Iterable[Rule], command: str) -> list[Rule]:
    return [rule for rule in rules if _clock(rule).get("stopsAt") == command]


def told_at(rules: Iterable[Rule], command: str) -> list[Rule]:
    """Rules by which a command leaves a message: its topic, and who hears it, stand in `message`."""
    return [rule for rule in rules if command in rule.parameters.get("message", {}).get("at", ())]


def _clock(rule: Rule) -> Mapping[str, Any]:
    return rule.parameters.get("clock", {})


def _in_hours(start: dt.datetime, wait: dt.timedelta, opens_at: str, closes_at: str) -> dt.datetime:
    """A wait that runs only while the service is open, and goes on when it opens again."""
    closing = next_time(closes_at, start)
    if not is_between(opens_at, closes_at, start):
        return next_time(opens_at, start) + wait
    return start + wait if start + wait <= closing else next_time(opens_at, closing) + (start + wait - closing)


def _before(visit: Visit, days: int, time: str) -> dt.datetime:
    return dt.datetime.combine(visit.on - dt.timedelta(days=days), dt.time.fromisoformat(time), SHANGHAI)
