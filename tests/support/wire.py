"""A client that writes its own bytes, as no library would."""

import contextlib
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

SECONDS = 60
"""In which an answer or the end of the connection must come."""

ENDED = contextlib.suppress(BrokenPipeError, ConnectionResetError)
KIND = '{"query": "{ viewer { kind } }"}'


@contextlib.contextmanager
def opened(address: str) -> Iterator[socket.socket]:
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=SECONDS) as wire:
        yield wire


def said(wire: socket.socket, pause: float = 0.5, answers: int = 1) -> bytes:
    """Everything until the connection ends, or nothing more comes after as many answers as there must be."""
    found = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while chunk := wire.recv(65_536):
            found += chunk
            wire.settimeout(pause if whole_in(found) >= answers else SECONDS)
    return found


def whole_in(said: bytes) -> int:
    """How many answers have come whole, as their lengths tell."""
    head, ended, rest = said.partition(b"\r\n\r\n")
    stated = re.search(rb"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
    length = int(stated[1]) if stated else 0
    return 1 + whole_in(rest[length:]) if ended and len(rest) >= length else 0


def exchanged(address: str, sent: bytes) -> bytes:
    """What is answered to these bytes, on a connection of their own."""
    with opened(address) as wire:
        with ENDED:  # before all of it was sent
            wire.sendall(sent)
        return said(wire)


def head(*lines: str, method: str = "POST", target: str = "/graphql") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: gateway", *lines, "", ""]).encode("latin-1")


def post(body: bytes, *lines: str, content_type: str = "application/json") -> bytes:
    return head(f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *lines) + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])
