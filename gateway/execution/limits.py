"""What a document may ask for at all: measured before validation, whose rules are quadratic, and before anything runs.

Every measure is linear in the document, or stops at its bound: a fragment counts once in each place where it is
spread, however often it is spread there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    Visitor,
    visit,
)

from gateway.execution.variables import is_storable, unstorable_at
from gateway.faults import Code, Fault

MAXIMUM_DEPTH = 20
MAXIMUM_FRAGMENTS = 100
MAXIMUM_FIELDS = 2_000
MAXIMUM_COMPARISONS = 10_000
MAXIMUM_MUTATIONS = 4
Fragments = Mapping[str, FragmentDefinitionNode]


def too_much(node: DocumentNode) -> Fault | None:
    """Why a document is refused before it is validated; None where it is within all bounds."""
    try:
        _measure(node)
    except Fault as fault:
        return fault
    except RecursionError:
        return Fault(Code.LIMIT_EXCEEDED, "The document is nested too deeply to be read.")
    return None


def _measure(node: DocumentNode) -> None:
    fragments = {item.name.value: item for item in node.definitions if isinstance(item, FragmentDefinitionNode)}
    if len(fragments) > MAXIMUM_FRAGMENTS:
        raise _over(f"A document may have {MAXIMUM_FRAGMENTS} fragments, not {len(fragments)}.")
    measured: dict[str, int] = {}
    width = _Width(fragments)
    for item in node.definitions:
        if isinstance(item, OperationDefinitionNode):
            _measure_operation(item, fragments, measured, width)
    visit(node, _Texts())


def _measure_operation(
    item: OperationDefinitionNode, fragments: Fragments, measured: dict[str, int], width: "_Width"
) -> None:
    depth = _depth(item.selection_set, fragments, measured)
    if depth > MAXIMUM_DEPTH:
        raise _over(f"A document may be {MAXIMUM_DEPTH} levels deep, not {depth}.")
    if item.operation is OperationType.MUTATION and _root_fields(item.selection_set) > MAXIMUM_MUTATIONS:
        raise _over(f"At most {MAXIMUM_MUTATIONS} mutations in one request.")
    width.add([item.selection_set], MAXIMUM_DEPTH)


def _over(message: str) -> Fault:
    return Fault(Code.LIMIT_EXCEEDED, message)


def _depth(selections: SelectionSetNode, fragments: Fragments, measured: dict[str, int]) -> int:
    deepest = 0
    for item in selections.selections:
        if isinstance(item, FieldNode):
            depth = 1 + (_depth(item.selection_set, fragments, measured) if item.selection_set else 0)
        elif isinstance(item, InlineFragmentNode):
            depth = _depth(item.selection_set, fragments, measured)
        elif isinstance(item, FragmentSpreadNode):
            depth = _fragment_depth(item.name.value, fragments, measured)
        else:
            depth = 0
        deepest = max(deepest, depth)
    return deepest


def _fragment_depth(name: str, fragments: Fragments, measured: dict[str, int]) -> int:
    if name not in measured:
        measured[name] = 0  # a circle ends here; validation names it
        fragment = fragments.get(name)
        measured[name] = 0 if fragment is None else _depth(fragment.selection_set, fragments, measured)
    return measured[name]


def _root_fields(selections: SelectionSetNode) -> int:
    """Root fields; a fragment at the root of a mutation counts as too many, since nothing needs one there."""
    return sum(1 if isinstance(item, FieldNode) else MAXIMUM_MUTATIONS + 1 for item in selections.selections)


@dataclass(slots=True)
class _Width:
    """Fields of the answer with all fragments in their places, and pairs of them that validation will compare."""

    fragments: Fragments
    fields: int = 0
    comparisons: int = 0

    def add(self, sets: Iterable[SelectionSetNode], levels: int) -> None:
        """Selections that are merged into one object, and all below them."""
        groups: dict[str, list[FieldNode]] = defaultdict(list)
        for field in self._merged(sets, set()):
            groups[field.alias.value if field.alias else field.name.value].append(field)
        for group in groups.values():
            self._count(len(group))
            below = [field.selection_set for field in group if field.selection_set]
            if below and levels > 1:  # deeper there is only a circle, which validation names
                self.add(below, levels - 1)

    def _merged(self, sets: Iterable[SelectionSetNode], seen: set[str]) -> Iterator[FieldNode]:
        for item in (item for selections in sets for item in selections.selections):
            if isinstance(item, FieldNode):
                yield item
            elif isinstance(item, InlineFragmentNode):
                yield from self._merged([item.selection_set], seen)
            elif isinstance(item, FragmentSpreadNode) and item.name.value not in seen:
                seen.add(item.name.value)
                fragment = self.fragments.get(item.name.value)
                yield from self._merged([fragment.selection_set] if fragment else [], seen)

    def _count(self, same: int) -> None:
        self.fields += 1
        self.comparisons += same * (same - 1) // 2
        if self.fields > MAXIMUM_FIELDS:
            raise _over(f"A document may ask for {MAXIMUM_FIELDS} fields, each place of a fragment counted.")
        if self.comparisons > MAXIMUM_COMPARISONS:
            raise _over("The document asks for the same fields too many times.")


class _Texts(Visitor):
    """Refuses texts that could not be stored, naming the argument."""

    def enter_string_value(self, node: StringValueNode, key: Any, parent: Any, path: Any, ancestors: list[Any]) -> None:
        if not is_storable(node.value):
            raise unstorable_at(*_names([*ancestors, parent]))


def _names(ancestors: Iterable[Node | Any]) -> Iterator[str]:
    return (item.name.value for item in ancestors if isinstance(item, (ArgumentNode, ObjectFieldNode)))
