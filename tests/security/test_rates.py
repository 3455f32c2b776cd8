"""Buckets of cost, in one worker's memory and shared through Postgres; and by which address a caller is known."""

import asyncio
import json
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from gateway.bounds import Lane, Lanes
from gateway.faults import Fault
from gateway.http.admission.addresses import Addresses
from gateway.http.admission.rates import MemoryRates, SharedRates
from tests.conftest import ROLE, dsn
from tests.live.talking import Socket, events, socket
from tests.security.pressure import serving
from tests.support.client import Client, Gateway

CITIES = "query ($n: Int) { cities(first: $n) { nodes { code } } }"
VIEWER = "{ viewer { kind } }"
SLOW = Lane("anonymous", 1_000, 10, 100)


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


ENDLESS = replace(SLOW, per_second=1e-9)
"""Nothing comes back into it, however long a test takes."""

LANES = Lanes(anonymous=SLOW, customer=Lane("customer", 1_000, 10, 200))


def test_who_asks_for_too_much_is_told_when_to_come_back(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, lanes=Lanes(developer=SLOW)) as strict:  # all lanes of development are this one
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
        strict.anyone().ask(CITIES, n=90)
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


@pytest.mark.anyio
async def test_what_goes_over_a_socket_is_paid_for_alike(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, lanes=Lanes(developer=ENDLESS)) as strict:
        async with socket(strict.anyone()) as line:
            for document in ("{ nope }", CITIES):
                await line.subscribe(document, n=90)
                await line.hear()
            await line.subscribe(CITIES, n=90)
            assert (await until_error(line))["code"] == "THROTTLED"
        (event, _) = [event async for event in events(strict.anyone(), CITIES, n=90)]
    assert json.loads(event["data"])["errors"][0]["extensions"]["code"] == "THROTTLED"


async def until_error(line: Socket) -> dict[str, Any]:
    while (message := await line.hear())["type"] != "error":
        pass
    return message["payload"][0]["extensions"]


@pytest.mark.anyio
async def test_each_message_of_a_stream_is_paid_for(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, lanes=Lanes(developer=replace(ENDLESS, burst=1_000))) as strict:
        async with socket(strict.vendor("HUANQIU")) as line:
            await line.subscribe("subscription { workQueueChanged { workQueue(first: 9) { nodes { dueAt } } } }")
            cost = (await line.hear())["payload"]["extensions"]["cost"]
    assert cost["requested"] >= 9
    assert 1_000 - cost["remaining"] > cost["requested"] // 2


@pytest.mark.parametrize("document", [VIEWER, "{ nope }", "{"], ids=["valid", "invalid", "broken"])
def test_a_new_document_is_paid_for_before_it_is_read(gateway: Gateway, database: str, document: str) -> None:
    with serving(gateway, database, lanes=Lanes(developer=SLOW)) as strict:
        long = strict.anyone().ask(document + " #" + "x" * 1_100)
    assert (long.response.status_code, long.code) == (429, "THROTTLED")


def test_a_document_that_is_known_costs_no_reading(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, lanes=Lanes(developer=replace(SLOW, per_second=1))) as strict:
        padded = VIEWER + " #" + "x" * 181
        remaining = [strict.anyone().ask(padded).body["extensions"]["cost"]["remaining"] for _ in range(3)]
    assert remaining[0] == 100 - 20 - 1
    assert remaining[2] >= remaining[0] - 2


def test_two_workers_share_one_bucket_in_the_database(gateway: Gateway, database: str) -> None:
    lanes = Lanes(developer=Lane("developer", 1_000, 1, 400))
    with ExitStack() as stack:
        workers = [
            stack.enter_context(serving(gateway, database, lanes=lanes, rate_limits="postgres")).customer("DEMO-SHARED")
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


def asked_from(gateway: Gateway, *addresses: str) -> int:
    """Each address in a header of its own."""
    body = {"query": CITIES, "variables": {"n": 90}}
    headers = [("x-forwarded-for", address) for address in addresses]
    return gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers).status_code


def test_callers_behind_a_trusted_proxy_are_told_apart(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, mode="production", lanes=LANES, trusted_proxies=("127.0.0.1",)) as strict:
        statuses = [asked_from(strict, address) for address in ("198.51.100.1", "198.51.100.1", "198.51.100.2")]
    assert statuses == [200, 429, 200]


def test_a_line_that_a_caller_made_up_does_not_hide_the_one_that_a_proxy_added(gateway: Gateway, database: str) -> None:
    """Some proxies add a header of their own and leave the caller's where it is."""
    with serving(gateway, database, mode="production", lanes=LANES, trusted_proxies=("127.0.0.1",)) as strict:
        statuses = [asked_from(strict, made_up, "198.51.100.7") for made_up in ("203.0.113.1", "203.0.113.2")]
    assert statuses == [200, 429]


def test_a_made_up_address_opens_no_new_bucket(gateway: Gateway, database: str) -> None:
    with serving(gateway, database, mode="production", lanes=LANES) as strict:
        statuses = [asked_from(strict, address) for address in ("198.51.100.1", "198.51.100.2")]
    assert statuses == [200, 429]
