"""One worker's working calendar, which follows the one in the database: notices come while the gateway runs."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncGenerator

import asyncpg
import structlog

from gateway.context import Services
from gateway.repositories import corrections
from gateway.resolvers import knowledge

SECONDS = 10
"""For how long a worker may go on with a calendar that was corrected."""

UNREACHABLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
log = structlog.get_logger("gateway")


@contextlib.asynccontextmanager
async def following(services: Services) -> AsyncGenerator[None]:
    task = asyncio.create_task(_follow(services))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _follow(services: Services) -> None:
    while True:
        await asyncio.sleep(SECONDS)
        try:
            await catch_up(services)
        except UNREACHABLE as error:
            log.warning("the calendar cannot be looked at", kind=type(error).__name__)


async def catch_up(services: Services) -> None:
    """The calendar is read again where it has been corrected since it was read."""
    async with services.pool.acquire() as connection:
        if await corrections.latest(connection) != _latest_known(services):
            services.calendar = await knowledge.calendar(connection)


def _latest_known(services: Services) -> dt.datetime | None:
    return max((correction.replaced_at for correction in services.calendar.corrections), default=None)
