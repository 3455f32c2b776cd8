"""No list, filter, ordering, look-up or relation of the API reads a table that grows from end to end.

The server says how it would run each planned statement, on tables that are large enough for the choice to be a real
one, and are filled by the server itself.
"""

import asyncio
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, get_named_type

from benchmarks import data
from gateway.auth.viewer import ANONYMOUS, VENDOR_LIMIT, Viewer
from gateway.bounds import BOUNDS
from gateway.execution import ids
from gateway.execution.documents import Documents
from gateway.execution.sources import PREFIXES, SOURCES
from gateway.postgres.migrate import ROLE
from gateway.postgres.pool import connection
from models import metadata
from tests.conftest import TEMPLATE, dsn
from tests.execution.test_cases import selection
from tests.execution.twins import CORE, Twins, customer, staff, twins_over, vendor

SIZES = data.Sizes(policies=5_000, insured=7_500, bookings=15_000, claims=8_000, hospitals=2_000, busy=40)
MORE = Path(__file__).with_name("indexes.sql")
GROWING = {
    *(table.name for table in metadata.tables.values() if "policy_id" in table.columns),
    *("hospitals", "hospital_departments", "hospital_networks", "vendor_tokens"),
}
MINE = "BENCH-0000003"
VIEWERS = {
    "staff": staff(),
    "a customer": customer(MINE, "BENCH-0000004"),
    "a large vendor": vendor("HUANQIU", scopes=VENDOR_LIMIT),
    "a small vendor": vendor("WINDSTONE", scopes=VENDOR_LIMIT),
    "anyone": ANONYMOUS,
}
WORDS: Mapping[str, Any] = {
    "number": "CL-c4ca4238a0b923820dcc509a6f75849b",
    "policyNumber": MINE,
    "city": "上海",
    "province": "江苏",
    "department": "PEDIATRICS",
    "level": 3,
    "plan": "NATIONAL",
    "keyword": "北京医院",
    "item": "item 123",
    "near": {"latitude": "31.2", "longitude": "121.4", "radiusKm": "5"},
    "Date": "2025-03-20",
    "DateTime": "2025-03-20T09:00:00+08:00",
    "Boolean": True,
    "String": "上海",
}
"""By the name of a field, else by its type."""

OPERATORS = {"eq", "in", "gte", "lte", "contains"}
LISTS = sorted(name for name, item in CORE.query_type.fields.items() if "where" in item.args)  # type: ignore[union-attr]
POLICY = f'{{ policy(number: "{MINE}") {{ %s }} }}'
ROOMY = Documents(CORE, replace(BOUNDS, selections=5_000))  # all of a claim is more than anybody may ask at once
OF_POLICY = ("bookings", "preAuths", "claims", "advances", "bills")


@pytest.fixture(scope="module")
def large(worker_id: str, folder: Path) -> Iterator[Twins]:
    name = f"gateway_large_{worker_id}"
    asyncio.run(_build(name))
    with twins_over(dsn(name, ROLE), folder) as made:
        yield replace(made, documents=ROOMY)
    asyncio.run(_drop(name))


async def _build(name: str) -> None:
    async with connection(dsn("postgres")) as opened:
        await opened.execute(f"create database {name} template {TEMPLATE}")
    async with connection(dsn(name)) as opened:
        await data.fill(opened, SIZES, _unheard)
        await opened.execute("set session_replication_role = replica")
        await opened.execute(MORE.read_text().format(hospitals=SIZES.hospitals))
        await opened.execute("vacuum analyze")


async def _drop(name: str) -> None:
    async with connection(dsn("postgres")) as opened:
        await opened.execute(f"drop database {name}")


def _unheard(text: str) -> None:
    pass


# What is asked


def documents(field: str) -> Iterator[str]:
    """Every filter of a list under every ordering; and every ordering from its end."""
    for order in orders(field):
        for where in (None, *filters(CORE.query_type.fields[field].args["where"].type)):  # type: ignore[union-attr]
            yield _document(field, where=where, orderBy=order, first="20")
        yield _document(field, orderBy=order, last="20")


def _document(field: str, **given: str | None) -> str:
    told = ", ".join(f"{name}: {value}" for name, value in given.items() if value is not None)
    return f"{{ {field}({told}) {{ nodes {{ id }} }} }}"


def orders(field: str) -> list[str | None]:
    argument = CORE.query_type.fields[field].args.get("orderBy")  # type: ignore[union-attr]
    return [None] if argument is None else [*get_named_type(argument.type).values]


def filters(kind: Any) -> Iterator[str]:
    """One filter for each field of an input, and for each operator where the field holds operators."""
    for name, item in get_named_type(kind).fields.items():
        inner = get_named_type(item.type)
        operators = OPERATORS & set(getattr(inner, "fields", ()))
        for operator in sorted(operators):
            value = written(name, get_named_type(inner.fields[operator].type))
            yield f"{{{name}: {{{operator}: {f'[{value}]' if operator == 'in' else value}}}}}"
        if not operators:
            yield f"{{{name}: {written(name, inner)}}}"


def written(name: str, kind: Any) -> str:
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    value = WORDS.get(name, WORDS.get(kind.name))
    if isinstance(value, dict):
        return "{" + ", ".join(f'{key}: "{item}"' for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


# What is found


def scans(twins: Twins, document: str, viewer: Viewer) -> list[str]:
    """Growing tables that the statement of a document would read from end to end, for these values or for any."""
    read = twins.documents.get(document)
    bound = twins.plans.find(read, read.operation(None), {}, twins.context(viewer, "en"))
    assert bound is not None, f"not planned: {document}"

    async def explain() -> set[str]:
        async with twins.pool.acquire() as opened:
            found: set[str] = set()
            for options in ("format json", "format json, generic_plan"):
                (plan,) = await opened.fetchval(f"explain ({options}) {bound.plan.sql}", *bound.arguments)
                found |= {f"{table} ({options})" for table in _scanned(plan["Plan"])}
            return found

    return [f"{table}: {document}" for table in sorted(twins.runner.run(explain()))]


def _scanned(node: Mapping[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield node["Relation Name"]
    for inner in node.get("Plans", ()):
        yield from _scanned(inner)


@pytest.mark.slow
@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name != "anyone"])
@pytest.mark.parametrize("field", [name for name in LISTS if name not in ("cities", "drugs", "rules", "products")])
def test_no_filter_and_no_ordering_reads_a_whole_table(large: Twins, field: str, viewer: str) -> None:
    found = [line for document in documents(field) for line in scans(large, document, VIEWERS[viewer])]
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("field", OF_POLICY)
def test_no_list_of_a_policy_reads_a_whole_table(large: Twins, field: str) -> None:
    asked = (text.strip("{} ").split(" { nodes")[0] for text in documents(field))
    found = [
        line
        for inner in asked
        for line in scans(
            large,
            f'{{ policy(number: "{MINE}") {{ {inner} {{ totalCount nodes {{ id }} }} }} }}',
            VIEWERS["a customer"],
        )
    ]
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["staff", "a customer", "a small vendor"])
@pytest.mark.parametrize("field", ["bookings", "policies", "preAuths", "claims", "advances", "bills", "hospitals"])
def test_no_relation_reads_a_whole_table(large: Twins, field: str, viewer: str) -> None:
    kind: Any = CORE.query_type.fields[field]  # type: ignore[union-attr]
    node = get_named_type(get_named_type(kind.type).fields["nodes"].type)
    document = f"{{ {field}(first: 20) {{ nodes {{ {' '.join(selection(node))} }} }} }}"
    assert scans(large, document, VIEWERS[viewer]) == []


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["a customer", "a small vendor"])
@pytest.mark.parametrize("field", OF_POLICY)
def test_no_total_of_what_is_ones_own_reads_a_whole_table(large: Twins, field: str, viewer: str) -> None:
    assert scans(large, f"{{ {field} {{ totalCount }} }}", VIEWERS[viewer]) == []


LOOKUPS = {
    "a policy": POLICY % "id riders { code } insured { id } entitlements { ledger { at } } cards { status }",
    "benefits": POLICY % "benefits { limit used held }",
    "a hospital": '{ hospital(code: "B000001") { id departments { code } networks { plan } } }',
    "entitlements": f'{{ entitlements(policy: "pol_{0:032}") {{ id ledger {{ at }} insured {{ id }} }} }}',
}


@pytest.mark.slow
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("name", LOOKUPS)
def test_no_look_up_reads_a_whole_table(large: Twins, name: str, viewer: str) -> None:
    if viewer == "anyone" and name != "a hospital":
        pytest.skip("not open to anyone")
    assert scans(large, LOOKUPS[name], VIEWERS[viewer]) == []


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["staff", "a customer", "a small vendor"])
@pytest.mark.parametrize("prefix", sorted(PREFIXES))
def test_no_id_is_looked_for_in_a_whole_table(large: Twins, prefix: str, viewer: str) -> None:
    source = PREFIXES[prefix]
    if source.scope is not None and source.scope not in VIEWERS[viewer].scopes:
        pytest.skip("no scope")
    wanted = ids.encode(prefix, *(uuid.UUID(int=1) for _ in source.id_columns))
    assert scans(large, f'{{ node(id: "{wanted}") {{ id }} nodes(ids: ["{wanted}"]) {{ id }} }}', VIEWERS[viewer]) == []


def test_the_growing_tables_are_known() -> None:
    assert {"bookings", "claims", "claim_lines", "entitlement_entries", "hospitals"} <= GROWING
    assert {source.table.__tablename__ for source in SOURCES.values()} & GROWING
