"""From a selection of fields to one SQL expression whose value is the JSON of the answer.

The planner follows the same declarations as the plain executor. What it does not know it does not plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
)
from sqlalchemy import ColumnElement, Text, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import aliased

from gateway.auth.visibility import visible
from gateway.execution import forms, pages
from gateway.execution.backing import Sum, is_backed, is_nullable
from gateway.execution.filters import plain
from gateway.execution.forms import Scope
from gateway.execution.objects import NOTHING, list_of, name_literal, never_null, object_of
from gateway.execution.parameters import KEYS, LISTED_KEYS, Promised, Recorder, prefixes_of
from gateway.execution.scalars import printed
from gateway.execution.selections import Selections, Unplannable
from gateway.execution.shown import marks
from gateway.execution.sources import PREFIXES, SOURCES, Source
from gateway.execution.unit import ordering

if TYPE_CHECKING:
    from gateway.execution.filling import Filling

Sets = Sequence[SelectionSetNode | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One response key of a selection: its field, and all the nodes that ask for it."""

    owner: GraphQLObjectType
    field: GraphQLField
    name: str
    nodes: Sequence[FieldNode]
    arguments: Mapping[str, Promised]
    row: Any
    """The row that the field belongs to; None at the root."""

    @property
    def sets(self) -> Sets:
        return [node.selection_set for node in self.nodes]

    @property
    def place(self) -> str:
        return f"{self.owner.name}.{self.name}"


@dataclass(frozen=True, slots=True)
class Planner:
    selections: Selections
    recorder: Recorder
    scope: Scope
    scopes: frozenset[str]
    """What the viewer's token carries."""
    filling: "Filling | None" = None
    """What Python tells when the statement has been answered; none where there is no second step."""

    def object(self, kind: str | GraphQLObjectType, sets: Sets, row: Any) -> ColumnElement[Any]:
        """The JSON of a row, as an object of a type."""
        owner: Any = self.selections.schema.type_map[kind] if isinstance(kind, str) else kind
        found = self.selections.fields(sets, owner)
        marked = marks(owner, [nodes[0].name.value for nodes in found.values()], row)
        return object_of([*marked, *((key, self._field(owner, nodes, row)) for key, nodes in found.items())])

    def message(self, form: forms.Followed, key: str, sets: Sets) -> ColumnElement[Any]:
        """One message of a subscription: null where its row is not to be seen."""
        if not form.columns:
            return object_of([(key, self.object(form.target, sets, None))])
        source, row = self.source(form.target)
        columns = [getattr(row, name) for name in form.columns]
        matching = [column == self.recorder.bind_later(column.type, at) for at, column in enumerate(columns)]
        made = object_of([(key, self.object(source.name, sets, row))])
        return select(made).select_from(row).where(*matching, *self.visible(source, row)).scalar_subquery()

    def visible(self, source: Source, row: Any, policy: Any = None) -> list[ColumnElement[bool]]:
        seen = visible(self.scope.sight, source.table.__tablename__, row, policy)
        return [] if seen is None else [seen]

    def _field(self, owner: GraphQLObjectType, nodes: Sequence[FieldNode], row: Any) -> ColumnElement[Any]:
        name = nodes[0].name.value
        if name == "__typename":
            return name_literal(owner.name)
        field = owner.fields.get(name)
        declaration = {} if field is None else field.extensions["strawberry-definition"].metadata
        form = declaration.get("form")
        if field is None or form is None or not self.scopes.issuperset(declaration["scopes"]):
            raise Unplannable
        asked = Asked(owner, field, name, nodes, self.selections.arguments(field, nodes[0]), row)
        value = self._value(form, asked)
        if is_non_null_type(field.type) and not is_backed(form, row):
            return never_null(value, asked.place)
        return value

    def is_of_own_row(self, kind: str | GraphQLObjectType, sets: Sets) -> bool:
        """Whether all that is selected stands in the row itself."""
        owner: Any = self.selections.schema.type_map[kind] if isinstance(kind, str) else kind
        return all(self._is_own(owner, nodes) for nodes in self.selections.fields(sets, owner).values())

    def _is_own(self, owner: GraphQLObjectType, nodes: Sequence[FieldNode]) -> bool:
        field = owner.fields.get(nodes[0].name.value)
        match field and field.extensions["strawberry-definition"].metadata.get("form"):
            case forms.Embedded(target):
                return self.is_of_own_row(target, [node.selection_set for node in nodes])
            case None | forms.Column() | forms.Localized() | forms.GlobalId():
                return True
            case _:
                return False

    def _value(self, form: forms.Form, asked: Asked) -> ColumnElement[Any]:
        if isinstance(form, forms.Filled):
            if self.filling is None:
                raise Unplannable
            return self.filling.place(form, asked)
        if is_leaf_type(get_named_type(asked.field.type)):
            return _leaf(form, asked, self._plain_value(form, asked))
        match form:
            case forms.Embedded():
                return self._embedded(form, asked)
            case forms.Amount():
                return self._amount(form, asked)
            case forms.ToOne():
                return self._to_one(form, asked)
            case forms.ToOneOf():
                return self._to_one_of(form, asked)
            case forms.ToMany():
                return self._to_many(form, asked)
            case forms.Lookup():
                return self._lookup(form, asked)
            case forms.Narrowed():
                return self._narrowed(form, asked)
            case forms.ById():
                return self._by_id(form, asked)
            case forms.Paged():
                return pages.connection(self, form, asked)
            case _:
                raise Unplannable

    def _plain_value(self, form: forms.Form, asked: Asked) -> ColumnElement[Any]:
        row = asked.row
        match form:
            case forms.Column(name):
                return getattr(row, name)
            case forms.Localized(base):
                return getattr(row, f"{base}_{self._language(asked)}")
            case forms.Expression(build):
                return build(row)
            case forms.LocalizedExpression(build):
                return build(row, self._language(asked))
            case forms.Computed(sql):
                return sql(row, self.scope)
            case forms.GlobalId(prefix, columns):
                digits = [func.replace(cast(getattr(row, name), Text), "-", "") for name in columns]
                return func.concat(name_literal(f"{prefix}_"), *digits)
            case _:
                raise Unplannable

    def _language(self, asked: Asked) -> str:
        chosen = asked.arguments.get("lang")
        return self.scope.language if chosen is None else plain(chosen.shape)

    def _embedded(self, form: forms.Embedded, asked: Asked) -> ColumnElement[Any]:
        made = self.object(form.target, asked.sets, asked.row)
        if form.unless_null is None:
            return made
        return case((getattr(asked.row, form.unless_null).is_not(None), made), else_=NOTHING)

    def _amount(self, form: forms.Amount, asked: Asked) -> ColumnElement[Any]:
        amount = getattr(asked.row, form.column)
        made = self.object("Money", asked.sets, Sum(amount))
        return case((amount.is_not(None), made), else_=NOTHING) if is_nullable(asked.row, form.column) else made

    def _to_one(self, form: forms.ToOne, asked: Asked) -> ColumnElement[Any]:
        source, row = self.source(form.target)
        matching = [getattr(row, name) == getattr(asked.row, own) for name, own in form.match.items()]
        return self._one(source, row, matching, asked, forms.policy_of(asked.row, form.match))

    def _to_one_of(self, form: forms.ToOneOf, asked: Asked) -> ColumnElement[Any]:
        chosen = getattr(asked.row, form.column)
        words: dict[str, list[ColumnElement[bool]]] = {}
        for word, target in form.targets.items():
            words.setdefault(target, []).append(chosen == word)
        made = [(or_(*equal), self._to_one(forms.ToOne(target, form.match), asked)) for target, equal in words.items()]
        return case(*made, else_=NOTHING)

    def _lookup(self, form: forms.Lookup, asked: Asked) -> ColumnElement[Any]:
        source, row = self.source(form.target)
        columns = {name: getattr(row, column) for name, column in form.columns.items()}
        matching = [column == asked.arguments[name].bind(column.type) for name, column in columns.items()]
        return self._one(source, row, matching, asked)

    def _one(
        self, source: Source, row: Any, matching: Sequence[ColumnElement[bool]], asked: Asked, policy: Any = None
    ) -> ColumnElement[Any]:
        made = self.object(source.name, asked.sets, row)
        statement = select(made).select_from(row).where(*matching, *self.visible(source, row, policy))
        return statement.correlate(asked.row).scalar_subquery()

    def _to_many(self, form: forms.ToMany, asked: Asked) -> ColumnElement[Any]:
        source, row = self.source(form.target)
        matching = [getattr(row, name) == getattr(asked.row, own) for name, own in form.match.items()]
        fixed = [getattr(row, name) == value for name, value in form.where.items()]
        made = list_of(self.object(source.name, asked.sets, row), ordering(row, form.order))
        seen = self.visible(source, row, forms.policy_of(asked.row, form.match))
        statement = select(made).select_from(row).where(*matching, *fixed, *seen)
        return statement.correlate(asked.row).scalar_subquery()

    def _narrowed(self, form: forms.Narrowed, asked: Asked) -> ColumnElement[Any]:
        source, row = self.source(form.target)
        self.check(form.check, asked)
        made = list_of(self.object(form.shown_as or source.name, asked.sets, row), ordering(row, form.order))
        conditions = form.conditions(row, asked.arguments)
        statement = select(made).select_from(row).where(*conditions, *self.visible(source, row))
        return statement.scalar_subquery()

    def check(self, check: Any, asked: Asked) -> None:
        """Refuses values before anything is run, in the words of the plain executor."""
        if check is not None:
            given = asked.arguments
            self.recorder.checks.append(lambda call: check({name: item.read(call) for name, item in given.items()}))

    def _by_id(self, form: forms.ById, asked: Asked) -> ColumnElement[Any]:
        given = asked.arguments[form.argument]
        self.check(form.check, asked)
        if not form.is_list:
            keys = [given.bind(UUID(as_uuid=True), KEYS[at]) for at in (0, 1)]
            return self._found(next(iter(given.shape)), keys, asked)
        listed = func.unnest(
            given.bind(ARRAY(Text), prefixes_of),
            *(given.bind(ARRAY(UUID(as_uuid=True)), LISTED_KEYS[at]) for at in (0, 1)),
        )
        wanted = listed.table_valued("kind", "first", "second", with_ordinality="place").render_derived(name="wanted")
        keys = [wanted.c.first, wanted.c.second]
        found = [
            (wanted.c.kind == name_literal(kind), self._found(kind, keys, asked, wanted))
            for kind in sorted(given.shape - {""})
        ]
        made = case(*found, else_=NOTHING) if found else NOTHING
        return select(list_of(made, [wanted.c.place])).select_from(wanted).scalar_subquery()

    def _found(self, kind: str, keys: Sequence[Any], asked: Asked, outer: Any = None) -> ColumnElement[Any]:
        """The object of an id of one kind; null for what the token may not read, as for what is no id."""
        source = PREFIXES.get(kind[:-1])
        if source is None or len(source.id_columns) != int(kind[-1]):
            return NOTHING
        if source.scope is not None and source.scope not in self.scopes:
            return NOTHING
        row: Any = aliased(source.table)
        matching = [getattr(row, name) == key for name, key in zip(source.id_columns, keys, strict=False)]
        made = self.object(source.name, asked.sets, row)
        statement = select(made).select_from(row).where(*matching, *self.visible(source, row))
        return statement.correlate(outer).scalar_subquery()

    def readable(self, target: str) -> Source:
        """A source that the token may read; what it may not, the plain executor refuses in its own words."""
        source = SOURCES[target]
        if source.scope is not None and source.scope not in self.scopes:
            raise Unplannable
        return source

    def source(self, target: str) -> tuple[Source, Any]:
        source = self.readable(target)
        return source, aliased(source.table)


def _leaf(form: forms.Form, asked: Asked, value: ColumnElement[Any]) -> ColumnElement[Any]:
    named = get_named_type(asked.field.type)
    if not isinstance(named, GraphQLEnumType):
        return printed(value, named.name)
    if not isinstance(form, forms.Computed) and any(name != plain(word.value) for name, word in named.values.items()):
        raise Unplannable  # a stored word that is not the name which clients read
    return value
