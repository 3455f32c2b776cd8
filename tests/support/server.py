"""The gateway as it is served, in a thread of the test process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from gateway.app import build
from gateway.serving import config
from gateway.settings import Settings

START_SECONDS = 15


@contextmanager
def running_gateway(dsn: str, folder: Path, *, mode: str = "development", **changes: object) -> Iterator[str]:
    """Address of a gateway over a database, until the end of the block."""
    settings = Settings(mode=mode, database_url=dsn, folder=folder, **changes)  # type: ignore[arg-type]
    keep_alive = 120  # a slow test keeps its connection
    server = uvicorn.Server(config(build(settings), settings, host="127.0.0.1", port=0, timeout_keep_alive=keep_alive))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the gateway did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    thread.name = f"http://127.0.0.1:{port}"  # by which a test finds what its gateway's loop has spent
    try:
        yield thread.name
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
