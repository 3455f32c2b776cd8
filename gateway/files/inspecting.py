"""What a file really is. It is looked at by a process of its own, with little memory and time, so that a file which
was made to break its reader breaks that process and nothing else."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

SECONDS = 30
AT_ONCE = 2
TYPES = ("application/pdf", "image/jpeg", "image/png", "image/webp", "image/tiff", "application/dicom")

_turns = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that may be kept. What an image does not say is None."""

    media_type: str
    width: int | None = None
    height: int | None = None
    dots_per_inch: int | None = None
    has_color: bool | None = None
    page_count: int | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    reason: str


async def inspect(file: Path) -> Seen | Unfit:
    async with _turns:
        return await asyncio.to_thread(_look, file)


def _look(file: Path) -> Seen | Unfit:
    command = [sys.executable, "-m", "gateway.files.examiner", str(file)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Unfit("it takes too long to read")
    if done.returncode != 0:
        return Unfit("it cannot be read within bounds")
    answer = orjson.loads(done.stdout)
    return Unfit(answer["unfit"]) if "unfit" in answer else Seen(**answer)
