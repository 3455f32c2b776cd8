"""The contenders of the bench answer like the gateway; those under Node are compared by the bench itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import answers, bench, data, queries
from benchmarks.bench import Running
from benchmarks.contenders.roster import FLOOR, OURS, VANILLA, Place, gateway_dsn
from benchmarks.load import Load
from benchmarks.queries import QUERIES, Query
from gateway.postgres.pool import connection
from tests.conftest import TEMPLATE, dsn

NAME = "gateway_benchmarks"
SMALLEST = 0.0


@pytest.fixture(scope="module")
def made(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The gateway, the floor and the tutorial's server over a little of the bench's data."""
    asyncio.run(_build())
    place = Place(gateway_dsn(dsn(NAME)), dsn(NAME), folder)
    asking = asyncio.run(queries.draw(dsn(NAME), folder))
    load = Load(None, None, tmp_path_factory.mktemp("requests"))
    deep = bench.deep_enough(asyncio.run(queries.listed(dsn(NAME), asking.vendor.vendor)))
    with bench.running(place, asking, load, deep, print, [FLOOR, OURS, VANILLA]) as running:
        running.prepare(QUERIES)
        yield running


async def _build() -> None:
    async with connection(dsn("postgres")) as opened:
        await opened.execute(f"create database {NAME} template {TEMPLATE}")
    async with connection(dsn(NAME)) as opened:
        await data.fill(opened, data.Sizes.of(SMALLEST), print)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.key)
def test_everybody_answers_alike(made: Running, query: Query) -> None:
    made.check(query, count=3)


@pytest.mark.parametrize(
    ("key", "path", "least"),
    [
        ("Q1", ("policy", "entitlements"), 2),
        ("Q2", ("hospitals", "nodes"), 3),
        ("Q3", ("policy", "bookings", "nodes"), 20),
        ("Q3", ("policy", "claims", "nodes"), 20),
        ("Q4", ("two", "nodes"), 51),
        ("Q5", ("bookings", "nodes"), 20),
    ],
)
def test_there_is_something_to_compare(made: Running, key: str, path: tuple[str, ...], least: int) -> None:
    query = next(query for query in QUERIES if query.key == key)
    found: Any = answers.ask(made.processes[OURS], OURS.request(query, made.samples[OURS.name, key][0]))
    for name in path:
        found = found[name]
    assert len(found) >= least


def test_another_answer_is_told_with_its_place() -> None:
    alike = {"data": [{"number": 1, "endCursor": "a"}]}
    answers.compare(queries.Q5, {"one": alike, "two": {"data": [{"endCursor": "b", "number": 1}]}})
    with pytest.raises(answers.Different, match="Q5: two differs from one"):
        answers.compare(queries.Q5, {"one": alike, "two": {"data": [{"number": 2, "endCursor": "a"}]}})


def test_our_own_client_puts_the_gateway_under_load(made: Running) -> None:
    server = made.servers[OURS.name]
    figures = server.run(queries.M1, connections=2, seconds=0.3)
    assert figures.errors == 0
    assert figures.per_second > 0
    made.check(queries.M1, count=1)


def test_what_the_mutation_wrote_is_forgotten(made: Running) -> None:
    asyncio.run(data.forget_bookings(dsn(NAME)))
    assert asyncio.run(_left()) == 0


async def _left() -> int:
    async with connection(dsn(NAME)) as opened:
        return await opened.fetchval("select count(*) from bookings join bench.keys using (policy_id) where is_written")
