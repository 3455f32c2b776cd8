"""How far the selections of a document reach: one linear pass, in which every fragment is measured once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
)

from gateway.bounds import Bounds
from gateway.execution.texts import over
from gateway.execution.variables import is_storable, unstorable_at

Fragments = Mapping[str, FragmentDefinitionNode]

SUMS = {
    "selections": "A document may select {limit} fields and fragments, each place of a fragment counted, not {value}.",
    "aliases": "A document may have {limit} aliases, each place of a fragment counted, not {value}.",
    "directives": "A document may have {limit} directives, each place of a fragment counted, not {value}.",
    "typenames": "A document may ask for `__typename` {limit} times, each place of a fragment counted, not {value}.",
    "introspection": "Introspection may give about {limit} values, not {value}: ask for less within `types`.",
}
"""Measures that add up, with what is said of one that is over its bound."""

LISTED: Mapping[str, int] = {
    "types": 200,
    "fields": 4,
    "args": 1,
    "inputFields": 2,
    "enumValues": 2,
    "possibleTypes": 2,
    "interfaces": 1,
    "directives": 10,
    "locations": 2,
}
"""How many values a list of introspection has, about."""

DEEPEST_PATH = 200
"""Selection sets within each other through fragments: the parser bounds those that are written out."""

TOO_DEEP = "Selections may be nested {limit} deep, each place of a fragment counted."


@dataclass(slots=True)
class Extent:
    """What one selection set asks for, with all that is below it."""

    depth: int = 0
    flat: int = 0  # fields of the object itself
    of_types: int = 0
    volume: int = 0  # values that it would give if it were introspection
    selections: int = 0
    aliases: int = 0
    directives: int = 0
    typenames: int = 0
    introspection: int = 0

    def join(self, other: "Extent") -> None:
        """A fragment in its place."""
        self.flat += other.flat
        self.volume += other.volume
        self.include(other)

    def include(self, below: "Extent", levels: int = 0) -> None:
        self.depth = max(self.depth, below.depth + levels)
        self.of_types = max(self.of_types, below.of_types)
        self.selections += below.selections
        self.aliases += below.aliases
        self.directives += below.directives
        self.typenames += below.typenames
        self.introspection += below.introspection


@dataclass(slots=True)
class Extents:
    """Measures selection sets. A bound that is a matter of one place is refused there; sums are the caller's to judge,
    to whom `crossed` tells where each of them first went over its bound.
    """

    fragments: Fragments
    bounds: Bounds
    crossed: dict[str, SelectionNode] = field(default_factory=dict)
    is_circular: bool = False  # a fragment spreads itself: the sums are of no use then, and the document is invalid
    _known: dict[str, Extent] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    _level: int = 0
    _spreads: int = 0

    def of(self, selections: SelectionSetNode) -> Extent:
        self._level += 1
        if self._level > DEEPEST_PATH:
            raise over("nesting", DEEPEST_PATH, self._level, TOO_DEEP, selections)
        extent = Extent()
        self._add(selections, extent, set())
        self._level -= 1
        if extent.flat > self.bounds.width:
            message = "An object may be asked for {limit} fields, each alias counted, not {value}."
            raise over("width", self.bounds.width, extent.flat, message, selections)
        return extent

    def fragment(self, name: str) -> Extent:
        known = self._known.get(name)
        if known is None:
            self._open.add(name)
            found = self.fragments.get(name)
            known = self._known[name] = Extent() if found is None else self.of(found.selection_set)
            self._open.discard(name)
        return known

    def _add(self, selections: SelectionSetNode, extent: Extent, spread: set[str]) -> None:
        bounds = self.bounds
        for item in selections.selections:
            extent.selections += 1
            if item.directives:
                self.directives(item.directives, extent)
            if isinstance(item, FieldNode):
                self._field(item, extent)
            elif isinstance(item, InlineFragmentNode):
                self._inline(item, extent, spread)
            elif isinstance(item, FragmentSpreadNode):
                self._spread(item, extent, spread)
            if (
                extent.selections > bounds.selections
                or extent.aliases > bounds.aliases
                or extent.directives > bounds.directives
                or extent.typenames > bounds.typenames
                or extent.introspection > bounds.introspection
            ):
                self._note(extent, item)

    def _spread(self, item: FragmentSpreadNode, extent: Extent, spread: set[str]) -> None:
        """A second time in one selection set it adds nothing, and yet has to be read."""
        self._spreads += 1
        if self._spreads > self.bounds.spreads:
            message = "A document may spread fragments {limit} times, not {value} and more."
            raise over("spreads", self.bounds.spreads, self._spreads, message, item)
        name = item.name.value
        if name in self._open:
            self.is_circular = True
        elif name not in spread:
            spread.add(name)
            extent.join(self.fragment(name))

    def _inline(self, item: InlineFragmentNode, extent: Extent, spread: set[str]) -> None:
        self._level += 1
        if self._level > DEEPEST_PATH:
            raise over("nesting", DEEPEST_PATH, self._level, TOO_DEEP, item)
        self._add(item.selection_set, extent, spread)
        self._level -= 1

    def _field(self, item: FieldNode, extent: Extent) -> None:
        name = item.name.value
        extent.flat += 1
        extent.volume += 1
        extent.depth = max(extent.depth, 1)
        if item.alias is not None:
            extent.aliases += 1
        if name == "__typename":
            extent.typenames += 1
        if item.arguments:
            self.values(item.arguments)
        if item.selection_set is not None:
            self._below(item, name, self.of(item.selection_set), extent)

    def _below(self, item: FieldNode, name: str, below: Extent, extent: Extent) -> None:
        extent.include(below, levels=1)
        volume = LISTED.get(name, 1) * below.volume
        extent.volume += volume
        if name in ("__schema", "__type"):
            extent.introspection += 1 + volume
        elif name == "ofType":
            extent.of_types = max(extent.of_types, below.of_types + 1)
            if extent.of_types > self.bounds.of_types:
                message = "`ofType` may be nested {limit} deep, not {value}."
                raise over("ofTypes", self.bounds.of_types, extent.of_types, message, item)

    def _note(self, extent: Extent, item: SelectionNode) -> None:
        for name in SUMS:
            if getattr(extent, name) > getattr(self.bounds, name):
                self.crossed.setdefault(name, item)

    def directives(self, directives: Iterable[DirectiveNode], extent: Extent) -> None:
        for item in directives:
            extent.directives += 1
            self.values(item.arguments or ())

    def values(self, arguments: Iterable[ArgumentNode]) -> None:
        for item in arguments:
            self.value(item.value, (item.name.value,), 1)

    def value(self, node: ValueNode, path: tuple[str, ...], depth: int) -> None:
        """Texts, lists and objects that are written out."""
        if isinstance(node, StringValueNode):
            self._text(node, path)
        elif isinstance(node, ListValueNode | ObjectValueNode):
            self._collection(node, path, depth)

    def _text(self, node: StringValueNode, path: tuple[str, ...]) -> None:
        if len(node.value) > self.bounds.text_length:
            message = "A text may have {limit} characters, not {value}."
            raise over("textLength", self.bounds.text_length, len(node.value), message, node)
        if not is_storable(node.value):
            raise unstorable_at(*path)

    def _collection(self, node: ListValueNode | ObjectValueNode, path: tuple[str, ...], depth: int) -> None:
        if depth > self.bounds.value_depth:
            message = "Lists and objects may be {limit} deep, not {value}."
            raise over("valueDepth", self.bounds.value_depth, depth, message, node)
        if isinstance(node, ObjectValueNode):
            for item in node.fields:
                self.value(item.value, (*path, item.name.value), depth + 1)
            return
        if len(node.values) > self.bounds.list_items:
            message = "A list may have {limit} items, not {value}."
            raise over("listItems", self.bounds.list_items, len(node.values), message, node)
        for item in node.values:
            self.value(item, path, depth + 1)
