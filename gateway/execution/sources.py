"""Where the rows of GraphQL types come from, known by the name of the type and by the prefix of its ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement

Row = dict[str, Any]
"""A row on its way through the plain executor: its table's columns, expressions as "$field", and `__typename`."""

SOURCES: dict[str, "Source"] = {}
"""GraphQL type name → where its rows come from."""

PREFIXES: dict[str, "Source"] = {}
"""Prefix of global ids → the same."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows of a GraphQL type come from."""

    name: str
    table: Any  # a SQLModel class
    prefix: str | None = None
    id_columns: tuple[str, ...] = ("id",)
    scope: str | None = None  # what the token must carry to read this type at all
    is_fixed: bool = False  # its rows are as they were when the worker started
    expressions: Mapping[str, Callable[[Any], ColumnElement[Any]]] = field(default_factory=dict)
