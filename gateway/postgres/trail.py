"""The audit trail by months: each has a table of its own, so that an old one can go at once.

The months stand in a schema that the gateway's own role cannot enter. It adds and reads lines through `audit_entries`
alone, whose rights and row security count. A line belongs to the month (UTC) in which its id was made; `rest` takes
the lines for which no month is there.
"""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import asyncpg

from gateway.postgres.migrate import LOCK
from models.audit import READS

SCHEMA = "trail"
AHEAD = 12
"""Months that are made ahead, whenever the owner of the tables brings them up to date."""

TRIES = 20
PATIENCE = "500ms"  # how long new lines may wait behind a month that leaves
PAUSE = 0.5

FOUND = """
select relname::text from pg_inherits join pg_class c on c.oid = inhrelid
where inhparent = 'public.audit_entries'::regclass and relname <> 'rest' order by substr(relname, 2)
"""
CHOSEN = {"all": "true", "reads": "operation = any($1)", "writes": "operation <> all($1)"}


@dataclass(frozen=True, slots=True)
class Part:
    """The table of a month: whole, or what has been written in it, once the lines about reads are gone."""

    month: dt.date
    is_whole: bool = True

    @property
    def table(self) -> str:
        return f"{SCHEMA}.{'m' if self.is_whole else 'w'}{self.month:%Y_%m}"

    @property
    def end(self) -> dt.date:
        return _following(self.month)

    @property
    def ids(self) -> tuple[uuid.UUID, uuid.UUID]:
        return _first_id(self.month), _first_id(self.end)


class Busy(Exception):
    """The trail was in use all the time."""


async def prepare(connection: Any, today: dt.date) -> None:
    """Months ahead, and those lines brought into them that came before their table did."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        known = {part.month for part in await parts(connection)}
        month = today.replace(day=1)
        for _ in range(AHEAD + 1):
            if month not in known:
                await _add(connection, Part(month))
            month = _following(month)


async def parts(connection: Any) -> list[Part]:
    """All months, the oldest first."""
    names = [row["relname"] for row in await connection.fetch(FOUND)]
    return [Part(dt.date(int(name[1:5]), int(name[6:]), 1), name[0] == "m") for name in names]


async def close(connection: Any, part: Part) -> None:
    """From now to the end of the transaction no line joins this month. Whoever reads is not kept waiting, nor is who
    writes: lines that are made now are of another month. One that comes all the same waits, and holds the month back.
    """
    await connection.execute(f"lock table {part.table} in exclusive mode")


async def lines(connection: Any, part: Part, chosen: str) -> AsyncGenerator[str]:
    """Lines of a month as JSON, in the order in which they were written: `all` of them, `reads` or `writes`."""
    await connection.execute("set local timezone = 'UTC'")
    found = f"select to_jsonb(line)::text from {part.table} as line where {CHOSEN[chosen]} order by id, policy_id"
    async for row in connection.cursor(found, *_given(chosen), prefetch=1000):
        yield row[0]


async def remove(connection: Any, part: Part, chosen: str) -> None:
    """Takes lines out of the trail. Where some stay, they move to a smaller table, which takes the month's place."""
    rest = Part(part.month, is_whole=False) if chosen == "reads" else None
    if rest is not None:
        await _create(connection, rest)
        copied = f"insert into {rest.table} select * from {part.table} where {CHOSEN['writes']}"
        await connection.execute(copied, list(READS))
    for _ in range(TRIES):
        try:
            async with connection.transaction():
                return await _exchange(connection, part, rest)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await asyncio.sleep(PAUSE)
    raise Busy


async def _exchange(connection: Any, part: Part, rest: Part | None) -> None:
    """All that others wait for: a moment, since nothing is read and nothing is written."""
    await connection.execute(f"set local lock_timeout = '{PATIENCE}'")
    await connection.execute(f"alter table audit_entries detach partition {part.table}")
    if rest is not None:
        await _attach(connection, rest)
    await connection.execute(f"drop table {part.table}")


async def _add(connection: Any, part: Part) -> None:
    await _create(connection, part)
    await connection.execute(f"lock table {SCHEMA}.rest in exclusive mode")
    moved = f"with moved as (delete from {SCHEMA}.rest where id >= $1 and id < $2 returning *)"
    await connection.execute(f"{moved} insert into {part.table} select * from moved", *part.ids)
    await _attach(connection, part)


async def _create(connection: Any, part: Part) -> None:
    """The check spares the server looking at each line once more when the table takes its place."""
    first, end = part.ids
    check = f"check (id is not null and id >= '{first}' and id < '{end}')"
    await connection.execute(f"create table {part.table} (like audit_entries including all, {check})")


async def _attach(connection: Any, part: Part) -> None:
    first, end = part.ids
    bounds = f"for values from ('{first}') to ('{end}')"
    await connection.execute(f"alter table audit_entries attach partition {part.table} {bounds}")


def _given(chosen: str) -> list[Any]:
    return [] if chosen == "all" else [list(READS)]


def _following(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def _first_id(month: dt.date) -> uuid.UUID:
    """Ids begin with the milliseconds in which they were made."""
    midnight = dt.datetime.combine(month, dt.time(), dt.UTC)
    return uuid.UUID(int=int(midnight.timestamp() * 1000) << 80)
