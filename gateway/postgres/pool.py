"""The pool, and the two ways to read: a connection per statement, or the one of a transaction."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol

import asyncpg
import orjson
from sqlalchemy.sql import Executable

from gateway.postgres.connections import Connections
from gateway.postgres.session import Settings, opened_rows
from gateway.postgres.statements import render

Record = Mapping[str, Any]

ENDS = {"statement_timeout": "11000", "lock_timeout": "5000"}
"""Milliseconds after which the server ends by itself what nobody else has ended."""


class Reader(Protocol):
    """Where rows come from. A statement is an expression, so that values travel as parameters."""

    loads: "Loads"

    async def rows(self, statement: Executable) -> Sequence[Record]: ...

    async def value(self, sql: str, arguments: Sequence[Any]) -> Any: ...


async def open_pool(dsn: str, *, size: int, statement_cache: int) -> Connections:
    pool = await asyncpg.create_pool(
        dsn,
        min_size=min(2, size),
        max_size=size,
        init=teach_json,
        reset=_keep_session,
        statement_cache_size=statement_cache,
        max_cacheable_statement_size=0,  # no bound: a planned statement may be long, and is worth keeping
        server_settings={
            "application_name": "gateway",
            "timezone": "UTC",
            **ENDS,
            # Statements are prepared and few: their plans are made once. Left to itself, the server plans most of them
            # anew for each request, since it takes an array of unknown length for long, and that costs more than
            # to run them.
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
        },
    )
    return Connections(pool, size)


@asynccontextmanager
async def connection(dsn: str) -> AsyncGenerator[Any]:
    """One connection outside the pool, for the command line."""
    opened = await asyncpg.connect(dsn)
    try:
        await teach_json(opened)
        yield opened
    finally:
        await opened.close()


async def teach_json(connection: Any) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads
        )


async def _keep_session(connection: Any) -> None:
    """No reset query on release: nothing here ever sets session state, and the query costs a round trip."""


class Loads:
    """The tasks whose statements run now. Loaders work in tasks of their own, which nobody else would end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextmanager
    def one(self) -> Generator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def cancel(self) -> None:
        """Nobody waits for them any more: the server is told to stop, too."""
        for task in self._others():
            task.cancel()

    async def done(self) -> None:
        await asyncio.gather(*self._others(), return_exceptions=True)

    def _others(self) -> list["asyncio.Task[Any]"]:
        return [task for task in self._tasks if task is not asyncio.current_task()]


class PoolReader:
    """Every statement on a connection of its own, so that sibling fields may run at the same time.

    One that reads what is private tells the database first who asks.
    """

    def __init__(self, pool: Connections, settings: Settings, is_private: Callable[[str], bool]) -> None:
        self._pool = pool
        self._settings = settings
        self._is_private = is_private
        self.loads = Loads()

    async def rows(self, statement: Executable) -> Sequence[Record]:
        sql, arguments = render(statement)
        if self._settings and self._is_private(sql):
            sql = opened_rows(sql, list(self._settings), len(arguments))
            arguments = [*arguments, *self._settings.values()]
        with self.loads.one():
            return await self._pool.fetch(sql, *arguments)

    async def value(self, sql: str, arguments: Sequence[Any]) -> Any:
        """The only value of a statement that is text already, and whole."""
        return await self._pool.fetchval(sql, *arguments)


class TransactionReader:
    """Statements of one transaction, one after another, since a connection answers one at a time."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.loads = Loads()
        self._turn = asyncio.Lock()

    async def rows(self, statement: Executable) -> Sequence[Record]:
        sql, arguments = render(statement)
        with self.loads.one():
            async with self._turn:
                return await self.connection.fetch(sql, *arguments)

    async def value(self, sql: str, arguments: Sequence[Any]) -> Any:
        async with self._turn:
            return await self.connection.fetchval(sql, *arguments)
