"""Variables: what is wrong with them, each fault with its place and with what is expected there instead."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_non_null_type,
    type_from_ast,
)
from graphql.pyutils import Undefined
from graphql.utilities import validate_input_value

from gateway.bounds import Bounds
from gateway.execution.texts import over
from gateway.faults import Fault, bad_input

MOST_FAULTS = 10
FIELD_AT_FAULT = re.compile(r"(required|unknown) field '(\w+)'")
WANTED = {
    "String": "expected a string",
    "ID": "expected an id, which is a string",
    "Int": "expected a whole number of 32 bits",
    "Boolean": "expected true or false",
}
Path = tuple[str, ...]


class _Enough(Exception):
    """So many faults have been found that more would help nobody."""


def refused(values: Mapping[str, Any], bounds: Bounds, *, may_hold_nul: bool) -> Fault | None:
    """Why variables are not looked at any further: they are too large, or hold a text that cannot be stored.

    They come from JSON, in which halves of characters are no text, and NUL is a text only where it is escaped.
    """
    if len(values) > bounds.values:
        return _too_many(bounds, len(values), next(iter(values)))
    for value in values.values():
        if type(value) is str:
            if len(value) > bounds.text_length:
                break
        elif isinstance(value, list | dict):
            break
    else:  # as most are: nothing that has to be walked
        return unstorable(values) if may_hold_nul else None
    return _oversized(values, bounds) or (unstorable(values) if may_hold_nul else None)


def _oversized(values: Mapping[str, Any], bounds: Bounds) -> Fault | None:
    number = 0
    waiting: list[tuple[Any, Path, int]] = [(value, (name,), 1) for name, value in values.items()]
    while waiting:
        item, path, depth = waiting.pop()
        number += 1
        if number + len(waiting) > bounds.values:
            return _too_many(bounds, number + len(waiting), *path)
        if isinstance(item, str) and len(item) > bounds.text_length:
            message = "A text may have {limit} characters, not {value}."
            return _over("textLength", bounds.text_length, len(item), message, path)
        if not isinstance(item, dict | list):
            continue
        if depth > bounds.value_depth:
            message = "Lists and objects may be {limit} deep."
            return _over("valueDepth", bounds.value_depth, depth, message, path)
        if isinstance(item, list) and len(item) > bounds.list_items:
            message = "A list may have {limit} items, not {value}."
            return _over("listItems", bounds.list_items, len(item), message, path)
        if len(item) > bounds.values:  # before any of them is put in line
            return _too_many(bounds, len(item), *path)
        inner = item.items() if isinstance(item, dict) else enumerate(item)
        waiting.extend((below, (*path, str(step)[: bounds.name_length]), depth + 1) for step, below in inner)
    return None


def _too_many(bounds: Bounds, number: int, *path: str) -> Fault:
    return _over("values", bounds.values, number, "The variables may have {limit} values.", path)


def _over(bound: str, limit: int, value: int, message: str, path: Path) -> Fault:
    fault = over(bound, limit, value, f"`{'.'.join(path)}`: {message}")
    fault.extensions["inputPath"] = list(path)  # type: ignore[index]
    return fault


def unstorable(value: Any, *path: str) -> Fault | None:
    """The first text, key or value, with a character that no text column can hold."""
    waiting: list[tuple[Any, Path]] = [(value, path)]
    while waiting:
        item, place = waiting.pop()
        if isinstance(item, str) and not is_storable(item):
            return unstorable_at(*place)
        if isinstance(item, Mapping):
            waiting.extend((name, place) for name in item)
            waiting.extend((inner, (*place, str(name))) for name, inner in item.items())
        elif isinstance(item, list):
            waiting.extend((inner, (*place, str(index))) for index, inner in enumerate(item))
    return None


def unstorable_at(*path: str) -> Fault:
    return bad_input("The character NUL and halves of characters cannot be stored: leave them out.", *path)


def is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def faults(schema: GraphQLSchema, operation: OperationDefinitionNode, values: Mapping[str, Any]) -> list[GraphQLError]:
    """Why the values of an operation's variables cannot be taken. The values themselves are not repeated."""
    found: list[GraphQLError] = []
    try:
        for name, kind, value in _declared(schema, operation, values):
            validate_input_value(value, kind, _collector(found, name, kind), hide_suggestions=True)
    except _Enough:
        pass
    except RecursionError:
        found.append(bad_input("The variables are nested too deeply."))
    return found


def _declared(
    schema: GraphQLSchema, operation: OperationDefinitionNode, values: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    for definition in operation.variable_definitions or ():
        name, kind = definition.variable.name.value, type_from_ast(schema, definition.type)
        value = values.get(name, Undefined)
        if value is not Undefined or (definition.default_value is None and is_non_null_type(kind)):
            yield name, kind, value


def _collector(found: list[GraphQLError], name: str, kind: Any) -> Any:
    def collect(error: GraphQLError, inner: list[str | int]) -> None:
        found.append(_fault(error, kind, name, inner))
        if len(found) >= MOST_FAULTS:
            raise _Enough

    return collect


def _fault(error: GraphQLError, kind: Any, name: str, inner: list[str | int]) -> Fault:
    path = [name, *map(str, inner)]
    missing = FIELD_AT_FAULT.search(error.message)
    if missing is not None:
        path.append(missing[2])
        wanted = "this field is required" if missing[1] == "required" else "there is no such field"
    else:
        wanted = _wanted(error, _type_at(kind, inner))
    return bad_input(f"`{'.'.join(path)}`: {wanted}.", *path)


def _wanted(error: GraphQLError, kind: Any) -> str:
    if isinstance(error.original_error, ValueError):
        return str(error.original_error)
    if "non-null" in error.message:
        return "a value is required"
    named = get_named_type(kind)
    if is_enum_type(named):
        return f"expected one of {', '.join(named.values)}"
    return WANTED.get(named.name, "expected an object" if is_input_object_type(named) else f"expected a {named.name}")


def _type_at(kind: Any, inner: list[str | int]) -> Any:
    """The type of the place that a path leads to; items of a list have the named type of the list."""
    for step in inner:
        named = get_named_type(kind)
        if isinstance(step, str) and is_input_object_type(named):
            kind = named.fields[step].type
    return kind
