"""A database of its own: timers act on all that is due in it, and the oracles look at all of it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.postgres.migrate import ROLE
from tests.conftest import TEMPLATE, _execute, dsn
from tests.stateful.looking import Eyes
from tests.support.client import Gateway
from tests.support.server import running_gateway


@pytest.fixture(scope="module")
def database(worker_id: str, request: pytest.FixtureRequest) -> str:
    name = f"stateful_{worker_id}_{request.module.__name__.rsplit('.', 1)[-1]}"
    asyncio.run(_execute(dsn("postgres"), f"create database {name} template {TEMPLATE}"))
    return name


@pytest.fixture(scope="module")
def gateway(database: str, folder: Path) -> Iterator[Gateway]:
    with running_gateway(dsn(database, ROLE), folder) as address:
        running = Gateway(address, folder, owner_dsn=dsn(database))
        yield running
        running.http.close()


@pytest.fixture(scope="module")
def eyes(gateway: Gateway, database: str) -> Iterator[Eyes]:
    with Eyes.open(dsn(database), dsn(database, ROLE), gateway.folder) as opened:
        yield opened
