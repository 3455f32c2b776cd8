"""The plain executor: graphql-core over the declared fields, and the transaction of each mutation field around it."""

from collections.abc import Awaitable, Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, execute
from graphql.execution import Executor

from gateway.execution.documents import Document
from gateway.execution.shown import columns_of


class SettlingExecutor(Executor[Any]):
    """Settles the transaction of a mutation field once its payload has been read, before the next field begins, and
    notices which sensitive fields are read.
    """

    def execute_field(self, parent_type: Any, source: Any, details: Any, *others: Any, **named: Any) -> Any:
        name = details[0].node.name.value
        if columns := columns_of(parent_type, name):
            self.context_value.shown.see(f"{parent_type.name}.{name}", columns, source)
        value = super().execute_field(parent_type, source, details, *others, **named)
        if parent_type is not self.schema.mutation_type:
            return value
        return self._settled(value)

    async def _settled(self, value: Any) -> Any:
        try:
            return await value if isinstance(value, Awaitable) else value
        finally:
            transaction = self.context_value.transaction
            if transaction is not None:
                await transaction.settle()


async def run(
    schema: GraphQLSchema,
    document: Document,
    *,
    operation_name: str | None,
    variables: Mapping[str, Any] | None,
    context: Any,
    hide_suggestions: bool,
    root: Any = None,
) -> ExecutionResult:
    result = execute(
        schema,
        document.node,
        root_value=root,
        context_value=context,
        variable_values=dict(variables or {}),
        operation_name=operation_name,
        executor_class=SettlingExecutor,
        hide_suggestions=hide_suggestions,
        max_coercion_errors=10,
    )
    return await result if isinstance(result, Awaitable) else result
