"""`gateway jobs run|list|stuck|retry`: what happens when time passes, in a process of its own or by hand."""

import asyncio
import datetime as dt
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected, opened
from gateway.cli.speech import say, show
from gateway.logs import configure
from gateway.mendable import Mendable
from gateway.postgres.place import Place
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.jobs.clockwork import Clockwork

group = typer.Typer(no_args_is_help=True, help=__doc__)


@group.command()
def run(
    once: Annotated[bool, typer.Option(help="Every timer once, then end.")] = False,
    now: Annotated[str | None, typer.Option(help="With --once, in development: as if it were this instant.")] = None,
) -> None:
    """Send messages, end what has expired, tell of deadlines. Any number of these may run beside each other."""
    settings = Settings.load()
    instant = _instant(settings, now, once=once)
    configure()
    with opened(settings) as place:
        asyncio.run(_once(settings, place, instant) if once else _run(settings, place))


@group.command(name="list")
def list_() -> None:
    """Deliveries that were given up."""
    with opened(Settings.load()) as place:
        for line in asyncio.run(_failed(place)):
            show(line)


@group.command()
def stuck() -> None:
    """Rows that a timer could not move: which, why, how often it was tried, and when it will be again."""
    with opened(Settings.load()) as place:
        for line in asyncio.run(connected(place, _stuck)):
            show(line)


@group.command()
def retry() -> None:
    """Queue again all deliveries that were given up, and let timers try at once what was stuck."""
    with opened(Settings.load()) as place:
        say(f"{asyncio.run(_retried(place))} queued again")
        say(f"{asyncio.run(connected(place, _tried_now))} rows to be tried again")


def _instant(settings: Settings, now: str | None, *, once: bool) -> dt.datetime | None:
    from gateway.schema.scalars import parse_instant

    if now is None:
        return None
    if not settings.is_development or not once:
        raise Mendable("--now goes with --once, and only in development: GATEWAY_MODE=development.")
    try:
        return parse_instant(now)
    except ValueError as error:
        raise Mendable(f"--now: {error}.") from None


async def _run(settings: Settings, place: Place) -> None:
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    async with _clockwork(settings, place) as works:
        say("jobs are running")
        await works.run(ending)


async def _once(settings: Settings, place: Place, now: dt.datetime | None) -> None:
    async with _clockwork(settings, place) as works:
        done = await works.once(now or dt.datetime.now(dt.UTC), with_rehearsals=now is not None)
    for name, count in done.items():
        show(f"{count:6} {name}")


@asynccontextmanager
async def _clockwork(settings: Settings, place: Place) -> "AsyncGenerator[Clockwork]":
    from gateway.app import services_of
    from gateway.jobs.clockwork import clockwork
    from gateway.jobs.senders import Routes
    from gateway.postgres.pool import open_pool

    pool = await open_pool(place.dsn, size=4, statement_cache=settings.statement_cache)
    try:
        async with clockwork(place.dsn, await services_of(settings, pool), Routes.of(settings.webhooks)) as works:
            yield works
    finally:
        pool.terminate()


async def _stuck(connection: Any) -> list[str]:
    from gateway.repositories import stuck

    return [
        f"{row['timer']}  {row['subject']}  {row['failure']}  {row['attempts']} times since "
        f"{row['first_at']:%Y-%m-%d %H:%M}, again {row['again_at']:%Y-%m-%d %H:%M}"
        for row in await stuck.standing(connection)
    ]


async def _tried_now(connection: Any) -> int:
    from gateway.repositories import stuck

    return await stuck.try_now(connection)


async def _failed(place: Place) -> list[str]:
    import asyncpg
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

    from gateway.jobs.queue import queries

    connection = await asyncpg.connect(place.dsn)
    try:
        jobs = await queries(AsyncpgDriver(connection)).list_failed_jobs()
        return [f"{job.id}  {job.created:%Y-%m-%d %H:%M}  {(job.payload or b'').decode()}" for job in jobs]
    finally:
        await connection.close()


async def _retried(place: Place) -> int:
    import asyncpg
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

    from gateway.auth.sight import settings_of
    from gateway.auth.viewer import SYSTEM
    from gateway.jobs.delivery import message_key
    from gateway.jobs.queue import queries
    from gateway.postgres import session
    from gateway.repositories.timed import begin_anew

    connection = await asyncpg.connect(place.dsn)
    try:
        known = queries(AsyncpgDriver(connection))
        jobs = await known.list_failed_jobs(limit=10_000)
        await session.begin(connection, settings_of(SYSTEM))
        for job in jobs:
            await begin_anew(connection, *message_key(job))
        await session.end(connection, commits=True)
        await known.requeue_jobs([job.id for job in jobs])
        return len(jobs)
    finally:
        await connection.close()
