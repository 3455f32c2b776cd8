"""A database of its own, since timers act on all that is due in it; and a receiver of webhooks."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.jobs import delivery
from gateway.postgres.migrate import ROLE
from tests.conftest import TEMPLATE, _execute, dsn
from tests.jobs.house import Receiver
from tests.jobs.worker import SOON
from tests.support.client import Gateway
from tests.support.server import running_gateway


@pytest.fixture(scope="module")
def database(worker_id: str, request: pytest.FixtureRequest) -> str:
    name = f"jobs_{worker_id}_{request.module.__name__.rsplit('.', 1)[-1]}"
    asyncio.run(_execute(dsn("postgres"), f"create database {name} template {TEMPLATE}"))
    return name


@pytest.fixture(scope="module")
def gateway(database: str, folder: Path) -> Iterator[Gateway]:
    with running_gateway(dsn(database, ROLE), folder) as address:
        running = Gateway(address, folder, owner_dsn=dsn(database))
        yield running
        running.http.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver.listening() as listening:
        yield listening


@pytest.fixture(autouse=True)
def tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for delay in ("ELDER_FIRST", "FIRST_DELAY"):
        monkeypatch.setattr(delivery, delay, SOON)
