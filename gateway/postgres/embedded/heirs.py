"""A server that another process started, taken over from it when that process ends.

Whoever waits for this lets the server go for a moment and finds it again at the same socket.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import structlog

from gateway.postgres.embedded.problems import EmbeddedError
from gateway.postgres.embedded.server import Server, start_or_join

LOOK_EVERY = 0.5  # seconds
log = structlog.get_logger("gateway")


@contextmanager
def inheriting(folder: Path) -> Generator[None]:
    """Meanwhile, the server of `folder` is never gone for longer than it takes to start one. Of several heirs, the
    quickest starts it, and the others join that one."""
    ended = threading.Event()
    heir = threading.Thread(target=_watch, args=(folder, ended), name="heir of the embedded server")
    heir.start()
    try:
        yield
    finally:
        ended.set()
        heir.join()


def _watch(folder: Path, ended: threading.Event) -> None:
    """This thread has to live as long as a server that it has started."""
    while not ended.wait(LOOK_EVERY):
        server = _found(folder)
        if server is not None and server.pid is not None:
            log.warning("the embedded server ended with the process that owned it, and was started again")
            ended.wait()
            server.stop()


def _found(folder: Path) -> Server | None:
    try:
        return start_or_join(folder)
    except EmbeddedError as error:
        log.error("the embedded server cannot be started again yet", reason=str(error))
        return None
