"""Attacks by ids, cursors, pages and words: what is made up leads nowhere, and says no more than what is not there."""

import base64
import json
import random
from collections.abc import Callable
from typing import Any

from tests.security.attacks.target import Attack, Target

NODE = "query ($id: ID!) { node(id: $id) { id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
BOOKINGS = "query ($after: String, $before: String, $first: Int, $last: Int) { bookings(after: $after, before: $before, first: $first, last: $last) { nodes { id } } }"  # noqa: E501
POLICY = "query ($number: String!) { policy(number: $number) { number } }"
RULES = "query ($part: String!) { rules(first: 1, where: {code: {contains: $part}}) { nodes { code } } }"
CANCEL = (
    'mutation ($id: ID!) { bookingCancel(input: {idempotencyKey: "attack-attack-attack", booking: $id, reason: "x"}) '
    "{ booking { id } } }"
)
SQL = [
    "' or 1=1; --",
    "'; drop table bookings; --",
    "\\'; select pg_sleep(9); --",
    "$1",
    "{}",
    "%",
    "_",
    "%%%%%",
    "\x1f",
]


def digits(seed: int) -> str:
    return "".join(random.Random(seed).choices("0123456789abcdef", k=64))


def nothing(document: str, **variables: Any) -> Attack:
    """It is answered, as if there were nothing."""

    def attack(target: Target) -> None:
        answer = target.me.ask(document, **variables)
        (found,) = answer.data.values()
        given = found.get("nodes") if isinstance(found, dict) else found
        assert not given or given == [None] * len(given)

    return attack


def refused(document: str, code: str = "BAD_USER_INPUT", **variables: Any) -> Attack:
    def attack(target: Target) -> None:
        answer = target.me.ask(document, **variables)
        assert answer.code == code, answer.body
        assert not any(answer.body.get("data") or {}) or answer.body["data"] == dict.fromkeys(answer.body["data"])

    return attack


def foreign(document: str, make: Callable[[str], str]) -> Attack:
    """What is said of somebody else's is what is said of nothing."""

    def attack(target: Target) -> None:
        said = [target.me.ask(document, id=each).body for each in (make(target.foreign), f"book_{digits(1)}")]
        for each in said:
            for error in each.get("errors", ()):
                error["extensions"].pop("requestId")
            each.pop("extensions", None)
        assert said[0] == said[1]

    return attack


def forged(body: bytes) -> str:
    return base64.urlsafe_b64encode(bytes(10) + body).rstrip(b"=").decode()


OBJECTS: dict[str, Attack] = {
    "an id that nobody has": nothing(NODE, id=f"book_{digits(2)}"),
    "a foreign booking": foreign(NODE, str),
    "a foreign booking as a policy": foreign(NODE, lambda id: "pol_" + id.removeprefix("book_")[:32]),
    "a foreign booking that is cancelled": foreign(CANCEL, str),
    "a hundred guesses": nothing(NODES, ids=[f"book_{digits(each)}" for each in range(100)]),
    "more guesses than a list has room for": refused(NODES, "LIMIT_EXCEEDED", ids=["a"] * 501),
    "an id without end": nothing(NODE, id="book_" + "a" * 19_000),
    "an id that is longer still": refused(NODE, "LIMIT_EXCEEDED", id="a" * 30_000),
    "an id with NUL": refused(NODE, id="book_\0"),
    "an id that is a number": nothing(NODE, id=10**15),
    "an id that is an object": refused(NODE, id={"a": 1}),
    **{f"SQL for an id: {each!r}": nothing(NODE, id=each) for each in SQL},
    **{f"SQL for a number: {each!r}": nothing(POLICY, number=each) for each in SQL},
    **{f"SQL for a part of a code: {each!r}": nothing(RULES, part=each) for each in SQL},
    "percent signs without end": nothing(RULES, part="%_" * 9_000),
    "a cursor that is made up": refused(BOOKINGS, after="abc"),
    "a cursor without end": refused(BOOKINGS, after="a" * 19_000),
    "a cursor with another signature": refused(BOOKINGS, after=forged(b"2026-01-01\x1f" + digits(3).encode())),
    "a cursor of dividers": refused(BOOKINGS, after=forged(b"\x1f" * 10_000)),
    "a cursor that is SQL": refused(BOOKINGS, after=SQL[0]),
    "a cursor of letters that are none": refused(BOOKINGS, after="\u00e9" * 100),
    "a page of two billion": refused(BOOKINGS, first=2_147_483_647),
    "a page beyond all numbers": refused(BOOKINGS, first=2**31),
    "a page below zero": refused(BOOKINGS, first=-1),
    "a page from both ends": refused(BOOKINGS, first=1, last=1),
    "a page after and before": refused(BOOKINGS, first=1, after="a", before="b"),
    "a page in words": refused(BOOKINGS, first="many"),
    "a page of a fraction": refused(BOOKINGS, first=1.5),
    "variables that nobody declared": nothing(NODE, id="book_1", **{f"v{each}": each for each in range(4_000)}),
    "more variables than there is room for": refused(
        NODE, "LIMIT_EXCEEDED", id="book_1", **{f"v{each}": each for each in range(6_000)}
    ),
    "an object of six thousand keys": refused(NODE, "LIMIT_EXCEEDED", id={f"k{each}": each for each in range(6_000)}),
    "lists within each other": refused(NODE, "LIMIT_EXCEEDED", id=json.loads("[" * 100 + "]" * 100)),
}
