"""Days as the handbooks count them: working days by the published calendar, months, years of age, ends of days."""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gateway.validation.civil_time import SHANGHAI, start_of

SATURDAY = 5
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """`is_official` is False where the notice of that year has not been published or not been loaded (GEN-03)."""

    is_workday: bool
    is_official: bool


@dataclass(frozen=True, slots=True)
class Latest:
    """The last day in time: as the calendar is expected to be, and as it may be at the very latest."""

    expected: dt.date
    lenient: dt.date
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The first instant that is too late, with the same two readings as `Latest`."""

    expected: dt.datetime
    lenient: dt.datetime
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """What a day was taken for until an instant."""

    on: dt.date
    replaced_at: dt.datetime
    before: Day


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days by table. A day that the table lacks is estimated, and works from Monday to Friday."""

    days: Mapping[dt.date, Day]
    corrections: Sequence[Correction] = ()

    def is_workday(self, day: dt.date) -> bool:
        return self._day(day).is_workday

    def is_estimated(self, day: dt.date) -> bool:
        return not self._day(day).is_official

    def add_working_days(self, start: dt.date, n: int) -> dt.date:
        """The n-th working day after `start`, which is day 0 whether it works or not (GEN-07)."""
        return _walk(start, n, A_DAY, self.is_workday)

    def subtract_working_days(self, target: dt.date, n: int) -> dt.date:
        """The n-th working day before `target`, which is day 0 whether it works or not (GEN-04)."""
        return _walk(target, n, -A_DAY, self.is_workday)

    def latest_day(self, target: dt.date, n: int) -> Latest:
        """Until when something due n working days before `target` is in time. A request after `lenient` fails under
        every plausible calendar; one after `expected` alone is worth a warning (GEN-03, GEN-04)."""
        expected = self.subtract_working_days(target, n)
        return Latest(
            expected=expected,
            lenient=_walk(target, n, -A_DAY, self._may_work),
            is_estimated=any(self.is_estimated(day) for day in _days_between(expected, target)),
        )

    def cutoff(self, visit_on: dt.date, time: dt.time, days: int = 1, *, since: dt.datetime | None = None) -> Cutoff:
        """This clock time on the last working day strictly before the visit; the visit's day need not work (GEN-06).

        What a calendar said at any time since the visit was booked holds on, where it is better for the client.
        """
        present = self._cutoff(visit_on, time, days)
        replaced = () if since is None else self.replaced_since(since)
        promised = max((before._cutoff(visit_on, time, days).expected for before in replaced), default=present.expected)
        return replace(present, expected=max(present.expected, promised), lenient=max(present.lenient, promised))

    def replaced_since(self, instant: dt.datetime) -> Iterator["WorkCalendar"]:
        """Each calendar that stood for a while after an instant and stands no more, the last one first."""
        days = self.days
        later = (correction for correction in self.corrections if correction.replaced_at > instant)
        newest_first = sorted(later, key=lambda correction: correction.replaced_at, reverse=True)
        for _, at_once in groupby(newest_first, key=lambda correction: correction.replaced_at):
            days = {**days, **{correction.on: correction.before for correction in at_once}}
            yield WorkCalendar(days)

    def has_estimated_between(self, start: dt.date, end: dt.date) -> bool:
        """Whether no notice is out for a day after `start`, up to and with `end`."""
        return any(self.is_estimated(day) for day in _days_between(start + A_DAY, end + A_DAY))

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """How many working days follow `start`, up to and with `end`."""
        return sum(self.is_workday(day) for day in _days_between(start + A_DAY, end + A_DAY))

    def _cutoff(self, visit_on: dt.date, time: dt.time, days: int) -> Cutoff:
        latest = self.latest_day(visit_on, days)
        return Cutoff(
            expected=dt.datetime.combine(latest.expected, time, SHANGHAI),
            lenient=dt.datetime.combine(latest.lenient, time, SHANGHAI),
            is_estimated=latest.is_estimated,
        )

    def _may_work(self, day: dt.date) -> bool:
        return self.is_workday(day) or self.is_estimated(day)

    def _day(self, day: dt.date) -> Day:
        return self.days.get(day) or Day(is_workday=day.weekday() < SATURDAY, is_official=False)


def is_between(opens_at: str, closes_at: str, now: dt.datetime) -> bool:
    """Whether the clock in Shanghai stands from the first time on and before the second; it may pass midnight."""
    time = now.astimezone(SHANGHAI).time()
    opens, closes = dt.time.fromisoformat(opens_at), dt.time.fromisoformat(closes_at)
    return opens <= time < closes if opens < closes else time >= opens or time < closes


def next_time(time: str, now: dt.datetime) -> dt.datetime:
    """The first instant from now on at which the clock in Shanghai shows this time."""
    today = dt.datetime.combine(now.astimezone(SHANGHAI).date(), dt.time.fromisoformat(time), SHANGHAI)
    return today if now <= today else today + A_DAY


def due_at_end_of(day: dt.date) -> dt.datetime:
    """24:00 of the day, which is the first instant of the next (GEN-07)."""
    return start_of(day + A_DAY)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def completed_years(born_on: dt.date, day: dt.date) -> int:
    """Age on a day (GEN-13)."""
    years = day.year - born_on.year
    return years - (day < birthday(born_on, years))


def birthday(born_on: dt.date, years: int) -> dt.date:
    """The day on which somebody completes so many years; one of 29 February falls on the 28th in common years."""
    year = born_on.year + years
    return dt.date(year, born_on.month, min(born_on.day, monthrange(year, born_on.month)[1]))


def _walk(day: dt.date, n: int, step: dt.timedelta, counts: Callable[[dt.date], bool]) -> dt.date:
    while n > 0:
        day += step
        n -= counts(day)
    return day


def _days_between(first: dt.date, before: dt.date) -> Iterator[dt.date]:
    """From `first` on, up to the day before `before`."""
    while first < before:
        yield first
        first += A_DAY
