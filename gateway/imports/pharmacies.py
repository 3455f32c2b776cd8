"""Pharmacies that a vendor has designated; by code, new ones are added and known ones updated."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Report, unheard
from gateway.imports.lists import Row, code, filled, known, rows_of
from gateway.repositories import pharmacies
from gateway.repositories.readings import search_columns

COLUMNS = ("code", "vendor", "province", "city", "name")
OPTIONAL = ("address", "phone")


async def import_pharmacies(
    connection: Any, path: Path, *, progress: Callable[[int], None] = unheard, is_demo: bool = False
) -> Report:
    vendor = known(await pharmacies.vendors(connection), "vendor")
    cities = await pharmacies.cities(connection)

    def take(line: Line) -> Row:
        row = {
            "code": line.take("code", code),
            "vendor": line.take("vendor", vendor),
            "city": cities.get((line.cells["province"], line.cells["city"])),
            "name": line.take("name", filled),
            **{column: line.cells.get(column) or None for column in OPTIONAL},
        }
        if row["city"] is None:
            line.refuse("city", f"{line.cells['province']} {line.cells['city']} is no city that we know")
        return row

    found = rows_of(path, COLUMNS, take, key=("code",), optional=OPTIONAL)
    progress(found.read)
    if not found.problems:
        async with connection.transaction():
            rows = [{**row, **asdict(search_columns(row["name"]))} for row in found.rows]
            await pharmacies.upsert(connection, rows, is_demo=is_demo)
    return found.report()
