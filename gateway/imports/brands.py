"""Brands of clinics, and the day on which one closes; by code, new ones are added and known ones updated."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Report, day, unheard
from gateway.imports.lists import Row, code, filled, rows_of

COLUMNS = ("code", "name")
OPTIONAL = ("closedOn",)
UPSERT = """
insert into clinic_brands (code, name, closed_on) values ($1, $2, $3)
on conflict (code) do update set name = excluded.name, closed_on = excluded.closed_on
"""


async def import_brands(connection: Any, path: Path, *, progress: Callable[[int], None] = unheard) -> Report:
    found = rows_of(path, COLUMNS, _take, key=("code",), optional=OPTIONAL)
    progress(found.read)
    if not found.problems:
        async with connection.transaction():
            await connection.executemany(UPSERT, [(row["code"], row["name"], row["closed_on"]) for row in found.rows])
    return found.report()


def _take(line: Line) -> Row:
    return {
        "code": line.take("code", code),
        "name": line.take("name", filled),
        "closed_on": line.take("closedOn", day) if line.cells.get("closedOn") else None,
    }
