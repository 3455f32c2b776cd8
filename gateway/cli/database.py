"""The database of a command: found, brought up to date where the command needs that, and left in order."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

from gateway.cli.speech import say
from gateway.mendable import Mendable
from gateway.postgres.place import Place, place
from gateway.processes import settle
from gateway.settings import Settings

T = TypeVar("T")
FORBIDDEN = "42501"


@contextmanager
def prepared(settings: Settings, *, demo: bool = False) -> Generator[Place]:
    """The database with the tables and the data of this release."""
    with place(settings) as found:
        asyncio.run(_prepare(settings, found, demo=demo))
        yield found


@contextmanager
def opened(settings: Settings) -> Generator[Place]:
    """The database as it stands, for reading; an empty one is filled first."""
    with place(settings) as found:
        if asyncio.run(connected(found, _is_empty)):
            asyncio.run(_prepare(settings, found, demo=False))
        settle()
        yield found


async def connected(found: Place, work: Callable[[Any], Awaitable[T]]) -> T:
    from gateway.postgres.pool import connection
    from gateway.postgres.session import speak_for_gateway

    async with connection(found.owner_dsn) as opened_connection:
        await speak_for_gateway(opened_connection)
        return await work(opened_connection)


async def _is_empty(connection: Any) -> bool:
    return await connection.fetchval("select to_regclass('seed_states') is null")


async def _prepare(settings: Settings, found: Place, *, demo: bool) -> None:
    from seeds.state import is_current

    await _bring_tables(found)

    async def fill(connection: Any) -> None:
        if not await is_current(connection):
            await _seed(connection)
        if demo:
            await _load_demo(settings, connection)

    await connected(found, fill)


async def _seed(connection: Any) -> None:
    from seeds.load import seed

    if await seed(connection):
        say("handbook data loaded")


async def _bring_tables(found: Place) -> None:
    from sqlalchemy.exc import DBAPIError

    from gateway.auth.open_rows import OPEN
    from gateway.auth.visibility import PRIVATE
    from gateway.postgres import queue
    from gateway.postgres.migrate import grant, migrate
    from gateway.postgres.protect import Policies, keep_protected

    def policies() -> Policies:
        from gateway.auth.row_security import row_policies

        return row_policies()

    try:
        if await migrate(found.owner_dsn):
            say("tables brought up to date")
        if found.role is not None:
            await grant(found.owner_dsn, found.role)
        await queue.install(found.owner_dsn, found.role)
        await keep_protected(found.owner_dsn, [*PRIVATE, *OPEN], policies)
        await connected(found, _add_months)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != FORBIDDEN:
            raise
        raise Mendable(
            "The role that signs in may not make tables in the schema public: "
            "name the one that owns the database in DATABASE_OWNER_URL, or give it that right."
        ) from None


async def _add_months(connection: Any) -> None:
    from gateway.postgres import trail

    await trail.prepare(connection, dt.datetime.now(dt.UTC).date())


async def _load_demo(settings: Settings, connection: Any) -> None:
    from gateway.auth.personal import PersonalVault
    from seeds.demo import load_demo

    if await load_demo(connection, PersonalVault.load(settings.personal_key)):
        say("demo data loaded")
