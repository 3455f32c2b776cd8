"""Who is let in and for how long: buckets, addresses, the bound on requests under way, deadlines, departures."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from graphql import get_introspection_query

from gateway.bounds import Lane, Lanes
from gateway.faults import Fault
from gateway.http.admission.addresses import Addresses
from gateway.http.admission.rates import MemoryRates, SharedRates
from tests.conftest import ROLE, dsn
from tests.support.client import Answer, Client, Gateway
from tests.support.escorts import ESCORT_BOOK, NOW, register, request
from tests.support.server import running_gateway

CITIES = "query ($n: Int) { cities(first: $n) { nodes { code } } }"
VIEWER = "{ viewer { kind } }"
SLOW = Lane("anonymous", 1_000, 10, 100)


@contextmanager
def serving(gateway: Gateway, database: str, **changes: Any) -> Iterator[Gateway]:
    with running_gateway(dsn(database, ROLE), gateway.folder, **changes) as address:
        running = Gateway(address, gateway.folder, owner_dsn=gateway.owner_dsn)
        try:
            yield running
        finally:
            running.http.close()


def eventually(holds: Callable[[], bool], seconds: float = 5) -> float:
    """How long it took until something held."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came about"
        time.sleep(0.005)
    return time.monotonic() - began


# Rates


def test_a_bucket_gives_what_is_in_it_and_says_when_there_will_be_more() -> None:
    rates = MemoryRates()
    assert [rates.take("a", SLOW, 40), rates.take("a", SLOW, 40)] == [60, 20]
    with pytest.raises(Fault) as caught:
        rates.take("a", SLOW, 40)
    assert 1_900 < (caught.value.extensions or {})["retryAfterMs"] <= 2_000
    assert rates.take("b", SLOW, 100) == 0


def test_a_bucket_refills_as_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gateway.http.admission.rates.time.monotonic", lambda: now[0])
    rates = MemoryRates()
    rates.take("a", SLOW, 100)
    now[0] += 3
    assert rates.take("a", SLOW, 25) == 5
    now[0] += 1_000
    assert rates.take("a", SLOW, 0) == 100


def test_what_is_given_back_never_overflows() -> None:
    rates = MemoryRates()
    rates.take("a", SLOW, 10)
    rates.give_back("a", SLOW, 1_000)
    assert rates.take("a", SLOW, 0) == 100


def test_memory_of_callers_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.http.admission.rates.REMEMBERED", 3)
    rates = MemoryRates()
    for name in "abcdef":
        rates.take(name, SLOW, 1)
    assert len(rates._buckets) == 3


LANES = Lanes(anonymous=SLOW, customer=Lane("customer", 1_000, 10, 200))


def test_who_asks_for_too_much_is_told_when_to_come_back(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, mode="production", lanes=LANES) as strict:
        assert strict.anyone().ask(CITIES, n=90).data
        refused = strict.anyone().ask(CITIES, n=90)
        assert (refused.response.status_code, refused.code) == (429, "THROTTLED")
        wait = refused.error["extensions"]["retryAfterMs"]
        assert int(refused.response.headers["retry-after"]) == -(-wait // 1000)
        assert strict.customer("DEMO-ZYB-001").ask(CITIES, n=90).data  # another's bucket
        assert strict.customer("DEMO-CY26-001").ask(CITIES, n=90).data


def test_whoever_comes_back_in_time_is_let_in(gateway: Gateway, database: str) -> None:
    lanes = Lanes(anonymous=Lane("anonymous", 1_000, 100, 100))
    with serving(gateway, database, mode="production", lanes=lanes) as strict:
        strict.anyone().ask(CITIES, n=99)
        refused = strict.anyone().ask(CITIES, n=30)
        time.sleep(refused.error["extensions"]["retryAfterMs"] / 1000)
        assert strict.anyone().ask(CITIES, n=30).data


def test_bad_documents_and_wrong_tokens_are_paid_for(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, mode="production", lanes=LANES) as strict:
        wrong = Client(strict.address, "eyJhbGciOiJub25lIn0.e30.", http=strict.http)
        codes = [wrong.ask(VIEWER).response.status_code for _ in range(6)]
        codes += [strict.anyone().ask("{ nope }").response.status_code for _ in range(6)]
        assert codes[:6] == [401] * 6
        assert codes[-1] == 429


def test_two_workers_share_one_bucket_in_the_database(gateway: Gateway, database: str) -> None:
    lanes = Lanes(customer=Lane("customer", 1_000, 1, 400))
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                serving(gateway, database, mode="production", lanes=lanes, rate_limits="postgres")
            ).customer("DEMO-SHARED")
            for _ in range(2)
        ]
        answers = [workers[at % 2].ask(CITIES, n=49) for at in range(20)]
    statuses = [answer.response.status_code for answer in answers]
    spent = sum(answer.body["extensions"]["cost"]["actual"] for answer in answers if answer.response.is_success)
    assert statuses[0] == statuses[1] == 200
    assert statuses[-1] == 429
    assert 300 <= spent <= 410  # what one of them held on to may be lost, and a second or two refill it
    assert statuses.count(200) == spent // 50


@pytest.mark.anyio
async def test_of_a_shared_bucket_no_more_is_ever_given_than_is_in_it(database: str) -> None:
    lane = Lane("staff", 1_000, 1, 1_000)
    async with asyncpg.create_pool(dsn(database, ROLE), min_size=2, max_size=8) as pool:
        workers = [SharedRates(pool) for _ in range(4)]

        async def spend(worker: SharedRates) -> int:
            taken = 0
            try:
                while True:
                    if worker.take("crowd", lane, 7) is None:
                        await worker.ask("crowd", lane, 7)
                    taken += 7
            except Fault:
                return taken

        took = await asyncio.gather(*(spend(worker) for worker in workers for _ in range(3)))
    assert 900 <= sum(took) <= 1_010


@pytest.mark.anyio
async def test_cheap_requests_ask_the_database_now_and_then_only(database: str) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self, pool: Any) -> None:
            self._pool = pool

        async def fetchrow(self, *given: Any) -> Any:
            asked.append(given[0])
            return await self._pool.fetchrow(*given)

    lane = Lane("staff", 1_000, 1, 100_000)
    async with asyncpg.create_pool(dsn(database, ROLE), min_size=1, max_size=2) as pool:
        worker = SharedRates(Counting(pool))
        for _ in range(500):
            if worker.take("cheap", lane, 10) is None:
                await worker.ask("cheap", lane, 10)
        await asyncio.gather(*(worker.ask("many at once", lane, 10) for _ in range(50)))
    assert len(asked) == 2


@pytest.mark.anyio
async def test_the_database_knows_nobody_by_name(database: str, owner: Any) -> None:
    async with asyncpg.create_pool(dsn(database, ROLE), min_size=1, max_size=2) as pool:
        await SharedRates(pool).ask("customer:somebody@example", Lane("x", 10, 1, 10), 1)
    held = await owner.fetch("select holder from rate_buckets")
    assert held
    assert not [row for row in held if "somebody" in row["holder"]]


# Addresses


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        pytest.param((), "203.0.113.9", "198.51.100.1", "203.0.113.9", id="nobody-is-believed"),
        pytest.param(("10.0.0.0/8",), "203.0.113.9", "198.51.100.1", "203.0.113.9", id="a-stranger-is-not-believed"),
        pytest.param(("10.0.0.0/8",), "10.1.1.1", "198.51.100.1", "198.51.100.1", id="a-proxy-is"),
        pytest.param(("10.0.0.0/8",), "10.1.1.1", "1.1.1.1, 198.51.100.1", "198.51.100.1", id="as-far-as-it-wrote"),
        pytest.param(("10.0.0.0/8",), "10.1.1.1", "198.51.100.1, 10.2.2.2", "198.51.100.1", id="through-two"),
        pytest.param(("10.0.0.0/8",), "10.1.1.1", "", "10.1.1.1", id="a-proxy-that-says-nothing"),
        pytest.param(("10.0.0.0/8",), "10.1.1.1", "nonsense", "10.1.1.1", id="nonsense"),
        pytest.param(("10.0.0.0/8",), "10.1.1.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", id="a-subscriber"),
        pytest.param((), "2001:db8:1:2:ffff::1", "", "2001:db8:1:2::", id="a-subscriber-without-proxy"),
        pytest.param(("10.0.0.0/8",), "::ffff:10.1.1.1", "198.51.100.1", "198.51.100.1", id="an-address-in-an-address"),
    ],
)
def test_an_address_is_believed_as_far_as_a_trusted_proxy_wrote_it(
    trusted: tuple[str, ...], peer: str, forwarded: str, expected: str
) -> None:
    assert Addresses(trusted).of(peer, forwarded) == expected


def asked_from(gateway: Gateway, address: str) -> int:
    body = {"query": CITIES, "variables": {"n": 90}}
    sent = gateway.http.post(f"{gateway.address}/graphql", json=body, headers={"x-forwarded-for": address})
    return sent.status_code


def test_callers_behind_a_trusted_proxy_are_told_apart(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, mode="production", lanes=LANES, trusted_proxies=("127.0.0.1",)) as strict:
        statuses = [asked_from(strict, address) for address in ("198.51.100.1", "198.51.100.1", "198.51.100.2")]
    assert statuses == [200, 429, 200]


def test_a_made_up_address_opens_no_new_bucket(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, mode="production", lanes=LANES) as strict:
        statuses = [asked_from(strict, address) for address in ("198.51.100.1", "198.51.100.2")]
    assert statuses == [200, 429]


# What takes long: a lock that a test holds


@contextmanager
def locked(gateway: Gateway, table: str, mode: str = "access exclusive") -> Iterator[None]:
    """A table that nobody else can use."""
    holding, done = threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await asyncpg.connect(gateway.owner_dsn)
        async with connection.transaction():
            await connection.execute(f"lock table {table} in {mode} mode")
            holding.set()
            await asyncio.to_thread(done.wait)
        await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(hold()))
    thread.start()
    assert holding.wait(5)
    try:
        yield
    finally:
        done.set()
        thread.join()


class Watch:
    """Looks at the database's processes, over a connection that is open already."""

    def __init__(self, where: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(where))

    def waiting(self) -> int:
        """Statements of the gateway that wait for a lock now."""
        statement = """
            select count(*) from pg_stat_activity where application_name = 'gateway' and state = 'active'
            and wait_event_type = 'Lock' and datname = current_database()
        """
        return self._loop.run_until_complete(self._connection.fetchval(statement))

    def until_waiting(self, number: int) -> float:
        """Seconds until so many wait."""
        return eventually(lambda: self.waiting() == number)

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


@pytest.fixture(scope="module")
def watch(gateway: Gateway) -> Iterator[Watch]:
    opened = Watch(gateway.owner_dsn)
    yield opened
    opened.close()


PLANNED = "{ cities(first: 1) { nodes { code } } }"
LOADED = '{ __type(name: "City") { name } hospital(code: "DEMO-SH-001") { code } }'
PLAIN = '{ __type(name: "City") { name } cities(first: 1) { nodes { code } } }'
"""Introspection and rows: no plan answers both. One reads the row by a loader, in a task of its own."""


@pytest.mark.parametrize("document", [PLANNED, PLAIN, LOADED], ids=["planned", "plain", "loaded"])
def test_a_deadline_ends_the_request_and_its_statement(gateway: Gateway, document: str, watch: Watch) -> None:
    client = Client(gateway.address, headers={"x-deadline-ms": "300"}, http=gateway.http)
    with locked(gateway, "cities, hospitals"):
        began = time.monotonic()
        answer = client.ask(document)
        took = time.monotonic() - began
        assert (answer.response.status_code, answer.code) == (504, "DEADLINE_EXCEEDED")
        assert 0.3 <= took < 2
        assert watch.until_waiting(0) < 1
    assert client.ask(document).data


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
        with socket.create_connection((place.hostname, place.port), timeout=5) as opened:
            head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"
            opened.sendall(head)
            assert opened.recv(100).startswith(b"HTTP/1.1 504")


# Clients that leave


@contextmanager
def sent(client: Client, document: str, **variables: Any) -> Iterator[socket.socket]:
    """A request on a socket of its own, whose answer nobody has read yet."""
    place = urlsplit(client.address)
    body = json.dumps({"query": document, "variables": variables}).encode()
    lines = ["POST /graphql HTTP/1.1", "host: x", "content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in client.all_headers.items()]
    with socket.create_connection((place.hostname, place.port), timeout=15) as opened:
        opened.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        yield opened


@pytest.mark.parametrize("document", [PLANNED, PLAIN, LOADED], ids=["planned", "plain", "loaded"])
def test_a_client_that_leaves_takes_its_statement_along(gateway: Gateway, document: str, watch: Watch) -> None:
    took = [seconds_to_leave(gateway, watch, document) for _ in range(3)]
    assert min(took) < 0.25, took
    assert gateway.anyone().ask(document).data


def seconds_to_leave(gateway: Gateway, watch: Watch, document: str) -> float:
    """From the departure of a client until its statement is gone."""
    with locked(gateway, "cities, hospitals"):
        with sent(gateway.anyone(), document):
            watch.until_waiting(1)
            time.sleep(0.1)
        return watch.until_waiting(0)


def test_a_client_that_leaves_at_once_is_noticed_as_well(gateway: Gateway, watch: Watch) -> None:
    with locked(gateway, "cities, hospitals"):
        with sent(gateway.anyone(), PLANNED):
            pass
        time.sleep(0.5)
        assert watch.waiting() == 0


@pytest.mark.parametrize("table", ["idempotency_keys", "bookings", "outbox_messages"])
def test_a_mutation_whose_client_leaves_is_done_wholly_or_not_at_all(
    gateway: Gateway, table: str, watch: Watch
) -> None:
    """Its first statement, one in the middle and the last one: each finds a lock when the client leaves."""
    number = register(gateway)
    client = gateway.customer(number).at(NOW)
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
        began = time.monotonic()
        refused = small.anyone().ask(VIEWER)
        assert time.monotonic() - began < 1
        assert (refused.response.status_code, refused.code) == (503, "UNAVAILABLE")
        assert refused.response.headers["retry-after"] == "1"
        assert httpx.get(f"{small.address}/livez").status_code == 200
        stack.close()
        watch.until_waiting(0)
        assert small.anyone().ask(VIEWER).data


def test_as_many_as_the_bound_are_answered(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, requests=40, pool_size=4) as small, ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(lambda _: ask_alone(small), range(40)))
    assert {answer.response.status_code for answer in answers} == {200}


def ask_alone(gateway: Gateway) -> Answer:
    with httpx.Client(timeout=20) as own:
        return Client(gateway.address, http=own).ask(PLANNED)


# Nobody else waits


def test_a_heavy_document_does_not_hold_up_the_others(gateway: Gateway) -> None:
    """All of the schema, asked for again and again under other names, beside small requests."""
    text = get_introspection_query()
    stop = threading.Event()

    def heavy() -> None:
        with httpx.Client(timeout=20) as own:
            client = Client(gateway.address, http=own)
            at = 0
            while not stop.is_set():
                at += 1
                client.ask(text.replace("IntrospectionQuery", f"I{at}_{time.time_ns()}"))

    thread = threading.Thread(target=heavy)
    thread.start()
    try:
        took = [timed(gateway) for _ in range(40)]
    finally:
        stop.set()
        thread.join()
    assert sorted(took)[20] < 0.15


def timed(gateway: Gateway) -> float:
    began = time.monotonic()
    gateway.anyone().ask(VIEWER)
    return time.monotonic() - began


def test_the_schema_is_written_down_once(gateway: Gateway) -> None:
    text = get_introspection_query()
    first = gateway.anyone().ask(text).data
    assert gateway.anyone().ask(text).data == first
    assert gateway.anyone().in_("zh").ask(text).data != first
