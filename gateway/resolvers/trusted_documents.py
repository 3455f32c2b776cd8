"""What is known of a document before anybody sends it: its digest, its price, its scopes and its tables."""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from graphql import ListTypeNode, NonNullTypeNode, OperationDefinitionNode, TypeNode

from gateway.execution.documents import Document, Documents
from gateway.execution.keyset import MAXIMUM_SIZE
from gateway.faults import Code, Fault
from gateway.repositories.trusted_documents import Registration

MOST_SWITCHES = 10


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def registration(documents: Documents, text: str) -> Registration:
    """Of a text; what is wrong with it is raised as for whoever would send it."""
    document = documents.get(text)
    if document.introspects:
        raise Fault(Code.FORBIDDEN, "It asks for the schema, which apps know when they are built.", missingScopes=[])
    return Registration(
        sha256=sha256_of(text),
        text=text,
        operations=tuple(_named(document)),
        cost=max(_dearest(document, operation) for operation in document.operations),
        scopes=tuple(sorted(document.touched.scopes)),
        tables=tuple(sorted(document.touched.tables)),
    )


def _named(document: Document) -> Iterator[str]:
    for operation in document.operations:
        if operation.name is None:
            raise Fault(Code.BAD_USER_INPUT, "Give every operation a name: figures and logs tell them by it.")
        yield operation.name.value


def _dearest(document: Document, operation: OperationDefinitionNode) -> int:
    price = document.price(operation)
    return max((price.of(variables) for variables in _dear(operation)), default=1) or 1


def _dear(operation: OperationDefinitionNode) -> Iterator[Mapping[str, Any]]:
    """Variables among which are the dearest: the longest pages and lists, and every way to include and skip."""
    kinds = {item.variable.name.value: item.type for item in operation.variable_definitions or ()}
    named = {name: _bare(kind) for name, kind in kinds.items()}
    switches = [name for name, kind in named.items() if kind == "Boolean"]
    if len(switches) > MOST_SWITCHES:
        raise Fault(Code.LIMIT_EXCEEDED, f"It may have {MOST_SWITCHES} Boolean variables, not {len(switches)}.")
    largest = {name: [None] * MAXIMUM_SIZE if kind == "[]" else MAXIMUM_SIZE for name, kind in named.items()}
    longest = {name: value for name, value in largest.items() if named[name] in ("[]", "Int")}
    for chosen in product((True, False), repeat=len(switches)):
        yield {**longest, **dict(zip(switches, chosen, strict=True))}


def _bare(kind: TypeNode) -> str:
    """The name of a type; "[]" for a list of whatever."""
    if isinstance(kind, NonNullTypeNode):
        return _bare(kind.type)
    return "[]" if isinstance(kind, ListTypeNode) else kind.name.value  # type: ignore[union-attr]
