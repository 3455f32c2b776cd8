"""Which rows a request was shown sensitive fields of, so that it can be noted before the answer leaves.

A field says itself that it is sensitive (`sensitive=True` where it is declared). In a plan each object that shows such
fields begins with a mark: whose row it is, and which of them were not null. The mark is cut out of the answer's text
without reading it; a statement that shows no such field has none, and is what it would be anyway.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import GraphQLObjectType
from sqlalchemy import ColumnElement, Text, and_, case, func, literal_column

from gateway.execution.objects import MARK, Pair

Key = tuple[uuid.UUID, uuid.UUID]
"""A policy, and the case or another row of it."""

CASE_KEYS = ("booking_id", "claim_id", "preauth_id", "advance_id")
MARKED = re.compile(rb'"%b" : "([0-9a-f-]{36}) ([0-9a-f-]{36})([^"]*)", ' % re.escape(MARK.encode()))
"""No word of a client or of a row looks like it: a name has no such sign, and quotes within a text are escaped."""


@dataclass(slots=True)
class Shown:
    """The rows of one answer and their sensitive fields, each as `Type.field`. No value of theirs."""

    rows: dict[Key, set[str]] = field(default_factory=dict[Key, set[str]])

    def take(self, json: bytes) -> bytes:
        """The JSON without its marks, which are remembered."""
        for policy, subject, names in MARKED.findall(json):
            if names:
                self._add(uuid.UUID(policy.decode()), uuid.UUID(subject.decode()), names.decode().split())
        return MARKED.sub(b"", json)

    def see(self, name: str, columns: Sequence[str], row: Mapping[str, Any]) -> None:
        """A field that is resolved by itself."""
        if all(row[column] is not None for column in columns):
            self._add(row["policy_id"], row[_subject(row.__contains__)], [name])

    def taken(self) -> Mapping[Key, set[str]]:
        """All of it, after which there is none."""
        rows, self.rows = self.rows, {}
        return rows

    def _add(self, policy: uuid.UUID, subject: uuid.UUID, names: Iterable[str]) -> None:
        self.rows.setdefault((policy, subject), set()).update(names)


def marks(owner: GraphQLObjectType, names: Iterable[str], row: Any) -> list[Pair]:
    """The mark of an object of a type with these fields; none where none of them is sensitive."""
    asked = {name: columns for name in names if (columns := columns_of(owner, name))}
    if not asked:
        return []
    subject = getattr(row, _subject(partial(hasattr, row)))
    told = [case((_is_there(row, columns), _text(f" {owner.name}.{name}"))) for name, columns in asked.items()]
    return [(MARK, func.concat(row.policy_id, _text(" "), subject, *told))]


def columns_of(owner: GraphQLObjectType, name: str) -> Sequence[str]:
    """The columns that a sensitive field shows; none where it is not sensitive."""
    known = owner.fields.get(name)
    definition = known and known.extensions.get("strawberry-definition")
    return definition.metadata.get("sensitive", ()) if definition else ()


def _subject(has: Callable[[str], bool]) -> str:
    """The column that names the case: a row of a case says whose it is, and what is about an insured is one itself."""
    return "id" if has("insured_id") else next(filter(has, CASE_KEYS), "id")


def _is_there(row: Any, columns: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(getattr(row, column).is_not(None) for column in columns))


def _text(words: str) -> ColumnElement[str]:
    return literal_column(f"'{words}'::text", Text)
