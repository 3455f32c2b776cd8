"""Requests under way: how many, until when, and whether somebody still waits for the answer.

Nothing is set up for a request but its place in one dictionary. A tick, which runs only while there are any, ends those
that are over their deadline, and listens for the departure of clients whose requests take long.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.faults import Code, Fault

TICK = 0.05
LONG = 0.04
"""Seconds after which it is worth to listen whether the client is still there."""

Receive = Callable[[], Awaitable[Any]]


class Ending(StrEnum):
    DEADLINE = "DEADLINE"
    GONE = "GONE"


@dataclass(slots=True, eq=False)
class Run:
    """One request under way."""

    task: "asyncio.Task[Any]"
    began: float
    ends: float
    receive: Receive | None = None
    """Set when the body has been read: what comes then is the client's departure."""
    ending: Ending | None = None
    listener: "asyncio.Task[None] | None" = None

    def end(self, ending: Ending) -> None:
        if self.ending is None:
            self.ending = ending
            self.task.cancel()


class UnderWay:
    """One worker's requests under way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._runs: set[Run] = set()
        self._ticks: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._runs)

    def enter(self, seconds: float) -> Run:
        """Takes a request on, or sends it away at once where there are too many."""
        if len(self._runs) >= self._most:
            raise Fault(Code.UNAVAILABLE, "Too many requests are under way here: try again in a moment.")
        loop = asyncio.get_running_loop()
        now = loop.time()
        task = asyncio.current_task(loop)
        assert task is not None
        run = Run(task, now, now + seconds)
        self._runs.add(run)
        if self._ticks is None:
            self._ticks = loop.call_later(TICK, self._tick, loop)
        return run

    def leave(self, run: Run) -> None:
        self._runs.discard(run)
        if run.listener is not None:
            run.listener.cancel()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for run in self._runs:
            if now >= run.ends:
                run.end(Ending.DEADLINE)
            elif run.listener is None and run.receive is not None and now - run.began >= LONG:
                run.listener = loop.create_task(_listen(run, run.receive))
        self._ticks = loop.call_later(TICK, self._tick, loop) if self._runs else None


async def _listen(run: Run, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            run.end(Ending.GONE)
            return
