"""Connections: pages that fit together, and cursors that hold for one list only."""

import base64
import itertools
from typing import Any

import pytest

from tests.support.client import Answer, Client, Gateway
from tests.support.walk import backward, forward, page

LISTS = [
    ("products", ""),
    ("cities", ""),
    ("cities", 'where: {province: "江苏"}'),
    ("hospitals", ""),
    ("hospitals", "orderBy: NAME_DESC"),
    ("hospitals", 'where: {city: "shanghai"}, orderBy: NAME_DESC'),
    ("drugs", ""),
    ("drugs", "orderBy: BRAND_ASC"),
    ("pharmacies", ""),
    ("pharmacies", 'where: {city: "shanghai"}, orderBy: NAME_DESC'),
    ("rules", "where: {product: VAS}"),
    ("notices", ""),
]
SIZES = (7, 100)


@pytest.mark.parametrize(("field", "arguments"), LISTS)
def test_both_ways_of_walking_give_the_same_list(gateway: Gateway, field: str, arguments: str) -> None:
    walks = [
        walk(gateway.anyone(), field, size=size, arguments=arguments)
        for walk, size in itertools.product((forward, backward), SIZES)
    ]
    assert all(walk == walks[0] for walk in walks)
    ids = [node["id"] for node in walks[0]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("field", "arguments"), LISTS)
def test_the_total_is_the_length_of_the_walk(gateway: Gateway, field: str, arguments: str) -> None:
    total = page(gateway.anyone(), field, arguments=arguments, first=1).data[field]["totalCount"]
    assert total == len(forward(gateway.anyone(), field, arguments=arguments))


def test_one_order_is_the_other_turned_round(gateway: Gateway) -> None:
    up, down = (
        forward(gateway.anyone(), "hospitals", arguments=f"orderBy: {order}") for order in ("NAME_ASC", "NAME_DESC")
    )
    assert up == down[::-1]


def test_a_page_has_twenty_items_unless_asked_otherwise(gateway: Gateway) -> None:
    read = page(gateway.anyone(), "drugs").data["drugs"]
    assert len(read["edges"]) == 20
    assert read["pageInfo"]["hasNextPage"]


def test_nodes_are_the_nodes_of_the_edges(gateway: Gateway) -> None:
    read = gateway.anyone().ask("{ drugs(first: 3) { nodes { id } edges { node { id } } } }").data["drugs"]
    assert read["nodes"] == [edge["node"] for edge in read["edges"]]


@pytest.mark.parametrize("name", ["first", "last"])
def test_a_page_of_nothing_is_a_page(gateway: Gateway, name: str) -> None:
    read = page(gateway.anyone(), "drugs", **{name: 0}).data["drugs"]
    assert (read["edges"], read["totalCount"]) == ([], 102)
    assert read["pageInfo"]["endCursor"] is None


@pytest.mark.parametrize("name", ["first", "last"])
def test_a_page_has_a_hundred_items_at_most(gateway: Gateway, name: str) -> None:
    assert len(page(gateway.anyone(), "drugs", **{name: 100}).data["drugs"]["edges"]) == 100


@pytest.mark.parametrize("name", ["first", "last"])
@pytest.mark.parametrize("size", [101, -1, 2147483647, -2147483648])
def test_a_size_out_of_bounds_is_named(gateway: Gateway, name: str, size: int) -> None:
    refused(page(gateway.anyone(), "drugs", **{name: size}), name)


@pytest.mark.parametrize("size", [2147483648, 10**30, 1.5, "20", True])
def test_a_size_that_is_no_small_whole_number_is_named(gateway: Gateway, size: Any) -> None:
    refused(page(gateway.anyone(), "drugs", first=size), "first")


def test_first_and_last_are_not_asked_together(gateway: Gateway) -> None:
    refused(page(gateway.anyone(), "drugs", first=1, last=1), "last")


def test_a_direction_takes_its_own_cursor_only(gateway: Gateway) -> None:
    cursor = cursor_of(gateway.anyone(), "drugs")
    refused(page(gateway.anyone(), "drugs", last=1, after=cursor), "after")
    refused(page(gateway.anyone(), "drugs", first=1, before=cursor), "before")


def test_ends_of_the_list_are_told(gateway: Gateway) -> None:
    def ends(**given: Any) -> tuple[bool, bool]:
        info = page(gateway.anyone(), "products", **given).data["products"]["pageInfo"]
        return info["hasPreviousPage"], info["hasNextPage"]

    second = cursor_of(gateway.anyone(), "products", at=1)
    assert ends(first=2) == (False, True)
    assert ends(first=2, after=second) == (True, True)
    assert ends(first=3, after=second) == (True, False)
    assert ends(last=2) == (True, False)
    assert ends(last=1, before=second) == (False, True)


def test_a_cursor_past_the_end_leads_to_an_empty_page(gateway: Gateway) -> None:
    last = page(gateway.anyone(), "products", first=5).data["products"]["pageInfo"]["endCursor"]
    read = page(gateway.anyone(), "products", first=5, after=last).data["products"]
    assert (read["edges"], read["pageInfo"]["hasNextPage"]) == ([], False)


def test_an_empty_list_of_a_filter_matches_nothing(gateway: Gateway) -> None:
    customer = gateway.customer("DEMO-ZYB-001")
    for field in ("number", "service", "status"):
        document = f"{{ bookings(where: {{{field}: {{in: []}}}}) {{ totalCount nodes {{ id }} }} }}"
        assert customer.ask(document).data["bookings"] == {"totalCount": 0, "nodes": []}


def test_a_list_of_a_filter_has_a_hundred_items_at_most(gateway: Gateway) -> None:
    document = "query Q($n: [String!]) { bookings(where: {number: {in: $n}}) { totalCount } }"
    customer = gateway.customer("DEMO-ZYB-001")
    assert "errors" not in customer.ask(document, n=["x"] * 100).body
    answer = customer.ask(document, n=["x"] * 101)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["where", "number"])


# Cursors


def cursor_of(client: Client, field: str, *, arguments: str = "", at: int = 0) -> str:
    return page(client, field, arguments=arguments, first=at + 1).data[field]["edges"][at]["cursor"]


def refused(answer: Answer, argument: str) -> None:
    assert answer.response.status_code == 200
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == [argument]


def opened(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def closed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forged(cursor: str) -> dict[str, str]:
    raw = opened(cursor)
    return {
        "empty": "",
        "a word": "cursor",
        "not of the alphabet": "¡¿漢字",
        "a number": "20",
        "truncated": cursor[:-4],
        "the signature alone": closed(raw[:10]),
        "a changed body": closed(raw[:10] + raw[10:].replace(b"1", b"2")),
        "a changed signature": closed(bytes([raw[0] ^ 1]) + raw[1:]),
        "something appended": closed(raw + b" "),
        "another body": closed(raw[:10] + b'["x", "y", "z"]'),
        "SQL": closed(raw[:10] + b"' or '1'='1"),
        "very long": "A" * 20_000,
        "padding": cursor + "====",
    }


@pytest.mark.parametrize("kind", sorted(forged("AAAAAAAAAAAAAAAAAAAA")))
def test_a_forged_cursor_is_refused(gateway: Gateway, kind: str) -> None:
    cursor = forged(cursor_of(gateway.anyone(), "drugs"))[kind]
    refused(page(gateway.anyone(), "drugs", first=1, after=cursor), "after")
    refused(page(gateway.anyone(), "drugs", last=1, before=cursor), "before")


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("cities", ""),
        ("drugs", "orderBy: BRAND_ASC"),
        ("drugs", "where: {product: ZAWX}"),
        ("drugs", 'where: {keyword: "a"}'),
        ("rules", ""),
    ],
)
def test_a_cursor_of_another_list_is_refused(gateway: Gateway, field: str, arguments: str) -> None:
    foreign = cursor_of(gateway.anyone(), "drugs")
    refused(page(gateway.anyone(), field, arguments=arguments, first=1, after=foreign), "after")


def test_a_cursor_under_another_parent_is_a_place_in_that_parent_s_own_list(gateway: Gateway) -> None:
    document = """query Q($code: ProductCode!, $after: String) {
        product(code: $code) { rules(first: 1, after: $after) { edges { cursor node { product { code } } } } } }"""
    edge = gateway.anyone().ask(document, code="ZYB").data["product"]["rules"]["edges"][0]
    for code in ("ZYB", "VAS"):
        edges = gateway.anyone().ask(document, code=code, after=edge["cursor"]).data["product"]["rules"]["edges"]
        assert all(found["node"]["product"]["code"] == code for found in edges)


def test_a_cursor_holds_for_anyone_who_asks_for_the_same_list(gateway: Gateway) -> None:
    cursor = cursor_of(gateway.anyone(), "drugs")
    assert "errors" not in page(gateway.staff(), "drugs", first=1, after=cursor).body


def test_null_arguments_are_the_same_as_none(gateway: Gateway) -> None:
    document = (
        "{ drugs(first: null, after: null, last: null, before: null, where: null, orderBy: null) { totalCount } }"
    )
    assert gateway.anyone().ask(document).data["drugs"]["totalCount"] == 102
