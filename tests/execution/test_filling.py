"""What Python alone tells of rows: one statement for the rows, one step more for all that Python tells of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import strawberry

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, filled, from_python, listing, sql_type, to_one
from gateway.execution.documents import Documents
from gateway.execution.keyset import Key
from gateway.execution.plan import Plans
from gateway.execution.sources import SOURCES
from gateway.faults import bad_input
from gateway.schema import schema as whole
from gateway.schema.rules import Rule
from models.departments import Department as Rows
from tests.execution.test_statement_count import statements
from tests.execution.twins import Twins

CALLS: list[Sequence[Any]] = []
LIMIT = (int, "how many signs")


@dataclass(frozen=True)
class Value:
    code: str
    code_of_rule: str = "ZYB-ESC-07"


@strawberry.type
class Told:
    word: str = from_python(lambda value, context: f"{context.language} {value.code}", "a word of Python's")
    rule: Rule = to_one("Rule", "a rule", code="code_of_rule")


async def _told(_context: Any, rows: Sequence[Any], limit: int) -> list[Any]:
    CALLS.append(rows)
    if limit < 0:
        raise bad_input("Expected 0 or more.", "limit")
    return [Value(row["code"][:limit]) if row["position"] % 2 else None for row in rows]


@pytest.fixture(scope="module")
def small(twins: Twins) -> Iterator[Twins]:
    """A schema of one type over a table of the catalogue."""

    @sql_type(Rows, "a department")
    class Probe(SqlType):
        code: str = column("code", "its code")
        told: Told | None = filled(_told, "what Python tells", needs=("code", "position"), limit=LIMIT)

    @strawberry.type
    class Query:
        probes: list[Probe] = listing("Probe", ["code"], "departments")
        paged: Connection[Probe] = connection("Probe", "the same", of=Probe, orders=(Key("code"),))

    core = strawberry.Schema(query=Query, config=whole.config)._schema
    yield Twins(twins.pool, twins.services, twins.runner, core, Documents(core), Plans(core))
    del SOURCES["Probe"]


DOCUMENT = """query Q($limit: Int!) {
  probes { code first: told(limit: 1) { word } told(limit: $limit) { word rule { code kind } __typename } }
  paged(first: 3) { nodes { told(limit: $limit) { rule { product { code } } } } edges { node { code } } } }"""


def test_rows_are_filled_in_alike_both_ways(small: Twins) -> None:
    found = small.same(DOCUMENT, {"limit": 3})["probes"]
    assert {probe["told"] is None for probe in found} == {True, False}


def test_python_is_asked_once_for_all_rows_of_a_field(small: Twins) -> None:
    CALLS.clear()
    assert small.planned(DOCUMENT, {"limit": 2}) is not None
    assert [len(rows) > 1 for rows in CALLS] == [True, True, True]


def test_the_rows_cost_one_statement_and_what_hangs_on_python_one_more(small: Twins) -> None:
    document = "{ probes { code told(limit: 1) { rule { product { code } } } } }"
    assert small.planned(document) is not None
    assert len(statements(small, document)) == 2


def test_what_python_refuses_is_told_by_the_plain_executor(small: Twins) -> None:
    assert small.planned(DOCUMENT, {"limit": -1}) is None
    assert "0 or more" in (small.plain(DOCUMENT, {"limit": -1}).errors or [])[0].message
