"""The gateway as it is served, in a thread of the test process."""

import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from gateway.app import build
from gateway.postgres import pool
from gateway.resolvers.changes import Changes
from gateway.serving import config
from gateway.settings import Settings

START_SECONDS = 60
UNHURRIED_MS = 120_000
"""What no busy machine needs for one request: tests that are about a deadline set one of their own."""
pool.SESSION.update(dict.fromkeys(("statement_timeout", "lock_timeout"), str(UNHURRIED_MS)))

_fronts: MutableMapping[str, Any] = {}
"""Gateways that run, by their addresses."""


@contextmanager
def running_gateway(dsn: str, folder: Path, *, mode: str = "development", **changes: object) -> Iterator[str]:
    """Address of a gateway over a database, until the end of the block."""
    given: dict[str, Any] = {"longest_ms": UNHURRIED_MS} | changes
    settings = Settings(mode=mode, database_url=dsn, folder=folder, **given)
    keep_alive = 120  # a slow test keeps its connection
    app = build(settings)
    server = uvicorn.Server(config(app, settings, host="127.0.0.1", port=0, timeout_keep_alive=keep_alive))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _await_start(server, thread)
    port = server.servers[0].sockets[0].getsockname()[1]
    thread.name = address = f"http://127.0.0.1:{port}"
    _fronts[address] = app
    try:
        yield address
    finally:
        del _fronts[address]
        server.should_exit = True
        thread.join(START_SECONDS)


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the gateway did not start")
        time.sleep(0.01)


def spent(address: str) -> float:
    """Seconds of CPU that the thread of a gateway's event loop has used so far."""
    (thread,) = (each for each in threading.enumerate() if each.name == address)
    assert thread.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


def spent_while(address: str, work: Callable[[], object]) -> float:
    """What the loop has spent meanwhile: what somebody waits for who asks, and no busy neighbor makes it dearer."""
    before = spent(address)
    work()
    return spent(address) - before


def changes_of(address: str) -> Changes:
    """What is followed at a gateway."""
    return _fronts[address].endpoint.services.changes
