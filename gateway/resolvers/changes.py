"""One worker's eye on what happens: who follows a case or a queue is woken when there is something to read.

The truth is in the tables, which are looked at in turn, with one statement for all cases that anybody follows. A
notification by the database only says that it is time to look; where none comes, as behind a pooler that keeps
sessions to itself, everything is found a little later.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog

from gateway.auth.viewer import Viewer
from gateway.repositories import changes as rows

PAUSE = 1.0
"""Seconds before a connection that was lost is made again."""

BETWEEN_HINTS = 0.02
"""Seconds in which what was done is gathered for the next hint: each costs a statement, and wakes every worker."""

PEOPLE_OPERATIONS = frozenset({"vendorTokenRevoke", "vendorTokenRotate", "accessRevoke"})
UNREACHABLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

log = structlog.get_logger("gateway")


@dataclass(slots=True, eq=False)
class CaseWatch:
    """Somebody who follows a case, and the last step that is known there."""

    kind: str
    policy_id: uuid.UUID
    id: uuid.UUID
    seen: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, eq=False)
class QueueWatch:
    """Somebody who follows a queue, and the digest of it that is known there."""

    viewer: Viewer
    seen: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def key(self) -> tuple[Any, ...]:
        """Viewers of one key have the same queue."""
        viewer = self.viewer
        return viewer.kind, viewer.vendor, viewer.products, viewer.services, viewer.hospitals


class Changes:
    """What is followed in one worker."""

    def __init__(self, pool: Any, dsn: str | None, poll_seconds: float) -> None:
        self._pool = pool
        self._dsn = dsn
        self._poll = poll_seconds
        self._cases: set[CaseWatch] = set()
        self._queues: set[QueueWatch] = set()
        self._look = asyncio.Event()
        self._people = asyncio.Event()
        self._waiting: set[str] = set()
        self._telling: asyncio.Task[None] | None = None
        self.is_listening = False

    @contextlib.contextmanager
    def case(self, kind: str, policy_id: uuid.UUID, id: uuid.UUID, seen: int) -> Generator[CaseWatch]:
        watch = CaseWatch(kind, policy_id, id, seen)
        self._cases.add(watch)
        try:
            yield watch
        finally:
            self._cases.discard(watch)

    @contextlib.contextmanager
    def queue(self, viewer: Viewer, seen: str) -> Generator[QueueWatch]:
        watch = QueueWatch(viewer, seen)
        self._queues.add(watch)
        try:
            yield watch
        finally:
            self._queues.discard(watch)

    async def people_changed(self) -> None:
        """Waits until somebody's access is taken away anywhere, as far as hints tell."""
        await self._people.wait()

    def tell(self, operation: str) -> None:
        """After a commit: nobody waits for this, and it may be lost."""
        word = rows.PEOPLE if operation in PEOPLE_OPERATIONS else rows.SOMETHING
        self._heard(word)
        if self._dsn is not None:
            self._waiting.add(word)
            if self._telling is None:
                self._telling = asyncio.create_task(self._tell())

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator["Changes"]:
        tasks = [asyncio.create_task(self._watch())]
        if self._dsn is not None:
            tasks.append(asyncio.create_task(self._listen(self._dsn)))
        try:
            yield self
        finally:
            tasks += [] if self._telling is None else [self._telling]
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _tell(self) -> None:
        """The first change is told at once; all that is done while others look is one hint more."""
        try:
            while self._waiting:
                await rows.hint(self._pool, self._waiting.pop())
                await asyncio.sleep(BETWEEN_HINTS)
        except UNREACHABLE as error:
            log.warning("other workers were not told to look", kind=type(error).__name__)
        finally:
            self._telling = None

    def _heard(self, word: str) -> None:
        self._look.set()
        if word == rows.PEOPLE:
            self._people.set()
            self._people = asyncio.Event()

    async def _listen(self, dsn: str) -> None:
        """On a connection of its own, made again whenever it is lost."""
        while True:
            try:
                await self._listen_once(dsn)
            except UNREACHABLE as error:
                log.warning("no hints of changes come in; they are looked for", kind=type(error).__name__)
            self.is_listening = False
            await asyncio.sleep(PAUSE)

    async def _listen_once(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn, server_settings={"application_name": "gateway changes"})
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(rows.CHANNEL, lambda *heard: self._heard(str(heard[-1])))
            self.is_listening = True
            self._look.set()  # for what happened before
            await lost.wait()
        finally:
            connection.terminate()

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):  # not `wait_for`, which loses an end that comes with a hint
                async with asyncio.timeout(self._poll):
                    await self._look.wait()
            self._look.clear()
            try:
                await self._look_at_cases()
                await self._look_at_queues()
            except UNREACHABLE as error:
                log.warning("changes could not be looked for", kind=type(error).__name__)
                await asyncio.sleep(PAUSE)

    async def _look_at_cases(self) -> None:
        watched = [watch for watch in self._cases if not watch.wake.is_set()]
        if watched:
            seen = [(watch.kind, watch.policy_id, watch.id, watch.seen) for watch in watched]
            for place in await rows.moved(self._pool, seen):
                watched[place].wake.set()

    async def _look_at_queues(self) -> None:
        watched = [watch for watch in self._queues if not watch.wake.is_set()]
        now: dict[tuple[Any, ...], str] = {}
        for watch in watched:
            if watch.key not in now:
                now[watch.key] = await rows.queue_is(self._pool, watch.viewer)
            if now[watch.key] != watch.seen:
                watch.wake.set()
