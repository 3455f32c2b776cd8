"""Connections that may see and do everything, kept from one look to the next.

A new connection is a new process of the server that reads the whole catalog before its first answer, which takes longer
than most tests do.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg

from gateway.postgres.pool import connection

Work = Callable[[Any], Awaitable[Any]]


class Line:
    """A connection, and the loop that it lives in."""

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner()
        self._dsn = dsn
        self._open = AsyncExitStack()
        self._connection: Any = None

    def do(self, work: Work) -> Any:
        return self._runner.run(self._do(work))

    def close(self) -> None:
        self._runner.run(self._open.aclose())
        self._runner.close()

    async def _do(self, work: Work) -> Any:
        await self._ready()
        return await work(self._connection)

    async def _ready(self) -> None:
        """As new: without what the last work has set, and made anew where a test has ended it."""
        if self._connection is not None:
            try:
                return await self._connection.reset()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self._open.aclose()
        self._connection = await self._open.enter_async_context(connection(self._dsn))


_idle: dict[str, list[Line]] = defaultdict(list)


def as_owner(dsn: str, work: Work) -> Any:
    """What the work finds, on a connection that nobody else uses meanwhile."""
    idle = _idle[dsn]
    line = idle.pop() if idle else Line(dsn)
    try:
        return line.do(work)
    finally:
        idle.append(line)


def close_all() -> None:
    while _idle:
        for line in _idle.popitem()[1]:
            line.close()
