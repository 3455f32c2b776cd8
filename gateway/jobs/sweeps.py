"""Rows whose time has come, moved so that one which cannot be moved stands in nobody's way.

Whatever goes wrong with a row is noted (see `gateway jobs stuck`), and the row is left alone for longer and longer.
Only a database that was lost ends a sweep: then it is nobody's fault among the rows.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from gateway.jobs.house import House
from gateway.postgres.losses import is_lost
from gateway.postgres.pool import Record
from gateway.repositories import stuck

Find = Callable[[Any], Awaitable[Sequence[Record]]]
Move = Callable[[Any, Sequence[Record]], Awaitable[object]]
Key = Callable[[Record], str]

log = structlog.get_logger("gateway.jobs")


async def sweep(house: House, find: Find, move: Move, *, key: Key = stuck.key) -> int:
    """Moves what is found in the transaction that has locked it. How many rows were moved."""
    async with house.transaction() as connection:
        found = await find(connection)
        moved = await _halves(house, connection, found, move, key)
        if moved:
            await stuck.strike_out(connection, house.timer, [key(row) for row in moved])
    return len(moved)


async def _halves(house: House, connection: Any, rows: Sequence[Record], move: Move, key: Key) -> Sequence[Record]:
    """All at once, and where that fails each half for itself, until the row that fails is alone."""
    if not rows:
        return []
    try:
        async with _tentatively(connection):
            await move(connection, rows)
    except Exception as error:
        if is_lost(error):
            raise
        if len(rows) == 1:
            await _note(house, connection, key(rows[0]), error)
            return []
        half = len(rows) // 2
        parts = [await _halves(house, connection, part, move, key) for part in (rows[:half], rows[half:])]
        return [row for part in parts for row in part]
    return rows


@asynccontextmanager
async def _tentatively(connection: Any) -> AsyncGenerator[None]:
    """What is written here, with all that is checked of it at the commit, or nothing of it."""
    await connection.execute("savepoint tried")
    try:
        yield
        await connection.execute("set constraints all immediate; set constraints all deferred")
    except Exception as error:
        if not is_lost(error):
            await connection.execute("rollback to savepoint tried; release savepoint tried")
        raise
    await connection.execute("release savepoint tried")


async def each(house: House, rows: Sequence[Record], move: Callable[[Record], Awaitable[bool]]) -> int:
    """Tries every row in a transaction of its own. How many were moved; others had no need of it, or are noted."""
    tried = [(stuck.key(row), await _alone(house, row, move)) for row in rows]
    fine = [key for key, is_moved in tried if is_moved is not None]
    if fine:
        async with house.transaction() as connection:
            await stuck.strike_out(connection, house.timer, fine)
    return sum(is_moved is True for _, is_moved in tried)


async def _alone(house: House, row: Record, move: Callable[[Record], Awaitable[bool]]) -> bool | None:
    """Whether it was moved; None where that failed."""
    try:
        return await move(row)
    except Exception as error:
        if is_lost(error):
            raise
        async with house.transaction() as connection:
            await _note(house, connection, stuck.key(row), error)
        return None


async def _note(house: House, connection: Any, subject: str, error: Exception) -> None:
    failure = " ".join([type(error).__name__, *filter(None, [getattr(error, "sqlstate", None)])])
    log.error("a timer could not move a row", timer=house.timer, subject=subject, failure=failure)
    await stuck.note(connection, house.timer, subject, failure)
