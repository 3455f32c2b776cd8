"""The messages of a subscription: each is read by the plan's one statement, or by the plain executor where none is."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from graphql import ExecutionResult, FieldNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from gateway.execution import plain
from gateway.execution.documents import Document
from gateway.execution.forms import Followed
from gateway.execution.plan import BoundMessage, Plans
from gateway.execution.planned import Answer
from gateway.execution.selections import root_field
from gateway.execution.sources import SOURCES


async def of(
    plans: Plans,
    schema: GraphQLSchema,
    document: Document,
    operation: OperationDefinitionNode,
    *,
    variables: Mapping[str, Any],
    context: Any,
) -> AsyncGenerator[Answer | ExecutionResult]:
    """As long as somebody listens. An error without data is the last of them."""
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(variables), 10)
    if not isinstance(coerced, VariableValues):
        yield ExecutionResult(None, list(coerced))
        return
    node = root_field(document.node, operation)
    field = schema.subscription_type.fields[node.name.value]  # type: ignore[union-attr]
    form, scopes = (field.extensions["strawberry-definition"].metadata[name] for name in ("form", "scopes"))
    try:
        context.viewer.require(*scopes)
        given = get_argument_values(field, node, coerced)
        async with aclosing(form.follow(context, **given)) as keys:
            async for key in keys:
                made = await _message(plans, schema, document, operation, form, key, variables, context)
                if made is not None:
                    yield made
    except GraphQLError as error:
        yield ExecutionResult(None, [_placed(error, node)])


async def _message(
    plans: Plans,
    schema: GraphQLSchema,
    document: Document,
    operation: OperationDefinitionNode,
    form: Followed,
    key: tuple[Any, ...],
    variables: Mapping[str, Any],
    context: Any,
) -> Answer | ExecutionResult | None:
    """None where it was hidden in the moment between its key and it."""
    begun = time.perf_counter()
    bound = plans.find(document, operation, variables, context)
    if isinstance(bound, BoundMessage):
        planned = time.perf_counter()
        found = await bound.read(context, key)
        if found is not None:
            sql, kinds = bound.statement.sql, bound.statement.kinds
            return Answer(found, sql, kinds, planned - begun, time.perf_counter() - planned)
    root: Any = {"__typename": form.target}
    if form.columns:
        root = await context.unit.one(SOURCES[form.target], form.columns, key)
    if root is None:
        return None
    name = None if operation.name is None else operation.name.value
    return await plain.run(
        schema,
        document,
        operation_name=name,
        variables=variables,
        context=context,
        hide_suggestions=True,
        root=root,
    )


def _placed(error: GraphQLError, node: FieldNode) -> GraphQLError:
    """Without a path: by the specification nothing was executed."""
    return GraphQLError(error.message, [node], original_error=error)
