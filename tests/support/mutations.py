"""Every mutation of the schema with an input that it takes, so that no test has to name them all."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from gateway.schema import schema
from tests.support.client import Answer, Client, new_key
from tests.support.escorts import VISIT

CORE = schema._schema
MUTATIONS = CORE.mutation_type.fields if CORE.mutation_type else {}
SCALARS = {
    "ID": "x",
    "String": "words",
    "Int": 3,
    "Boolean": True,
    "DateTime": VISIT,
    "Date": "2026-03-12",
    "Decimal": "1.00",
}


def input_of(mutation: str) -> GraphQLInputObjectType:
    return get_named_type(MUTATIONS[mutation].args["input"].type)


def of_bookings() -> list[str]:
    """Mutations that are about a booking which exists."""
    return sorted(name for name in MUTATIONS if "booking" in input_of(name).fields)


def of_policies() -> list[str]:
    """Mutations that name a policy by its number."""
    return sorted(name for name in MUTATIONS if "policyNumber" in input_of(name).fields)


def sample(mutation: str, **fields: Any) -> dict[str, Any]:
    """An input with every required field filled in."""
    return filled(input_of(mutation)) | {"idempotencyKey": new_key()} | fields


def filled(kind: GraphQLInputObjectType) -> dict[str, Any]:
    """An object with its required fields only."""
    return {name: _value(field.type) for name, field in kind.fields.items() if is_required_input_field(field)}


def _value(kind: Any) -> Any:
    inner = kind.of_type if is_non_null_type(kind) else kind
    if is_list_type(inner):
        return [_value(inner.of_type)]
    if is_enum_type(inner):
        return next(iter(inner.values))
    return filled(inner) if is_input_object_type(inner) else SCALARS[inner.name]


def send(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
    document = (
        f"mutation Send($input: {input_of(mutation).name}!, $dryRun: Boolean!) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) "
        "{ isReplay refusals { message inputPath rule { code } } } }"
    )
    return client.ask(document, input=given, dryRun=dry_run)
