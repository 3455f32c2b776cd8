"""The arguments of a field, as its resolver gets them."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    get_nullable_type,
)
from graphql.execution.values import VariableValues, get_argument_values

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a field is given in one place of a document."""

    field: GraphQLField
    node: FieldNode
    converters: Mapping[str, tuple[str, Convert]]

    @classmethod
    def of(cls, field: GraphQLField, node: FieldNode) -> "Arguments":
        return cls(
            field,
            node,
            {
                key: (argument.extensions["strawberry-definition"].python_name, _converter(argument.type))
                for key, argument in field.args.items()
            },
        )

    def read(self, values: VariableValues) -> dict[str, Any]:
        """By their Python names, inputs as objects. What cannot be taken is refused by an exception."""
        given = get_argument_values(self.field, self.node, values)
        return {
            name: None if given[key] is None else convert(given[key])
            for key, (name, convert) in self.converters.items()
            if key in given
        }


def _converter(kind: Any) -> Convert:
    """From a coerced value, which is not null, to what Strawberry makes of it; made once for a place."""
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        item = _converter(kind.of_type)
        return lambda value: [None if each is None else item(each) for each in value]
    if isinstance(kind, GraphQLInputObjectType):
        return _object(kind)
    return lambda value: value


def _object(kind: GraphQLInputObjectType) -> Convert:
    definition = kind.extensions["strawberry-definition"]
    make = definition.origin
    known = {
        key: (item.extensions["strawberry-definition"].python_name, _converter(item.type))
        for key, item in kind.fields.items()
    }
    absent = {
        item.python_name: None
        for item in definition.fields
        if item.default_value is MISSING and item.default_factory is MISSING
    }

    def convert(value: Mapping[str, Any]) -> Any:
        given = dict(absent)
        for key, item in value.items():
            name, inner = known[key]
            given[name] = None if item is None else inner(item)
        return make(**given)

    return convert
