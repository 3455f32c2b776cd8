"""Which rows a request was shown sensitive fields of, so that it can be noted before the answer leaves.

A field says itself that it is sensitive (`sensitive=True` where it is declared). In a plan each object that shows such
fields begins with a mark: whose row it is, and which of them were not null. The mark is cut out of the answer's text
without reading it; a statement that shows no such field has none, and is what it would be anyway.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import GraphQLObjectType
from sqlalchemy import ColumnElement, Text, and_, func, literal_column
from sqlalchemy import case as choice

from gateway.execution.objects import MARK, Pair

CASE_KEYS = ("booking_id", "claim_id", "preauth_id", "advance_id", "appeal_id", "bill_id", "decision_id")
MARKED = re.compile(rb'"%b" : "([0-9a-f-]{36}) ([0-9a-f-]{36})([^"]*)", ' % re.escape(MARK.encode()))
"""No word of a client or of a row looks like it: a name has no such sign, and quotes within a text are escaped."""


@dataclass(slots=True)
class Shown:
    """Of each policy the cases of one answer, and of each case its sensitive fields as `Type.field`. No value."""

    policies: dict[str, dict[str, set[str]]] = field(default_factory=dict[str, dict[str, set[str]]])

    def take(self, json: bytes) -> bytes:
        """The JSON without its marks, which are remembered."""
        parts = MARKED.split(json)  # text, policy, case, names, text, …
        for policy, case, names in set(zip(parts[1::4], parts[2::4], parts[3::4], strict=True)):
            if names:
                self._add(policy.decode(), case.decode(), names.decode().split())
        return b"".join(parts[::4])

    def see(self, name: str, columns: Sequence[str], row: Mapping[str, Any]) -> None:
        """A field that is resolved by itself."""
        if all(row[column] is not None for column in columns):
            self._add(str(row["policy_id"]), str(row[subject_of(row.__contains__)]), [name])

    def taken(self) -> Mapping[str, Mapping[str, set[str]]]:
        """All of it, after which there is none."""
        policies, self.policies = self.policies, {}
        return policies

    def _add(self, policy: str, case: str, names: Iterable[str]) -> None:
        self.policies.setdefault(policy, {}).setdefault(case, set()).update(names)


def marks(owner: GraphQLObjectType, names: Iterable[str], row: Any) -> list[Pair]:
    """The mark of an object of a type with these fields; none where none of them is sensitive."""
    asked = {name: columns for name in names if (columns := columns_of(owner, name))}
    if not asked:
        return []
    subject = getattr(row, subject_of(partial(hasattr, row)))
    told = [choice((_is_there(row, columns), _text(f" {owner.name}.{name}"))) for name, columns in asked.items()]
    return [(MARK, func.concat(row.policy_id, _text(" "), subject, *told))]


def columns_of(owner: GraphQLObjectType, name: str) -> Sequence[str]:
    """The columns that a sensitive field shows; none where it is not sensitive."""
    known = owner.fields.get(name)
    definition = known and known.extensions.get("strawberry-definition")
    return definition.metadata.get("sensitive", ()) if definition else ()


def subject_of(has: Callable[[str], bool]) -> str:
    """The column that names the case: a row of a case says whose it is, and what is about an insured is one itself,
    or is the insured's only one.
    """
    if has("insured_id"):
        return "id" if has("id") else "insured_id"
    return next(filter(has, CASE_KEYS), "id")


def _is_there(row: Any, columns: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(getattr(row, column).is_not(None) for column in columns))


def _text(words: str) -> ColumnElement[str]:
    return literal_column(f"'{words}'::text", Text)
