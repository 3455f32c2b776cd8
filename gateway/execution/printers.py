"""Objects of Python as JSON: for each selection a printer is made once, as a statement is for rows.

Rows that a printed object leads to, such as the rule of a verdict, are asked for together when all has been printed.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
)
from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.auth.sight import Setting
from gateway.execution import forms
from gateway.execution.parameters import Call
from gateway.execution.selections import Selections, Unplannable
from gateway.execution.statement import Statement

if TYPE_CHECKING:
    from gateway.execution.planner import Planner

Sets = Sequence[SelectionSetNode | None]
Print = Callable[[Any, "Sheet"], Any]
"""(object, sheet) → what `orjson` prints, or a `Wanted` row."""


class NullPromised(Exception):
    """A null where the schema promises a value: the plain executor says what is wrong."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that is asked for later: by which lookup, and its key."""

    lookup: int
    key: Any


@dataclass(slots=True)
class Sheet:
    """What is being printed for one request, and the places that still wait for rows."""

    context: Any
    key: Sequence[Any] | None = None  # of what a command was about
    waiting: dict[int, list[tuple[dict[str, Any], str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def wait(self, wanted: Wanted, made: dict[str, Any], key: str) -> None:
        self.waiting[wanted.lookup].append((made, key, wanted.key))


@dataclass(slots=True)
class Lookup:
    """Rows of one type by a key. What never changes while the worker lives is asked for once."""

    statement: Statement
    known: dict[Any, bytes | None] | None

    async def rows(self, reader: Any, arguments: Sequence[Any], keys: Sequence[Any]) -> Mapping[Any, bytes | None]:
        known = {} if self.known is None else self.known
        missing = [key for key in keys if key not in known]
        if missing:
            values = await reader.value(self.statement.sql, self.statement.completed(arguments, [missing]))
            known.update(zip(missing, values, strict=True))
        return known


@dataclass(frozen=True, slots=True)
class Lookups:
    """All lookups of a plan, with the values of one request."""

    lookups: Sequence[Lookup]
    arguments: Sequence[Sequence[Any]]

    @classmethod
    def bound(cls, lookups: Sequence[Lookup], call: Call) -> "Lookups":
        return cls(lookups, [lookup.statement.bind(call) for lookup in lookups])

    async def fill(self, sheet: Sheet) -> None:
        """Put the rows into their places."""
        reader = sheet.context.unit.reader
        for at, places in sheet.waiting.items():
            keys = list(dict.fromkeys(key for _, _, key in places))
            found = await self.lookups[at].rows(reader, self.arguments[at], keys)
            for made, name, key in places:
                json = found[key]
                if json is None:
                    raise NullPromised
                made[name] = orjson.Fragment(json)


class Making(Protocol):
    """What makes planners for parts of one operation that have statements of their own."""

    @property
    def told(self) -> Sequence[Setting]: ...

    @property
    def selections(self) -> Selections: ...

    def planner(self) -> "Planner": ...


@dataclass(slots=True)
class Printers:
    making: Making
    lookups: list[Lookup] = field(default_factory=list)

    def object(self, kind: GraphQLObjectType, sets: Sets) -> Print:
        fields = [(key, self.field(kind, nodes)) for key, nodes in self.making.selections.fields(sets, kind).items()]

        def print_(value: Any, sheet: Sheet) -> dict[str, Any]:
            made: dict[str, Any] = {}
            for key, print_field in fields:
                made[key] = item = print_field(value, sheet)
                if type(item) is Wanted:
                    sheet.wait(item, made, key)
            return made

        return print_

    def field(self, owner: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Print:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda _value, _sheet: owner.name
        field = owner.fields.get(name)
        if field is None:
            raise Unplannable
        definition = field.extensions["strawberry-definition"]
        sets = [node.selection_set for node in nodes]
        match definition.metadata.get("form"):
            case forms.FromPython(read):
                inner = self.typed(field.type, sets)
                return lambda value, sheet: inner(read(value, sheet.context), sheet)
            case forms.ToOne() as form if isinstance(field.type, GraphQLNonNull):
                return self._looked_up(form, field, sets)
            case None if definition.base_resolver is None:
                inner, attribute = self.typed(field.type, sets), definition.python_name
                return lambda value, sheet: inner(getattr(value, attribute), sheet)
            case _:
                raise Unplannable

    def typed(self, kind: Any, sets: Sets) -> Print:
        """The printer of a value of a GraphQL type."""
        if isinstance(kind, GraphQLNonNull):
            return _promised(self._nullable(kind.of_type, sets))
        inner = self._nullable(kind, sets)
        return lambda value, sheet: None if value is None else inner(value, sheet)

    def _nullable(self, kind: Any, sets: Sets) -> Print:
        """The printer of what is not null."""
        if isinstance(kind, GraphQLList):
            item = self.typed(kind.of_type, sets)
            return lambda value, sheet: [item(each, sheet) for each in value]
        if is_leaf_type(kind):
            print_: Callable[[Any], Any] = kind.coerce_output_value
            return lambda value, _sheet: print_(value)
        if isinstance(kind, GraphQLObjectType):
            return self.object(kind, sets)
        raise Unplannable

    def _looked_up(self, form: forms.ToOne, field: GraphQLField, sets: Sets) -> Print:
        """A row of a public type by one attribute of the object."""
        ((column, own),) = form.match.items()
        kind = get_named_type(field.type)
        if not isinstance(kind, GraphQLObjectType) or kind.name != form.target:
            raise Unplannable
        at = self._place(_lookup(self.making, form.target, column, sets))
        return lambda value, _sheet: Wanted(at, getattr(value, own))

    def _place(self, lookup: Lookup) -> int:
        """The number of a lookup; the same rows in several places of a document are asked for once."""
        for at, known in enumerate(self.lookups):
            if lookup.known is not None and known.statement.sql == lookup.statement.sql:
                return at
        self.lookups.append(lookup)
        return len(self.lookups) - 1


def _promised(inner: Print) -> Print:
    def print_(value: Any, sheet: Sheet) -> Any:
        if value is None:
            raise NullPromised
        return inner(value, sheet)

    return print_


def _lookup(making: Making, target: str, column: str, sets: Sets) -> Lookup:
    """A statement that gives the rows of many keys, in the order of the keys."""
    planner = making.planner()
    source, row = planner.source(target)
    keys = func.unnest(planner.recorder.bind_later(ARRAY(Text), 0))
    wanted = keys.table_valued("key", with_ordinality="place").render_derived(name="wanted")
    made = func.convert_to(cast(planner.object(source.name, sets, row), Text), "UTF8")
    matching = getattr(row, column) == wanted.c.key
    found = select(made).select_from(row).where(matching, *planner.visible(source, row)).correlate(wanted)
    rows = select(found.scalar_subquery()).select_from(wanted).order_by(wanted.c.place)
    statement = Statement.compiled(planner.recorder, func.array(rows.scalar_subquery()), making.told)
    is_fixed = source.is_fixed and len(statement.kinds) == 1 and planner.is_of_own_row(source.name, sets)
    return Lookup(statement, {} if is_fixed else None)
