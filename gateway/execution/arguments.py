"""The arguments of a field, as its resolver gets them."""

from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLSchema
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments


def python_arguments(
    schema: GraphQLSchema, field: GraphQLField, node: FieldNode, values: VariableValues
) -> dict[str, Any]:
    """By their Python names, inputs as objects. What cannot be taken is refused by an exception."""
    made: Any = schema._strawberry_schema  # type: ignore[attr-defined]  # pyright: ignore[reportPrivateUsage]
    given = get_argument_values(field, node, values)
    definition = field.extensions["strawberry-definition"]
    return convert_arguments(given, definition.arguments, made.schema_converter.scalar_registry, made.config)
