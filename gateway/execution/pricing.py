"""From an operation and the directives of its fields to a price; and where to cut one that is too high."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)

from gateway.execution.cost import Below, Branch, Factor, Included, Length, Price, Variables, fold, length_of
from gateway.execution.sizes import ListSize, declared_size, declared_weight
from gateway.faults import Code, Fault

INTROSPECTION: Mapping[str, int] = {"__schema": 1_000, "__type": 50}
"""It asks no database. Its own bounds are in `limits`."""

Conditions = tuple[tuple[str, bool, Any], ...]
"""(variable, what includes, what it is where it is not given)"""


def price_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Price:
    return fold(_Pricing.of(schema, document, operation).operation(operation))


def too_dear(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables, budget: int
) -> Fault:
    """The refusal of an operation over its budget, with the path to cut and the page that fits."""
    tree = _Pricing.of(schema, document, operation).operation(operation)
    cost = tree.of(variables)
    path, fits = _cut(tree, variables, cost, budget)
    advice = f"`{fits[0]}: {fits[1]}` fits there" if fits else "leave it out, or ask for less of it"
    return Fault(
        Code.COST_EXCEEDED,
        f"The request costs {cost}, and may cost {budget}. Most of it is `{'.'.join(path)}`: {advice}.",
        at=operation.selection_set,
        requested=cost,
        budget=budget,
        costPath=list(path),
        fits=None if fits is None else {fits[0]: fits[1]},
    )


def _cut(tree: Below, variables: Variables, cost: int, budget: int) -> tuple[Sequence[str], tuple[str, int] | None]:
    """The innermost page that is most of the cost and can be made to fit; else the dearest field of all."""
    trail = list(_dearest(tree, variables))
    for branch in reversed(trail):
        if branch.length is None or branch.length.argument is None:
            continue
        without, with_one = (_tried(tree, branch.length, variables, size) for size in (0, 1))
        is_most = 2 * (cost - without) >= cost
        if is_most and without < with_one <= budget:
            return branch.path, (branch.length.argument, (budget - without) // (with_one - without))
    return (trail[0].path if trail else ("query",)), None


def _dearest(below: Below, variables: Variables) -> Iterator[Branch]:
    """From the root down, of each level the dearest field."""
    while below.branches or below.alternatives:
        if below.alternatives:
            chosen = max(below.alternatives, key=lambda item: item.of(variables))
            below = Below([*below.branches, *chosen.branches], chosen.alternatives)
            continue
        branch = max(below.branches, key=lambda item: item.of(variables))
        yield branch
        below = branch.below


def _tried(tree: Below, length: Length, variables: Variables, size: int) -> int:
    """What all of it would cost if a list had this length."""
    length.tried = size
    try:
        return tree.of(variables)
    finally:
        length.tried = None


@dataclass(slots=True)
class _Found:
    """The fields of an object, by their keys and what includes them; and what only some of its types have."""

    fields: dict[tuple[str, str, Conditions], list[FieldNode]] = field(default_factory=dict)
    types: dict[str, list[SelectionSetNode]] = field(default_factory=dict)
    seen: set[tuple[str, Conditions]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Pricing:
    """Follows an operation as the planner does."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    defaults: Mapping[str, Any]

    @classmethod
    def of(cls, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> "_Pricing":
        fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
        defaults = {
            item.variable.name.value: _literal(item.default_value) for item in operation.variable_definitions or ()
        }
        return cls(schema, fragments, defaults)

    def operation(self, operation: OperationDefinitionNode) -> Below:
        root: Any = self.schema.get_root_type(operation.operation)
        return self._below([operation.selection_set], root, (), None, ())

    def _below(
        self,
        sets: Sequence[SelectionSetNode],
        owner: GraphQLNamedType,
        path: tuple[str, ...],
        length: Length | None,
        listed: Collection[str],
    ) -> Below:
        """`length` is that of the fields which are `listed`."""
        found = _Found()
        for item in sets:
            self._collect(item, owner, found, ())
        branches = list[Branch]()
        for (key, parent, conditions), nodes in found.fields.items():
            branch = self._branch(self.schema.type_map[parent], nodes, (*path, key), conditions)
            if branch is not None:
                name = nodes[0].name.value
                times = [length, *branch.times] if length is not None and name in listed else branch.times
                branches.append(replace(branch, times=times))
        alternatives = [
            self._below(inner, self.schema.type_map[name], path, length, listed) for name, inner in found.types.items()
        ]
        return Below(branches, alternatives)

    def _branch(
        self, owner: Any, nodes: Sequence[FieldNode], path: tuple[str, ...], conditions: Conditions
    ) -> Branch | None:
        name = nodes[0].name.value
        times: list[Factor] = [Included(*condition) for condition in conditions]
        if name in INTROSPECTION:
            return Branch(path, INTROSPECTION[name], times, Below([]))
        if name == "__typename":
            return None
        definition = owner.fields[name]
        size = declared_size(definition)
        length = None if size is None else self._length(size, nodes[0])
        listed: Collection[str] = (size.sized_fields or ()) if size is not None else ()
        if length is not None and not listed:
            times.append(length)
        sets = [node.selection_set for node in nodes if node.selection_set is not None]
        below = self._below(sets, get_named_type(definition.type), path, length if listed else None, listed)
        weight = declared_weight(definition)
        return Branch(path, weight, times, below, length) if weight or below.branches or below.alternatives else None

    def _length(self, size: ListSize, node: FieldNode) -> Length:
        given = {item.name.value: item.value for item in node.arguments or ()}
        written, variables = list[int](), list[tuple[str, Any]]()
        asked = [name for name in size.slicing_arguments or () if name in given]
        for name in asked:
            value = given[name]
            if isinstance(value, VariableNode):
                variables.append((value.name.value, self.defaults.get(value.name.value)))
            else:
                found = length_of(_literal(value))
                written += [] if found is None else [found]
        argument = next(iter([*asked, *(size.slicing_arguments or ())]), None)
        return Length(size.assumed_size or 1, max(written, default=None), tuple(variables), argument)

    def _collect(self, selections: SelectionSetNode, owner: Any, found: _Found, outer: Conditions) -> None:
        for item in selections.selections:
            conditions = self._conditions(item, outer)
            if conditions is None:
                continue
            if isinstance(item, FieldNode):
                key = ((item.alias or item.name).value, owner.name, conditions)
                found.fields.setdefault(key, []).append(item)
            elif isinstance(item, InlineFragmentNode):
                wanted = owner.name if item.type_condition is None else item.type_condition.name.value
                self._enter(item.selection_set, wanted, owner, found, conditions)
            elif isinstance(item, FragmentSpreadNode) and (item.name.value, conditions) not in found.seen:
                found.seen.add((item.name.value, conditions))
                fragment = self.fragments[item.name.value]
                self._enter(fragment.selection_set, fragment.type_condition.name.value, owner, found, conditions)

    def _enter(self, inner: SelectionSetNode, wanted: str, owner: Any, found: _Found, conditions: Conditions) -> None:
        kind = self.schema.type_map[wanted]
        if is_abstract_type(owner) and is_object_type(kind):
            found.types.setdefault(wanted, []).append(inner)  # of several types an object is one
        else:
            self._collect(inner, owner if is_object_type(owner) else kind, found, conditions)

    def _conditions(self, item: SelectionNode, outer: Conditions) -> Conditions | None:
        """What must hold for a selection; None where it never does."""
        found = list(outer)
        for directive in item.directives or ():
            if directive.name.value in ("include", "skip"):
                wanted = directive.name.value == "include"
                value = next(argument.value for argument in directive.arguments or ())
                if isinstance(value, VariableNode):
                    found.append((value.name.value, wanted, self.defaults.get(value.name.value)))
                elif getattr(value, "value", None) is not wanted:
                    return None
        return tuple(found)


def _literal(node: ValueNode | None) -> Any:
    """As much of a literal as says how long a list is, or whether a field is included."""
    if isinstance(node, IntValueNode):
        return int(node.value)
    if isinstance(node, ListValueNode):
        return [None] * len(node.values)
    return node.value if isinstance(node, StringValueNode | BooleanValueNode) else None
