"""Where bytes arrive: a file of their own, counted and hashed on their way, and gone when it is no longer needed."""

import asyncio
import hashlib
import io
import time
import uuid
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.files.storage import StorageFault

STALE_SECONDS = 86_400


class TooLarge(Exception):
    """More bytes than were announced."""


@dataclass(frozen=True, slots=True)
class Arrived:
    size: int
    sha256: str


@contextmanager
def spooled(folder: Path) -> Generator[Path]:
    """A name for a file that is gone at the end of the block, whatever happens in it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / uuid.uuid4().hex
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


async def fill(file: Path, parts: AsyncIterator[bytes], *, at_most: int) -> Arrived:
    """Write what arrives; no more than announced is ever on the disk."""
    size, digest = 0, hashlib.sha256()
    try:
        with await asyncio.to_thread(_new, file) as opened:
            async for part in parts:
                size += len(part)
                if size > at_most:
                    raise TooLarge
                await asyncio.to_thread(_take, opened, digest, part)
    except TimeoutError:  # the sender's, and no fault of the disk
        raise
    except OSError as error:  # closing writes what was kept back, and may fail as well
        raise StorageFault(error.strerror or type(error).__name__) from error
    return Arrived(size, digest.hexdigest())


def _take(opened: io.FileIO, digest: Any, part: bytes) -> None:
    """Beside the event loop, for which the bytes of a large file are too many to be hashed."""
    digest.update(part)
    opened.write(part)


def _new(file: Path) -> io.FileIO:
    """Readable by its owner alone; one that is there already is not ours."""
    file.touch(mode=0o600, exist_ok=False)
    return io.FileIO(file, "w")


def sweep(folder: Path) -> int:
    """Remove what a worker left that was killed in the middle."""
    stale = [file for file in folder.glob("*") if time.time() - file.stat().st_mtime > STALE_SECONDS]
    for file in stale:
        file.unlink(missing_ok=True)
    return len(stale)
