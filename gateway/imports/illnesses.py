"""The critical illnesses that the terms of a product name. A file brings the whole list of each product in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Report, unheard
from gateway.imports.lists import Row, filled, known, rows_of
from gateway.repositories import illnesses

COLUMNS = ("product", "name")


async def import_illnesses(connection: Any, path: Path, *, progress: Callable[[int], None] = unheard) -> Report:
    product = known(await illnesses.products(connection), "product")

    def take(line: Line) -> Row:
        return {"product": line.take("product", product), "name": line.take("name", filled)}

    found = rows_of(path, COLUMNS, take, key=COLUMNS)
    progress(found.read)
    if not found.problems:
        async with connection.transaction():
            await illnesses.replace(connection, [(row["product"], row["name"]) for row in found.rows])
    return found.report()
