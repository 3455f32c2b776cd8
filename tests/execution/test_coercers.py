"""The coercers of variables give what graphql-core gives, over every input type of the schema, and doubt the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    get_named_type,
    is_input_type,
    parse,
    parse_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from gateway.execution.coercers import Doubt, coercer
from gateway.execution.parameters import shape_of
from gateway.schema import schema

CORE: Any = schema._schema
NAMES = sorted(name for name, kind in CORE.type_map.items() if is_input_type(kind) and not name.startswith("__"))
EXAMPLES = 60
NUMBERS = (0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**33)
FRACTIONS = (0.0, -0.0, 1.0, 0.5, -2.75, 1e300, 5e-324, float(2**31), 2.0**53)
WORDS = ("", "x", "2026-03-10", "2026-03-10T09:30:00+08:00", "09:30", "-12.5", "ZYB", "1e3", "policy_1")
TEXTS = ("", "a", "上海", "🏥", "\x00", "\n", "12", "null", "\ufffe")


def strange(random: Random) -> Any:
    match random.randrange(7):
        case 0:
            return None
        case 1:
            return random.random() < 0.5
        case 2:
            return random.choice([*NUMBERS, random.randint(-(2**33), 2**33)])
        case 3:
            return random.choice([*FRACTIONS, random.uniform(-(2**33), 2**33)])
        case 4:
            return random.choice(WORDS)
        case 5:
            return [random.choice(NUMBERS) for _ in range(random.randrange(3))]
        case _:
            return {random.choice(["city", "first", "nope"]): random.choice(TEXTS) for _ in range(random.randrange(3))}


GOOD: Mapping[str, Callable[[Random], Any]] = {
    "String": lambda random: random.choice(TEXTS),
    "ID": lambda random: random.choice([*TEXTS, random.randrange(100)]),
    "Boolean": lambda random: random.random() < 0.5,
    "Int": lambda random: random.choice([0, 7, 2**31 - 1, -(2**31), random.randint(-(2**31), 2**31 - 1)]),
    "Float": lambda random: random.choice([*FRACTIONS, random.uniform(-1e9, 1e9)]),
    "Date": lambda random: random.choice(["2026-03-10", "1900-01-01"]),
    "DateTime": lambda random: random.choice(["2026-03-10T09:30:00+08:00", "2026-03-10T01:30:00Z"]),
    "Time": lambda random: random.choice(["09:30", "23:59:59"]),
    "Decimal": lambda random: random.choice(["4999.99", "-1", "0"]),
    "JSON": strange,
}


@dataclass(frozen=True)
class Writer:
    """Values of a type as JSON brings them; where they may be wrong, each place is so one time in four."""

    random: Random
    may_err: bool

    def value(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type)
        if self.may_err and self.random.random() < 0.25:
            return strange(self.random)
        return None if self.random.random() < 0.3 else self._good(kind)

    def _good(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLList):
            many = self.random.random() < 0.7  # one alone stands for a list of one
            return (
                [self.value(kind.of_type) for _ in range(self.random.randrange(3))]
                if many
                else self.value(kind.of_type)
            )
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind)
        return GOOD[kind.name](self.random)

    def _object(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        made = {name: self.value(field.type) for name, field in kind.fields.items() if self._has(field)}
        return made | ({"nope": strange(self.random)} if self.may_err and kind.name.endswith("r") else {})

    def _has(self, field: GraphQLInputField) -> bool:
        is_needed = isinstance(field.type, GraphQLNonNull) and not self.may_err
        return is_needed or self.random.random() < 0.5


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
    assert own == expected, given
    assert repr(own) == repr(expected)  # equality alone takes 1 for true and 1.0


def wrapped(name: str) -> tuple[str, ...]:
    return (name, f"{name}!", f"[{name}]", f"[{name}!]!")


@pytest.mark.parametrize("may_err", [False, True], ids=["right", "strange"])
@pytest.mark.parametrize("name", NAMES)
def test_values_are_those_of_graphql_core(name: str, may_err: bool) -> None:
    nodes = {text: operation(f"query Q($v: {text}) {{ viewer {{ kind }} }}") for text in wrapped(name)}
    kinds = {text: type_from_ast(CORE, parse_type(text)) for text in wrapped(name)}
    random = Random(f"{name} {may_err}")
    writer = Writer(random, may_err)
    for _ in range(EXAMPLES):
        text = random.choice(wrapped(name))
        same(nodes[text], {"v": writer.value(kinds[text])})


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
