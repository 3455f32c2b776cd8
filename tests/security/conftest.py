"""The database of two sides, once for each worker."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from gateway.postgres.migrate import ROLE
from gateway.postgres.pool import teach_json
from tests.conftest import TEMPLATE, dsn
from tests.security.rows import Rows, prepare


@pytest.fixture(scope="session")
def two_sides(worker_id: str) -> str:
    """Name of the database."""
    name = f"two_sides_{worker_id}"

    async def make() -> None:
        maintenance = await asyncpg.connect(dsn("postgres"))
        await maintenance.execute(f"create database {name} template {TEMPLATE}")
        await maintenance.close()
        owner = await asyncpg.connect(dsn(name))
        await teach_json(owner)
        await prepare(owner)
        await owner.close()

    asyncio.run(make())
    return name


@pytest.fixture(scope="session")
def rows(two_sides: str) -> Iterator[Rows]:
    async def opened(user: str) -> asyncpg.Connection:
        connection = await asyncpg.connect(dsn(two_sides, user))
        await teach_json(connection)
        return connection

    with asyncio.Runner() as runner:
        found = Rows(runner.run(opened("postgres")), runner.run(opened(ROLE)), runner)
        yield found
        for connection in (found.owner, found.runtime):
            runner.run(connection.close())
