"""Whether a file carries something harmful: ClamAV's daemon, or in development a scanner that knows the test string."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

CHUNK = 64 * 1024
SECONDS = 60
PORT = 3310
TEST_STRING = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The EICAR test string, in two parts, so that scanners let this very file be."""


class Scanner(Protocol):
    async def finds(self, file: Path) -> str | None:
        """The name of what is in the file; None where it is clean."""
        ...


class ScannerFault(Exception):
    """The scanner cannot say: the file stays unread until it can."""


def scanner_at(address: str, *, is_development: bool) -> Scanner | None:
    """In production nothing is called clean that nobody has scanned."""
    if address:
        return Clamd(address)
    return TestScanner() if is_development else None


class TestScanner:
    """Knows one thing, which does no harm."""

    __test__ = False  # not one of the tests

    async def finds(self, file: Path) -> str | None:
        content = await asyncio.to_thread(file.read_bytes)
        return "Eicar-Test-Signature" if TEST_STRING in content else None


class Clamd:
    """The INSTREAM command of clamd: the bytes in chunks with their lengths, then one line back."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)

    async def finds(self, file: Path) -> str | None:
        try:
            async with asyncio.timeout(SECONDS), self._connected() as (reader, writer):
                writer.write(b"zINSTREAM\0")
                with await asyncio.to_thread(file.open, "rb") as opened:
                    while part := await asyncio.to_thread(opened.read, CHUNK):
                        writer.write(len(part).to_bytes(4) + part)
                        await writer.drain()
                writer.write(bytes(4))
                await writer.drain()
                return _found((await reader.readuntil(b"\0")).rstrip(b"\0").decode())
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise ScannerFault(type(error).__name__) from error

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        if self._address.hostname:
            opening = asyncio.open_connection(self._address.hostname, self._address.port or PORT)
        else:
            opening = asyncio.open_unix_connection(self._address.path)
        reader, writer = await opening
        try:
            yield reader, writer
        finally:
            writer.close()


def _found(answer: str) -> str | None:
    """`stream: OK`, or `stream: Name FOUND`; whatever else it says is not a clean bill."""
    said = answer.removeprefix("stream: ").strip()
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerFault("the scanner could not take the file")
