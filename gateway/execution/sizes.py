"""What a field costs, declared in the schema by the directives of the GraphQL cost specification, and enforced.

`declare_sizes` derives them from what fields are in SQL, so that no list is without one; `gateway.execution.cost` reads
them from the fields and knows nothing else.
"""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)
from strawberry.schema_directive import Location

from gateway.execution import forms
from gateway.execution.keyset import DEFAULT_SIZE, MAXIMUM_SIZE
from gateway.language import T

ASSUMED = 10
COUNT = "20"
MUTATION = "10"


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description=T(
        "该字段的价格；未标注时，对象为 1，标量为 0。",
        "What the field costs; without it an object costs 1 and a scalar nothing.",
    ),
)
class Cost:
    weight: str = strawberry.directive_field(name="weight")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description=T(
        "计价时列表按多长计算：取给出的 slicingArguments（列表参数按其长度，多个时取最大），均未给出时取 assumedSize。",
        "How long a list counts: as the slicing arguments say, a list among them by its length, of several the "
        "largest; as `assumedSize` where none is given.",
    ),
)
class ListSize:
    assumed_size: int | None = strawberry.directive_field(name="assumedSize", default=strawberry.UNSET)
    slicing_arguments: list[str] | None = strawberry.directive_field(name="slicingArguments", default=strawberry.UNSET)
    sized_fields: list[str] | None = strawberry.directive_field(name="sizedFields", default=strawberry.UNSET)
    require_one_slicing_argument: bool | None = strawberry.directive_field(
        name="requireOneSlicingArgument", default=True
    )


def sized(size: int) -> dict[str, Any]:
    """The metadata of a field whose list is about so long."""
    return {"size": size}


def declared_size(field: GraphQLField) -> ListSize | None:
    return next((item for item in _definition(field).directives if isinstance(item, ListSize)), None)


def declared_weight(field: GraphQLField) -> int:
    weights = [int(item.weight) for item in _definition(field).directives if isinstance(item, Cost)]
    return weights[0] if weights else int(is_composite_type(get_named_type(field.type)))


def declare_sizes(schema: GraphQLSchema) -> None:
    """Gives every list of objects its size, where the field does not say it itself."""
    fields = list(_fields(schema))
    pages = {get_named_type(field.type).name for _, field in fields if isinstance(_form(field), forms.Paged)}
    for owner, field in fields:
        if owner.name not in pages and declared_size(field) is None:
            size = _size(field)
            if size is not None:
                definition = _definition(field)
                definition.directives = [*definition.directives, size]


def _size(field: GraphQLField) -> ListSize | None:
    form = _form(field)
    if isinstance(form, forms.Paged):
        return ListSize(
            assumed_size=DEFAULT_SIZE,
            slicing_arguments=["first", "last"],
            sized_fields=["edges", "nodes"],
            require_one_slicing_argument=False,
        )
    if isinstance(form, forms.ById) and form.is_list:
        return ListSize(assumed_size=MAXIMUM_SIZE, slicing_arguments=[form.argument])
    if is_list_type(get_nullable_type(field.type)) and is_composite_type(get_named_type(field.type)):
        return ListSize(assumed_size=_definition(field).metadata.get("size", ASSUMED))
    return None


def _fields(schema: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType, GraphQLField]]:
    for owner in schema.type_map.values():
        if isinstance(owner, GraphQLObjectType) and not owner.name.startswith("__"):
            for field in owner.fields.values():
                yield owner, field


def _form(field: GraphQLField) -> Any:
    return _definition(field).metadata.get("form")


def _definition(field: GraphQLField) -> Any:
    return field.extensions["strawberry-definition"]
