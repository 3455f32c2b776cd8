"""A gateway under pressure: small ones of its own, requests that nobody reads the answer of, and locks."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from tests.conftest import ROLE, dsn
from tests.support.client import Client, Gateway
from tests.support.server import running_gateway

SOON = 60
"""Seconds in which the busiest machine ends what it is told to end. Nothing else ends it before twice as long."""


@contextmanager
def serving(gateway: Gateway, database: str, **changes: Any) -> Iterator[Gateway]:
    with running_gateway(dsn(database, ROLE), gateway.folder, **changes) as address:
        running = Gateway(address, gateway.folder, owner_dsn=gateway.owner_dsn)
        try:
            yield running
        finally:
            running.http.close()


@contextmanager
def unhurried(gateway: Gateway, database: str, *, longest_ms: int = 3_600_000) -> Iterator[Gateway]:
    """A gateway of its own with no deadline that comes before `SOON`, unless one is set."""
    with serving(gateway, database, longest_ms=longest_ms) as running:
        yield running


def eventually(holds: Callable[[], bool]) -> None:
    """Waits until something holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < SOON, "it never came about"
        time.sleep(0.005)


@contextmanager
def locked(gateway: Gateway, table: str, mode: str = "access exclusive") -> Iterator[None]:
    """A table that nobody else can use."""
    holding, done = threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await asyncpg.connect(gateway.owner_dsn)
        async with connection.transaction():
            await connection.execute(f"lock table {table} in {mode} mode")
            holding.set()
            await asyncio.to_thread(done.wait)
        await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(hold()))
    thread.start()
    assert holding.wait(SOON)
    try:
        yield
    finally:
        done.set()
        thread.join()


class Watch:
    """Looks at the database's processes, over a connection that is open already."""

    def __init__(self, where: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(where))

    def waiting(self) -> int:
        """Statements of the gateway that wait for a lock now."""
        statement = """
            select count(*) from pg_stat_activity where application_name = 'gateway' and state = 'active'
            and wait_event_type = 'Lock' and datname = current_database()
        """
        return self._loop.run_until_complete(self._connection.fetchval(statement))

    def until_waiting(self, number: int) -> None:
        eventually(lambda: self.waiting() == number)

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


@contextmanager
def sent(client: Client, document: str, **variables: Any) -> Iterator[socket.socket]:
    """A request on a socket of its own, whose answer nobody has read yet."""
    place = urlsplit(client.address)
    body = json.dumps({"query": document, "variables": variables}).encode()
    lines = ["POST /graphql HTTP/1.1", "host: x", "content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in client.all_headers.items()]
    with socket.create_connection((place.hostname, place.port), timeout=SOON) as opened:
        opened.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        yield opened
