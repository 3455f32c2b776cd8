"""When: notice, waiting, length, the day of the visit, and the hours in which cancelling costs nothing."""

import datetime as dt
from dataclasses import replace

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Visit
from gateway.validation.rule import Rule
from gateway.validation.rules import path, unless_set_aside, written
from gateway.validation.verdict import Value, Verdict

PLACING = frozenset({"escortBook", "bookingReschedule"})
"""Operations that ask for a visit, and so may still choose another time."""

SET_ASIDE_BY_HOTLINE = frozenset(
    {"enough_notice", "free_cancellation", "booked_days_ahead", "booked_working_days_ahead", "before_cutoff"}
)
"""Lead times and cut-offs, which the hotline may set aside (GEN-18)."""


def enough_notice(rule: Rule, facts: Facts) -> Verdict:
    """The visit is still to come, and at least so many calendar days away; fewer than advised is worth a warning
    (GEN-05, ZYB-TBL-07, VAS-ESC-01)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    needed: int = rule.parameters["minLeadDays"]
    advised: int = rule.parameters.get("advisedLeadDays", needed)
    today = civil_day(facts.now)
    values: dict[str, Value] = {
        "visit_on": str(facts.visit.on),
        "min_lead_days": needed,
        "advised_lead_days": advised,
        "earliest_visit_on": str(today + dt.timedelta(days=needed)),
    }
    refusal = rule.refused(*path(facts, "visitAt"), passes_from=None, **values)  # waiting makes it only worse
    if facts.visit.at < facts.now:
        return refusal
    if today > facts.visit.on - dt.timedelta(days=needed):
        return unless_set_aside(refusal, facts)
    if today > facts.visit.on - dt.timedelta(days=advised):
        return rule.warned(*path(facts, "visitAt"), **values)
    return _arrangeable(rule, facts, facts.visit, values)


def _arrangeable(rule: Rule, facts: Facts, visit: Visit, values: dict[str, Value]) -> Verdict:
    """A visit before the working days are over that arranging it may take is worth a warning (VAS-OPG-01)."""
    days: int | None = rule.parameters.get("advisedLeadWorkingDays")
    if days is None or facts.calendar is None:
        return rule.passed(**values)
    arranged_on = facts.calendar.add_working_days(civil_day(facts.now), days)
    if visit.on >= arranged_on:
        return rule.passed(**values)
    values = {**values, "earliest_visit_on": str(arranged_on)}
    return replace(
        rule.warned(*path(facts, "visitAt"), **values), is_estimated=facts.calendar.is_estimated(arranged_on)
    )


def waiting_period_over(rule: Rule, facts: Facts) -> Verdict:
    """The day of the request is not before the first usable day, which the account was opened with
    (GEN-10, ZYB-TBL-09)."""
    usable_from = _usable_from(rule, facts)
    if usable_from is None:
        return rule.unknown(*path(facts, "policyNumber"))
    values = {"waiting_days": _waiting_days(rule, facts, usable_from), "usable_from": str(usable_from)}
    if civil_day(facts.now) >= usable_from:
        return rule.passed(**values)
    return rule.refused(passes_from=start_of(usable_from), **values)


def within_max_duration(rule: Rule, facts: Facts) -> Verdict:
    """The visit takes no longer than the service allows; once it is over, too long is a fact to record
    (ZYB-TBL-16, VAS-TBL-06, VAS-ESC-11)."""
    if facts.visit is None:
        return rule.unknown(*path(facts, "plannedMinutes"))
    longest: int = rule.parameters["maxMinutes"]
    minutes = facts.visit.minutes
    if minutes <= longest:
        return rule.passed(minutes=minutes, max_minutes=longest)
    verdict = rule.warned if facts.operation == "bookingCheckOut" else rule.refused
    return verdict(*path(facts, "plannedMinutes"), minutes=minutes, max_minutes=longest)


def one_hospital_one_day(rule: Rule, facts: Facts) -> Verdict:
    """The visit begins and ends on one local day; midnight still ends that day (ZYB-ESC-24)."""
    visit = facts.visit or facts.booked
    if visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    if visit.ends_at <= start_of(visit.on + dt.timedelta(days=1)):
        return rule.passed(visit_on=str(visit.on))
    return rule.refused(*path(facts, "visitAt"), visit_on=str(visit.on))


def free_cancellation(rule: Rule, facts: Facts) -> Verdict:
    """A confirmed booking is cancelled so many hours ahead, the exact hour included, or else the client accepts that
    the use is spent (ZYB-ESC-26, X-01)."""
    if not facts.is_confirmed:
        return rule.passed()
    if facts.booked is None:
        return rule.unknown()
    values = _free_cancellation_values(rule, facts.booked) | {"visit_at": written(facts.booked.at)}
    if not _is_too_late_to_cancel(rule, facts, facts.booked):
        return rule.passed(**values)
    if facts.accepts_deduction:
        return rule.warned(*path(facts, "acceptDeduction"), **values)
    return unless_set_aside(rule.refused(*path(facts, "acceptDeduction"), passes_from=None, **values), facts)


def late_cancellation_counts(rule: Rule, facts: Facts) -> Verdict:
    """The client is told when cancelling spends the use: at a visit so near that it is never free, and at the late
    cancellation itself (ZYB-ESC-27, X-02)."""
    visit = facts.visit if facts.operation in PLACING else facts.booked
    if visit is None:
        return rule.unknown(*path(facts, "visitAt"))
    values = _free_cancellation_values(rule, visit)
    is_cancelling = facts.accepts_deduction or facts.operation == "cancellationQuote"
    is_concerned = facts.operation in PLACING or (facts.is_confirmed and is_cancelling)
    if is_concerned and _is_too_late_to_cancel(rule, facts, visit):
        return rule.warned(*path(facts, "visitAt"), **values)
    return rule.passed(**values)


def on_visit_day(rule: Rule, facts: Facts) -> Verdict:
    """The service begins on the very day of the visit (ZYB-ESC-09)."""
    if facts.booked is None:
        return rule.unknown()
    today, visit_on = civil_day(facts.now), facts.booked.on
    if today == visit_on:
        return rule.passed(visit_on=str(visit_on))
    passes_from = start_of(visit_on) if today < visit_on else None
    return rule.refused(passes_from=passes_from, visit_on=str(visit_on))


def no_show_after_visit_time(rule: Rule, facts: Facts) -> Verdict:
    """Nobody has missed a visit whose time has not come (ZYB-ESC-30)."""
    if facts.booked is None:
        return rule.unknown()
    visit_at = facts.booked.at
    if facts.now >= visit_at:
        return rule.passed(visit_at=written(visit_at))
    return rule.refused(passes_from=visit_at, visit_at=written(visit_at))


def change_deductible(rule: Rule, facts: Facts) -> Verdict:
    """A use may be deducted for a change only if the client made it, on the visit day, and cost had arisen
    (ZYB-ESC-25)."""
    visit = facts.booked or facts.visit
    if visit is None:
        return rule.unknown()
    visit_on = str(visit.on)
    if not facts.is_changed_by_client_on_visit_day:
        return rule.refused(visit_on=visit_on)
    if not facts.is_cost_incurred:
        return rule.refused(*path(facts, "costIncurred"), visit_on=visit_on)
    return rule.passed(visit_on=visit_on)


def _usable_from(rule: Rule, facts: Facts) -> dt.date | None:
    if facts.account is not None and facts.account.usable_from is not None:
        return facts.account.usable_from
    waiting_days: int | None = rule.parameters.get("waitingDays")
    if facts.cover is None or waiting_days is None:
        return None
    return facts.cover.starts_on + dt.timedelta(days=waiting_days)


def _waiting_days(rule: Rule, facts: Facts, usable_from: dt.date) -> int:
    """As this policy has it, since a policy may be registered with a wait of its own."""
    if facts.cover is not None:
        return max((usable_from - facts.cover.starts_on).days, 0)
    return rule.parameters.get("waitingDays", 0)


def _is_too_late_to_cancel(rule: Rule, facts: Facts, visit: Visit) -> bool:
    return facts.now > _free_until(rule, visit)


def _free_until(rule: Rule, visit: Visit) -> dt.datetime:
    return visit.at - dt.timedelta(hours=rule.parameters["freeCancelHours"])


def _free_cancellation_values(rule: Rule, visit: Visit) -> dict[str, Value]:
    return {"free_until": written(_free_until(rule, visit)), "hours": rule.parameters["freeCancelHours"]}
