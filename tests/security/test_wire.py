"""Bytes that no client sends: each ends soon, with a status or a closed connection, and others are still served."""

import gzip
import json
import socket
import time

import pytest

from gateway.bounds import BOUNDS
from tests.security.attacks.http import BODIES, BROKEN
from tests.support.client import Gateway
from tests.support.wire import ENDED, KIND, SECONDS, head, opened, post, said, status


def still_serves(gateway: Gateway) -> bool:
    return gateway.anyone().ask("{ viewer { kind } }").data == {"viewer": {"kind": "ANONYMOUS"}}


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
@pytest.mark.parametrize("accept", ["*/*", "text/event-stream"])
def test_a_form_of_a_page_elsewhere_reaches_nothing(gateway: Gateway, content_type: str, accept: str) -> None:
    with opened(gateway.address) as wire:
        wire.sendall(post(KIND.encode(), f"Accept: {accept}", content_type=content_type))
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
        answers = said(wire, answers=len(names))
    places = [answers.index(f'"{name}"'.encode()) for name in names]
    assert places == sorted(places)


def test_a_client_that_hangs_up_half_way_ties_up_nothing(gateway: Gateway) -> None:
    for _ in range(50):
        with opened(gateway.address) as wire:
            wire.sendall(head("Content-Type: application/json", "Content-Length: 1000") + b'{"query"')
            wire.shutdown(socket.SHUT_WR)
    assert still_serves(gateway)


@pytest.mark.parametrize("target", ["/graphql/", "/documents/x/", "/livez/", "//evil.example/..", "/graphql//"])
def test_no_address_sends_anybody_on_to_a_hostile_host(gateway: Gateway, target: str) -> None:
    with opened(gateway.address) as wire:
        wire.sendall(head(method="GET", target=target).replace(b"Host: gateway", b"Host: evil.example"))
        answer = said(wire)
    assert status(answer) in {400, 401, 404}
    assert b"evil.example" not in answer


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:99999", "[::1", "a" * 5_000, "gateway/../etc", ""])
def test_a_hostile_host_is_repeated_nowhere(gateway: Gateway, host: str) -> None:
    with opened(gateway.address) as wire:
        wire.sendall(post(KIND.encode()).replace(b"Host: gateway", f"Host: {host}".encode()))
        answer = said(wire)
    assert not answer or status(answer) in {200, 400}
    assert not host or host.encode() not in answer
