"""The fields that a document selects, and the arguments that it gives them, for one shape of its variables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
)
from graphql.type import GraphQLList
from graphql.utilities import coerce_input_literal

from gateway.execution.parameters import Promised, Recorder, Shape, collected, promise, python_name, shape_of

Fields = dict[str, list[FieldNode]]
"""Response key → the nodes that ask for it, in the order of the document."""


class Unplannable(Exception):
    """Something that only the plain executor answers, or refuses in its own words."""


@dataclass(frozen=True, slots=True)
class Selections:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    shapes: Mapping[str, Shape]
    recorder: Recorder

    def fields(self, sets: Iterable[SelectionSetNode | None], kind: GraphQLObjectType) -> Fields:
        """CollectFields of the specification, over all selection sets of a response key at once."""
        found: Fields = {}
        seen: set[str] = set()
        for item in sets:
            if item is not None:
                self._collect(item, kind, found, seen)
        return found

    def arguments(self, field: GraphQLField, node: FieldNode) -> dict[str, Promised]:
        """The arguments that are given and not null, by their Python names."""
        given = {item.name.value: item.value for item in node.arguments or ()}
        found: dict[str, Promised] = {}
        for name, argument in field.args.items():
            value = self._value(argument.type, given.get(name))
            if value is not None:
                found[argument.extensions["strawberry-definition"].python_name] = value
        return found

    def _collect(self, selections: SelectionSetNode, kind: GraphQLObjectType, found: Fields, seen: set[str]) -> None:
        for item in selections.selections:
            if not self._is_included(item):
                continue
            if isinstance(item, FieldNode):
                key = item.alias.value if item.alias else item.name.value
                found.setdefault(key, []).append(item)
            elif isinstance(item, InlineFragmentNode):
                if item.type_condition is None or self._applies(item.type_condition.name.value, kind):
                    self._collect(item.selection_set, kind, found, seen)
            elif isinstance(item, FragmentSpreadNode) and item.name.value not in seen:
                seen.add(item.name.value)
                fragment = self.fragments[item.name.value]
                if self._applies(fragment.type_condition.name.value, kind):
                    self._collect(fragment.selection_set, kind, found, seen)

    def _applies(self, condition: str, kind: GraphQLObjectType) -> bool:
        wanted = self.schema.type_map[condition]
        return wanted is kind or (is_abstract_type(wanted) and self._is_possible(wanted, kind))

    def _is_possible(self, wanted: GraphQLAbstractType, kind: GraphQLObjectType) -> bool:
        return self.schema.is_sub_type(wanted, kind)

    def _is_included(self, item: SelectionNode) -> bool:
        return all(
            self._condition(directive) is (directive.name.value == "include")
            for directive in item.directives or ()
            if directive.name.value in ("include", "skip")
        )

    def _condition(self, directive: DirectiveNode) -> bool:
        value = next(argument.value for argument in directive.arguments or ())
        found = self.shapes.get(value.name.value) if isinstance(value, VariableNode) else getattr(value, "value", None)
        if not isinstance(found, bool):
            raise Unplannable
        return found

    def _value(self, kind: Any, node: ValueNode | None) -> Promised | None:
        named = get_nullable_type(kind)
        if node is None or isinstance(node, NullValueNode):
            return None
        if isinstance(node, VariableNode):
            name = node.name.value
            return promise(self.recorder, kind, self.shapes.get(name), lambda call: call.variables[name])
        if isinstance(node, ObjectValueNode) and isinstance(named, GraphQLInputObjectType):
            return self._object(named, node)
        if isinstance(node, ListValueNode) and isinstance(named, GraphQLList):
            return self._list(named.of_type, node)
        return self._literal(kind, node)

    def _object(self, kind: GraphQLInputObjectType, node: ObjectValueNode) -> Promised:
        items = {
            python_name(kind, item.name.value): self._value(kind.fields[item.name.value].type, item.value)
            for item in node.fields
        }
        return collected(self.recorder, items)

    def _list(self, kind: Any, node: ListValueNode) -> Promised:
        items = [self._value(kind, item) for item in node.values]
        present = [item for item in items if item is not None]
        if len(present) < len(items):  # no list of the schema takes null
            raise Unplannable
        shape = frozenset[str]().union(*(item.shape for item in present)) if get_named_type(kind).name == "ID" else ...
        return Promised(self.recorder, shape, lambda call: [item.read(call) for item in present])

    def _literal(self, kind: Any, node: ValueNode) -> Promised:
        value = coerce_input_literal(node, kind)
        if value is Undefined:
            raise Unplannable
        made = promise(self.recorder, kind, shape_of(kind, value), lambda _call: value)
        if made is None:
            raise Unplannable
        return replace(made, constant=value)


def root_field(document: DocumentNode, operation: OperationDefinitionNode) -> FieldNode:
    """The one field of a subscription, wherever it stands."""
    fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
    item: Any = operation.selection_set.selections[0]
    while not isinstance(item, FieldNode):
        inner = fragments[item.name.value] if isinstance(item, FragmentSpreadNode) else item
        item = inner.selection_set.selections[0]
    return item
