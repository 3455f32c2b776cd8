"""Clients and audits that others wrote. `make clients` installs them."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.bounds import LANES
from gateway.postgres.place import ROLE
from tests.conftest import dsn
from tests.support.client import Client, Gateway
from tests.support.escorts import begin
from tests.support.server import running_gateway

HERE = Path(__file__).parent
MISSING = "`make clients` installs the clients that others wrote"


def node(script: str, *arguments: str) -> list[Any]:
    """What a script says, a JSON value a line."""
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        pytest.skip(MISSING)
    done = subprocess.run(["node", script, *arguments], cwd=HERE, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def partner(gateway: Gateway, database: str) -> Iterator[Client]:
    """In the lane that a vendor has in production."""
    lanes = replace(LANES, developer=LANES.vendor)
    with running_gateway(dsn(database, ROLE), gateway.folder, lanes=lanes) as address:
        yield Gateway(address, gateway.folder, gateway.owner_dsn).vendor("HUANQIU")


def test_every_audit_of_graphql_over_http_passes(gateway: Gateway) -> None:
    results = node("audits.mjs", f"{gateway.address}/graphql")
    assert len(results) > 50
    assert [item for item in results if item["status"] != "ok"] == []


@pytest.mark.parametrize("method", ["post", "get"])
def test_apollos_link_falls_back_once_and_then_hits(gateway: Gateway, partner: Client, method: str) -> None:
    token = str(gateway.vendor("QITAI" if method == "get" else "HUANQIU").token)
    (sent,) = node("apollo.mjs", f"{partner.address}/graphql", token, method)
    first, fallback, answer, again, same = sent
    hashed = {"method": method.upper(), "hasQuery": False}
    assert first == again == hashed
    assert fallback == {"method": "POST", "hasQuery": True}
    assert answer == same == {"cities": 2}


def test_graphql_request_gets_data_and_learns_of_refusals(partner: Client) -> None:
    (said,) = node("request.mjs", f"{partner.address}/graphql", str(partner.token))
    assert said == {"cities": 2, "status": 400}


def python(script: str, *arguments: str) -> Any:
    interpreter = HERE / ".venv" / "bin" / "python"
    if not interpreter.exists():
        pytest.skip(MISSING)
    done = subprocess.run([interpreter, script, *arguments], cwd=HERE, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_gql_of_python_gets_data_and_codes(partner: Client) -> None:
    said = python("ask.py", f"{partner.address}/graphql", str(partner.token), "blind")
    assert said == {"cities": 2, "code": "GRAPHQL_VALIDATION_FAILED"}


def test_gql_of_python_reads_the_schema_where_it_is_open(gateway: Gateway) -> None:
    token = str(gateway.vendor("HUANQIU").token)
    assert python("ask.py", f"{gateway.address}/graphql", token, "schema") == {"cities": 2, "query": "Query"}


def test_gql_of_python_follows_a_booking_over_a_socket(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    token = str(journey.who("customer").token)
    said = python("follow.py", f"{gateway.address}/graphql", token, journey.booking, "1", "2")
    seen = [(item["cursor"], item["status"], item["booking"]["id"]) for item in said]
    assert seen == [("2", "ACCEPTED", journey.booking), ("3", "ASSIGNED", journey.booking)]


def test_gql_of_python_learns_that_a_booking_is_not_theirs(gateway: Gateway) -> None:
    mine, theirs = begin(gateway), begin(gateway)
    token = str(mine.who("customer").token)
    said = python("follow.py", f"{gateway.address}/graphql", token, theirs.booking, "0", "1")
    assert said == [{"code": "BAD_USER_INPUT"}]


@pytest.mark.parametrize("way", ["ws", "sse"])
def test_graphql_ws_and_graphql_sse_follow_a_booking(gateway: Gateway, way: str) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    token = str(journey.who("customer").token)
    said = node("live.mjs", way, f"{gateway.address}/graphql", token, journey.booking, "1", "2")
    seen = [(item["cursor"], item["status"], item["booking"]["id"]) for item in said]
    assert seen == [("2", "ACCEPTED", journey.booking), ("3", "ASSIGNED", journey.booking)]


@pytest.mark.parametrize("way", ["ws", "sse"])
def test_graphql_ws_and_graphql_sse_learn_that_a_booking_is_not_theirs(gateway: Gateway, way: str) -> None:
    mine, theirs = begin(gateway), begin(gateway)
    token = str(mine.who("customer").token)
    said = node("live.mjs", way, f"{gateway.address}/graphql", token, theirs.booking, "0", "1")
    assert said == [{"code": "BAD_USER_INPUT"}]


def test_urql_asks_and_follows(gateway: Gateway) -> None:
    journey = begin(gateway)
    (said,) = node("urql.mjs", f"{gateway.address}/graphql", str(journey.who("customer").token), journey.booking)
    assert said == {"cities": 2, "code": "GRAPHQL_VALIDATION_FAILED", "status": "REQUESTED"}
