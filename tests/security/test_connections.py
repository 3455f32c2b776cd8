"""Connections that would cost something before a request can be judged, or after it was: each ends, and soon."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from gateway.http import payments, wire
from tests.live.talking import socket as socket_of
from tests.security.pressure import locked, serving
from tests.security.test_wire import still_serves
from tests.support.client import Gateway
from tests.support.wire import ENDED, KIND, SECONDS, head, opened, post, said, status

QUERY = b'{"query": "{ cities(first: 1) { nodes { code } } }"}'


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 1)


def ends(line: socket.socket) -> bytes:
    """What is said before the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := line.recv(65_536):
            found += chunk
    return found


# Heads


@pytest.mark.parametrize("kind", ["headers", "one header", "an address", "headers after a body"])
def test_what_stands_beside_a_body_has_an_end(gateway: Gateway, kind: str) -> None:
    beginning, more = {
        "headers": (b"POST /graphql HTTP/1.1\r\nHost: x\r\n", b"x-a: " + b"y" * 20_000 + b"\r\n"),
        "one header": (b"POST /graphql HTTP/1.1\r\nHost: x\r\nx-a: ", b"y" * 20_000),
        "an address": (b"GET /graphql?query=", b"y" * 20_000),
        "headers after a body": (
            head("Content-Type: application/json", "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n",
            b"x-a: " + b"y" * 20_000 + b"\r\n",
        ),
    }[kind]
    taken = 0
    with opened(gateway.address) as line:
        with ENDED:
            line.sendall(beginning)
            for _ in range(2_000):
                line.sendall(more)
                taken += len(more)
        answer = said(line)
    assert taken < 20_000_000  # most of which lies in the buffers of both sides
    assert not answer or status(answer) in (400, 431)
    assert still_serves(gateway)


def test_a_large_body_in_small_chunks_is_no_long_head(gateway: Gateway) -> None:
    body = json.dumps({"query": "{ viewer { kind } }", "variables": {"a": "x" * 300_000}}).encode()
    with opened(gateway.address) as line:
        line.sendall(head("Content-Type: application/json", "Transfer-Encoding: chunked"))
        for at in range(0, len(body), 200):
            part = body[at : at + 200]
            line.sendall(b"%x\r\n%b\r\n" % (len(part), part))
        line.sendall(b"0\r\n\r\n")
        answer = said(line)
    assert b"LIMIT_EXCEEDED" in answer or status(answer) == 200


SLOW = {
    "nothing": b"",
    "half a line": b"POST /gra",
    "half a head": b"POST /graphql HTTP/1.1\r\nHost: x\r\n",
    "an empty line after an answer": post(KIND.encode()) + b"\r\n",
    "half a head after an answer": post(KIND.encode()) + b"POST /graphql HTTP/1.1\r\n",
}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", SLOW)
def test_who_does_not_go_on_is_sent_away(gateway: Gateway, name: str) -> None:
    with opened(gateway.address) as line:
        line.sendall(SLOW[name])
        if "answer" in name:
            assert line.recv(65_536).startswith(b"HTTP/1.1 200")
            line.sendall(b"\r\n" if "empty" in name else b"x")
        answer = ends(line)
    assert answer.count(b"HTTP/1.1 ") == answer.count(b"HTTP/1.1 408") == 1


@pytest.mark.usefixtures("hasty")
def test_a_body_that_drips_on_after_its_answer_holds_no_connection(gateway: Gateway) -> None:
    lines = ("Content-Type: text/plain", "Content-Length: 100000")
    with opened(gateway.address) as line, ENDED:
        line.sendall(head(*lines) + b"{")
        assert line.recv(65_536).startswith(b"HTTP/1.1 415")
        for _ in range(20 * SECONDS):
            line.sendall(b" ")
            time.sleep(0.05)
        raise AssertionError("it is still open")


@pytest.mark.usefixtures("hasty")
def test_an_answer_may_take_longer_than_a_head(gateway: Gateway) -> None:
    with opened(gateway.address) as line:
        with locked(gateway, "cities, hospitals"):
            line.sendall(post(QUERY))
            time.sleep(1.5)
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.anyio
@pytest.mark.usefixtures("hasty")
async def test_a_socket_stays_open(gateway: Gateway) -> None:
    async with socket_of(gateway.anyone()) as line:
        await line.silence(1.5)
        await line.subscribe("{ viewer { kind } }")
        assert await line.data() == {"kind": "ANONYMOUS"}


# Bodies


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_body_that_never_comes_ends_with_the_deadline(gateway: Gateway, database: str, accept: str) -> None:
    with serving(gateway, database, longest_ms=300) as brief, opened(brief.address) as line:
        line.sendall(head("Content-Type: application/json", "Content-Length: 50", f"Accept: {accept}") + b"{")
        assert status(line.recv(100)) == 504


def test_word_of_a_payment_that_never_comes_is_not_waited_for(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "SECONDS", 0.3)
    with opened(gateway.address) as line:
        line.sendall(head("Content-Length: 50", target="/payments/sandbox/events") + b"{")
        assert status(line.recv(100)) == 408


# Answers


MANY = " ".join(f"a{at}: rules(first: 100) {{ nodes {{ code statement reading }} }}" for at in range(28))


ANSWERS = 20


@contextlib.contextmanager
def unread(gateway: Gateway) -> Iterator[socket.socket]:
    """A connection with many megabytes of answers on their way, which holds little of them itself."""
    where = urlsplit(gateway.address)
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 100_000)
        line.settimeout(SECONDS)
        line.connect((where.hostname, where.port))
        line.sendall(ANSWERS * post(json.dumps({"query": f"{{ {MANY} }}"}).encode()))
        yield line


def came(line: socket.socket, pause: float) -> tuple[int, int]:
    """How long all answers are together, as the first one says, and how much of them came."""
    found, whole = bytearray(), 1
    with contextlib.suppress(ConnectionResetError):
        while len(found) < whole and (chunk := line.recv(200_000)):
            found += chunk
            beginning, separator, _ = found[:2_000].partition(b"\r\n\r\n")
            (stated,) = [item for item in beginning.split(b"\r\n") if item.startswith(b"content-length")] or [b":0"]
            whole = ANSWERS * (len(beginning + separator) + int(stated.split(b":")[1]))
            time.sleep(pause)
    return whole, len(found)


def test_answers_that_nobody_reads_are_given_up(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "STALL_SECONDS", 0.4)
    with unread(gateway) as line, lost(line, monkeypatch) as given_up:
        assert given_up.wait(SECONDS)
        whole, found = came(line, 0)
    assert found < whole > 10_000_000


@contextlib.contextmanager
def lost(line: socket.socket, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set when the gateway has done with a connection, whatever its client knows of that."""
    end, lose = threading.Event(), wire.Wire.connection_lost

    def noted(self: wire.Wire, exc: Exception | None) -> None:
        lose(self, exc)
        if self.client == line.getsockname():
            end.set()

    with monkeypatch.context() as patch:
        patch.setattr(wire.Wire, "connection_lost", noted)
        yield end


def test_answers_that_are_read_slowly_come_whole(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "STALL_SECONDS", 2)
    with unread(gateway) as line:
        whole, found = came(line, 0.03)
    assert found >= whole - ANSWERS > 10_000_000  # lengths of costs differ by a digit
