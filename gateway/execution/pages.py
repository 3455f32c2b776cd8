"""Connections in a plan: a page, its cursors, its place in the list and the total, each only where it is selected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLObjectType, get_named_type
from sqlalchemy import ColumnElement, Integer, LargeBinary, false, func, literal_column, select, true
from sqlalchemy.orm import aliased

from gateway.execution.connections import keys_of, kinds_of, list_conditions, purpose_of
from gateway.execution.filters import check_sizes, plain
from gateway.execution.forms import Paged, policy_of
from gateway.execution.keyset import DEFAULT_SIZE, Key, Page, beyond, order_by, page_of, signed_cursor
from gateway.execution.objects import list_of, name_literal, object_of
from gateway.execution.parameters import Call, Promised
from gateway.execution.selections import Fields, Unplannable
from gateway.execution.sources import Source

if TYPE_CHECKING:
    from gateway.execution.planner import Asked, Planner

OF_PAGE = frozenset({"edges", "nodes", "pageInfo"})


def connection(planner: "Planner", form: Paged, asked: "Asked") -> ColumnElement[Any]:
    kind: Any = get_named_type(asked.field.type)
    fields = planner.selections.fields(asked.sets, kind)
    return _Connection(planner, form, asked, kind, fields).value()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a page. Where its place in the list is asked for or it is read from the end, they are numbered from
    where reading began, and there is one more."""

    row: Any
    cursor: ColumnElement[str]
    number: ColumnElement[int] | None = None
    count: ColumnElement[int] | None = None


@dataclass(frozen=True, slots=True)
class _Connection:
    planner: "Planner"
    form: Paged
    asked: "Asked"
    kind: GraphQLObjectType
    fields: Fields

    def value(self) -> ColumnElement[Any]:
        self.planner.recorder.checks.append(self._page)
        if not any(nodes[0].name.value in OF_PAGE for nodes in self.fields.values()):
            return object_of([(key, self._of_list(nodes)) for key, nodes in self.fields.items()])
        rows = self._rows()
        made = object_of([(key, self._of_page(nodes, rows)) for key, nodes in self.fields.items()])
        # HAVING makes it one group of all rows, also where nothing that is selected counts or collects them
        statement = select(made).select_from(rows.row).having(literal_column("true"))
        return statement.correlate(self.asked.row).scalar_subquery()

    # The fields of a connection

    def _of_list(self, nodes: Sequence[FieldNode]) -> ColumnElement[Any]:
        match nodes[0].name.value:
            case "__typename":
                return name_literal(self.kind.name)
            case "totalCount":
                return self._total()
            case _:
                raise Unplannable

    def _of_page(self, nodes: Sequence[FieldNode], rows: _Rows) -> ColumnElement[Any]:
        match nodes[0].name.value:
            case "edges":
                return self._listed(self._edge(nodes, rows), rows)
            case "nodes":
                return self._listed(self._node(nodes, rows), rows)
            case "pageInfo":
                return self._place(nodes, rows)
            case _:
                return self._of_list(nodes)

    def _listed(self, value: ColumnElement[Any], rows: _Rows) -> ColumnElement[Any]:
        """Rows come in the order of reading, which is that of the list unless it is read from its end."""
        if rows.number is None:
            return list_of(value)
        return list_of(value, [rows.number.desc()] if self._is_backward else [], rows.number <= self._size)

    def _node(self, nodes: Sequence[FieldNode], rows: _Rows) -> ColumnElement[Any]:
        return self.planner.object(self._source.name, [node.selection_set for node in nodes], rows.row)

    def _edge(self, nodes: Sequence[FieldNode], rows: _Rows) -> ColumnElement[Any]:
        kind: Any = get_named_type(self.kind.fields["edges"].type)
        found = self.planner.selections.fields([node.selection_set for node in nodes], kind)
        values = {"__typename": lambda _: name_literal(kind.name), "cursor": lambda _: rows.cursor}
        return object_of(
            [
                (key, values.get(inner[0].name.value, lambda inner: self._node(inner, rows))(inner))
                for key, inner in found.items()
            ]
        )

    def _place(self, nodes: Sequence[FieldNode], rows: _Rows) -> ColumnElement[Any]:
        kind: Any = get_named_type(self.kind.fields["pageInfo"].type)
        found = self.planner.selections.fields([node.selection_set for node in nodes], kind)
        first, last = rows.number == 1, rows.number == func.least(rows.count, self._size)
        has_more = func.count(type_=Integer) > self._size
        values: Mapping[str, ColumnElement[Any]] = {
            "__typename": name_literal(kind.name),
            "hasNextPage": _fact("before" in self.asked.arguments) if self._is_backward else has_more,
            "hasPreviousPage": has_more if self._is_backward else _fact("after" in self.asked.arguments),
            "startCursor": self._cursor(rows, last if self._is_backward else first),
            "endCursor": self._cursor(rows, first if self._is_backward else last),
        }
        return object_of([(key, values[inner[0].name.value]) for key, inner in found.items()])

    def _cursor(self, rows: _Rows, where: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.max(rows.cursor).filter(where, rows.number <= self._size)

    # Its rows

    def _rows(self) -> _Rows:
        base: Any = aliased(self._source.table)
        columns = [getattr(base, item.key).label(item.key) for item in self._source.table.__table__.columns]
        statement = select(*columns).where(*self._conditions(base), *self._bound(base))
        ordered = statement.order_by(*order_by(base, self._keys, backward=self._is_backward))
        if not self._is_numbered:
            return self._of(ordered.limit(self._size).correlate(self.asked.row).subquery())
        read = ordered.limit(self._size + 1).correlate(self.asked.row).subquery()
        place, count = func.row_number().over().label("place_"), func.count().over().label("count_")
        numbered = select(read, place, count).subquery()
        return replace(self._of(numbered), number=numbered.c.place_, count=numbered.c.count_)

    def _of(self, read: Any) -> _Rows:
        row: Any = aliased(self._source.table, read, adapt_on_names=True)
        key = self.planner.recorder.bind(LargeBinary, self._cursor_key)
        return _Rows(row, signed_cursor(row, self._keys, key))

    def _total(self) -> ColumnElement[int]:
        row: Any = aliased(self._source.table)
        statement = select(func.count()).select_from(row).where(*self._conditions(row))
        return statement.correlate(self.asked.row).scalar_subquery()

    def _conditions(self, row: Any) -> list[ColumnElement[bool]]:
        own = self.asked.row
        nested = [getattr(row, name) == getattr(own, column) for name, column in self.form.within.items()]
        only = self.form.only
        listed = [] if only is None else [only(self.planner.scope.sight.kind, row)]
        given = [condition(row) for condition in list_conditions(self.form, self.asked.arguments)]
        seen = self.planner.visible(self._source, row, policy_of(own, self.form.within))
        return [*nested, *listed, *given, *seen]

    def _bound(self, row: Any) -> list[ColumnElement[bool]]:
        if ("before" if self._is_backward else "after") not in self.asked.arguments:
            return []
        bounds = [
            self.planner.recorder.bind(getattr(row, key.column).type, lambda call, at=at: self._bounds(call)[at])
            for at, key in enumerate(self._keys)
        ]
        return [beyond(row, self._keys, bounds, backward=self._is_backward)]

    # Its arguments

    @property
    def _source(self) -> Source:
        return self.planner.readable(self.form.target)

    @property
    def _is_backward(self) -> bool:
        return "last" in self.asked.arguments

    @property
    def _keys(self) -> Sequence[Key]:
        return keys_of(self.form, self._word)

    @property
    def _word(self) -> str | None:
        chosen = self.asked.arguments.get("order_by")
        return None if chosen is None else plain(chosen.shape)

    @property
    def _is_numbered(self) -> bool:
        return self._is_backward or any(nodes[0].name.value == "pageInfo" for nodes in self.fields.values())

    @property
    def _size(self) -> ColumnElement[int]:
        """Written out where the document says it: of a number that it does not know, PostgreSQL supposes a tenth of the
        table, and chooses other ways to read it."""
        given = self.asked.arguments.get("last" if self._is_backward else "first")
        known = DEFAULT_SIZE if given is None else given.constant
        if known is not None:
            return literal_column(str(int(known)), Integer)
        return self.planner.recorder.bind(Integer, lambda call: self._page(call).size, id(self.asked), "size")

    def _page(self, call: Call) -> Page:
        return call.once((id(self.asked), "page"), self._read_page)

    def _read_page(self, call: Call) -> Page:
        given = {name: item.read(call) for name, item in self.asked.arguments.items()}
        check_sizes(self._filter(given))
        kinds, purpose = kinds_of(self._source, self._keys), self._purpose(call)
        after, before = (
            None if name not in given else call.context.cursors.decode(purpose, given[name], kinds, name)
            for name in ("after", "before")
        )
        return page_of(given.get("first"), after, given.get("last"), before)

    def _bounds(self, call: Call) -> tuple[Any, ...]:
        page = self._page(call)
        return (page.before if page.is_backward else page.after) or ()

    def _filter(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if name == "where" or name in self.form.arguments}

    def _purpose(self, call: Call) -> bytes:
        arguments: Mapping[str, Promised] = self._filter(self.asked.arguments)
        values = {name: item.read(call) for name, item in arguments.items()}
        return purpose_of(self.asked.place, self._word, values)

    def _cursor_key(self, call: Call) -> bytes:
        return call.context.cursors.key(self._purpose(call))


def _fact(value: bool) -> ColumnElement[bool]:
    return true() if value else false()
