"""A folder of archived lines: a compressed file for each month and kind, and an index that is a chain of checksums."""

import gzip
import hashlib
import json
import os
from collections.abc import AsyncIterable
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.mendable import Mendable

INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index says of a file: its lines, the checksum of what they say, and that of the entry before."""

    file: str
    lines: int
    sha256: str
    previous: str

    def text(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    def digest(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()


async def add(folder: Path, name: str, lines: AsyncIterable[str]) -> Entry:
    """A file of lines, on the disk and read once more before the index names it.

    What an earlier run has written and not taken out of the database must be the same.
    """
    known, written = entries(folder), folder / f"{name}.part"
    count, digest = await _write(written, lines)
    if _read(written) != (count, digest):
        raise Mendable(f"{written} does not read as it was written: look at the disk.")
    found = next((entry for entry in known if entry.file == name), None)
    if found is not None and (found.lines, found.sha256) != (count, digest):
        raise Mendable(f"{folder / name} has other lines than the database: take another folder.")
    written.replace(folder / name)
    made = found or Entry(name, count, digest, known[-1].digest() if known else "")
    if found is None:
        _append(folder / INDEX, made.text())
    _settle(folder)
    return made


def check(folder: Path) -> list[Entry]:
    """The index, once each of its files has been found to be what it says."""
    found = entries(folder)
    for entry in found:
        if _read(folder / entry.file) != (entry.lines, entry.sha256):
            raise Mendable(f"{folder / entry.file} is not what was archived.")
    return found


def entries(folder: Path) -> list[Entry]:
    """The index, each entry of which follows the one before."""
    index, found = folder / INDEX, list[Entry]()
    for at, line in enumerate(index.read_text(encoding="utf-8").splitlines() if index.exists() else (), 1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            raise Mendable(f"{index}, line {at}: no entry of an index.") from None
        if entry.previous != (found[-1].digest() if found else ""):
            raise Mendable(f"{index}, line {at}: the entry does not follow the one before it.")
        found.append(entry)
    return found


async def _write(path: Path, lines: AsyncIterable[str]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    with path.open("wb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
            async for line in lines:
                said = line.encode() + b"\n"
                packed.write(said)
                digest.update(said)
                count += 1
        raw.flush()
        os.fsync(raw.fileno())
    return count, digest.hexdigest()


def _read(path: Path) -> tuple[int, str] | None:
    count, digest = 0, hashlib.sha256()
    try:
        with gzip.open(path) as packed:
            for line in packed:
                digest.update(line)
                count += 1
    except (OSError, EOFError):
        return None
    return count, digest.hexdigest()


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as index:
        index.write(text)
        index.flush()
        os.fsync(index.fileno())


def _settle(folder: Path) -> None:
    """Names of files are on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
