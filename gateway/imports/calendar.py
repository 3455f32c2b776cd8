"""Working days from a published notice. It lists the exceptions; every other day of its years becomes official too."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Problem, Report, day, read_lines, unheard
from gateway.repositories import corrections, rulebook

COLUMNS = ("on", "isWorkday")
OPTIONAL = ("name",)
YEARS = range(2000, 2101)
BOOLEANS = {"true": True, "false": False}
SATURDAY = 5

WRITE = """
insert into calendar_days ("on", is_workday, status, source, name)
select day, is_workday, 'OFFICIAL', $1, name
from unnest($2::date[], $3::boolean[], $4::text[]) as notice (day, is_workday, name)
on conflict ("on") do update
set is_workday = excluded.is_workday, status = excluded.status, source = excluded.source, name = excluded.name
"""


@dataclass(frozen=True, slots=True)
class Day:
    is_workday: bool
    name: str | None = None


async def import_calendar(connection: Any, path: Path, *, progress: Callable[[int], None] = unheard) -> Report:
    """All or nothing. `written` counts the days of all years that the file speaks of."""
    lines = list(read_lines(path, COLUMNS, OPTIONAL))
    progress(len(lines))
    exceptions, problems = _exceptions(lines)
    if not exceptions and not problems:
        problems.append(Problem(0, None, "it lists no day"))
    if problems:
        return Report(len(lines), 0, problems)
    years = sorted({day.year for day in exceptions})
    days = {day: exceptions.get(day) or Day(_is_weekday(day)) for year in years for day in _days_of(year)}
    await _write(connection, f"imported: {path.name}", days)
    return Report(len(lines), len(days), [], [text for year in years for text in _balance_warnings(year, days)])


async def _write(connection: Any, source: str, days: Mapping[dt.date, Day]) -> None:
    """With what the days were taken for until now, so that nobody loses by it what was promised."""
    async with connection.transaction():
        before = await rulebook.calendar(connection)
        await connection.execute(WRITE, source, *_columns(days))
        after = {on: (day.is_workday, True) for on, day in days.items()}
        await corrections.note(connection, before, after, dt.datetime.now(dt.UTC))


def _columns(days: Mapping[dt.date, Day]) -> tuple[list[dt.date], list[bool], list[str | None]]:
    return list(days), [day.is_workday for day in days.values()], [day.name for day in days.values()]


def _exceptions(lines: Iterable[Line | Problem]) -> tuple[dict[dt.date, Day], list[Problem]]:
    days: dict[dt.date, Day] = {}
    problems: list[Problem] = []
    for line in lines:
        if isinstance(line, Problem):
            problems.append(line)
            continue
        on, is_workday = line.take("on", partial(_new_day, days=days)), line.take("isWorkday", _yes_or_no)
        problems += line.problems
        if on is not None and is_workday is not None:
            days[on] = Day(is_workday, line.cells.get("name") or None)
    return days, problems


def _new_day(text: str, *, days: Mapping[dt.date, Day]) -> dt.date:
    new = day(text)
    if new.year not in YEARS:
        raise ValueError(f"{text} is not within the years {YEARS[0]} to {YEARS[-1]}")
    if new in days:
        raise ValueError(f"{text} stands twice; expected is each day once")
    return new


def _yes_or_no(text: str) -> bool:
    if text.lower() not in BOOLEANS:
        raise ValueError(f"“{text}”; expected is true or false")
    return BOOLEANS[text.lower()]


def _days_of(year: int) -> Iterator[dt.date]:
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += dt.timedelta(days=1)


def _is_weekday(day: dt.date) -> bool:
    return day.weekday() < SATURDAY


def _balance_warnings(year: int, days: Mapping[dt.date, Day]) -> Iterator[str]:
    """Days off on weekdays less weekends worked are the statutory holidays, however they were moved about."""
    balance = sum(_is_weekday(day) - days[day].is_workday for day in _days_of(year))
    statutory = 13 if year >= 2025 else 11
    if balance != statutory:
        yield (
            f"{year} has {balance} days off beyond its weekends, the law gives {statutory}: "
            "compare the file with the notice, a line may be missing"
        )
