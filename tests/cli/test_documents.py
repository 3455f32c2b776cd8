"""`gateway documents`: registered whole or not at all, listed, retired, and held against another release's schema."""

import asyncio
import hashlib
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.postgres.pool import connection
from tests.conftest import dsn
from tests.support.processes import Said, gateway, gateway_here

Command = Callable[..., Said]
BOOKINGS = "query Mine($n: Int) { bookings(first: $n) { nodes { number hospital { code } } } }"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def documents(empty: Path, database: str) -> Command:
    """The command over this worker's database."""

    def run(*arguments: str, **more: str) -> Said:
        return gateway_here(empty, "documents", *arguments, DATABASE_URL=dsn(database), **more)

    return run


@pytest.fixture
def app() -> str:
    return f"app-{uuid.uuid4().hex[:8]}"


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_document_is_registered_with_all_that_is_known_of_it(
    documents: Command, empty: Path, database: str, app: str
) -> None:
    given = ("register", written(empty, "mine.graphql", BOOKINGS), "--app", app)
    said = gateway(empty, "documents", *given, DATABASE_URL=dsn(database))
    assert (said.code, said.out) == (0, f"{digest(BOOKINGS)}  Mine  cost 201\n"), said.err
    (line,) = documents("list", "--app", app).out.splitlines()
    assert line.split("  ") == [digest(BOOKINGS), app, "Mine", "cost 201", "bookings:read", "bookings hospitals"]
    again = documents("register", str(empty / "mine.graphql"), "--app", app)
    assert again.out.endswith("was there\n")


@pytest.mark.parametrize("kind", ["apollo", "relay"])
def test_manifests_of_other_tools_are_understood(documents: Command, empty: Path, app: str, kind: str) -> None:
    operations = [{"id": digest(BOOKINGS), "name": "Mine", "type": "query", "body": BOOKINGS}]
    apollo = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}
    given: Any = apollo if kind == "apollo" else {digest(BOOKINGS): BOOKINGS}
    said = documents("register", written(empty, "manifest.json", json.dumps(given)), "--app", app)
    assert (said.code, said.out.split("  ")[0]) == (0, digest(BOOKINGS)), said.err


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.graphql", "query A { nope }", "Cannot query field 'nope'"),
        ("a.graphql", "query A {", "Syntax Error"),
        ("a.graphql", "{ viewer { kind } }", "Give every operation a name"),
        ("a.graphql", "query A { __schema { queryType { name } } }", "asks for the schema"),
        ("a.graphql", "query A($n: Int) { bookings(first: $n) { nodes { slaClocks { status } } } }", "the budget"),
        ("a.json", "[]", "is no manifest"),
        ("a.json", "{", "is no manifest"),
        ("a.json", '{"abc": "query A { viewer { kind } }"}', "abc is not the SHA-256"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_registered(
    documents: Command, empty: Path, app: str, name: str, text: str, complaint: str
) -> None:
    good = written(empty, "good.graphql", BOOKINGS)
    said = documents("register", good, written(empty, name, text), "--app", app, "--budget", "300")
    assert complaint in said.complaint
    assert name in said.complaint
    assert documents("list", "--app", app).out == ""


def test_the_price_is_that_of_the_dearest_variables(documents: Command, empty: Path, app: str) -> None:
    text = """
    query Dear($with: Boolean!, $without: Boolean!, $ids: [ID!]!, $n: Int) {
      nodes(ids: $ids) @include(if: $with) { id }
      bookings(first: $n) @skip(if: $without) { nodes { number } }
    }
    """
    said = documents("register", written(empty, "dear.graphql", text), "--app", app)
    assert said.out.strip().endswith("cost 201"), said


def test_a_retired_document_is_listed_only_when_asked_for(documents: Command, empty: Path, app: str) -> None:
    documents("register", written(empty, "mine.graphql", BOOKINGS), "--app", app)
    assert documents("retire", digest(BOOKINGS), "--app", app).err == f"gateway: retired for {app}\n"
    assert documents("list", "--app", app).out == ""
    assert "retired" in documents("list", "--app", app, "--retired").out
    assert "no such document" in documents("retire", digest(BOOKINGS), "--app", app).complaint


def test_check_names_the_clients_that_a_release_would_break(
    documents: Command, empty: Path, app: str, database: str
) -> None:
    documents("register", written(empty, "mine.graphql", BOOKINGS), "--app", app)
    good = documents("check", "--app", app)
    assert (good.code, good.err) == (0, "gateway: 1 documents are good, 0 of them registered under another schema\n")

    async def change() -> None:  # as if the document were of a release whose bookings had another field
        async with connection(dsn(database)) as opened:
            changed = "update trusted_documents set text = replace(text, 'number', 'formerly') where app = $1"
            await opened.execute(changed, app)

    asyncio.run(change())
    said = documents("check", "--app", app)
    assert said.code == 1
    assert said.out.startswith(f"{digest(BOOKINGS)}  {app}  Mine  Cannot query field 'formerly'")
    assert said.err == "gateway: 1 of 1 documents would break\n"
