"""Introspection in one language: only its descriptions carry both, and nothing else of an answer is touched.

What asks for nothing but the schema is answered beside the event loop, since all of the schema takes long to write
down, and is kept: it stays the same as long as the process does.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
)

from gateway.execution.documents import Document
from gateway.language import DIVIDER, one_language

INTROSPECTION = frozenset({"__schema", "__type"})

KEPT = 32


class Introspections:
    """Answers of operations that ask for the schema alone."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[Any, orjson.Fragment] = OrderedDict()

    async def answer(
        self, document: Document, operation: OperationDefinitionNode, variables: Mapping[str, Any], language: str
    ) -> ExecutionResult | None:
        """None where something else is asked as well."""
        if operation.operation is not OperationType.QUERY or not _is_pure(document.node, operation):
            return None
        name = None if operation.name is None else operation.name.value
        key = None if variables else (document.key, name, language)
        if key in self._kept:
            self._kept.move_to_end(key)
            return ExecutionResult(self._kept[key], None)  # type: ignore[arg-type]
        result = await asyncio.to_thread(
            execute_sync, self._schema, document.node, variable_values=dict(variables), operation_name=name
        )
        if result.data is None or result.errors:
            return None  # the plain executor says in its own words what is wrong
        text = orjson.Fragment(orjson.dumps(in_language(result.data, document.node, operation, language)))
        if key is not None:
            self._keep(key, text)
        return ExecutionResult(text, None)  # type: ignore[arg-type]

    def _keep(self, key: Any, text: orjson.Fragment) -> None:
        self._kept[key] = text
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _is_pure(document: DocumentNode, operation: OperationDefinitionNode) -> bool:
    return all(field.name.value.startswith("__") for field in _root_fields(document, operation))


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
