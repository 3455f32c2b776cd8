"""The coercers of variables give what graphql-core gives, over every input type of the schema, and doubt the rest."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    get_named_type,
    is_input_type,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.execution.coercers import Doubt, coercer
from gateway.execution.parameters import shape_of
from gateway.schema import schema

CORE: Any = schema._schema
NAMES = sorted(name for name, kind in CORE.type_map.items() if is_input_type(kind) and not name.startswith("__"))
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**33), 2**33),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "2026-03-10", "2026-03-10T09:30:00+08:00", "09:30", "-12.5", "ZYB", "1e3", "policy_1"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["city", "first", "nope"]), st.text(max_size=3), max_size=2),
)
GOOD = {
    "String": st.text(max_size=5),
    "ID": st.one_of(st.text(max_size=5), st.integers(0, 99)),
    "Boolean": st.booleans(),
    "Int": st.integers(-(2**31), 2**31 - 1),
    "Float": st.floats(allow_nan=False, allow_infinity=False),
    "Date": st.sampled_from(["2026-03-10", "1900-01-01"]),
    "DateTime": st.sampled_from(["2026-03-10T09:30:00+08:00", "2026-03-10T01:30:00Z"]),
    "Time": st.sampled_from(["09:30", "23:59:59"]),
    "Decimal": st.sampled_from(["4999.99", "-1", "0"]),
    "JSON": STRANGE,
}


@cache
def values(kind: Any, strange: bool) -> st.SearchStrategy[Any]:
    """Values of a type as JSON brings them; strange ones are wrong in some place, as likely as not."""
    if isinstance(kind, GraphQLNonNull):
        return values(kind.of_type, strange)
    good = st.one_of(st.none(), _good(kind, strange))
    return st.one_of(good, good, good, STRANGE) if strange else good


def _good(kind: Any, strange: bool) -> st.SearchStrategy[Any]:
    if isinstance(kind, GraphQLList):
        item = values(kind.of_type, strange)
        return st.one_of(st.lists(item, max_size=2), item)
    if isinstance(kind, GraphQLEnumType):
        return st.sampled_from(list(kind.values))
    if not isinstance(kind, GraphQLInputObjectType):
        return GOOD[kind.name]
    fields = {name: values(field.type, strange) for name, field in kind.fields.items()}
    needed = {name for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
    return st.fixed_dictionaries(
        {name: made for name, made in fields.items() if name in needed and not strange}
        | ({"nope": STRANGE} if strange and kind.name.endswith("r") else {}),
        optional={name: made for name, made in fields.items() if strange or name not in needed},
    )


def operation(text: str) -> OperationDefinitionNode:
    found = parse(text).definitions[0]
    assert isinstance(found, OperationDefinitionNode)
    return found


def coerced(node: OperationDefinitionNode, given: dict[str, Any]) -> tuple[Any, Any]:
    """The values by graphql-core and by the coercers, each None where they are refused or doubted."""
    known = get_variable_values(CORE, node.variable_definitions or (), given)
    made = coercer(CORE, node)
    try:
        own = made.coerced(given)
    except Doubt:
        own = None
    if isinstance(known, VariableValues) and own is not None:
        shapes = {name: shape_of(known.sources[name].signature.type, value) for name, value in known.coerced.items()}
        assert dict(made.shapes(own)) == shapes
    return (known.coerced if isinstance(known, VariableValues) else None), own


def same(node: OperationDefinitionNode, given: dict[str, Any]) -> None:
    expected, own = coerced(node, given)
    assert own == expected
    assert repr(own) == repr(expected)  # equality alone takes 1 for true and 1.0


def wrapped(name: str) -> tuple[str, ...]:
    return (name, f"{name}!", f"[{name}]", f"[{name}!]!")


@pytest.mark.parametrize("strange", [False, True], ids=["right", "strange"])
@pytest.mark.parametrize("name", NAMES)
def test_values_are_those_of_graphql_core(name: str, strange: bool) -> None:
    nodes = {text: operation(f"query Q($v: {text}) {{ viewer {{ kind }} }}") for text in wrapped(name)}
    one: Any = CORE.type_map[name]
    many = GraphQLList(one)

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(st.sampled_from(wrapped(name)), st.data())
    def hold(text: str, data: st.DataObject) -> None:
        same(nodes[text], {"v": data.draw(values(many if text.startswith("[") else one, strange))})

    hold()


@pytest.mark.parametrize(
    ("variables", "given"),
    [
        ("$a: Int = 3", {}),
        ("$a: Int = 3", {"a": None}),
        ("$a: Int! = 3", {}),
        ("$a: Int! = 3", {"a": None}),
        ("$a: Int!", {}),
        ("$a: Int", {}),
        ("$a: [Int!] = 3", {}),
        ('$a: HospitalFilter = {city: "310000", level: 3}', {}),
        ("$a: Nope", {"a": 1}),
        ("$a: Policy", {"a": 1}),
        ("$a: Int = 3.5", {}),
        ("$a: Int", {"b": "what nobody asked for"}),
        ("$a: Int, $b: String = null, $c: ID", {"c": 7, "a": 1}),
    ],
)
def test_defaults_and_what_is_left_out_are_those_of_graphql_core(variables: str, given: dict[str, Any]) -> None:
    same(operation(f"query Q({variables}) {{ viewer {{ kind }} }}"), given)


def test_every_input_type_is_understood() -> None:
    """Else its operations would go the long way, and nobody would notice."""

    def empty(name: str) -> Callable[[], Any]:
        return lambda: coercer(CORE, operation(f"query Q($v: {name}) {{ viewer {{ kind }} }}")).coerced({"v": None})

    assert {name: empty(name)() for name in NAMES} == {name: {"v": None} for name in NAMES}
    assert all(get_named_type(CORE.type_map[name]) for name in NAMES)
