"""Working days: official where the State Council's notice is out, after that estimated from the law alone (GEN-03)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import chinese_calendar
import holidays

OFFICIAL_YEARS = range(2024, 2027)
ESTIMATED_YEARS = range(2027, 2036)

BY_NOTICE = "State Council notices, via chinesecalendar"
BY_LAW = "Statutory holidays by law, via holidays"
SOURCES = (BY_NOTICE, BY_LAW)
"""What our own days name as their source; a day that people imported names another."""

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
STATUTORY = {*NAMES.values(), "农历除夕"}
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    on: dt.date
    is_workday: bool
    status: str
    source: str
    name: str | None


def days() -> list[Day]:
    return [*_official(), *_estimated()]


def _official() -> Iterator[Day]:
    for on in _days_of(OFFICIAL_YEARS):
        is_off, holiday = chinese_calendar.get_holiday_detail(on)
        yield Day(on, not is_off, "OFFICIAL", BY_NOTICE, _name(NAMES[holiday], is_off) if holiday else None)


def _name(holiday: str, is_off: bool) -> str:
    """A weekend day that is worked for the sake of a holiday says which, and that it is not one itself."""
    return holiday if is_off else f"{holiday}（调休上班）"


def _estimated() -> Iterator[Day]:
    festive = statutory(ESTIMATED_YEARS)
    for on in _days_of(ESTIMATED_YEARS):
        name = festive.get(on)
        yield Day(on, on.weekday() < SATURDAY and name is None, "ESTIMATED", BY_LAW, name)


def statutory(years: range) -> dict[dt.date, str]:
    """The holidays of the law: no day off in lieu of a weekend, and none that a notice has moved."""
    known = holidays.country_holidays("CN", years=list(years), observed=False, language="zh_CN")
    named = {on: [name for name in known.get_list(on) if name in STATUTORY] for on in sorted(known)}
    return {on: "、".join(names) for on, names in named.items() if names}


def _days_of(years: range) -> Iterator[dt.date]:
    first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)
