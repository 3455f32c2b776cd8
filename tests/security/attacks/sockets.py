"""Attacks over WebSocket and server-sent events, where every bound of HTTP holds as well."""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import websockets
from websockets.sync.client import ClientConnection, connect

from tests.live.talking import PROTOCOL
from tests.security import documents
from tests.security.attacks.target import Attack, Target

SECONDS = 10
QUEUE = "subscription { workQueueChanged { cursor } }"
NO_TOKEN = {"authorization": "Bearer " + "a" * 150_000}


@contextlib.contextmanager
def line(target: Target, *, is_known: bool = True, **options: Any) -> Iterator[ClientConnection]:
    address = target.gateway.address.replace("http", "ws", 1) + "/graphql"
    with connect(address, **({"subprotocols": [PROTOCOL]} | options)) as opened:
        if is_known:
            opened.send(json.dumps({"type": "connection_init", "payload": target.me.all_headers}))
            assert json.loads(opened.recv(SECONDS)) == {"type": "connection_ack"}
        yield opened


def ended(opened: ClientConnection) -> int | None:
    """The code with which the other side closes."""
    with contextlib.suppress(websockets.ConnectionClosed):
        while True:
            opened.recv(SECONDS)
    return opened.close_code


def closing(messages: list[str | bytes], codes: set[int], *, is_known: bool = False, **options: Any) -> Attack:
    """What is sent makes the other side hang up."""

    def attack(target: Target) -> None:
        with line(target, is_known=is_known, **options) as opened:
            with contextlib.suppress(websockets.ConnectionClosed):
                for each in messages:
                    opened.send(each)
            assert ended(opened) in codes

    return attack


def asking(query: str, code: str, variables: Any = None) -> Attack:
    """One operation is refused, and the socket goes on."""

    def attack(target: Target) -> None:
        with line(target) as opened:
            for number in ("1", "2"):
                payload = {"query": query, "variables": variables}
                opened.send(json.dumps({"id": number, "type": "subscribe", "payload": payload}))
                told = json.loads(opened.recv(SECONDS))
                assert told["type"] == "error", told
                assert told["payload"][0]["extensions"]["code"] == code

    return attack


def not_let_in(**options: Any) -> Attack:
    def attack(target: Target) -> None:
        with contextlib.suppress(websockets.InvalidHandshake), line(target, is_known=False, **options) as opened:
            assert ended(opened) == 4406

    return attack


def packed(target: Target) -> None:
    """A bomb needs somebody who unpacks it."""
    with line(target, compression="deflate") as opened:
        assert opened.protocol.extensions == []


def by_event_stream(query: str, **headers: str) -> Attack:
    """The stream is refused, or it says what is wrong and ends."""

    def attack(target: Target) -> None:
        told = {**target.me.all_headers, "accept": "text/event-stream", **headers}
        with httpx.Client(timeout=SECONDS) as http:
            answer = http.post(f"{target.gateway.address}/graphql", json={"query": query}, headers=told)
        assert answer.status_code in (200, 400, 401, 429, 431)
        assert '"errors"' in answer.text or answer.status_code == 431

    return attack


def messages(number: int, **message: Any) -> list[str | bytes]:
    return [json.dumps(message)] * number


INIT = json.dumps({"type": "connection_init"})
SENSELESS: dict[str, str | bytes] = {
    "a message that is no JSON": "{",
    "a message that is a list": "[]",
    "a message without a type": "{}",
    "a message of a type that is none": '{"type": "sing"}',
    "a message in bytes": b"{}",
    "brackets within each other, by socket": "[" * 190_000,
    "lists side by side, by socket": "[" + "[[]]," * 38_000 + "1]",
    "an id that is no text": '{"type": "subscribe", "id": {"a": 1}, "payload": {"query": "{ a }"}}',
    "a payload that is a text": '{"type": "subscribe", "id": "1", "payload": "{ a }"}',
}
BOMBS: dict[str, Callable[[], list[str | bytes]]] = {
    "a message of a megabyte": lambda: ["x" * 1_000_000],
    "a message of five megabytes": lambda: ["x" * 5_000_000],
}
SOCKETS: dict[str, Attack] = {
    **{name: closing([INIT, sent], {4400}) for name, sent in SENSELESS.items()},
    **{name: closing(make(), {1009, 1006}) for name, make in BOMBS.items()},
    "a document before a name": closing(messages(1, id="1", type="subscribe", payload={"query": QUEUE}), {4401}),
    "a name said twice": closing([INIT, INIT], {4429}),
    "a token of a hundred thousand letters": closing(messages(1, type="connection_init", payload=NO_TOKEN), {4403}),
    "a flood of pings": closing([INIT, *messages(500, type="ping")], {4429}),
    "a flood of names": closing(messages(500, type="connection_init"), {4429}),
    "a flood of farewells": closing([INIT, *messages(500, type="complete", id="1")], {4429}),
    "an id used twice": closing(
        [json.dumps({"id": "1", "type": "subscribe", "payload": {"query": QUEUE}})] * 2, {4409, 4401}
    ),
    "messages that are packed": packed,
    "the older protocol": not_let_in(subprotocols=["graphql-ws"]),
    "no protocol": not_let_in(subprotocols=None),
    "a page of another origin": not_let_in(origin="https://evil.example"),
    "a doubling document, by socket": asking(documents.doubling(30), "LIMIT_EXCEEDED"),
    "aliases without end, by socket": asking(documents.aliases(400), "LIMIT_EXCEEDED"),
    "brackets without end, by socket": asking("{ a" * 20_000, "LIMIT_EXCEEDED"),
    "two subscriptions in one": asking(
        "subscription { a: workQueueChanged { cursor } b: workQueueChanged { cursor } }", "GRAPHQL_VALIDATION_FAILED"
    ),
    "a list without end, by socket": asking(
        "query ($i: [ID!]!) { nodes(ids: $i) { id } }", "LIMIT_EXCEEDED", {"i": ["a"] * 20_000}
    ),
    "a doubling document, as events": by_event_stream(documents.doubling(30)),
    "a last event as long as a head": by_event_stream(QUEUE, **{"last-event-id": "x" * 70_000}),
    "a last event that is SQL": by_event_stream(
        "subscription ($after: String) { workQueueChanged(after: $after) { cursor } }",
        **{"last-event-id": "'; drop table bookings; --"},
    ),
    "a token that is none, as events": by_event_stream(QUEUE, authorization="Bearer a.b.c"),
}
