"""Deadlines, clients that leave, the bound on requests under way, and that nobody waits for a heavy one."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from graphql import get_introspection_query

from gateway.postgres.pool import SESSION
from tests.security.pressure import SOON, Watch, eventually, locked, sent, serving, unhurried
from tests.support.client import PATIENCE, Answer, Client, Gateway
from tests.support.escorts import ESCORT_BOOK, NOW, register, request
from tests.support.server import spent_while

VIEWER = "{ viewer { kind } }"


# What takes long: a lock that a test holds


@pytest.fixture(scope="module")
def watch(gateway: Gateway) -> Iterator[Watch]:
    opened = Watch(gateway.owner_dsn)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def patient(gateway: Gateway, database: str) -> Iterator[Gateway]:
    with unhurried(gateway, database) as running:
        yield running


PLANNED = "{ cities(first: 1) { nodes { code } } }"
LOADED = '{ __type(name: "City") { name } hospital(code: "DEMO-SH-001") { code } }'
PLAIN = '{ __type(name: "City") { name } cities(first: 1) { nodes { code } } }'
"""Introspection and rows: no plan answers both. One reads the row by a loader, in a task of its own."""


@pytest.mark.parametrize("document", [PLANNED, PLAIN, LOADED], ids=["planned", "plain", "loaded"])
def test_a_deadline_ends_the_request_and_its_statement(patient: Gateway, document: str, watch: Watch) -> None:
    client = Client(patient.address, headers={"x-deadline-ms": "300"}, http=patient.http)
    with locked(patient, "cities, hospitals"):
        began = time.monotonic()
        answer = client.ask(document)
        assert time.monotonic() - began >= 0.3
        assert (answer.response.status_code, answer.code) == (504, "DEADLINE_EXCEEDED")
        watch.until_waiting(0)
    assert client.ask(document).data


@pytest.mark.parametrize("bound", ["statement_timeout", "lock_timeout"])
def test_a_statement_that_nothing_else_ends_is_ended_by_the_database(
    gateway: Gateway, database: str, watch: Watch, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setitem(SESSION, bound, "300")
    with serving(gateway, database, longest_ms=3_600_000) as running, locked(gateway, "cities, hospitals"):
        answer = running.anyone().ask(PLANNED)
        assert (answer.code, answer.error["extensions"]["retryAfterMs"]) == ("UNAVAILABLE", 1000)
        watch.until_waiting(0)


def test_no_deadline_is_longer_than_the_longest(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, longest_ms=400) as hasty:
        client = Client(hasty.address, headers={"x-deadline-ms": "60000"}, http=hasty.http)
        with locked(gateway, "cities, hospitals"):
            assert client.ask(PLANNED).code == "DEADLINE_EXCEEDED"
            assert hasty.anyone().ask(PLANNED).code == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "soon", "", "1" * 10, "²"])
def test_a_deadline_that_is_none_is_refused(gateway: Gateway, value: str) -> None:
    headers = {"x-deadline-ms": value.encode("latin-1")}
    response = gateway.http.post(f"{gateway.address}/graphql", json={"query": VIEWER}, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


def test_a_body_that_never_comes_ends_with_the_deadline(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, longest_ms=300) as hasty:
        place = urlsplit(hasty.address)
        with socket.create_connection((place.hostname, place.port), timeout=SOON) as opened:
            head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"
            opened.sendall(head)
            assert opened.recv(100).startswith(b"HTTP/1.1 504")


# Clients that leave


@pytest.mark.parametrize("document", [PLANNED, PLAIN, LOADED], ids=["planned", "plain", "loaded"])
def test_a_client_that_leaves_takes_its_statement_along(patient: Gateway, document: str, watch: Watch) -> None:
    with locked(patient, "cities, hospitals"):
        with sent(patient.anyone(), document):
            watch.until_waiting(1)
        watch.until_waiting(0)
    assert patient.anyone().ask(document).data


def test_a_client_that_leaves_at_once_is_noticed_as_well(patient: Gateway, watch: Watch) -> None:
    with locked(patient, "cities, hospitals"):
        with sent(patient.anyone(), PLANNED):
            pass
        time.sleep(0.5)  # it has begun by then, or never does
        watch.until_waiting(0)


@pytest.mark.parametrize("table", ["idempotency_keys", "bookings", "outbox_messages"])
def test_a_mutation_whose_client_leaves_is_done_wholly_or_not_at_all(
    gateway: Gateway, patient: Gateway, table: str, watch: Watch
) -> None:
    """Its first statement, one in the middle and the last one: each finds a lock when the client leaves."""
    number = register(gateway)
    client = patient.customer(number).at(NOW)
    given = request(number)
    with locked(gateway, table):
        with sent(client, ESCORT_BOOK, input=given, dryRun=False):
            watch.until_waiting(1)
        watch.until_waiting(0)
    first = client.ask(ESCORT_BOOK, input=given, dryRun=False).data["escortBook"]
    again = client.ask(ESCORT_BOOK, input=given, dryRun=False).data["escortBook"]
    assert (first["refusals"], first["isReplay"], again["isReplay"]) == ([], False, True)
    assert first["booking"]["id"] == again["booking"]["id"]
    assert booked(client) == 1


def test_a_deadline_within_a_mutation_leaves_its_key_free(gateway: Gateway) -> None:
    number = register(gateway)
    client = gateway.customer(number).at(NOW)
    given = request(number)
    hasty = replace(client, headers={"x-deadline-ms": "300"})
    with locked(gateway, "outbox_messages"):
        assert hasty.ask(ESCORT_BOOK, input=given, dryRun=False).code == "DEADLINE_EXCEEDED"
    assert booked(client) == 0
    assert client.ask(ESCORT_BOOK, input=given, dryRun=False).data["escortBook"]["isReplay"] is False
    assert booked(client) == 1


def booked(client: Client) -> int:
    return client.ask("{ bookings { totalCount } }").data["bookings"]["totalCount"]


def test_requests_that_were_ended_leave_every_connection_as_it_was(gateway: Gateway, database: str) -> None:
    """More of them than the pool has connections: none is lost, and none is left in a transaction."""
    number = register(gateway)
    with serving(gateway, database, mode="development", pool_size=2) as small:
        hasty = replace(small.customer(number).at(NOW), headers={"x-deadline-ms": "100"})
        with locked(gateway, "outbox_messages"):
            for _ in range(5):
                answer = hasty.ask(ESCORT_BOOK, input=request(number), dryRun=False)
                assert answer.code == "DEADLINE_EXCEEDED"
        with locked(gateway, "cities, hospitals"):
            for _ in range(5):
                assert hasty.ask(PLANNED).code == "DEADLINE_EXCEEDED"
        assert booked(small.customer(number)) == 0
        assert small.customer(number).at(NOW).ask(ESCORT_BOOK, input=request(number), dryRun=True).data


# How many at once


def test_more_requests_than_the_bound_are_sent_away_at_once(gateway: Gateway, database: str, watch: Watch) -> None:
    with serving(gateway, database, requests=3) as small, locked(gateway, "cities, hospitals"), ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(sent(small.anyone(), PLANNED))
        watch.until_waiting(3)
        refused = small.anyone().ask(VIEWER)
        assert watch.waiting() == 3  # it did not wait for any of them
        assert (refused.response.status_code, refused.code) == (503, "UNAVAILABLE")
        assert refused.response.headers["retry-after"] == "1"
        assert httpx.get(f"{small.address}/livez").status_code == 200
        stack.close()
        eventually(lambda: small.anyone().ask(VIEWER).response.status_code == 200)


def test_as_many_as_the_bound_are_answered(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, requests=40, pool_size=4) as small, ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(lambda _: ask_alone(small), range(40)))
    assert {answer.response.status_code for answer in answers} == {200}


def ask_alone(gateway: Gateway) -> Answer:
    with httpx.Client(timeout=PATIENCE) as own:
        return Client(gateway.address, http=own).ask(PLANNED)


# Nobody else waits


def test_a_heavy_document_does_not_hold_up_the_others(gateway: Gateway) -> None:
    """All of the schema, asked for again and again under other names, beside small requests."""
    text = get_introspection_query()
    stop = threading.Event()

    def heavy() -> None:
        with httpx.Client(timeout=PATIENCE) as own:
            client = Client(gateway.address, http=own)
            at = 0
            while not stop.is_set():
                at += 1
                client.ask(text.replace("IntrospectionQuery", f"I{at}_{time.time_ns()}"))

    thread = threading.Thread(target=heavy)
    thread.start()
    try:
        took = [spent_while(gateway.address, lambda: gateway.anyone().ask(VIEWER)) for _ in range(40)]
    finally:
        stop.set()
        thread.join()
    assert sorted(took)[20] < 0.15


def test_the_schema_is_written_down_once(gateway: Gateway) -> None:
    text = get_introspection_query()
    first = gateway.anyone().ask(text).data
    assert gateway.anyone().ask(text).data == first
    assert gateway.anyone().in_("zh").ask(text).data != first
