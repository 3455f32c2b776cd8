"""The clockwork over a test's database, and somebody who receives what it sends."""

import asyncio
import datetime as dt
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import orjson

from gateway.app import services_of
from gateway.jobs.clockwork import Clockwork, clockwork, run_timers
from gateway.jobs.house import House
from gateway.jobs.senders import Routes, signature
from gateway.partners import Webhook
from gateway.postgres.migrate import ROLE
from gateway.postgres.pool import open_pool
from gateway.settings import Settings
from tests.conftest import dsn
from tests.support.client import Gateway

SECRET = b"a secret of the test"
T = TypeVar("T")


@dataclass
class Receiver:
    """Takes webhooks: checks each signature, and knows a message that comes again by its id."""

    port: int
    arrived: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """What the next requests are answered with; 200 when nothing is left."""

    reached: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    @classmethod
    @contextmanager
    def listening(cls) -> Iterator["Receiver"]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        receiver = server.receiver = cls(server.server_address[1])  # type: ignore[attr-defined]
        receiver.may_answer.set()
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.may_answer.set()
            server.shutdown()
            server.server_close()
            thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def distinct(self) -> list[dict[str, Any]]:
        """What a receiver that tells repeats by their id has taken."""
        return list({message["id"]: message for message in self.arrived}.values())

    def topics(self) -> list[str]:
        return [message["topic"] for message in self.distinct]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        at = int(self.headers["x-gateway-signature"].split(",")[0].removeprefix("t="))
        assert self.headers["x-gateway-signature"] == signature(SECRET, body, at)
        status = receiver.answers.pop(0) if receiver.answers else 200
        if status == 200:
            receiver.arrived.append(orjson.loads(body))
        receiver.reached.set()
        receiver.may_answer.wait(20)
        try:
            self.send_response(status)
            self.end_headers()
        except OSError:
            pass  # whoever sent it was killed

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def hook(receiver: Receiver, folder: Path, audience: str, vendor: str | None = None) -> Webhook:
    file = folder / "hook.secret"
    file.write_bytes(SECRET)
    return Webhook(audience, receiver.url, file, vendor)


def with_clockwork(
    gateway: Gateway, work: Callable[[Clockwork], Awaitable[T]], *webhooks: Webhook, **changes: Any
) -> T:
    """Runs `work` with a clockwork over the gateway's database, in a loop of its own."""

    async def run() -> T:
        where = dsn(gateway.owner_dsn.split("@/")[1].split("?")[0], ROLE)
        settings = Settings(mode="development", database_url=where, folder=gateway.folder, **changes)
        pool = await open_pool(where, size=4, statement_cache=100)
        try:
            async with clockwork(where, await services_of(settings, pool), Routes.of(webhooks)) as works:
                return await work(works)
        finally:
            pool.terminate()

    return asyncio.run(run())


def tick(gateway: Gateway, now: str, *webhooks: Webhook, rehearsing: bool = True) -> dict[str, int]:
    """Every timer once, as if it were `now`; what is to be sent is sent where somebody listens."""
    instant = dt.datetime.fromisoformat(now)

    async def work(works: Clockwork) -> dict[str, int]:
        if webhooks:
            return await works.once(instant, with_rehearsals=rehearsing)
        return await run_timers(House(works.services, instant, rehearsing))

    return with_clockwork(gateway, work, *webhooks)
