"""Bytes that no client sends: each ends soon, with a status or a closed connection, and others are still served."""

import gzip
import json
import socket
import time

import pytest

from gateway.bounds import BOUNDS
from tests.support.client import Gateway
from tests.support.wire import ENDED, KIND, SECONDS, head, opened, post, said, status


def still_serves(gateway: Gateway) -> bool:
    return gateway.anyone().ask("{ viewer { kind } }").data == {"viewer": {"kind": "ANONYMOUS"}}


BROKEN = {
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40, {400}),
    "a request line without a target": (b"POST HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
    "two lengths that differ": (post(KIND.encode(), "Content-Length: 5"), {400}),
    "a length below zero": (head("Content-Type: application/json", "Content-Length: -1") + b"{}", {400}),
    "a length in words": (head("Content-Type: application/json", "Content-Length: ten") + b"{}", {400}),
    "a chunk whose size is no number": (
        head("Content-Type: application/json", "Transfer-Encoding: chunked") + b"zz\r\n{}\r\n0\r\n\r\n",
        {400},
    ),
    "a header that is a body": (head("Content-Type: application/json", "X: " + "x" * 200_000), {400, 431}),
    "five thousand headers": (head(*[f"x-{at}: {at}" for at in range(5_000)]), {400, 415, 431}),
    "a target as long as a book": (head(method="GET", target="/graphql?query=" + "x" * 300_000), {400, 414, 431}),
    "a method that nobody knows": (head(method="BREW"), {400, 405}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_request_is_refused_and_others_are_served(gateway: Gateway, name: str) -> None:
    sent, statuses = BROKEN[name]
    with opened(gateway.address) as wire:
        began = time.monotonic()
        with ENDED:  # before all of it was sent
            wire.sendall(sent)
        answer = said(wire)
        assert time.monotonic() - began < SECONDS
    assert not answer or status(answer) in statuses
    assert b"Traceback" not in answer
    assert still_serves(gateway)


def test_a_length_and_chunks_together_are_never_two_requests(gateway: Gateway) -> None:
    """What would be a second request for a proxy that reads the other length (request smuggling)."""
    hidden = b"0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
    lines = ("Content-Type: application/json", f"Content-Length: {len(hidden)}", "Transfer-Encoding: chunked")
    with opened(gateway.address) as wire:
        wire.sendall(head(*lines) + hidden)
        answer = said(wire)
    assert answer.count(b"HTTP/1.1 ") <= 1 or b" 200 " not in answer.split(b"HTTP/1.1", 2)[2]
    assert still_serves(gateway)


BODIES = {
    "bytes that are no UTF-8": (b'{"query": "{ viewer { kind } } # \xff\xfe"}', 400),
    "half a character": (b'{"query": "{ viewer { kind } }", "variables": {"a": "\\ud800"}}', 400),
    "NaN": (b'{"query": "{ viewer { kind } }", "variables": {"a": NaN}}', 400),
    "a number of a thousand digits": (
        b'{"query": "query ($n: Int) { cities(first: $n) { nodes { code } } }", "variables": {"n": '
        + b"9" * 1_000
        + b"}}",
        400,
    ),
    "brackets within each other": (b"[" * 20_000, 400),
    "brackets without end": (b"[" * 100_000, 413),
    "objects without end": (b'{"a":' * 50_000, 413),
    "lists side by side": (b'{"variables": [' + b"[[]]," * 190_000 + b"1]}", 413),
    "numbers side by side": (b'{"variables": [' + b"1," * 490_000 + b"1]}", 413),
    "no object": (b'"{ viewer { kind } }"', 400),
    "a batch": (f"[{KIND}, {KIND}]".encode(), 400),
    "an empty batch": (b"[]", 400),
    "nothing": (b"", 400),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_request_is_told_so(gateway: Gateway, name: str) -> None:
    body, expected = BODIES[name]
    with opened(gateway.address) as wire:
        wire.sendall(post(body))
        answer = said(wire)
    assert status(answer) == expected
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    codes = {400: {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"}, 413: {"LIMIT_EXCEEDED"}}
    assert told["errors"][0]["extensions"]["code"] in codes[expected]
    assert still_serves(gateway)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "*/*",
    ],
)
def test_a_form_of_a_page_elsewhere_reaches_nothing(gateway: Gateway, content_type: str) -> None:
    with opened(gateway.address) as wire:
        wire.sendall(post(KIND.encode(), content_type=content_type))
        assert status(said(wire)) == 415


def test_a_compressed_bomb_is_not_unpacked(gateway: Gateway) -> None:
    bomb = gzip.compress(b'{"query": "' + b" " * 50_000_000 + b'"}')
    with opened(gateway.address) as wire:
        wire.sendall(post(bomb, "Content-Encoding: gzip"))
        assert status(said(wire)) == 415


def test_chunks_are_counted_whatever_their_size(gateway: Gateway) -> None:
    chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
    with opened(gateway.address) as wire:
        wire.sendall(head("Content-Type: application/json", "Transfer-Encoding: chunked"))
        with ENDED:
            for _ in range(2 + BOUNDS.body // 512):
                wire.sendall(chunk)
        answer = said(wire)
    assert not answer or status(answer) == 413
    assert still_serves(gateway)


def test_requests_one_after_the_other_without_waiting_are_answered_in_order(gateway: Gateway) -> None:
    names = [f"a{at}" for at in range(20)]
    with opened(gateway.address) as wire:
        wire.sendall(b"".join(post(json.dumps({"query": f"{{ {name}: __typename }}"}).encode()) for name in names))
        answers = said(wire)
    places = [answers.index(f'"{name}"'.encode()) for name in names]
    assert places == sorted(places)


def test_a_client_that_hangs_up_half_way_ties_up_nothing(gateway: Gateway) -> None:
    for _ in range(50):
        with opened(gateway.address) as wire:
            wire.sendall(head("Content-Type: application/json", "Content-Length: 1000") + b'{"query"')
            wire.shutdown(socket.SHUT_WR)
    assert still_serves(gateway)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:99999", "[::1", "a" * 5_000, "gateway/../etc", ""])
def test_a_hostile_host_is_repeated_nowhere(gateway: Gateway, host: str) -> None:
    with opened(gateway.address) as wire:
        wire.sendall(post(KIND.encode()).replace(b"Host: gateway", f"Host: {host}".encode()))
        answer = said(wire)
    assert not answer or status(answer) in {200, 400}
    assert not host or host.encode() not in answer
