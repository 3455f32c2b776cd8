"""A seeded database of its own, and what stands in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

Work = Callable[[Any], Awaitable[Any]]


def run(dsn: str, work: Work, *, keep: bool = False) -> Any:
    """Runs `work` on a connection, in a transaction that is rolled back unless it is to be kept."""

    async def connected() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            transaction = connection.transaction()
            await transaction.start()
            result = await work(connection)
            await (transaction.commit() if keep else transaction.rollback())
            return result
        finally:
            await connection.close()

    return asyncio.run(connected())


def rows(dsn: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in run(dsn, lambda connection: connection.fetch(query, *values))]


def value(dsn: str, query: str, *values: Any) -> Any:
    return run(dsn, lambda connection: connection.fetchval(query, *values))
