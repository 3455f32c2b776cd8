"""What a document touches: the scopes that its fields need, the tables they read, and whether all of it is public."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    visit,
)

from gateway.auth.visibility import PRIVATE, STAFF_ONLY
from gateway.execution import forms
from gateway.execution.sources import SOURCES

EVERYBODYS = frozenset({"catalogue:read"})
OF_THE_ROWS = (
    forms.Column,
    forms.Localized,
    forms.Expression,
    forms.LocalizedExpression,
    forms.GlobalId,
    forms.Embedded,
    forms.Amount,
    forms.ToOne,
    forms.ToOneOf,
    forms.ToMany,
    forms.Lookup,
    forms.Narrowed,
    forms.Paged,
)
"""Forms whose values hang on rows, arguments and language alone: not on the viewer, and not on the clock."""


@dataclass(frozen=True, slots=True)
class Touched:
    scopes: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    is_public: bool = False
    """Whether everybody gets the same answer, so that whoever stands between may keep it."""


NOTHING = Touched()


def touched(schema: GraphQLSchema, document: DocumentNode) -> Touched:
    """Of a valid document, all its operations together. What is not known to be public is private."""
    seen = _Seen(schema, TypeInfo(schema))
    visit(document, TypeInfoVisitor(seen.info, seen))
    is_query = all(
        item.operation is OperationType.QUERY
        for item in document.definitions
        if isinstance(item, OperationDefinitionNode)
    )
    is_public = (
        is_query
        and seen.is_of_rows
        and bool(seen.tables)
        and seen.scopes <= EVERYBODYS
        and seen.tables.isdisjoint(PRIVATE)
        and seen.tables.isdisjoint(STAFF_ONLY)
    )
    return Touched(frozenset(seen.scopes), frozenset(seen.tables), is_public)


class _Seen(Visitor):
    """Collects over all fields, fragments included."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.schema = schema
        self.info = info
        self.scopes: set[str] = set()
        self.tables: set[str] = set()
        self.is_of_rows = True

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field = self.info.get_field_def()
        if node.name.value == "__typename" or field is None:
            return
        definition = field.extensions.get("strawberry-definition")
        if definition is None:  # of the schema itself
            self.is_of_rows = False
            return
        form = definition.metadata.get("form")
        self.scopes.update(definition.metadata.get("scopes", ()))
        if not isinstance(form, OF_THE_ROWS) and not self._is_connections_own():
            self.is_of_rows = False
        self.tables.update(self._tables(field.type))

    def _is_connections_own(self) -> bool:
        """Fields of connections, edges and page infos, which tell of the same rows."""
        owner = self.info.get_parent_type()
        return owner is not None and (owner.name == "PageInfo" or owner.name.endswith(("Connection", "Edge")))

    def _tables(self, kind: Any) -> Iterator[str]:
        named: Any = get_named_type(kind)
        kinds = self.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        for item in kinds:
            source = SOURCES.get(item.name)
            if source is not None:
                yield source.table.__tablename__
                if source.scope is not None:
                    self.scopes.add(source.scope)
