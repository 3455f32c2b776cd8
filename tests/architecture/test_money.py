"""Money is exact: whole cents in the database, decimals in Python, texts on the wire, and no float in between."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest
import yaml
from sqlalchemy import Double, Float, Numeric
from sqlmodel import SQLModel

import models  # noqa: F401 - its tables
from gateway.schema import sdl
from tests.support.client import Gateway
from tests.support.escorts import look

ROOT = Path(__file__).parents[2]
FLOATING = {"rate_buckets"}
"""Tables that hold floats: how full a caller's bucket is."""

OTHER_NUMBERS = {
    "gateway/repositories/hospitals.py": "degrees and kilometers",
    "gateway/imports/lines.py": "cells of a spreadsheet, which knows no other number: taken as they are printed",
}
"""Modules that know decimals and use floats for something else."""

MONEY = ("amount", "ceiling", "drawn", "carried", "deductible", "copay", "excluded", "asked", "allowed", "price")


def test_no_table_holds_a_float() -> None:
    floating = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Float | Double)
    }
    assert floating == FLOATING


def test_what_is_money_by_its_name_has_two_decimals() -> None:
    wrong = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name.split("_")[-1] in MONEY and not is_money(column.type)
    ]
    assert wrong == []


def is_money(kind: Any) -> bool:
    return isinstance(kind, Numeric) and (kind.precision, kind.scale) == (14, 2)


def test_the_database_agrees(gateway: Gateway) -> None:
    floats = look(
        gateway,
        """
        select distinct table_name from information_schema.columns
        where table_schema = 'public' and data_type in ('real', 'double precision', 'money')
        """,
    )
    assert {row["table_name"] for row in floats} == FLOATING


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("gateway", "models", "seeds"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def knows_decimals(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "decimal" for node in ast.walk(tree))


def floats_of(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


def test_no_module_with_decimals_has_a_float() -> None:
    found = {name: lines for name, tree in modules() if knows_decimals(tree) and (lines := floats_of(tree))}
    assert set(found) == set(OTHER_NUMBERS), found


def test_rules_know_no_float_at_all() -> None:
    assert [name for name, tree in modules() if name.startswith("gateway/validation") and floats_of(tree)] == []


def test_whoever_handles_an_amount_knows_no_float() -> None:
    handling = [
        (name, tree)
        for name, tree in modules()
        if name.startswith("gateway/resolvers") and "amount" in (ROOT / name).read_text(encoding="utf-8")
    ]
    assert len(handling) > 20
    assert [name for name, tree in handling if floats_of(tree)] == []


def test_the_schema_has_no_float() -> None:
    schema = graphql.build_schema(sdl())
    named = {
        str(graphql.get_named_type(field.type))
        for kind in schema.type_map.values()
        if isinstance(kind, graphql.GraphQLObjectType | graphql.GraphQLInputObjectType | graphql.GraphQLInterfaceType)
        and not kind.name.startswith("__")
        for field in kind.fields.values()
    }
    assert "Decimal" in named
    assert "Float" not in named


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.yaml")), ids=lambda path: path.name)
def test_numbers_of_handbooks_and_cases_are_whole_or_texts(path: Path) -> None:
    assert list(floats_in(yaml.load(path.read_bytes(), yaml.CSafeLoader))) == []


def floats_in(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from floats_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from floats_in(part)


@pytest.mark.parametrize("amount", [10, 10.5, "1e3", "NaN", "10.005", "٣"], ids=str)
def test_an_amount_that_is_no_text_of_whole_cents_is_not_taken(gateway: Gateway, amount: Any) -> None:
    answer = gateway.staff("adjuster").ask(
        "mutation B($input: BillIssueInput!) { billIssue(input: $input) { isReplay } }",
        input={"idempotencyKey": "k", "claim": "claim_x", "amount": amount},
    )
    assert answer.code == "BAD_USER_INPUT"
    assert "amount" in str(answer.error)
