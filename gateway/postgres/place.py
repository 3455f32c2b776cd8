"""Where the database is: a server that the settings name, or the embedded one, started or joined."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import asyncpg

from gateway.mendable import Mendable
from gateway.postgres.embedded import Server, inheriting, start
from gateway.settings import Settings

ROLE = "gateway"  # whom the gateway works as on the embedded server
OLDEST = 15
PATIENCE = 10.0  # seconds for a server to answer
EXAMPLE = "postgresql://user:password@host:5432/database"


class PlaceError(Mendable):
    """The database that was named cannot be used. The message never repeats the address, which holds a password."""


@dataclass(frozen=True, slots=True)
class Place:
    """Two ways in: as the owner of the tables, and as the gateway, which owns nothing unless both are one role."""

    owner_dsn: str
    dsn: str
    role: str | None  # the gateway's, which needs rights; None where it is the owner
    server: Server | None  # the embedded one

    @property
    def is_embedded(self) -> bool:
        return self.server is not None


@contextmanager
def place(settings: Settings) -> Generator[Place]:
    """The database while it is needed. An embedded server that was started here stops at the end; one that another
    process started is taken over when that process ends first."""
    if settings.database_url is not None:
        yield asyncio.run(_named(settings.owner_database_url or settings.database_url, settings.database_url))
        return
    server = start(settings.folder / "postgres")
    try:
        with nullcontext() if server.pid else inheriting(settings.folder / "postgres"):
            yield Place(server.dsn(), server.dsn(user=ROLE), ROLE, server)
    finally:
        server.stop()


async def _named(owner_dsn: str, dsn: str) -> Place:
    role = await _role("DATABASE_URL", dsn)
    owner = role if owner_dsn == dsn else await _role("DATABASE_OWNER_URL", owner_dsn)
    return Place(owner_dsn, dsn, None if role == owner else role, server=None)


async def _role(variable: str, dsn: str) -> str:
    """Whom the address signs in as, on a server that is new enough."""
    connection = await _connected(variable, dsn)
    try:
        version = connection.get_server_version()
        if version.major < OLDEST:
            raise PlaceError(
                f"{variable} leads to PostgreSQL {version.major}; {OLDEST} or newer is needed. "
                "Update that server, or unset the variable to use the embedded one."
            )
        return await connection.fetchval("select current_user::text")
    finally:
        connection.terminate()


async def _connected(variable: str, dsn: str) -> "asyncpg.Connection":
    try:
        return await asyncpg.connect(dsn, timeout=PATIENCE)
    except ValueError:  # its text may hold a part of the address
        raise PlaceError(
            f"{variable} cannot be read; it may be like {EXAMPLE}, with %-codes for : / @ in it."
        ) from None
    except TimeoutError:
        raise PlaceError(
            f"{variable}: the server does not answer within {PATIENCE:.0f} s. {_advice(variable)}"
        ) from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise PlaceError(f"{variable}: cannot connect ({_reason(error)}). {_advice(variable)}") from None


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split())


def _advice(variable: str) -> str:
    return f"Start that server or correct {variable}; without DATABASE_URL the gateway brings its own server."
