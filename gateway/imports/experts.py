"""Experts whom a vendor lets be called, and the times at which they can be."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Report, quoted, unheard, word
from gateway.imports.lists import Row, code, filled, found_in, known, rows_of, yes_or_no
from gateway.repositories import expert_schedules
from gateway.validation.civil_time import SHANGHAI

COLUMNS = ("code", "vendor", "department", "name", "title", "hospital", "hospitalRank", "inService")
SLOT_COLUMNS = ("expert", "startsAt", "endsAt", "visitHours")
TITLES = ("RESIDENT", "ATTENDING", "ASSOCIATE_CHIEF", "CHIEF")
LONGEST = dt.timedelta(hours=4)


async def import_experts(
    connection: Any, path: Path, *, progress: Callable[[int], None] = unheard, is_demo: bool = False
) -> Report:
    """By code, new ones are added and known ones updated. A rank that is empty is one that nobody has stated."""
    vendor = known(await expert_schedules.vendors(connection), "vendor")
    department = found_in(await expert_schedules.departments(connection), "department")

    def take(line: Line) -> Row:
        return {
            "code": line.take("code", code),
            "vendor": line.take("vendor", vendor),
            "department": line.take("department", department),
            "name": line.take("name", filled),
            "title": line.take("title", lambda text: word(text, words=TITLES)),
            "hospital": line.take("hospital", filled),
            "rank": line.take("hospitalRank", _rank),
            "in_service": line.take("inService", yes_or_no),
        }

    found = rows_of(path, COLUMNS, take, key=("code",))
    progress(found.read)
    if not found.problems:
        async with connection.transaction():
            await expert_schedules.upsert(connection, found.rows, is_demo=is_demo)
    return found.report()


async def import_schedules(connection: Any, path: Path, *, progress: Callable[[int], None] = unheard) -> Report:
    """Of each expert and day that the file speaks of it is the whole schedule: free times that it lacks go, times that
    clients have taken stay."""
    expert = known(await expert_schedules.experts(connection), "expert")

    def take(line: Line) -> Row:
        called = line.take("expert", expert)
        starts, ends = line.take("startsAt", _instant), line.take("endsAt", _instant)
        if starts and ends and not starts < ends <= starts + LONGEST:
            line.refuse("endsAt", "expected is a time after startsAt, and at most 4 hours later")
        return {
            "expert": called,
            "starts_at": starts,
            "ends_at": ends,
            "is_visit_hours": line.take("visitHours", yes_or_no),
        }

    found = rows_of(path, SLOT_COLUMNS, take, key=("expert", "startsAt"))
    progress(found.read)
    if not found.problems:
        async with connection.transaction():
            await expert_schedules.replace_slots(connection, found.rows)
    return found.report()


def _rank(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100_000):
        raise ValueError(f"{quoted(text)}; expected is the rank of the hospital from 1 on, or nothing")
    return int(text)


def _instant(text: str) -> dt.datetime:
    """In Shanghai, unless it says otherwise."""
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(text)}; expected is a time such as 2026-03-12T15:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
