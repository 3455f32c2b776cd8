"""One embedded server for a whole run, and for every worker its own database, cloned from a seeded template."""

import asyncio
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.auth.personal import PersonalVault
from gateway.auth.row_security import row_policies
from gateway.postgres import queue
from gateway.postgres.embedded import Server, start
from gateway.postgres.migrate import ROLE, grant, migrate
from gateway.postgres.protect import protect
from gateway.processes import load_undisturbed, settle
from seeds.demo import load_demo
from seeds.load import seed
from tests.support.answers import Answers
from tests.support.client import Gateway
from tests.support.owner import close_all
from tests.support.server import running_gateway

TEMPLATE = "template_gateway"
FOLDER = "GATEWAY_TEST_FOLDER"
SOCKETS = "GATEWAY_TEST_SOCKETS"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}

_server: Server | None = None

load_undisturbed()  # what is imported and collected stays until the end


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Answers())


def pytest_collection_finish() -> None:
    settle()


def pytest_sessionstart(session: pytest.Session) -> None:
    """The process that starts first owns the server; workers of pytest-xdist find it by the environment."""
    global _server
    if hasattr(session.config, "workerinput"):
        return
    folder = Path(tempfile.mkdtemp(prefix="gateway-tests-"))
    folder.chmod(0o755)  # as root, the server runs as a user of its own
    _server = start(folder / "postgres", settings=FAST)
    os.environ[FOLDER] = str(folder)
    os.environ[SOCKETS] = str(_server.socket_dir)
    asyncio.run(_make_template(folder))


def pytest_sessionfinish(session: pytest.Session) -> None:
    global _server
    close_all()
    if _server is not None:
        _server.stop()
        _server = None
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def dsn(database: str, user: str = "postgres") -> str:
    return f"postgresql://{user}@/{database}?host={os.environ[SOCKETS]}&port=5432"


async def _make_template(folder: Path) -> None:
    await _execute(dsn("postgres"), f"create database {TEMPLATE}")
    owner = dsn(TEMPLATE)
    await migrate(owner)
    await grant(owner)
    await queue.install(owner, ROLE)
    await protect(owner, row_policies())
    connection = await asyncpg.connect(owner)
    try:
        from gateway.postgres.pool import teach_json

        await teach_json(connection)
        await seed(connection)
        await load_demo(connection, PersonalVault.load(folder / "personal.key"))
    finally:
        await connection.close()


async def _execute(where: str, statement: str) -> None:
    connection = await asyncpg.connect(where)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def database(worker_id: str) -> str:
    """Name of this worker's database."""
    name = f"gateway_{worker_id}"
    asyncio.run(_execute(dsn("postgres"), f"create database {name} template {TEMPLATE}"))
    return name


@pytest.fixture(scope="session")
def folder() -> Path:
    return Path(os.environ[FOLDER])


@pytest.fixture(scope="session")
def gateway(database: str, folder: Path) -> Iterator[Gateway]:
    """The real application behind a real HTTP server, over this worker's database."""
    with running_gateway(dsn(database, ROLE), folder) as address:
        running = Gateway(address, folder, owner_dsn=dsn(database))
        yield running
        running.http.close()


@pytest.fixture
async def owner(database: str) -> AsyncIterator[Any]:
    """A connection that may see and do everything, to look behind the gateway's back."""
    from gateway.postgres.pool import connection

    async with connection(dsn(database)) as opened:
        yield opened


@pytest.fixture
async def runtime(database: str) -> AsyncIterator[Any]:
    """A connection as the gateway's own role."""
    from gateway.postgres.pool import connection

    async with connection(dsn(database, ROLE)) as opened:
        yield opened


NOW = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
