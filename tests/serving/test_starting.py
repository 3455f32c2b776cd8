"""`gateway serve` from its first line to its first answer, and everything that keeps it from either."""

import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.processes import Serving, gateway, left_of, serving

VIEWER = "{ viewer { kind } }"


@pytest.mark.slow
def test_from_nothing_it_makes_loads_and_announces_all_and_its_tokens_work(empty: Path) -> None:
    with serving(empty, "--demo") as started:
        assert started.err.splitlines() == [
            "gateway: tables brought up to date",
            "gateway: handbook data loaded",
            "gateway: demo data loaded",
        ]
        assert f"GraphiQL  {started.address}/graphql in a browser" in started.out
        assert f"Database  embedded, in {empty / 'state' / 'postgres'}" in started.out
        assert kinds_of_tokens(started) == {
            "customer DEMO-ZYB-001": "CUSTOMER",
            "customer DEMO-VAS-001": "CUSTOMER",
            "customer DEMO-CY26-001": "CUSTOMER",
            "vendor HUANQIU (escort of ZYB)": "VENDOR",
            "vendor VAS-SERVICE (escort of VAS)": "VENDOR",
            "staff adjuster": "STAFF",
            "staff supervisor": "STAFF",
            "staff hotline": "STAFF",
            "staff administrator": "STAFF",
        }


def kinds_of_tokens(started: Serving) -> dict[str, str]:
    answers = {label: started.client(token).ask(VIEWER) for label, token in started.tokens.items()}
    return {label: answer.data["viewer"]["kind"] for label, answer in answers.items()}


@pytest.fixture(scope="module")
def second(home: Path) -> Generator[Serving]:
    """A gateway over a home that was filled before."""
    with serving(home, "--demo") as started:
        yield started


@pytest.mark.slow
def test_a_second_start_loads_nothing_again(second: Serving) -> None:
    assert second.err == ""


def test_development_shows_the_page_and_moves_the_clock(second: Serving) -> None:
    page = second.get("/graphql", accept="text/html")
    assert page.headers["content-type"].startswith("text/html")
    assert "GraphiQL" in page.text
    assert second.client(now="2026-03-09T09:00:00+08:00").ask("{ __typename }").data == {"__typename": "Query"}


def test_production_on_the_same_database_keeps_the_clock_and_graphiql_to_itself(second: Serving) -> None:
    (second.home / "other").mkdir()
    with serving(
        second.home / "other", GATEWAY_MODE="production", GATEWAY_FOLDER=str(second.home / "state")
    ) as started:
        assert "GraphiQL" not in started.out
        assert "another process started it" in started.out
        answer = started.client(now="2026-03-09T09:00:00+08:00").ask("{ __typename }")
        assert answer.response.status_code == 400
        assert answer.code == "BAD_USER_INPUT"
        assert "x-dev-now" in answer.error["message"]
        assert not started.get("/graphql", accept="text/html").headers["content-type"].startswith("text/html")
        assert started.get("/graphiql/page.js").status_code == 404
    assert second.get("/readyz").is_success


def test_the_port_of_a_running_gateway_is_refused(second: Serving) -> None:
    said = gateway(second.home, "serve", "--port", second.address.rpartition(":")[2])
    assert "cannot be taken" in said.complaint
    assert second.get("/readyz").is_success


def test_a_port_in_use_is_told_before_anything_is_started(empty: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = gateway(empty, "serve", "--port", str(port))
    assert f"127.0.0.1:{port} cannot be taken (Address already in use)" in said.complaint
    assert "--port or GATEWAY_PORT" in said.complaint
    assert list(empty.iterdir()) == []


def test_a_foreign_data_folder_is_left_alone(empty: Path) -> None:
    theirs = empty / "state" / "postgres" / "PG_VERSION"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("18\n")
    assert "is a foreign data folder" in gateway(empty, "serve").complaint
    assert list(theirs.parent.iterdir()) == [theirs]
    assert left_of(empty) == {}


def test_an_older_data_version_is_told_with_what_to_do(empty: Path) -> None:
    home = empty / "state" / "postgres"
    (home / "data").mkdir(parents=True)
    (home / "health-insurance-gateway").touch()
    (home / "data" / "PG_VERSION").write_text("14\n")
    complaint = gateway(empty, "serve").complaint
    assert "an older data version: PostgreSQL 14 made it" in complaint
    assert "GATEWAY_POSTGRES_BIN" in complaint


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GATEWAY_PORT", "80a", "a whole number from 0 to 65535"),
        ("GATEWAY_WORKERS", "0", "a whole number from 1 to 64"),
        ("GATEWAY_MODE", "debug", "production or development"),
        ("GATEWAY_HOST", "no.such.host.invalid", "cannot be taken"),
    ],
)
def test_a_setting_that_cannot_be_taken_is_named(empty: Path, name: str, value: str, expected: str) -> None:
    complaint = gateway(empty, "serve", **{name: value}).complaint
    assert value in complaint
    assert expected in complaint
    assert name in complaint or name == "GATEWAY_HOST"


def test_a_folder_that_cannot_be_made_is_told(empty: Path) -> None:
    (empty / "state").write_text("a file")
    assert str(empty / "state") in gateway(empty, "serve").complaint
