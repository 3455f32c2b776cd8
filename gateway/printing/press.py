"""Pages become PDF by a process of its own each: nothing of it stays in a worker, and what goes wrong ends there."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import structlog

from gateway.faults import Code, Fault

SECONDS = 15
AT_ONCE = 2
WAITING = 16
LARGEST_PAGE = 1_000_000
LARGEST_PDF = 20_000_000
PRINTER = Path(__file__).with_name("printer.py")
log = structlog.get_logger("gateway")


class Press:
    """One worker's press: so many at once, so many who wait, and one more is sent away."""

    def __init__(self, *, at_once: int = AT_ONCE, waiting: int = WAITING, seconds: float = SECONDS) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._seconds = seconds
        self._jobs: set[asyncio.Task[bytes]] = set()

    async def print(self, page: dict[str, Any]) -> bytes:
        """The PDF of a page. A job whose client has gone keeps its place until its process has ended."""
        content = orjson.dumps(page)
        if len(content) > LARGEST_PAGE:
            message = f"The statement is too long for one file: {len(content)} of {LARGEST_PAGE} bytes."
            raise Fault(Code.LIMIT_EXCEEDED, message, bound="page", limit=LARGEST_PAGE, value=len(content))
        if len(self._jobs) >= self._most:
            raise Fault(Code.UNAVAILABLE, "Too many statements are being made: try again in a moment.")
        job = asyncio.create_task(self._turn(content))
        self._jobs.add(job)
        job.add_done_callback(self._forget)
        return await asyncio.shield(job)

    async def _turn(self, content: bytes) -> bytes:
        async with self._turns:
            return await asyncio.to_thread(_printed, content, self._seconds)

    def _forget(self, job: "asyncio.Task[bytes]") -> None:
        self._jobs.discard(job)
        if not job.cancelled():
            job.exception()  # whoever waited has had it; nobody may be left to


def _printed(content: bytes, seconds: float) -> bytes:
    command = [sys.executable, "-I", str(PRINTER)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds, check=False, env={})
    except subprocess.TimeoutExpired:
        log.error("a statement took too long")
        raise _failed() from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-") or len(done.stdout) > LARGEST_PDF:
        log.error("a statement could not be made", code=done.returncode)  # its words may hold what stands on the page
        raise _failed()
    return done.stdout


def _failed() -> Fault:
    return Fault(Code.UNAVAILABLE, "The statement cannot be made now: try again in a moment.")
