"""Every bound of a document: at it the document is taken, one beyond it is refused, with its place and both numbers."""

import time
from collections.abc import Callable
from dataclasses import fields

import pytest
from graphql import get_introspection_query, parse

from gateway.bounds import BOUNDS, Bounds, camel
from gateway.execution import limits, texts
from gateway.execution.documents import Documents, Invalid
from gateway.faults import Fault
from gateway.schema import schema
from tests.security import documents
from tests.support.client import Gateway

CORE = schema._schema
WIDE = {item.name: 1_000_000 for item in fields(Bounds)} | {"nesting": 90}


def refusal(text: str, **bounds: int) -> object:
    """The bound that a document passes, with its limit and its own value; or its other code; or that it is taken."""
    fault = fault_of(text, Bounds(**(WIDE | bounds)))
    if fault is None:
        return "taken"
    told = fault.extensions or {}
    if told["code"] != "LIMIT_EXCEEDED":
        return told["code"]
    assert fault.locations, fault.message
    assert str(told["limit"]) in fault.message
    return told["bound"], told["limit"], told["value"]


def fault_of(text: str, bounds: Bounds = BOUNDS) -> Fault | None:
    try:
        Documents(CORE, bounds).get(text)
    except Fault as fault:
        return fault
    return None


@pytest.mark.parametrize(
    ("bound", "maker", "limit"),
    [
        pytest.param("characters", documents.characters, 500, id="characters"),
        pytest.param("tokens", documents.tokens, 40, id="tokens"),
        pytest.param("nesting", documents.nesting, 20, id="nesting"),
        pytest.param("name_length", documents.name_length, 30, id="names"),
        pytest.param("operations", documents.operations, 1, id="operations"),
        pytest.param("fragments", documents.fragments, 9, id="fragments"),
        pytest.param("variables", documents.variables, 7, id="variables"),
        pytest.param("spreads", documents.spread_again, 9, id="spreads"),
        pytest.param("width", documents.width, 12, id="width"),
        pytest.param("root_fields", documents.roots, 6, id="root-fields"),
        pytest.param("mutation_fields", documents.mutations, 4, id="mutations"),
        pytest.param("mutation_fields", documents.mutations_in_fragments, 4, id="mutations-in-fragments"),
        pytest.param("selections", documents.selections, 100, id="selections"),
        pytest.param("aliases", documents.aliases, 15, id="aliases"),
        pytest.param("directives", documents.directives, 11, id="directives"),
        pytest.param("typenames", documents.typenames, 10, id="typenames"),
        pytest.param("of_types", documents.of_types, 5, id="of-types"),
        pytest.param("list_items", documents.list_items, 20, id="lists"),
        pytest.param("text_length", documents.text_length, 50, id="texts"),
    ],
)
def test_at_the_bound_it_is_taken_and_beyond_it_is_refused(bound: str, maker: Callable[[int], str], limit: int) -> None:
    assert refusal(maker(limit), **{bound: limit}) == "taken"
    assert refusal(maker(limit + 1), **{bound: limit}) == (camel(bound), limit, limit + 1)


def test_depth_is_counted_through_fragments() -> None:
    text = """{ policies { nodes { ...A } } }
    fragment A on Policy { bookings { nodes { ...B } } } fragment B on Booking { policy { id } }"""
    assert refusal(text, depth=6) == "taken"
    assert refusal(text, depth=5) == ("depth", 5, 6)


def test_a_fragment_counts_in_each_of_its_places() -> None:
    assert refusal(documents.aliases_in_places(20), aliases=20) == "taken"
    assert refusal(documents.aliases_in_places(20), aliases=19) == ("aliases", 19, 20)


def test_values_within_values_have_a_bound() -> None:
    assert refusal(documents.value_depth(6), value_depth=6) == "GRAPHQL_VALIDATION_FAILED"
    assert refusal(documents.value_depth(7), value_depth=6) == ("valueDepth", 6, 7)


def test_pairs_that_validation_compares_have_a_bound() -> None:
    assert refusal(documents.merges(20), merges=190) == "taken"
    assert refusal(documents.merges(20), merges=189) == ("merges", 189, 190)


def test_pairs_are_counted_where_selections_are_merged() -> None:
    text = "{ " + "viewer { policies { totalCount } } " * 20 + "}"
    assert refusal(text, merges=3 * 190) == "taken"
    assert refusal(text, merges=3 * 190 - 1) == ("merges", 3 * 190 - 1, 3 * 190)


def test_what_no_operation_reaches_is_counted_too() -> None:
    text = "{ viewer { kind } } fragment F on Viewer { " + "kind " * 30 + "}"
    assert refusal(text, merges=400) == ("merges", 400, 435)
    assert refusal(text, selections=31) == ("selections", 31, 32)


def test_operations_count_together_since_all_of_them_are_validated() -> None:
    assert refusal(documents.operations(3), selections=6) == "taken"
    assert refusal(documents.operations(4), selections=6) == ("selections", 6, 8)


def test_directives_of_operations_variables_and_fragments_count() -> None:
    text = """query ($a: ID! @x @x) @x { node(id: $a) @x { ... @x { id } ...F @x } } fragment F on Node @x { id }"""
    assert refusal(text, directives=6) == "GRAPHQL_VALIDATION_FAILED"
    assert refusal(text, directives=5) == ("directives", 5, 6)


def test_names_of_directives_and_their_texts_are_bounded_as_well() -> None:
    text = '{ viewer @include(if: "' + "x" * 100 + '") { kind } }'
    assert refusal(text, text_length=99) == ("textLength", 99, 100)


def test_a_default_of_a_variable_is_bounded_as_well() -> None:
    text = "query ($ids: [ID!]! = [" + '"a" ' * 30 + "]) { nodes(ids: $ids) { id } }"
    assert refusal(text, list_items=29) == ("listItems", 29, 30)


def test_the_place_is_where_the_bound_was_passed() -> None:
    with pytest.raises(Fault) as caught:
        Documents(CORE, Bounds(aliases=2)).get("{ viewer {\n a: kind\n b: kind\n c: kind\n d: kind } }")
    assert [(item.line, item.column) for item in caught.value.locations or ()] == [(4, 2)]


@pytest.mark.parametrize(
    "text", ["{ a" * 30_000, "{ ... { " * 2_000, "{ a(b: " + "[" * 5_000, "query (" * 5_000, "{ a(b: {c: " * 5_000]
)
def test_what_a_parser_could_not_follow_never_reaches_it(text: str) -> None:
    assert refusal(text, nesting=60) == ("nesting", 60, 61)


def test_nesting_spread_over_fragments_is_refused() -> None:
    links = [f"fragment F{at} on Query {{ {'... { ' * 15}...F{at + 1}{' }' * 15} }}" for at in range(90)]
    text = " ".join(["{ ...F0 }", *links, "fragment F90 on Query { __typename }"])
    assert refusal(text)[0] == "nesting"  # type: ignore[index]


# Introspection

FOUR_TIMES = get_introspection_query().replace(
    "__schema {", " ".join(f"a{at}: __schema {{ types {{ ...FullType }} }}" for at in range(3)) + " __schema {"
)


def test_the_introspection_of_tools_is_taken() -> None:
    for query in (get_introspection_query(), get_introspection_query(input_value_deprecation=True)):
        assert Documents(CORE).get(query)


@pytest.mark.parametrize(
    "text",
    [
        FOUR_TIMES,
        "{ __schema { types { " + "fields { type { " * 3 + "name" + " } }" * 3 + " } } }",
        "{ __schema { types { " + "possibleTypes { interfaces { " * 6 + "name" + " } }" * 6 + " } } }",
        documents.of_types(BOUNDS.of_types + 1),
    ],
    ids=["aliases", "fields-of-fields", "types-of-types", "of-types"],
)
def test_introspection_that_grows_is_refused(text: str) -> None:
    assert fault_of(text) is not None


def test_introspection_through_aliases_adds_up() -> None:
    one = "__schema { types { fields { name } } }"
    single = f"{{ {one} }}"
    assert refusal(single, introspection=1_002) == "taken"
    assert refusal(f"{{ a: {one} b: {one} }}", introspection=1_002) == ("introspection", 1_002, 2 * 1_002)


# What a refusal and a document cost


def cpu(text: str) -> float:
    """Seconds of CPU for reading a document for the first time: the least of many, as a neighbor on the same core
    makes single ones look twice as dear.
    """
    took: list[float] = []
    while len(took) < 30 and min(took, default=1) > 0.02:
        began = time.thread_time()
        fault_of(text)
        took.append(time.thread_time() - began)
    return min(took)


def measuring(text: str) -> float:
    took: list[float] = []
    for _ in range(5):
        node = parse(text)
        began = time.thread_time()
        texts.check(text, BOUNDS)
        limits.measure(node, BOUNDS)
        took.append(time.thread_time() - began)
    return min(took)


def test_a_document_of_744_bytes_that_doubles_is_measured_in_no_time() -> None:
    text = documents.chain(18, spreads=2)
    assert 700 < len(text) < 780
    assert measuring(text) < 0.005
    assert cpu(text) < 0.05


def test_doubling_costs_in_proportion_to_its_length() -> None:
    assert measuring(documents.chain(80, spreads=2)) < 20 * measuring(documents.chain(10, spreads=2))


def test_doubling_is_answered(gateway: Gateway) -> None:
    assert gateway.anyone().ask(documents.chain(24, spreads=2)).data == {"__typename": "Query"}


def test_doubling_under_new_names_is_refused_before_it_grows() -> None:
    assert refusal(documents.doubling(30), selections=1_000, depth=1_000)[0] == "selections"  # type: ignore[index]
    assert cpu(documents.doubling(30)) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{ " + "viewer { kind } " * 700 + "}", id="one-field-again-and-again"),
        pytest.param("{ viewer { " + "__typename " * 2_900 + "} }", id="typename-flood"),
        pytest.param("{ " + " ".join(f"a{at}: viewer {{ kind }}" for at in range(400)) + " }", id="aliases"),
        pytest.param("{ viewer { kind " + "@include(if: true) " * 400 + "} }", id="directives"),
        pytest.param("{ " + "a " * 49_000 + "}", id="tokens"),
        pytest.param('{ node(id: "' + "\\u0041" * 16_000 + '") { id } }', id="a-long-text"),
        pytest.param('{ node(id: """' + '\\"""' * 24_000 + '""") { id } }', id="a-long-block"),
        pytest.param("{" * 99_000, id="brackets"),
        pytest.param('"' * 99_000, id="quotes"),
        pytest.param("#" * 99_000 + "\n{ nope }", id="a-comment"),
        pytest.param("{ nodes(ids: [" + '"a" ' * 2_900 + "]) { id } }", id="a-long-list"),
        pytest.param("{ " + "x" * 99_000 + " }", id="a-long-name"),
    ],
)
def test_a_refusal_costs_little(text: str) -> None:
    assert cpu(text) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{ viewer { " + "kind " * 62 + "} }", id="pairs"),
        pytest.param("{ policies { nodes { " + "product { code name } " * 36 + "} } }", id="pairs-below-pairs"),
        pytest.param(documents.aliases(BOUNDS.width - 10), id="width"),
        pytest.param(documents.fragments(60), id="fragments"),
        pytest.param(documents.chain(99, spreads=3), id="many-spreads"),
        pytest.param(documents.objects(18), id="objects"),
        pytest.param(documents.spread_again(300), id="one-fragment-again-and-again"),
        pytest.param(documents.lists(3), id="long-lists"),
    ],
)
def test_the_largest_documents_that_are_taken_cost_little_as_well(text: str) -> None:
    assert Documents(CORE).get(text)
    assert cpu(text) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(documents.objects(18, "nope"), id="all-sound-but-the-last-field"),
        pytest.param(documents.filters(10), id="filters-that-do-not-exist"),
    ],
)
def test_large_documents_that_are_found_invalid_late_cost_little_as_well(text: str) -> None:
    assert isinstance(fault_of(text), Invalid)
    assert cpu(text) < 0.05


def test_the_largest_document_is_refused_by_its_tokens_before_anything_else_is_done() -> None:
    text = documents.chain(99, spreads=8)
    assert refusal(text, tokens=BOUNDS.tokens) == ("tokens", 2_000, 2_189)
    assert cpu(text) < 0.02


def test_the_refusal_reaches_the_client(gateway: Gateway) -> None:
    answer = gateway.vendor("HUANQIU").ask(documents.mutations(5))
    assert answer.code == "LIMIT_EXCEEDED"
    assert "data" not in answer.body
    assert (answer.error["extensions"]["limit"], answer.error["extensions"]["value"]) == (4, 5)
    assert answer.error["locations"]
