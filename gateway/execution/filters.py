"""Filters: an input field says, where it is defined, which condition it sets on a row."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Text, and_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import any_

from gateway.auth.catalogue import CATALOGUE
from gateway.faults import bad_input
from gateway.postgres.given import Given
from gateway.postgres.patterns import containing, found_by_part, pairs_of

Condition = Callable[[Any, Given], ColumnElement[bool]]
"""(row, what the input field is given) → condition."""

MAXIMUM_ITEMS = 100


def matches(condition: Condition, description: str) -> Any:
    """An input field that narrows the list; left out or null it narrows nothing."""
    return strawberry.field(default=None, description=description, metadata={"condition": condition})


def equals(column: str, description: str) -> Any:
    def condition(row: Any, given: Given) -> ColumnElement[bool]:
        item = getattr(row, column)
        return item == given.bind(item.type)

    return matches(condition, description)


def together(name: str, condition: Condition, description: str) -> Any:
    """An input field that sets one condition together with its siblings that name the same function."""
    return strawberry.field(default=None, description=description, metadata={"together": (name, condition)})


def operators(column: str, description: str) -> Any:
    """An input field that holds an operator input such as {in: […]} over one column."""

    return matches(lambda row, given: compare(getattr(row, column), given), description)


def compare(item: Any, given: Given) -> ColumnElement[bool]:
    """All operators that are given hold together. An empty list matches nothing."""
    return and_(true(), *(OPERATORS[name](item, operand) for name, operand in given.items.items()))


def among(item: Any, given: Given) -> ColumnElement[bool]:
    return item == any_(given.bind(ARRAY(item.type)))


def with_part(item: Any, given: Given) -> ColumnElement[bool]:
    """A text that contains another. The catalogue is small and public; elsewhere a function looks into an index."""
    pattern = given.bind(Text, containing)
    if item.parent.mapper.local_table.name in CATALOGUE:
        return item.like(pattern)
    return found_by_part(item, given.bind(ARRAY(Text), pairs_of), pattern)


OPERATORS: Mapping[str, Callable[[Any, Given], ColumnElement[bool]]] = {
    "eq": lambda item, given: item == given.bind(item.type),
    "in_": among,
    "gte": lambda item, given: item >= given.bind(item.type),
    "lte": lambda item, given: item <= given.bind(item.type),
    "contains": with_part,
}


def conditions(kind: type | None, given: Given | None) -> list[Callable[[Any], ColumnElement[bool]]]:
    """The conditions that a filter input sets, each waiting for the row it shall look at."""
    if kind is None or given is None:
        return []
    found: list[Callable[[Any], ColumnElement[bool]]] = []
    groups: dict[Condition, Given] = {}
    for item in fields(kind):
        if item.name not in given.items:
            continue
        if "together" in item.metadata:
            groups[item.metadata["together"][1]] = given
        else:
            found.append(partial(_call, item.metadata["condition"], given.items[item.name]))
    return found + [partial(_call, condition, group) for condition, group in groups.items()]


def _call(condition: Condition, given: Given, row: Any) -> ColumnElement[bool]:
    return condition(row, given)


def plain(value: Any) -> Any:
    """Enums as their words, inputs as mappings without what is null."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if is_dataclass(value):
        named = {item.name: plain(getattr(value, item.name)) for item in fields(value)}
        return {name: item for name, item in named.items() if item is not None}
    return value


def check_sizes(value: Any, *path: str) -> None:
    """Refuses a list that is too long, wherever it stands in what a filter is given."""
    if isinstance(value, list) and len(value) > MAXIMUM_ITEMS:
        # an operator is no place of its own: the field that it stands in is at fault
        raise bad_input(f"A list in a filter may have {MAXIMUM_ITEMS} items, not {len(value)}.", *path[:2])
    if isinstance(value, dict):
        for name, item in value.items():
            check_sizes(item, *path, name)
