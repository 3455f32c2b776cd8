"""A number is found by any part of it, whatever signs it has, and by the index alone."""

from typing import Any

import pytest

from gateway.postgres.patterns import pairs_of
from tests.support import escorts
from tests.support.client import Gateway, new_number

SIGNS = ["a|b", "||", "x y", "%", "_", "\\1", "号码", "e\u0301", "'", "1|", "|2"]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_policy_is_found_by_any_part_of_its_number(gateway: Gateway, sign: str) -> None:
    number = f"{new_number()}{sign}7"
    escorts.register(gateway, number=number)
    document = "query Q($p: String!) { bookings(where: {policyNumber: {contains: $p}}) { totalCount } }"
    booked: Any = escorts.book(gateway.customer(number).at(escorts.NOW), number)
    assert booked["refusals"] == []
    client = gateway.customer(number)
    parts = {number[start:end] for start in range(len(number)) for end in range(start + 1, len(number) + 1)}
    for part in sorted(part for part in parts if any(character in part for character in sign)):
        assert client.ask(document, p=part).data["bookings"]["totalCount"] == 1, part
    assert client.ask(document, p=f"{number}x").data["bookings"]["totalCount"] == 0


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("a", []),
        ("ab", ["ab"]),
        ("abc", ["ab", "bc"]),
        ("a|b", []),
        ("ab|cd", ["ab", "cd"]),
        ("号码1", ["号码", "码1"]),
    ],
)
def test_pairs_are_neighbors_without_the_sign_that_divides_them(text: str, pairs: list[str]) -> None:
    assert pairs_of(text) == pairs
