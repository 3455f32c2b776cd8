"""Introspection in one language: only its descriptions carry both, and nothing else of an answer is touched."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
)

from gateway.language import DIVIDER, one_language

INTROSPECTION = frozenset({"__schema", "__type"})


def in_language(
    data: dict[str, Any], document: DocumentNode, operation: OperationDefinitionNode, language: str
) -> dict[str, Any]:
    """The answer with its introspection in one language."""
    keys = {
        field.alias.value if field.alias else field.name.value
        for field in _root_fields(document, operation)
        if field.name.value in INTROSPECTION
    }
    return {key: _one(value, language) if key in keys else value for key, value in data.items()} if keys else data


def _root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> Iterator[FieldNode]:
    fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
    waiting = [operation.selection_set]
    while waiting:
        for item in waiting.pop().selections:
            if isinstance(item, FieldNode):
                yield item
            elif isinstance(item, InlineFragmentNode):
                waiting.append(item.selection_set)
            elif isinstance(item, FragmentSpreadNode) and item.name.value in fragments:
                waiting.append(fragments.pop(item.name.value).selection_set)  # each is looked into once


def _one(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        return {key: _one(item, language) for key, item in value.items()}
    if isinstance(value, list):
        return [_one(item, language) for item in value]
    return one_language(value, language) if isinstance(value, str) and DIVIDER in value else value
