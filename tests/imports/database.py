"""A database with the tables of hospitals and what they refer to, filled with the reference lists."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.schema import CreateIndex, CreateTable

from gateway.postgres import embedded
from gateway.postgres.statements import DIALECT
from gateway.repositories.readings import search_columns
from models import metadata
from models.base import derived_id
from seeds.files import read

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TABLES = (
    "products plans cities city_aliases service_cities departments clinic_brands hospitals hospital_departments "
    "hospital_networks calendar_days calendar_corrections"
)
PLANS = {"ZYB": [], "VAS": [], "CY23": ["STANDARD", "PLUS"], "CY26": ["NATIONAL", "BEIJING"]}


@contextlib.contextmanager
def filled_database() -> Generator[str]:
    folder = Path(tempfile.mkdtemp(prefix="hospitals-")).resolve()
    folder.chmod(0o755)
    server = embedded.start(folder / "state", settings=QUICK)
    try:
        asyncio.run(_fill(server.dsn()))
        yield server.dsn()
    finally:
        server.stop()
        shutil.rmtree(folder)


async def _fill(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await _make_tables(connection)
        await _add_products(connection)
        await _add_cities(connection)
        await _add_departments(connection)
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _make_tables(connection: Any) -> None:
    wanted = TABLES.split()
    for table in metadata.sorted_tables:
        if table.name in wanted:
            await connection.execute(str(CreateTable(table).compile(dialect=DIALECT)))
            for index in table.indexes:
                await connection.execute(str(CreateIndex(index).compile(dialect=DIALECT)))


async def _add_products(connection: Any) -> None:
    for place, (code, plans) in enumerate(PLANS.items()):
        await connection.execute(
            "insert into products (code, id, position, name_zh, name_en, handbook_title_zh, handbook_title_en, "
            "handbook_file) values ($1, $2, $3, $1, $1, $1, $1, $1)",
            code,
            derived_id("product", code),
            place,
        )
        for position, plan in enumerate(plans):
            await connection.execute(
                "insert into plans (product_code, code, position, name_zh, name_en) values ($1, $2, $3, $2, $2)",
                code,
                plan,
                position,
            )


async def _add_cities(connection: Any) -> None:
    lists = read("cities.yaml")
    rows = {row["code"]: row for name in ("escort", "test", "other") for row in lists[name]}
    await connection.executemany(
        "insert into cities (code, id, province, name, pinyin, search_text, search_grams, sort_key) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [_city(row) for row in rows.values()],
    )
    await connection.execute("insert into city_aliases select '南官', code from cities where name = '南宫'")
    await connection.executemany(
        "insert into service_cities (product_code, service, city_code, seq, printed_name) values ($1, $2, $3, $4, $5)",
        [("ZYB", "OUTPATIENT_ESCORT", row["code"], row["seq"], row["city"]) for row in lists["escort"]]
        + [("CY26", "RESPIRATORY_TEST", row["code"], seq, row["city"]) for seq, row in enumerate(lists["test"])],
    )


def _city(row: dict[str, str]) -> tuple[Any, ...]:
    search = search_columns(row["city"])
    return (
        row["code"],
        derived_id("city", row["code"]),
        row["province"],
        row["city"],
        search.pinyin,
        search.search_text,
        search.search_grams,
        search.sort_key,
    )


async def _add_departments(connection: Any) -> None:
    await connection.executemany(
        "insert into departments (code, position, name_zh, name_en) values ($1, $2, $3, $4)",
        [
            (row["code"], place, row["name"]["zh"], row["name"]["en"])
            for place, row in enumerate(read("departments.yaml")["departments"])
        ],
    )
