"""The planned executor: an operation by its plan, whose JSON goes to the client as it is."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, FieldNode, GraphQLError, OperationDefinitionNode

from gateway.execution.documents import Document
from gateway.execution.plan import BoundMessage, Plans


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of `data`, and what it cost."""

    json: bytes
    sql: str
    kinds: Sequence[str]
    plan_seconds: float
    execute_seconds: float


async def run(
    plans: Plans,
    document: Document,
    operation: OperationDefinitionNode,
    *,
    variables: Mapping[str, Any],
    context: Any,
) -> Answer | ExecutionResult | None:
    """The answer; none where the plain executor must give it, be it an answer or an error in its own words."""
    begun = time.perf_counter()
    bound = plans.find(document, operation, variables, context)
    if bound is None or isinstance(bound, BoundMessage):
        return None
    planned = time.perf_counter()
    try:
        found = await bound.run(context)
    except Exception as error:
        return ExecutionResult(None, [_located(error, operation)])
    if not isinstance(found, bytes):
        return found
    sql = ";\n".join(statement.sql for statement in bound.statements)
    kinds = [kind for statement in bound.statements for kind in statement.kinds]
    return Answer(found, sql, kinds, planned - begun, time.perf_counter() - planned)


def _located(error: Exception, operation: OperationDefinitionNode) -> GraphQLError:
    """One statement has failed as a whole; the first field stands for all."""
    first = next(item for item in operation.selection_set.selections)
    key = (first.alias or first.name).value if isinstance(first, FieldNode) else "data"
    return GraphQLError(str(error), [first], path=[key], original_error=error)
