"""What a field can be in SQL. A declaration makes one of these, and both ways of answering a document follow it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement

from gateway.auth.sight import Sight
from gateway.auth.viewer import ViewerKind
from gateway.execution.filters import Condition
from gateway.execution.keyset import Key
from gateway.postgres.given import Given


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may know of the request: a few words that a plan is made for, and the rest as parameters."""

    sight: Sight
    language: str
    bind: Callable[[Any, Callable[[Any], Any]], ColumnElement[Any]]
    """A parameter of a SQL type, read from the context of each request."""


Only = Callable[[ViewerKind, Any], ColumnElement[bool]]
"""(kind of viewer, row) → whether the row is of the list."""

Told = Callable[[Any, Scope], ColumnElement[Any]]
"""(row, scope) → what a field tells of the row."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str


@dataclass(frozen=True, slots=True)
class Localized:
    base: str


@dataclass(frozen=True, slots=True)
class Expression:
    build: Callable[[Any], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class LocalizedExpression:
    build: Callable[[Any, str], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that Python computes; `sql` says the same to PostgreSQL."""

    sql: Told


@dataclass(frozen=True, slots=True)
class GlobalId:
    prefix: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    target: str
    unless_null: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    column: str


@dataclass(frozen=True, slots=True)
class ToOne:
    target: str
    match: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToOneOf:
    """One row of the type that a column chooses: word of the column → type."""

    column: str
    targets: Mapping[str, str]
    match: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToMany:
    target: str
    match: Mapping[str, str]
    order: tuple[str, ...]
    where: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One row by exact columns: argument → column."""

    target: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Rows of a small list: the conditions of its arguments, of which those that are not given set none."""

    target: str
    order: tuple[str, ...]
    conditions: Callable[[Any, Mapping[str, Given]], Sequence[ColumnElement[bool]]]
    check: Callable[[Mapping[str, Any]], object] | None = None  # of all the arguments' values; it refuses by a fault
    shown_as: str | None = None  # the GraphQL type, where it is not the target's own


@dataclass(frozen=True, slots=True)
class ById:
    """An object of any type by its global id, or a list of such."""

    argument: str
    is_list: bool = False
    check: Callable[[Mapping[str, Any]], object] | None = None


@dataclass(frozen=True, slots=True)
class Paged:
    """A connection over the rows of a type; `within` nests it: target column → own column."""

    target: str
    orders: Mapping[Any, Sequence[Key]]  # the first is the default
    words: type[Enum] | None
    within: Mapping[str, str]
    where: type | None
    arguments: Mapping[str, Condition]
    only: Only | None = None  # what the list is of, for each kind of viewer
    otherwise: Mapping[str, Callable[[Any], ColumnElement[bool]]] = field(default_factory=dict)
    """What holds where an argument is left out."""


@dataclass(frozen=True, slots=True)
class FromPython:
    """A value that Python alone tells, from an object that is no row and from the context."""

    read: Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that Python alone tells, for all rows of an answer at once, after the statement has been answered."""

    load: "Load"
    needs: tuple[str, ...] = ()  # columns of the row; none at the root


def policy_of(own: Any, match: Mapping[str, str]) -> Any:
    """Where the policy of related rows stands in one's own row, if the two are related by it."""
    return getattr(own, match["policy_id"]) if "policy_id" in match else None


Load = Callable[..., Awaitable[Sequence[Any]]]
"""(context, rows, **arguments) → a value for each row. Where a row has none, the whole is refused by a fault."""


@dataclass(frozen=True, slots=True)
class OfSubject:
    """The row that a command was about, or with an order the rows whose columns are those of its key."""

    target: str
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Commanded:
    """A mutation: (context, operation, arguments) → its payload, read before the transaction is settled."""

    send: Callable[[Any, str, Mapping[str, Any]], Awaitable["Sent"]]


Follow = Callable[..., AsyncGenerator[tuple[Any, ...]]]
"""(context, **arguments) → the keys of what is to be shown, one after the other, for as long as somebody listens."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription. Each message is an object of a type, found by its key; without columns it is no row."""

    target: str
    columns: tuple[str, ...]
    follow: Follow


@dataclass(frozen=True, slots=True)
class Sent:
    """A mutation that was sent, and not yet settled."""

    payload: Any
    key: tuple[Any, ...] | None  # of the row that it was about; none where it was refused


Form = (
    Column
    | Localized
    | Expression
    | LocalizedExpression
    | Computed
    | GlobalId
    | Embedded
    | Amount
    | ToOne
    | ToOneOf
    | ToMany
    | Lookup
    | Narrowed
    | ById
    | Paged
    | FromPython
    | Filled
    | OfSubject
    | Commanded
    | Followed
)


def declared(form: Form | None, *scopes: str | None) -> dict[str, Any]:
    """The metadata of a field: its form, without which only the plain executor answers it, and what it requires."""
    return {"form": form, "scopes": tuple(scope for scope in scopes if scope)}


def told(sql: Told) -> dict[str, Any]:
    """The metadata of a field that a resolver computes and SQL tells alike."""
    return declared(Computed(sql))
