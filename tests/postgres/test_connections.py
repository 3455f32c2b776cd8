"""Connections that are lent: kept after a statement that ended well, given back after anything else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from gateway.postgres.connections import Connections
from gateway.postgres.migrate import ROLE
from gateway.postgres.pool import open_pool
from tests.conftest import dsn

PID = "select pg_backend_pid()"
SLOW = "select pg_sleep(10)"
pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(database: str) -> AsyncIterator[Connections]:
    opened = await open_pool(dsn(database, ROLE), size=2, statement_cache=10)
    yield opened
    await opened.close()


async def test_one_who_asks_alone_stays_with_one_connection(two: Connections) -> None:
    assert len({await two.fetchval(PID) for _ in range(5)}) == 1


async def test_many_share_what_there_is(two: Connections) -> None:
    found = await asyncio.gather(*(two.fetchval(f"{PID} from pg_sleep(0.01)") for _ in range(20)))
    assert len(set(found)) == 2


async def test_a_transaction_gets_a_connection_that_reads_have_kept(two: Connections) -> None:
    await asyncio.gather(*(two.fetchval(f"{PID} from pg_sleep(0.01)") for _ in range(4)))
    async with asyncio.timeout(5), two.acquire() as first, two.acquire() as second:
        assert await first.fetchval(PID) != await second.fetchval(PID)


async def test_a_connection_that_is_given_back_whole_does_not_pass_through_the_pool(two: Connections) -> None:
    taken = await two.acquire()
    two.give_back(taken)
    async with two.acquire() as again:
        assert again is taken


async def test_who_waits_gets_what_a_transaction_gives_back(two: Connections) -> None:
    async with two.acquire(), two.acquire():
        waiting = [asyncio.create_task(two.fetchval("select 1")) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
    async with asyncio.timeout(5):
        assert await asyncio.gather(*waiting) == [1, 1, 1]


async def test_a_statement_that_was_given_up_harms_nobody_after_it(two: Connections) -> None:
    for _ in range(4):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await two.fetchval(SLOW)
    async with asyncio.timeout(5):
        assert await asyncio.gather(*(two.fetchval("select 1") for _ in range(4))) == [1] * 4


async def test_who_gives_up_waiting_takes_no_turn(two: Connections) -> None:
    async with two.acquire(), two.acquire():
        impatient = [asyncio.create_task(two.fetchval("select 1")) for _ in range(3)]
        await asyncio.sleep(0.05)
        for task in impatient:
            task.cancel()
        patient = asyncio.create_task(two.fetchval("select 2"))
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await patient == 2
        assert await asyncio.gather(*(two.fetchval("select 3") for _ in range(4))) == [3] * 4


async def test_a_turn_that_came_as_its_taker_left_goes_to_the_next(two: Connections) -> None:
    first, second = await two.acquire(), await two.acquire()
    leaving = asyncio.create_task(two.fetchval("select 1"))
    staying = asyncio.create_task(two.fetchval("select 2"))
    await asyncio.sleep(0.05)
    await two.release(first)
    leaving.cancel()
    async with asyncio.timeout(5):
        assert await staying == 2
    await two.release(second)


async def test_a_statement_that_fails_leaves_a_connection_for_the_next(two: Connections) -> None:
    for _ in range(5):
        with pytest.raises(asyncpg.PostgresError):
            await two.fetchval("select 1 / 0")
    assert await two.fetchval("select 1") == 1


async def test_a_connection_that_the_server_ended_is_replaced(two: Connections, owner: Any) -> None:
    before = await two.fetchval(PID)
    await owner.execute("select pg_terminate_backend($1)", before)
    await asyncio.sleep(0.1)
    assert await two.fetchval(PID) != before


async def test_plans_are_made_once_for_all_values(two: Connections) -> None:
    async with two.acquire() as connection:
        for _ in range(8):
            await connection.fetchval("select count(*) from policies where policy_id = any($1::uuid[])", [])
        sql = "select sum(custom_plans)::int from pg_prepared_statements"
        assert await connection.fetchval(sql) == 0


async def test_a_value_that_no_column_takes_leaves_nothing_behind(two: Connections) -> None:
    """The driver has begun a statement by then; nobody ends it, and its time would run out for whoever comes next."""
    async with two.acquire() as first, two.acquire() as second:
        for connection in (first, second):
            await connection.execute("set statement_timeout = '200ms'")
    for place in range(2):
        with pytest.raises(asyncpg.DataError):
            await two.fetchval(f"select $1::int4 + {place}", 2**40)
    await asyncio.sleep(0.4)
    assert await asyncio.gather(*(two.fetchval("select 1") for _ in range(4))) == [1] * 4
