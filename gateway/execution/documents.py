"""Documents: parsed and validated once, then remembered, with the little that must be known before they run."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    parse,
    validate,
)

from gateway.bounds import BOUNDS, Bounds
from gateway.execution import limits, texts
from gateway.execution.cost import Price
from gateway.execution.limits import Measured
from gateway.execution.pricing import price_of
from gateway.execution.touched import NOTHING, Touched, touched
from gateway.faults import Code, Fault

MOST_ERRORS = 20
CACHED = 1_000
CACHED_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document."""

    node: DocumentNode
    operations: tuple[OperationDefinitionNode, ...]
    key: bytes = b""  # of the text; plans are remembered by it
    introspects: bool = False  # whether one of its operations asks for the schema
    prices: Mapping[int, Price] = field(default_factory=dict)  # of each operation, by its node's identity
    touched: Touched = NOTHING
    coercers: dict[str | None, Any] = field(default_factory=dict, compare=False, repr=False)  # of its operations

    def price(self, operation: OperationDefinitionNode) -> Price:
        return self.prices[id(operation)]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        for operation in self.operations:
            if operation.name is not None and operation.name.value == name:
                return operation
        if name is None:
            raise Fault(Code.BAD_USER_INPUT, "The document has several operations: name one in `operationName`.")
        raise Fault(Code.BAD_USER_INPUT, "The document has no operation of this name.")


class Documents:
    """A bounded memory of documents, keyed by their text."""

    def __init__(self, schema: GraphQLSchema, bounds: Bounds = BOUNDS, *, hide_suggestions: bool = False) -> None:
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        self._bounds = bounds
        self._known: OrderedDict[bytes, tuple[int, Document | Fault]] = OrderedDict()
        self._characters = 0

    def get(self, text: str) -> Document:
        """The document of a text; what is wrong with it is raised, each time alike."""
        known = self.known(text)
        if known is not None:
            return known
        key = _key(text)
        self._remember(key, len(text), self._read(text, key))
        return self._recalled(key)

    def known(self, text: str) -> Document | None:
        """The same where it is remembered, which costs next to nothing; None where the text has to be read."""
        if len(text) > self._bounds.characters:
            texts.check(text, self._bounds)
        key = _key(text)
        if key not in self._known:
            return None
        self._known.move_to_end(key)
        return self._recalled(key)

    def _recalled(self, key: bytes) -> Document:
        _, found = self._known[key]
        if isinstance(found, Fault):
            raise found.with_traceback(None)  # else each raising would add frames to the one that is remembered
        return found

    def _remember(self, key: bytes, size: int, found: Document | Fault) -> None:
        """Bounded by number and by size, since a tree is many times as large as its text."""
        self._known[key] = size, found
        self._characters += size
        while len(self._known) > CACHED or self._characters > CACHED_CHARACTERS:
            _, (freed, _) = self._known.popitem(last=False)
            self._characters -= freed

    def _read(self, text: str, key: bytes) -> Document | Fault:
        try:
            texts.check(text, self._bounds)
            node = parse(text, max_tokens=2 * self._bounds.tokens)
            measured = limits.measure(node, self._bounds)
        except GraphQLSyntaxError as error:
            return Invalid(Code.GRAPHQL_PARSE_FAILED, [error])
        except RecursionError:
            return Fault(Code.LIMIT_EXCEEDED, "The document is nested too deeply to be read.")
        except Fault as fault:
            return fault
        rules = [NoFragmentCyclesRule] if measured.is_circular else None
        errors = validate(self._schema, node, rules, max_errors=MOST_ERRORS, hide_suggestions=self._hide_suggestions)
        if errors:
            return Invalid(Code.GRAPHQL_VALIDATION_FAILED, errors)
        return self._valid(node, key, measured)

    def _valid(self, node: DocumentNode, key: bytes, measured: Measured) -> Document:
        operations = tuple(item for item in node.definitions if isinstance(item, OperationDefinitionNode))
        prices = {id(item): price_of(self._schema, node, item) for item in operations}
        return Document(node, operations, key, measured.introspects, prices, touched(self._schema, node))


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Invalid(Fault):
    """All that is wrong with a document, each with its place."""

    def __init__(self, code: Code, errors: list[GraphQLError]) -> None:
        super().__init__(code, errors[0].message)
        self.all = [
            GraphQLError(error.message, error.nodes, error.source, error.positions, extensions={"code": code.value})
            for error in errors
        ]
