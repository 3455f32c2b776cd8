"""Serving: the address is taken first, then the database, then the workers; and all of it ends in the other order."""

import contextlib
import os
import signal
import socket
from collections.abc import Iterator

import uvicorn
from uvicorn.supervisors import Multiprocess

from gateway.app import build
from gateway.settings import Settings


class AddressInUse(Exception):
    """Somebody else listens there; the message says what to do."""


def listen(settings: Settings) -> socket.socket:
    """Take the address before anything slow begins, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise AddressInUse(
            f"{settings.host}:{settings.port} cannot be taken ({error.strerror}): stop what listens there, "
            "or choose another port with --port or GATEWAY_PORT."
        ) from None
    listener.set_inheritable(True)
    return listener


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is under way."""
    if settings.workers == 1:
        _Quiet(_config(build(settings), settings)).run(sockets=[listener])
        return
    os.environ["GATEWAY_PARENT"] = str(os.getpid())
    config = _config("gateway.app:worker", settings, factory=True, workers=settings.workers)
    Multiprocess(config, target=uvicorn.Server(config).run, sockets=[listener]).run()


def _config(app: object, settings: Settings, **more: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=10,
        **more,  # type: ignore[arg-type]
    )


class _Quiet(uvicorn.Server):
    """uvicorn raises the signal again when it is done, which would end the process before the database is stopped."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
