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
        if self._connection is None or not await self._is_as_new():
            await self._open.aclose()
            self._connection = await self._open.enter_async_context(connection(self._dsn))
        return await work(self._connection)

    async def _is_as_new(self) -> bool:
        """Without what the last work has set; false where a test has ended the connection."""
        try:
            await self._connection.reset()
            await self._connection.execute("reset role")  # which the line above leaves as it is
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False
        return True


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
