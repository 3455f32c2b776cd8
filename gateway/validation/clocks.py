"""When deadlines and reminders fall due, from the parameters of the rules that state them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.validation.calendar import WorkCalendar, due_at_end_of, is_between, next_time
from gateway.validation.civil_time import SHANGHAI, civil_day
from gateway.validation.facts.cases import Visit
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
    if "dueHours" in terms:
        return start + dt.timedelta(hours=terms["dueHours"])
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


def working_days(rule: Rule) -> int | None:
    """How many working days a deadline counts; None where it counts something else, which no calendar changes."""
    days: int | None = rule.parameters.get("dueWorkingDays")
    return None if {"responseSeconds", "responseMinutes"} & rule.parameters.keys() else days


@dataclass(frozen=True, slots=True)
class Due:
    at: dt.datetime
    is_estimated: bool


def counted_anew(start: dt.datetime, days: int, calendar: WorkCalendar) -> Due:
    """When so many working days are over, after the calendar has been corrected."""
    first = civil_day(start)
    last = calendar.add_working_days(first, days)
    return Due(due_at_end_of(last), calendar.has_estimated_between(first, last))


def is_estimated(rule: Rule, *, start: dt.datetime, calendar: WorkCalendar) -> bool:
    """Whether the deadline counts working days that no published calendar knows yet (GEN-03)."""
    return counted_anew(start, rule.parameters.get("dueWorkingDays", 0), calendar).is_estimated


def send_at(
    rule: Rule, *, now: dt.datetime, visit: Visit | None, calendar: WorkCalendar | None = None
) -> dt.datetime | None:
    """The instant a reminder is to be sent; one whose time has passed is sent at once, while the visit is ahead."""
    terms = rule.parameters
    if "alertWorkingDays" in terms and calendar is not None:
        return due_at_end_of(calendar.add_working_days(civil_day(now), terms["alertWorkingDays"]))
    if visit is None or visit.at <= now:
        return None
    if "remindMinutesBefore" in terms:
        return max(now, visit.at - dt.timedelta(minutes=terms["remindMinutesBefore"]))
    return max(now, _before(visit, terms["daysBefore"], terms["sendAt"])) if "sendAt" in terms else None


def reminded(rule: Rule) -> str:
    """Whom a reminder is for: the client, unless it is about what the vendor's people have to do."""
    is_for_vendor = "alertWorkingDays" in rule.parameters or rule.parameters.get("recipient") == "HEALTH_MANAGER"
    return "VENDOR" if is_for_vendor else "CUSTOMER"


def begun_by(rules: Iterable[Rule], command: str, into: str | None = None) -> list[Rule]:
    """Rules whose clock or reminder starts with a command; with one that has several outcomes, in that outcome."""
    return [part for part in _parts(rules) if _begins(_clock(part), command, into)]


def ended_by(rules: Iterable[Rule], command: str) -> list[Rule]:
    return [part for part in _parts(rules) if _clock(part).get("stopsAt") == command]


def part_of(rule: Rule) -> str:
    """Which of several deadlines of one rule it is."""
    return rule.parameters.get("part", "")


def name_of(rule: Rule) -> str:
    """What tells a deadline from all others of its case."""
    return f"{rule.code}:{part_of(rule)}" if part_of(rule) else rule.code


def told_at(rules: Iterable[Rule], command: str, into: str | None = None) -> list[Rule]:
    """Rules by which a command, or the state that it leads to, leaves a message: its topic, and who hears it, stand in
    `message`."""
    return [rule for rule in rules if _tells(rule.parameters.get("message", {}), command, into)]


def _tells(message: Mapping[str, Any], command: str, into: str | None) -> bool:
    return command in message.get("at", ()) or into in message.get("into", ())


def _parts(rules: Iterable[Rule]) -> Iterable[Rule]:
    """A rule that states several deadlines, as one for each of them."""
    for rule in rules:
        several: list[dict[str, Any]] | None = rule.parameters.get("clocks")
        yield from [rule] if several is None else [replace(rule, parameters=part) for part in several]


def _begins(clock: Mapping[str, Any], command: str, into: str | None) -> bool:
    return clock.get("startsAt") == command and clock.get("into", into) == into


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
