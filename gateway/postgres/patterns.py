"""Finding texts by a part of them: patterns of LIKE, and the pairs of characters that an index knows."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, column, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from models.base import BAR

_WILD = re.compile(r"([\\%_])")


def containing(text: str) -> str:
    """The pattern of everything that contains a text, whatever signs the text has."""
    literal = _WILD.sub(r"\\\1", text)
    return f"%{literal}%"


def pairs_of(text: str) -> list[str]:
    """The neighboring characters of a text, two by two, but for the sign that divides them in the index. A single
    character has none, and narrows nothing."""
    return [pair for at in range(len(text) - 1) if BAR not in (pair := text[at : at + 2])]


def pairs(column: Any) -> ColumnElement[Any]:
    """The same of a column, as `models.base.pairs_index` says it: said otherwise, the index would not be used."""
    return _pairs(column).op("||", return_type=ARRAY(Text))(_pairs(func.substr(column, literal_column("2"))))


def _pairs(value: Any) -> ColumnElement[Any]:
    parts = (literal_column(part) for part in ("'(..)'", f"'\\1{BAR}'", "'g'"))
    return func.string_to_array(func.regexp_replace(value, *parts), literal_column(f"'{BAR}'"), type_=ARRAY(Text))


def found_by_part(item: Any, wanted: Any, pattern: Any) -> ColumnElement[bool]:
    """Rows whose number contains a text. Postgres does not ask an index of texts before row security, since such a
    question could give a hidden row away; so a function finds their keys, and row security judges what is found.
    """
    keys = [key.name for key in item.parent.mapper.local_table.primary_key]
    found = getattr(func, finder(item.parent.mapper.local_table.name))(wanted, pattern)
    found = found.table_valued(*(column(key, UUID(as_uuid=True)) for key in keys))
    own = tuple_(*(getattr(item.parent.entity, key) for key in keys))
    return and_(item.like(pattern), own.in_(select(*(found.c[key] for key in keys))))


def finder(table: str) -> str:
    """The function that finds rows of a table by a part of their number."""
    return f"{table}_by_part"
