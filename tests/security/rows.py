"""A database with two rows in every private table: one of each of two sides that have nothing to do with each other.

Rows are made from the tables themselves, so a new table has its two rows too. Foreign keys and checks are taken away
first, as they say nothing of who sees a row.
"""

import asyncio
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Column, Table

from gateway.auth.sight import NAMED, PRINCIPAL, settings_of, sight_of
from gateway.auth.viewer import Viewer
from gateway.auth.visibility import PRIVATE, visible
from gateway.postgres import session
from gateway.postgres.statements import render
from models import metadata
from models.base import NAMESPACE

SIDES = ("mine", "theirs")
VENDORS = {"mine": "HUANQIU", "theirs": "VAS-SERVICE"}
THIRD = "THIRD"
"""A vendor with a contract for the product of the one side, and without a booking."""

PRODUCTS = {"mine": "ZYB", "theirs": "VAS"}
NOW = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
BARE = """
select format('alter table %s drop constraint %I', conrelid::regclass, conname)
from pg_constraint where contype in ('f', 'c') and connamespace = 'public'::regnamespace
"""


EXPERT = """
insert into experts (code, id, vendor_code, department_code, name, title, hospital, is_in_service, is_demo)
values ($1, $2, $3, 'X', $1, 'X', 'X', true, true)
"""


def id_of(table: str, side: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{table}/{side}")


def policy_of(side: str) -> uuid.UUID:
    return id_of("policies", side)


def principal_of(side: str) -> str:
    return f"principal:{side}"


def row_of(table: str, side: str) -> dict[str, Any]:
    """A row whose references lead to the rows of its own side."""
    found = metadata.tables[table]
    return {item.name: _value(found, item, side) for item in found.c if item.computed is None}


def _value(table: Table, column: Column[Any], side: str) -> Any:
    known = {
        "policy_id": policy_of(side),
        "id": id_of(table.name, side),
        "subject_id": id_of("bookings", side),
        "vendor_code": VENDORS[side],
        "product_code": PRODUCTS[side],
        "service": "OUTPATIENT_ESCORT",
        "hospital_code": f"H-{side}",
        "expert_code": f"E-{side}",
        "principal": principal_of(side),
        "actor": principal_of(side),
        "secret_hash": side.encode(),
    }
    if column.name in known:
        return known[column.name]
    for key in table.foreign_key_constraints:
        if column.name in key.column_keys[1:2] and key.referred_table.name in PRIVATE:
            return id_of(key.referred_table.name, side)
    return None if column.nullable else _of_type(column, side)


def _of_type(column: Column[Any], side: str) -> Any:
    kind = type(column.type).__name__.upper()
    plain = {
        "INTEGER": 1,
        "BIGINTEGER": 1,
        "NUMERIC": 1,
        "BOOLEAN": False,
        "ARRAY": [],
        "JSONB": {},
        "DATE": NOW.date(),
    }
    if kind in plain:
        return plain[kind]
    if kind in ("TIMESTAMP", "DATETIME"):
        return NOW
    if kind == "DATERANGE":
        return asyncpg.Range(NOW.date(), NOW.date() + dt.timedelta(days=1))
    if kind in ("LARGEBINARY", "BYTEA"):
        return side.encode()
    return id_of(column.name, side) if kind in ("UUID", "UUID_") or "uuid" in str(column.type).lower() else side


async def prepare(owner: Any) -> None:
    for (statement,) in await owner.fetch(BARE):
        await owner.execute(statement)
    for code, vendor in (("E-mine", VENDORS["mine"]), ("E-theirs", VENDORS["theirs"])):
        await owner.execute(EXPERT, code, uuid.uuid4(), vendor)
    contract = "insert into product_vendors (product_code, vendor_code, role, services) values ($1, $2, 'X', '{}')"
    await owner.execute(contract, PRODUCTS["mine"], THIRD)
    for table in PRIVATE:
        await owner.execute(f"delete from {table}")
        for side in SIDES:
            await insert(owner, table, row_of(table, side))


async def insert(connection: Any, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await connection.execute(f"insert into {table} ({names}) values ({places})", *row.values())


@dataclass
class Rows:
    """The database, as its owner, whom no policy holds back, and as the gateway's role."""

    owner: Any
    runtime: Any
    runner: asyncio.Runner

    def by_guard(self, viewer: Viewer, table: str) -> set[str]:
        """Sides whose row the gateway's own predicate shows, while row security is off."""
        found = metadata.tables[table]
        seen = visible(sight_of(viewer), table, found.c)
        statement = found.select() if seen is None else found.select().where(seen)
        sql, arguments = render(statement)
        rows = self.runner.run(self.owner.fetch(f"select row_to_json(seen)::text from ({sql}) as seen", *arguments))
        return _sides(rows)

    def by_database(self, viewer: Viewer, table: str, *, named: str | None = None) -> set[str]:
        """Sides whose row Postgres shows, while no predicate is sent."""
        return _sides(self.run(viewer, f"select row_to_json(seen)::text from {table} as seen", named=named))

    def run(self, viewer: Viewer | None, sql: str, *arguments: Any, named: str | None = None) -> list[Any]:
        """A statement as the gateway's role, in a transaction that is taken back."""

        async def run() -> list[Any]:
            await session.begin(self.runtime, told(viewer, named))
            try:
                return await self.runtime.fetch(sql, *arguments)
            finally:
                await session.end(self.runtime, commits=False)

        return self.runner.run(run())

    def add(self, viewer: Viewer, table: str, side: str, *, named: str | None = None, **changes: Any) -> None:
        row = row_of(table, side) | changes
        names = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
        self.run(viewer, f"insert into {table} ({names}) values ({places})", *row.values(), named=named)


def told(viewer: Viewer | None, named: str | None) -> dict[str, str]:
    if viewer is None:
        return {}
    settings = {**settings_of(viewer), PRINCIPAL.name: viewer.principal}
    return settings if named is None else settings | {NAMED.name: str(policy_of(named))}


def _sides(rows: list[Any]) -> set[str]:
    marks = {side: (str(policy_of(side)), principal_of(side), f'"{VENDORS[side]}"', f"E-{side}") for side in SIDES}
    return {side for (text,) in rows for side in SIDES if any(mark in text for mark in marks[side])}
