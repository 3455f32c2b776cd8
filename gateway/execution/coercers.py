"""Values of variables, coerced by functions that are made once for an operation.

They give what graphql-core gives, or nothing: on the slightest doubt graphql-core is asked, which is the single
source of what is taken and of what is said about the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_input_field,
    type_from_ast,
)
from graphql.utilities import coerce_input_literal
from graphql.utilities.coerce_input_value import coerce_default_value

from gateway.execution.parameters import Shape, shape_of

Coerce = Callable[[Any], Any]
UNCHANGED: Mapping[Any, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
"""Scalars whose values of these very types are taken as they are."""


class Doubt(Exception):
    """A value that graphql-core has to look at."""


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    kind: Any
    coerce: Coerce
    default: Any
    is_required: bool
    is_id: bool


@dataclass(frozen=True, slots=True)
class Coercer:
    """The variables of one operation."""

    variables: Sequence[Variable]

    def coerced(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Values by name, as graphql-core coerces them; those that are left out and have no default are not there."""
        values: dict[str, Any] = {}
        for variable in self.variables:
            value = given.get(variable.name, Undefined)
            if value is not Undefined:
                values[variable.name] = variable.coerce(value)
            elif variable.default is not Undefined:
                values[variable.name] = variable.default
            elif variable.is_required:
                raise Doubt
        return values

    def shapes(self, values: Mapping[str, Any]) -> tuple[tuple[str, Shape], ...]:
        """What a plan may know of the values, see `Shape`."""
        return tuple(
            (variable.name, ... if type(value) is str and not variable.is_id else shape_of(variable.kind, value))
            for variable in self.variables
            if (value := values.get(variable.name, Undefined)) is not Undefined
        )


def coercer(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Coercer:
    """The coercer of an operation; one that doubts everything where a type is not understood here."""
    try:
        return Coercer([_variable(schema, node) for node in operation.variable_definitions or ()])
    except Exception:  # whatever is strange about a type or a default, graphql-core has the words for it
        return Coercer([_DOUBTED])


def _variable(schema: GraphQLSchema, node: VariableDefinitionNode) -> Variable:
    kind: Any = type_from_ast(schema, node.type)
    default = Undefined
    if node.default_value is not None:
        default = coerce_input_literal(node.default_value, kind)
        if default is Undefined:
            raise Doubt
    is_id = get_named_type(kind) is GraphQLID
    is_required = isinstance(kind, GraphQLNonNull)
    return Variable(node.variable.name.value, kind, coerce_to(kind), default, is_required, is_id)


def _doubt(value: Any) -> Any:
    raise Doubt


_DOUBTED = Variable("", None, _doubt, Undefined, is_required=True, is_id=False)


def coerce_to(kind: Any, outer: Sequence[Any] = ()) -> Coerce:
    """The coercion to a type. Types that hold themselves are left to graphql-core, which counts how deep it goes."""
    if isinstance(kind, GraphQLNonNull):
        return _not_null(coerce_to(kind.of_type, outer))
    if isinstance(kind, GraphQLList):
        return _nullable(_list(coerce_to(kind.of_type, outer)))
    if isinstance(kind, GraphQLInputObjectType):
        if kind in outer:
            return _doubt
        return _nullable(_object(kind, [*outer, kind]))
    if not is_leaf_type(kind):
        raise Doubt
    return _nullable(_leaf(kind))


def _not_null(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            raise Doubt
        return inner(value)

    return coerce


def _nullable(inner: Coerce) -> Coerce:
    return lambda value: None if value is None else inner(value)


def _list(item: Coerce) -> Coerce:
    """A value that is no list is a list of one."""
    return lambda value: [item(each) for each in value] if isinstance(value, list) else [item(value)]


def _leaf(kind: Any) -> Coerce:
    unchanged = UNCHANGED.get(kind)
    read = kind.coerce_input_value

    def coerce(value: Any) -> Any:
        if type(value) is unchanged:
            return value
        try:
            found = read(value)
        except Exception:
            raise Doubt from None
        if found is Undefined:
            raise Doubt
        return found

    return coerce


def _object(kind: GraphQLInputObjectType, outer: Sequence[Any]) -> Coerce:
    if kind.is_one_of:
        return _doubt
    fields = [_field(name, field, outer) for name, field in kind.fields.items()]
    known = kind.fields.keys()
    made = kind.out_type

    def coerce(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= known:
            raise Doubt
        found: dict[str, Any] = {}
        for name, out_name, inner, default, is_required in fields:
            given = value.get(name, Undefined)
            if given is not Undefined:
                found[out_name] = inner(given)
            elif default is not Undefined:
                found[out_name] = default
            elif is_required:
                raise Doubt
        return made(found)

    return coerce


def _field(name: str, field: GraphQLInputField, outer: Sequence[Any]) -> tuple[str, str, Coerce, Any, bool]:
    default = coerce_default_value(field)
    return name, field.out_name or name, coerce_to(field.type, outer), default, is_required_input_field(field)
