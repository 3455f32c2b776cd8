"""The arguments of a field, as its resolver gets them."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.values import get_argument_values

from gateway.execution.parameters import Call

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a field is given in one place of a document."""

    field: GraphQLField
    node: FieldNode
    converters: Mapping[str, tuple[str, Convert]]
    known: Mapping[str, Any]  # literals, and defaults of what is left out
    variables: Mapping[str, str]  # argument → the variable that it is
    has_mixed: bool  # literals with variables inside, which graphql-core reads

    @classmethod
    def of(cls, field: GraphQLField, node: FieldNode) -> "Arguments":
        given = {item.name.value: item.value for item in node.arguments or ()}
        variables = {name: value.name.value for name, value in given.items() if isinstance(value, VariableNode)}
        has_mixed = any(_has_variables(value) for name, value in given.items() if name not in variables)
        known = {} if has_mixed else _known(field, node, variables)
        return cls(field, node, {key: _named(item) for key, item in field.args.items()}, known, variables, has_mixed)

    def read(self, call: Call) -> dict[str, Any]:
        """By their Python names, inputs as objects. What cannot be taken is refused by an exception."""
        if self.has_mixed or any(name not in call.variables for name in self.variables.values()):
            given = get_argument_values(self.field, self.node, call.values())
        else:
            given = {**self.known, **{key: call.variables[name] for key, name in self.variables.items()}}
        return {
            name: self._converted(key, convert, given[key])
            for key, (name, convert) in self.converters.items()
            if key in given
        }

    def _converted(self, key: str, convert: Convert, value: Any) -> Any:
        if value is not None:
            return convert(value)
        if is_non_null_type(self.field.args[key].type):
            raise ValueError(key)
        return None


def _known(field: GraphQLField, node: FieldNode, variables: Mapping[str, str]) -> dict[str, Any]:
    """The values of all arguments but those that are variables."""
    others = {name: item for name, item in field.args.items() if name not in variables}
    literals = tuple(item for item in node.arguments or () if item.name.value not in variables)
    return get_argument_values(GraphQLField(field.type, others), replace(node, arguments=literals))


def _has_variables(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode():
            return any(_has_variables(item) for item in value.values)
        case ObjectValueNode():
            return any(_has_variables(item.value) for item in value.fields)
        case _:
            return False


def _named(argument: GraphQLArgument) -> tuple[str, Convert]:
    return argument.extensions["strawberry-definition"].python_name, _converter(argument.type)


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
