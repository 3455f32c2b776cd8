"""The pool, and the two ways to read: a connection per statement, or the one of a transaction."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
import orjson
from sqlalchemy.sql import Executable

from gateway.postgres.session import Settings, opened_rows
from gateway.postgres.statements import render

Pool = asyncpg.Pool
Record = Mapping[str, Any]


class Reader(Protocol):
    """Where rows come from. A statement is an expression, so that values travel as parameters."""

    async def rows(self, statement: Executable) -> Sequence[Record]: ...

    async def value(self, sql: str, arguments: Sequence[Any]) -> Any: ...


async def open_pool(dsn: str, *, size: int, statement_cache: int) -> "asyncpg.Pool[Any]":
    return await asyncpg.create_pool(
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
            "statement_timeout": "10000",
            "lock_timeout": "5000",
        },
    )


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


class PoolReader:
    """Every statement on a connection of its own, so that sibling fields may run at the same time.

    One that reads what is private tells the database first who asks.
    """

    def __init__(self, pool: "asyncpg.Pool[Any]", settings: Settings, is_private: Callable[[str], bool]) -> None:
        self._pool = pool
        self._settings = settings
        self._is_private = is_private

    async def rows(self, statement: Executable) -> Sequence[Record]:
        sql, arguments = render(statement)
        if not self._is_private(sql):
            return await self._pool.fetch(sql, *arguments)
        told = opened_rows(sql, list(self._settings), len(arguments))
        return await self._pool.fetch(told, *arguments, *self._settings.values())

    async def value(self, sql: str, arguments: Sequence[Any]) -> Any:
        """The only value of a statement that is text already, and whole."""
        return await self._pool.fetchval(sql, *arguments)


class TransactionReader:
    """Statements of one transaction, one after another, since a connection answers one at a time."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._turn = asyncio.Lock()

    async def rows(self, statement: Executable) -> Sequence[Record]:
        sql, arguments = render(statement)
        async with self._turn:
            return await self.connection.fetch(sql, *arguments)

    async def value(self, sql: str, arguments: Sequence[Any]) -> Any:
        async with self._turn:
            return await self.connection.fetchval(sql, *arguments)
