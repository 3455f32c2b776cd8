"""What a type or a field requires, shown to clients: from the very declarations that the guard and the planner read."""

from collections.abc import Iterator, Sequence
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location

from gateway.execution.sources import SOURCES
from gateway.language import DIVIDER, T


@strawberry.schema_directive(
    locations=[Location.OBJECT, Location.FIELD_DEFINITION],
    name="requiresScopes",
    description=T(
        "令牌须含的权限：外层任一、内层全部。",
        "Scopes that the token must carry: any of the outer list, of which all.",
    ),
)
class RequiresScopes:
    scopes: list[list[str]]


def show_scopes(schema: GraphQLSchema) -> None:
    """Writes `@requiresScopes` and a sentence of the description wherever scopes are required."""
    for owner in _objects(schema):
        type_scopes = required_by_type(owner.name)
        if type_scopes:
            _show(owner, type_scopes)
        for name, field in owner.fields.items():
            scopes = required_by_field(owner, name)
            if scopes:
                _show(field, scopes)


def requirements(schema: GraphQLSchema) -> Iterator[tuple[str, Sequence[str]]]:
    """`Type` and `Type.field` with the scopes that each requires."""
    for owner in _objects(schema):
        if required_by_type(owner.name):
            yield owner.name, required_by_type(owner.name)
        for name in owner.fields:
            if required_by_field(owner, name):
                yield f"{owner.name}.{name}", required_by_field(owner, name)


def required_by_type(name: str) -> tuple[str, ...]:
    source = SOURCES.get(name)
    return () if source is None or source.scope is None else (source.scope,)


def required_by_field(owner: GraphQLObjectType, name: str) -> tuple[str, ...]:
    definition = owner.fields[name].extensions.get("strawberry-definition")
    return () if definition is None else tuple(definition.metadata.get("scopes", ()))


def _objects(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    kinds = schema.type_map.values()
    return [kind for kind in kinds if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")]


def _show(shown: Any, scopes: Sequence[str]) -> None:
    definition = shown.extensions["strawberry-definition"]
    definition.directives = [*(definition.directives or ()), RequiresScopes(scopes=[list(scopes)])]
    zh, _, en = shown.description.partition(DIVIDER)
    needed = ", ".join(scopes)
    shown.description = T(f"{zh}需要 {needed}。", f"{en} Needs {needed}.")
