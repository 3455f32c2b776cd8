"""Scalars as JSON: what PostgreSQL must print so that it reads as the plain executor prints it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Text, cast, func


def print_instant(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def instant_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """As `print_instant`: UTC, and a fraction of six digits where there is one."""
    text = func.to_char(func.timezone("UTC", value), 'YYYY-MM-DD"T"HH24:MI:SS.US')
    return func.replace(text, ".000000", "", type_=Text).concat("Z")


def time_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """As `time.isoformat`."""
    return func.replace(func.to_char(value, "HH24:MI:SS.US"), ".000000", "", type_=Text)


def as_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """A column as the text that a cursor holds of it."""
    return instant_text(value) if isinstance(value.type, DateTime) else cast(value, Text)


def _decimal_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(value, Text)


PRINTED: Mapping[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    "DateTime": instant_text,
    "Time": time_text,
    "Decimal": _decimal_text,
}
"""GraphQL scalar → its text. A scalar that is not named here is printed by PostgreSQL as it is needed."""


def printed(value: ColumnElement[Any], scalar: str) -> ColumnElement[Any]:
    print_ = PRINTED.get(scalar)
    return value if print_ is None else print_(value)
