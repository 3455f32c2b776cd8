"""JSON objects and lists as SQL expressions."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal_column
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

MOST_PAIRS = 50
"""A function of PostgreSQL takes a hundred arguments."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NOTHING: ColumnElement[Any] = literal_column("null::json", JSON)
EMPTY_LIST: ColumnElement[Any] = literal_column("'[]'::json", JSON)

MARK = "shown!"
"""The key of what an object tells the gateway alone; no name of GraphQL has such a sign."""

Pair = tuple[str, ColumnElement[Any]]


def name_literal(name: str) -> ColumnElement[str]:
    """A GraphQL name as SQL text: it has no sign that would need a parameter."""
    if name != MARK and NAME.fullmatch(name) is None:
        raise ValueError(name)
    return literal_column(f"'{name}'::text", Text)


def object_of(pairs: Sequence[Pair]) -> ColumnElement[Any]:
    """An object with its keys in order."""
    if len(pairs) <= MOST_PAIRS:
        return func.json_build_object(
            *(part for name, value in pairs for part in (name_literal(name), value)), type_=JSON
        )
    parts = [_inside(object_of(pairs[at : at + MOST_PAIRS])) for at in range(0, len(pairs), MOST_PAIRS)]
    return cast(func.concat("{", func.concat_ws(", ", *parts), "}"), JSON)


def list_of(
    value: ColumnElement[Any], order: Sequence[ColumnElement[Any]] = (), where: ColumnElement[bool] | None = None
) -> ColumnElement[Any]:
    """The values of all rows; no rows are an empty list."""
    found: Any = func.json_agg(aggregate_order_by(value, *order) if order else value, type_=JSON)
    return func.coalesce(found if where is None else found.filter(where), EMPTY_LIST, type_=JSON)


def never_null(value: ColumnElement[Any], place: str) -> ColumnElement[Any]:
    """A value that the schema promises. A null stops the statement, and the plain executor says what is wrong.

    The clock keeps PostgreSQL from stopping before there is a null.
    """
    alarm = cast(func.concat(f"null in {place} at ", func.statement_timestamp()), JSON)
    shown = value if isinstance(value.type, JSON) else func.to_json(value, type_=JSON)
    return func.coalesce(shown, alarm, type_=JSON)


def _inside(value: ColumnElement[Any]) -> ColumnElement[str]:
    """The text of an object without its brackets."""
    text = cast(value, Text)
    return func.substr(text, 2, func.length(text) - 2)
