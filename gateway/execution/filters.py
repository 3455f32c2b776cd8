"""Filters: an input field says, where it is defined, which condition it sets on a row."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from functools import partial
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, bindparam, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import any_

from gateway.faults import bad_input

Condition = Callable[[Any, Any], ColumnElement[bool]]
"""(row, value) → condition. The value is the one of the input field, enums as their words."""

MAXIMUM_ITEMS = 100


def matches(condition: Condition, description: str) -> Any:
    """An input field that narrows the list; left out or null it narrows nothing."""
    return strawberry.field(default=None, description=description, metadata={"condition": condition})


def equals(column: str, description: str) -> Any:
    return matches(lambda row, value: getattr(row, column) == value, description)


def together(name: str, condition: Callable[[Any, Mapping[str, Any]], ColumnElement[bool]], description: str) -> Any:
    """An input field that sets one condition together with its siblings that name the same function."""
    return strawberry.field(default=None, description=description, metadata={"together": (name, condition)})


def operators(column: str, description: str) -> Any:
    """An input field that holds an operator input such as {in: […]} over one column."""

    def condition(row: Any, value: Any) -> ColumnElement[bool]:
        return compare(getattr(row, column), value)

    return matches(condition, description)


def compare(item: Any, wanted: Any) -> ColumnElement[bool]:
    """All operators that are given hold together. An empty list matches nothing."""
    tests: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "eq": lambda value: item == value,
        "in_": lambda value: among(item, value),
        "gte": lambda value: item >= value,
        "lte": lambda value: item <= value,
        "contains": lambda value: item.contains(value, autoescape=True),
    }
    condition: Any = None
    for name, value in _given(wanted):
        test = tests[name](value)
        condition = test if condition is None else condition & test
    return bindparam(None, True) == bindparam(None, True) if condition is None else condition


def among(item: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    if not values:
        return false()
    return item == any_(bindparam(None, list(values), type_=ARRAY(item.type)))


def conditions(where: Any, *path: str) -> list[Callable[[Any], ColumnElement[bool]]]:
    """The conditions that a filter input sets, each waiting for the row it shall look at."""
    if where is None:
        return []
    found: list[Callable[[Any], ColumnElement[bool]]] = []
    groups: dict[Any, dict[str, Any]] = {}
    for item in fields(where):
        value = word(getattr(where, item.name))
        if value is None:
            continue
        _bound(value, *path, item.name)
        if "together" in item.metadata:
            name, condition = item.metadata["together"]
            groups.setdefault(condition, {})[name] = value
        else:
            found.append(partial(_call, item.metadata["condition"], value))
    return found + [partial(_call, condition, values) for condition, values in groups.items()]


def _call(condition: Condition, value: Any, row: Any) -> ColumnElement[bool]:
    return condition(row, value)


def word(value: Any) -> Any:
    """Enums as their words, also inside lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [word(item) for item in value]
    return value


def _given(wanted: Any) -> Iterator[tuple[str, Any]]:
    for item in fields(wanted):
        value = word(getattr(wanted, item.name))
        if value is not None:
            yield item.name, value


def _bound(value: Any, *path: str) -> None:
    lists = [value] if isinstance(value, list) else [item for _, item in _given(value)] if _is_input(value) else []
    for items in lists:
        if isinstance(items, list) and len(items) > MAXIMUM_ITEMS:
            raise bad_input(f"A list in a filter may have {MAXIMUM_ITEMS} items, not {len(items)}.", *path)


def _is_input(value: Any) -> bool:
    return inspect.isclass(type(value)) and hasattr(type(value), "__strawberry_definition__")
