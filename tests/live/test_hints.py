"""What workers tell each other after a change: at once, and then no more often than it is worth."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.postgres.connections import Connections
from gateway.postgres.migrate import ROLE
from gateway.postgres.pool import open_pool
from gateway.repositories.changes import CHANNEL, SOMETHING
from gateway.resolvers import changes
from gateway.resolvers.changes import Changes
from tests.conftest import dsn

LAST = "last"
pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Connections]:
    opened = await open_pool(dsn(database, ROLE), size=1, statement_cache=10)
    yield opened
    await opened.close()


@pytest.fixture
async def heard(owner: Any) -> "asyncio.Queue[str]":
    words: asyncio.Queue[str] = asyncio.Queue()
    await owner.add_listener(CHANNEL, lambda *notice: words.put_nowait(notice[-1]))
    return words


async def test_a_change_is_told_at_once_and_those_right_after_it_together(
    pool: Connections, heard: "asyncio.Queue[str]", owner: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "BETWEEN_HINTS", 3600.0)
    async with asyncio.timeout(60), Changes(pool, dsn(database, ROLE), 3600.0).running() as told:
        told.tell("bookingAccept")
        assert await heard.get() == SOMETHING
        for _ in range(3):
            told.tell("bookingAccept")
            await asyncio.sleep(0)
            await pool.fetchval("select 1")  # behind whatever was to be told on the only connection
        await owner.execute("select pg_notify($1, $2)", CHANNEL, LAST)
        assert await heard.get() == LAST


async def test_what_was_done_meanwhile_is_told_in_the_end(
    pool: Connections, heard: "asyncio.Queue[str]", database: str
) -> None:
    async with asyncio.timeout(60), Changes(pool, dsn(database, ROLE), 3600.0).running() as told:
        told.tell("bookingAccept")
        await heard.get()
        told.tell("bookingAccept")
        assert await heard.get() == SOMETHING
