"""A clockwork in a process of its own, which a test may kill: python -m tests.jobs.worker DSN FOLDER URL."""

import asyncio
import datetime as dt
import sys
from pathlib import Path

from gateway.app import services_of
from gateway.jobs import delivery
from gateway.jobs.clockwork import clockwork
from gateway.jobs.senders import Routes
from gateway.partners import Webhook
from gateway.postgres.pool import open_pool
from gateway.settings import Settings

LOST_AFTER = dt.timedelta(seconds=2)
SOON = dt.timedelta(milliseconds=20)
"""When what could not be sent is tried again: tests look at what comes then, not at how long it takes."""


async def main(where: str, folder: Path, url: str) -> None:
    delivery.ELDER_FIRST = delivery.FIRST_DELAY = SOON
    settings = Settings(mode="development", database_url=where, folder=folder)
    pool = await open_pool(where, size=4, statement_cache=100)
    routes = Routes.of([Webhook("CUSTOMER", url, folder / "hook.secret")])
    async with clockwork(where, await services_of(settings, pool), routes, lost_after=LOST_AFTER) as works:
        await works.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
