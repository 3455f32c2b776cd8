"""What a document may ask for at all: measured before validation, whose rules are quadratic, and before anything runs.

The measures are sums over the document, in which a fragment is measured once and counted in each of its places. Only
what is within them is looked at with all fragments in their places, which then is no longer than its bound.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from gateway.bounds import Bounds, camel
from gateway.execution.extents import SUMS, Extent, Extents, Fragments
from gateway.execution.texts import over
from gateway.faults import Code, Fault


@dataclass(frozen=True, slots=True)
class Measured:
    """A document that is within all bounds, unless it is circular: that must be told before anything follows it."""

    is_circular: bool
    introspects: bool


def measure(node: DocumentNode, bounds: Bounds) -> Measured:
    """Refuses a document that goes over a bound."""
    try:
        return _Document(node, bounds).measured()
    except RecursionError:
        raise Fault(Code.LIMIT_EXCEEDED, "The document is nested too deeply to be read.") from None


class _Document:
    """A document under measurement."""

    def __init__(self, node: DocumentNode, bounds: Bounds) -> None:
        self._bounds = bounds
        self._operations = [item for item in node.definitions if isinstance(item, OperationDefinitionNode)]
        self._defined = [item for item in node.definitions if isinstance(item, FragmentDefinitionNode)]
        self._fragments: Fragments = {item.name.value: item for item in self._defined}
        self._extents = Extents(self._fragments, bounds)
        self._total = 0
        self._introspects = False

    def measured(self) -> Measured:
        self._check_numbers()
        for operation in self._operations:
            self._check_operation(operation)
        for fragment in self._defined:
            extent = Extent()
            self._extents.directives(fragment.directives or (), extent)
            extent.include(self._extents.fragment(fragment.name.value))
            self._check_sums(extent, fragment)
        if not self._extents.is_circular:
            self._check_merges()
        return Measured(self._extents.is_circular, self._introspects)

    def _check_numbers(self) -> None:
        for name, items in (("operations", self._operations), ("fragments", self._defined)):
            limit = getattr(self._bounds, name)
            if len(items) > limit:
                message = f"A document may have {{limit}} {name}, not {{value}}."
                raise over(name, limit, len(items), message, items[limit])

    def _check_operation(self, operation: OperationDefinitionNode) -> None:
        extent = Extent()
        self._extents.directives(operation.directives or (), extent)
        self._check_variables(operation, extent)
        selected = self._extents.of(operation.selection_set)
        extent.include(selected)
        self._count(selected, operation)
        self._introspects |= selected.introspection > 0
        self._check_roots(operation, selected.flat)
        if extent.depth > self._bounds.depth:
            message = "A document may be {limit} levels deep, not {value}."
            raise over("depth", self._bounds.depth, extent.depth, message, operation.selection_set)
        self._check_sums(extent, operation)

    def _check_variables(self, operation: OperationDefinitionNode, extent: Extent) -> None:
        declared = operation.variable_definitions or ()
        if len(declared) > self._bounds.variables:
            message = "An operation may declare {limit} variables, not {value}."
            raise over("variables", self._bounds.variables, len(declared), message, declared[self._bounds.variables])
        for item in declared:
            self._extents.directives(item.directives or (), extent)
            if item.default_value is not None:
                self._extents.value(item.default_value, (item.variable.name.value,), 1)

    def _check_roots(self, operation: OperationDefinitionNode, fields: int) -> None:
        is_mutation = operation.operation is OperationType.MUTATION
        name, what = ("mutation_fields", "mutations") if is_mutation else ("root_fields", "root fields")
        limit = getattr(self._bounds, name)
        if fields > limit:
            message = f"A request may have {{limit}} {what}, not {{value}}."
            raise over(camel(name), limit, fields, message, operation.selection_set)

    def _check_sums(self, extent: Extent, place: OperationDefinitionNode | FragmentDefinitionNode) -> None:
        for name, message in SUMS.items():
            limit, value = getattr(self._bounds, name), getattr(extent, name)
            if value > limit:
                raise over(name, limit, value, message, self._extents.crossed.get(name, place))

    def _count(self, extent: Extent, place: OperationDefinitionNode | FragmentDefinitionNode) -> None:
        """Of the whole document, since all of it is validated, whichever operation is run."""
        self._total += extent.selections
        if self._total > self._bounds.selections:
            at = self._extents.crossed.get("selections", place)
            raise over("selections", self._bounds.selections, self._total, SUMS["selections"], at)

    def _check_merges(self) -> None:
        """Fragments that no operation reaches are invalid, and yet compared by validation before it says so."""
        merges = _Merges(self._fragments, self._bounds.merges)
        for operation in self._operations:
            merges.add([operation.selection_set])
        for fragment in self._defined:
            if fragment.name.value not in merges.reached:
                self._count(self._extents.fragment(fragment.name.value), fragment)
                merges.add([fragment.selection_set])


@dataclass(slots=True)
class _Merges:
    """Pairs of fields under one name in one object: validation compares each with each."""

    fragments: Fragments
    limit: int
    number: int = 0
    reached: set[str] = field(default_factory=set)

    def add(self, sets: Iterable[SelectionSetNode]) -> None:
        """Selections that are merged into one object, and all below them."""
        groups: dict[str, list[FieldNode]] = defaultdict(list)
        for item in self._merged(sets, set()):
            groups[(item.alias or item.name).value].append(item)
        for group in groups.values():
            self._count(group)
            below = [item.selection_set for item in group if item.selection_set]
            if below:
                self.add(below)

    def _merged(self, sets: Iterable[SelectionSetNode], seen: set[str]) -> Iterator[FieldNode]:
        for item in (item for selections in sets for item in selections.selections):
            if isinstance(item, FieldNode):
                yield item
            elif isinstance(item, InlineFragmentNode):
                yield from self._merged([item.selection_set], seen)
            elif isinstance(item, FragmentSpreadNode) and item.name.value not in seen:
                seen.add(item.name.value)
                self.reached.add(item.name.value)
                fragment = self.fragments.get(item.name.value)
                yield from self._merged([fragment.selection_set] if fragment else [], seen)

    def _count(self, group: list[FieldNode]) -> None:
        self.number += len(group) * (len(group) - 1) // 2
        if self.number > self.limit:
            message = "A document may repeat fields so often that {limit} pairs of them are compared, not {value}."
            raise over("merges", self.limit, self.number, message, group[-1])
