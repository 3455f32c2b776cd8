"""Serving: the address is taken first, then the database, then the workers; and all of it ends in the other order."""

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Generator
from multiprocessing import resource_tracker
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from gateway.mendable import Mendable
from gateway.processes import settle
from gateway.settings import Settings

WIRE: Any = "gateway.http.wire:Wire"
"""By its name, since the parent of workers never loads it."""


@contextlib.contextmanager
def listen(settings: Settings) -> Generator[socket.socket]:
    """Take the address before anything slow begins, so that a taken one is told at once.

    It listens from the beginning: who connects while the gateway starts is answered when it is ready.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen()
        except OSError as error:
            raise Mendable(
                f"{settings.host}:{settings.port} cannot be taken ({error.strerror}): stop what listens there, "
                "or choose another port with --port or GATEWAY_PORT."
            ) from None
        yield listener


def run(settings: Settings, listener: socket.socket, *, when_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is under way."""
    if settings.workers == 1:
        _run_here(settings, listener, when_ready)
    else:
        _run_workers(settings, listener, when_ready)


def _run_here(settings: Settings, listener: socket.socket, when_ready: Callable[[], None]) -> None:
    from gateway.app import build  # it loads slowly, and a parent of workers never needs it
    from gateway.logs import configure

    configure()
    server = _Server(config(build(settings), settings), when_ready)
    settle()
    server.run(sockets=[listener])


def _run_workers(settings: Settings, listener: socket.socket, when_ready: Callable[[], None]) -> None:
    """Workers know their settings from the environment."""
    settle()
    os.environ |= {"GATEWAY_PARENT": str(os.getpid()), "DATABASE_URL": str(settings.database_url)}
    parent = _Parent(config("gateway.app:worker", settings, factory=True), [listener], when_ready)
    parent.run()
    if any(process.exitcode == STARTUP_FAILURE for process in parent.processes):
        raise Mendable("a worker could not start; what it said is above")


def config(app: Any, settings: Settings, **changes: Any) -> uvicorn.Config:
    """How HTTP and WebSocket are spoken."""
    return uvicorn.Config(
        app,
        workers=settings.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whose X-Forwarded-For is believed, the gateway decides by its settings
        http=WIRE,
        ws="websockets-sansio",
        ws_max_size=settings.live.message_bytes,
        ws_per_message_deflate=False,  # messages are small, and each connection would keep memory for it
        timeout_graceful_shutdown=10,
        timeout_worker_healthcheck=30,  # on a busy machine a worker may take its time to load
        **changes,
    )


class _Server(uvicorn.Server):
    """uvicorn raises the signal again when it is done, which would end the process before the database is stopped."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Parent(Multiprocess):
    """Workers do not hear the Ctrl-C of the terminal; their parent tells them when to end."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], when_ready: Callable[[], None]) -> None:
        super().__init__(config, sockets)
        self._when_ready = when_ready
        self._is_ready = False

    def init_processes(self) -> None:
        with _ctrl_c_held_back():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with _ctrl_c_held_back():
            super().keep_subprocess_alive()
        if not self._is_ready and all(process.is_ready() for process in self.processes):
            self._is_ready = True
            self._when_ready()

    def handle_hup(self) -> None:
        """The terminal is gone."""
        self.handle_term()


@contextlib.contextmanager
def _ctrl_c_held_back() -> Generator[None]:
    """A process that is started meanwhile never gets it; we get it at the end."""
    resource_tracker.ensure_running()  # else the first process brings it along, which lets the signal through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
