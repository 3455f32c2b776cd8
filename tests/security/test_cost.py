"""What operations cost: arithmetic on the real schema with real variables, budgets, and what a refusal advises."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, get_nullable_type, is_composite_type, is_list_type

from gateway.bounds import BOUNDS, Lane, Lanes
from gateway.execution.documents import Documents
from gateway.execution.pricing import too_dear
from gateway.execution.sizes import declared_size, declared_weight
from gateway.schema import schema, sdl
from tests.conftest import ROLE, dsn
from tests.security.documents import ACCEPT
from tests.support.client import Client, Gateway
from tests.support.server import running_gateway

CORE = schema._schema


def cost(text: str, name: str | None = None, /, **variables: Any) -> int:
    document = Documents(CORE).get(text)
    return document.price(document.operation(name)).of(variables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{ __typename }", 0, id="nothing"),
        pytest.param("{ viewer { kind name } }", 1, id="one-object"),
        pytest.param("{ product(code: ZYB) { code plans { code } } }", 1 + 10, id="an-assumed-list"),
        pytest.param("{ policies { nodes { id } } }", 1 + 20, id="a-page-by-default"),
        pytest.param("{ policies(first: 7) { nodes { id } } }", 1 + 7, id="a-page"),
        pytest.param("{ policies(last: 7) { nodes { id } } }", 1 + 7, id="a-page-from-the-end"),
        pytest.param("{ policies(first: 7) { edges { cursor node { id } } } }", 1 + 7 * 2, id="edges"),
        pytest.param("{ policies(first: 7) { edges { cursor } nodes { id } } }", 1 + 7 + 7, id="both"),
        pytest.param("{ policies(first: 7) { pageInfo { endCursor } } }", 1 + 1, id="no-items"),
        pytest.param("{ policies(first: 0) { totalCount } }", 1 + 20, id="a-count"),
        pytest.param("{ policies(first: 2) { nodes { product { name } } } }", 1 + 2 * 2, id="a-relation"),
        pytest.param(
            "{ policies(first: 2) { nodes { bookings(first: 3) { nodes { policy { id } } } } } }",
            1 + 2 * (1 + 1 + 3 * 2),
            id="pages-of-pages",
        ),
        pytest.param('{ nodes(ids: ["a", "b", "c"]) { id } }', 3, id="ids"),
        pytest.param('{ nodes(ids: "a") { id } }', 1, id="one-id-for-a-list"),
        pytest.param("{ a: viewer { kind } b: viewer { kind } }", 2, id="aliases"),
        pytest.param("{ viewer { kind } viewer { name } }", 1, id="one-field-twice"),
        pytest.param("{ viewer { kind } ...F } fragment F on Query { viewer { name } }", 1, id="a-fragment-merges"),
        pytest.param("{ policies(first: 2147483647) { nodes { id } } }", 101, id="no-page-is-larger-than-the-largest"),
        pytest.param("{ policies(first: -5) { nodes { id } } }", 1, id="a-negative-page"),
        pytest.param("{ viewer @skip(if: true) { kind } }", 0, id="skipped"),
        pytest.param("{ viewer @include(if: false) { kind } }", 0, id="not-included"),
        pytest.param("{ viewer @include(if: true) { kind } }", 1, id="included"),
        pytest.param(f"mutation {{ {ACCEPT} }}", 10, id="a-mutation"),
        pytest.param("{ __schema { types { name } } }", 1_000, id="introspection"),
    ],
)
def test_a_document_costs_the_objects_that_it_may_give(text: str, expected: int) -> None:
    assert cost(text) == expected


PAGES = """query Pages($n: Int = 4, $m: Int, $more: Boolean = false) {
  policies(first: $n) { nodes { bookings(first: $m) { nodes { id } } product @include(if: $more) { name } } }
}"""


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({}, 1 + 4 * (1 + 1 + 20), id="defaults"),
        pytest.param({"n": 2}, 1 + 2 * (1 + 1 + 20), id="outer"),
        pytest.param({"n": 2, "m": 3}, 1 + 2 * (1 + 1 + 3), id="both"),
        pytest.param({"n": None, "m": None}, 1 + 20 * (1 + 1 + 20), id="nulls-are-not-given"),
        pytest.param({"n": 2, "m": 3, "more": True}, 1 + 2 * (1 + 1 + 1 + 3), id="included"),
        pytest.param({"n": 10**12, "m": -1}, 1 + 100 * 2, id="absurd"),
        pytest.param({"n": "many", "m": True}, 1 + 1 * (1 + 1 + 20), id="one-text-stands-for-a-list"),
    ],
)
def test_it_is_priced_on_the_variables_as_they_are(variables: dict[str, Any], expected: int) -> None:
    assert cost(PAGES, **variables) == expected


def test_a_list_of_ids_counts_by_its_length() -> None:
    assert cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a"] * 42) == 42


def test_skipping_by_a_variable_counts() -> None:
    text = "query ($no: Boolean!) { viewer @skip(if: $no) { kind } ... @skip(if: $no) { other: viewer { kind } } }"
    assert (cost(text, no=False), cost(text, no=True)) == (2, 0)


def test_of_several_types_the_dearest_counts_and_of_one_interface_all() -> None:
    text = """{ node(id: "a") {
      id ... on Policy { product { code } insured { name } } ... on Booking { policy { id } }
    } }"""
    insured = 10
    assert cost(text) == 1 + 1 + insured


def test_the_dearest_type_is_found_with_variables_too() -> None:
    text = """query ($n: Int) { node(id: "a") {
      ... on Policy { bookings(first: $n) { nodes { id } } } ... on Booking { policy { product { code } } }
    } }"""
    assert (cost(text, n=0), cost(text, n=9)) == (1 + 2, 1 + 1 + 9)


def test_a_union_has_nothing_but_its_types() -> None:
    text = """{ bookings(first: 1) { nodes { details { __typename ... on EscortDetails { __typename } } } } }"""
    assert cost(text) == 1 + 1 * (1 + 1)


def test_every_operation_of_a_document_has_its_own_price() -> None:
    text = "query A { viewer { kind } } query B { policies { nodes { id } } }"
    assert (cost(text, "A"), cost(text, "B")) == (1, 21)


# The schema says it


def test_every_list_of_objects_has_a_size() -> None:
    sized_by_parent = set()
    lists = set()
    for owner in CORE.type_map.values():
        if not isinstance(owner, GraphQLObjectType) or owner.name.startswith("__"):
            continue
        for name, field in owner.fields.items():
            size = declared_size(field)
            if size is not None and size.sized_fields:
                sized_by_parent |= {(get_named_type(field.type).name, item) for item in size.sized_fields}
            elif is_list_type(get_nullable_type(field.type)) and is_composite_type(get_named_type(field.type)):
                lists |= {(owner.name, name)} if size is None else set()
    assert lists <= sized_by_parent, lists - sized_by_parent
    assert ("PolicyConnection", "nodes") in sized_by_parent


def test_counts_and_mutations_have_a_weight() -> None:
    assert declared_weight(CORE.type_map["PolicyConnection"].fields["totalCount"]) == 20  # type: ignore[attr-defined]
    assert CORE.mutation_type is not None
    assert {declared_weight(field) for field in CORE.mutation_type.fields.values()} == {10}


def test_the_schema_that_clients_read_shows_both_directives() -> None:
    text = sdl()
    assert 'totalCount: Int! @cost(weight: "20")' in text
    page = '@listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"]'
    assert page in text


# Refusals


def advice(text: str, budget: int, **variables: Any) -> Any:
    document = Documents(CORE).get(text)
    return too_dear(CORE, document.node, document.operation(None), variables, budget)


def test_the_refusal_names_the_innermost_page_and_one_that_fits() -> None:
    text = "{ policies(first: 100) { nodes { bookings(first: 100) { nodes { id } } } } viewer { kind } }"
    fault = advice(text, 5_000)
    assert fault.extensions["costPath"] == ["policies", "nodes", "bookings"]
    (n,) = fault.extensions["fits"].values()
    assert "`policies.nodes.bookings`: `first: 47` fits there" in fault.message
    assert cost(text.replace("bookings(first: 100)", f"bookings(first: {n})")) <= 5_000
    assert cost(text.replace("bookings(first: 100)", f"bookings(first: {n + 1})")) > 5_000


def test_where_no_inner_page_is_small_enough_the_outer_one_is_named() -> None:
    text = "query ($n: Int) { policies(first: $n) { nodes { bookings(last: 2) { nodes { id } } } } }"
    fault = advice(text, 100, n=100)
    assert (fault.extensions["costPath"], fault.extensions["fits"]) == (["policies"], {"first": 24})
    assert cost(text, n=24) <= 100 < cost(text, n=25)


def test_what_cannot_be_paged_is_to_be_left_out() -> None:
    fault = advice("{ products { nodes { code } } __schema { types { name } } }", 500)
    assert fault.extensions["costPath"] == ["__schema"]
    assert "leave it out" in fault.message


def test_the_argument_that_was_used_is_the_one_that_is_named() -> None:
    assert advice("{ policies(last: 100) { nodes { id } } }", 50).extensions["fits"] == {"last": 49}


# Over HTTP

LANES = Lanes(
    anonymous=Lane("anonymous", 50, 10_000, 100_000),
    customer=Lane("customer", 100, 10_000, 100_000, may_introspect=False),
)


@pytest.fixture(scope="module")
def strict(database: str, gateway: Gateway) -> Iterator["Strict"]:
    """Production with small budgets; customers in a gateway whose only lane is theirs, since production takes no token
    that a test could sign."""
    theirs = replace(LANES, developer=LANES.customer)
    with (
        running_gateway(dsn(database, ROLE), gateway.folder, mode="production", lanes=LANES) as address,
        running_gateway(dsn(database, ROLE), gateway.folder, lanes=theirs) as apps,
    ):
        customers = Gateway(apps, gateway.folder, gateway.owner_dsn, gateway.http)
        yield Strict(address, gateway.folder, gateway.owner_dsn, gateway.http, customers)


@dataclass
class Strict(Gateway):
    customers: Gateway | None = None

    def customer(self, *numbers: str) -> Client:
        assert self.customers is not None
        return self.customers.customer(*numbers)


CITIES = "query ($n: Int) { cities(first: $n) { nodes { code } } }"


def test_each_lane_has_its_budget(strict: Gateway) -> None:
    customer = strict.customer("DEMO-ZYB-001")
    assert len(strict.anyone().ask(CITIES, n=49).data["cities"]["nodes"]) > 0
    refused = strict.anyone().ask(CITIES, n=50)
    assert refused.code == "COST_EXCEEDED"
    assert "data" not in refused.body
    told = refused.error["extensions"]
    assert (told["requested"], told["budget"], told["fits"]) == (51, 50, {"first": 49})
    assert customer.ask(CITIES, n=99).data
    assert customer.ask(CITIES, n=100).code == "COST_EXCEEDED"


def test_a_lane_can_be_closed_to_introspection(strict: Gateway) -> None:
    assert strict.customer("DEMO-ZYB-001").ask('{ a: __type(name: "City") { name } }').code == "FORBIDDEN"
    assert strict.customer("DEMO-ZYB-001").ask("{ __typename }").data == {"__typename": "Query"}


def test_production_suggests_no_names(strict: Gateway, gateway: Gateway) -> None:
    assert "Did you mean" not in strict.anyone().ask("{ citiez { nodes { code } } }").error["message"]
    assert "Did you mean" in gateway.anyone().ask("{ citiez { nodes { code } } }").error["message"]


def test_the_cost_is_answered_with_what_came_and_what_is_left(strict: Gateway) -> None:
    told = strict.customer("DEMO-COST").ask(CITIES, n=3).body["extensions"]["cost"]
    assert (told["requested"], told["actual"]) == (4, 4)
    assert 0 < told["remaining"] <= 100_000 - 4


def test_what_did_not_come_is_given_back_up_to_half(strict: Gateway) -> None:
    nothing = 'query ($n: Int) { cities(first: $n, where: {keyword: "none such"}) { nodes { code } } }'
    lanes = LANES.customer
    told = strict.customer("DEMO-COST-2").ask(nothing, n=80).body["extensions"]["cost"]
    assert (told["requested"], told["actual"]) == (81, 1)
    assert told["remaining"] == lanes.burst - 81 + 40


def test_the_plain_executor_answers_it_as_well(strict: Gateway) -> None:
    told = strict.anyone().ask('{ __type(name: "City") { name } }').body["extensions"]["cost"]
    assert told["requested"] == 50


def test_a_request_that_is_refused_answers_no_cost(strict: Gateway) -> None:
    assert "extensions" not in strict.anyone().ask("{ nope }").body


# Variables


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        pytest.param("x" * (BOUNDS.text_length + 1), "textLength", id="text"),
        pytest.param(["x"] * (BOUNDS.list_items + 1), "listItems", id="list"),
        pytest.param({"a": {"b": ["y" * (BOUNDS.text_length + 1)]}}, "textLength", id="text-inside"),
        pytest.param([[1] * 400] * 20, "values", id="values"),
    ],
)
def test_a_variable_has_bounds(gateway: Gateway, value: Any, bound: str) -> None:
    answer = gateway.anyone().ask("query ($x: String) { hospitals(where: {keyword: $x}) { totalCount } }", x=value)
    assert answer.code == "LIMIT_EXCEEDED"
    told = answer.error["extensions"]
    assert (told["bound"], told["inputPath"][0]) == (bound, "x")
    assert told["value"] > told["limit"]


def test_a_variable_may_be_as_large_as_its_bounds(gateway: Gateway) -> None:
    text = "query ($x: [ID!]!) { nodes(ids: $x) { id } }"
    assert (
        gateway.anyone().ask(text, x=["x"] * BOUNDS.list_items).code == "BAD_USER_INPUT"
    )  # 100 at most, says the field


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_variables_within_variables_have_a_bound(gateway: Gateway) -> None:
    text = "query ($x: String) { hospitals(where: {keyword: $x}) { totalCount } }"
    assert gateway.anyone().ask(text, x=nested(BOUNDS.value_depth)).code == "BAD_USER_INPUT"
    assert gateway.anyone().ask(text, x=nested(BOUNDS.value_depth + 1)).error["extensions"]["bound"] == "valueDepth"
