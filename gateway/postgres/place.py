"""Where the database is: a server that the settings name, or the embedded one, started or joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.postgres.embedded import Server, start
from gateway.postgres.migrate import ROLE
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Two ways in: as the owner of the tables, and as the gateway, which owns nothing."""

    owner_dsn: str
    dsn: str
    is_embedded: bool


@contextmanager
def place(settings: Settings) -> Iterator[Place]:
    """The database while it is needed. An embedded server that was started here stops at the end."""
    if settings.database_url is not None:
        yield Place(settings.owner_database_url or settings.database_url, settings.database_url, is_embedded=False)
        return
    server = start(settings.folder / "postgres")
    try:
        yield _embedded(server)
    finally:
        server.stop()


def _embedded(server: Server) -> Place:
    return Place(server.dsn(), server.dsn(user=ROLE), is_embedded=True)
