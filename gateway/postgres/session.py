"""What the database knows of the one who asks: settings that a statement makes for itself, or a transaction at its
beginning. They end with the transaction, so that a connection may serve another viewer next, through any pooler.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

Settings = Mapping[str, str]


def opened(sql: str, names: Sequence[str], before: int) -> str:
    """A statement of one value, which first makes the settings; their values are its parameters after `before`.

    The value is told of the row that makes the settings, so it cannot be computed before them.
    """
    return f"{_viewer(names, before)} SELECT ({sql}) FROM viewer WHERE viewer.ready IS NOT NULL" if names else sql


def opened_rows(sql: str, names: Sequence[str], before: int) -> str:
    """The same for a statement of rows. They are looked for once for each row of settings, hence after it: what
    refers to that row and has an OFFSET is never joined the other way round.
    """
    if not names:
        return sql
    rows = f"SELECT * FROM ({sql}) AS found WHERE viewer.ready IS NOT NULL OFFSET 0"
    return f"{_viewer(names, before)} SELECT rows.* FROM viewer CROSS JOIN LATERAL ({rows}) AS rows"


def opened_write(sql: str, names: Sequence[str], before: int) -> str:
    """The same for a statement that writes rows `from viewer` and whatever is joined to it."""
    return f"{_viewer(names, before)} {sql}"


async def begin(connection: Any, settings: Settings, *, reads_only: bool = False) -> None:
    """Begin a transaction and make its settings, in one round trip.

    Such a script takes no parameters, so the values travel as hexadecimal digits, which mean nothing to SQL.
    """
    made = _made(settings)
    mode = " READ ONLY" if reads_only else ""
    await connection.execute(f"BEGIN{mode}; SELECT {made};" if made else f"BEGIN{mode};")


@asynccontextmanager
async def instead(connection: Any, settings: Settings, back: Settings) -> AsyncGenerator[None]:
    """A part of a transaction in another's name. Where it fails, the transaction ends and its settings with it."""
    await connection.execute(f"SELECT {_made(settings)}")
    yield
    await connection.execute(f"SELECT {_made(back)}")


def _made(settings: Settings) -> str:
    return ", ".join(
        f"set_config('{name}', convert_from(decode('{value.encode().hex()}', 'hex'), 'UTF8'), true)"
        for name, value in settings.items()
    )


async def end(connection: Any, *, commits: bool) -> None:
    await connection.execute("COMMIT" if commits else "ROLLBACK")


@asynccontextmanager
async def transaction(pool: Any, settings: Settings, *, reads_only: bool = False) -> AsyncGenerator[Any]:
    """A transaction of its own with these settings, which commits unless something is raised."""
    async with pool.acquire() as connection:
        commits = False
        await begin(connection, settings, reads_only=reads_only)
        try:
            yield connection
            commits = True
        finally:
            await end(connection, commits=commits)


class Telling:
    """A pool for single statements that read, each of which makes the settings first."""

    def __init__(self, pool: Any, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings

    async def fetch(self, sql: str, *arguments: Any) -> Any:
        return await self._pool.fetch(*self._told(sql, arguments))

    async def fetchrow(self, sql: str, *arguments: Any) -> Any:
        return await self._pool.fetchrow(*self._told(sql, arguments))

    def _told(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        return opened_rows(sql, list(self._settings), len(arguments)), *arguments, *self._settings.values()


async def speak_for_gateway(connection: Any) -> None:
    """For a connection of the owner, outside of any pool: row security holds for owners too, and this is their word."""
    await connection.execute("select set_config('app.kind', 'SYSTEM', false)")


def _viewer(names: Sequence[str], before: int) -> str:
    made = ", ".join(f"set_config('{name}', ${place}, true)" for place, name in enumerate(names, before + 1))
    return f"WITH viewer AS MATERIALIZED (SELECT concat({made}) AS ready)"
