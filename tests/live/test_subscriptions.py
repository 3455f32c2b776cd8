"""Subscriptions over both ways: nothing lost, nothing twice, nothing for who may not see it."""

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import websockets

from gateway.auth.tokens import TokenKey
from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
from gateway.bounds import LANES, LIVE
from gateway.postgres.place import ROLE
from gateway.repositories.policies import policy_id
from tests.conftest import dsn
from tests.live.talking import BOOKING, QUEUE, SECONDS, Socket, data_of, events, socket, wire
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, Journey, begin
from tests.support.server import changes_of, running_gateway

pytestmark = pytest.mark.anyio
NO_SUCH = "book_" + "0" * 64


@pytest.fixture
def journey(gateway: Gateway) -> Journey:
    return begin(gateway)


@pytest.fixture(scope="module")
def brisk(gateway: Gateway, database: str) -> Iterator[Gateway]:
    """Another worker, which takes less and looks more often, and gets no hints."""
    live = replace(LIVE, operations=2, messages_per_second=5, message_bytes=4_000, of_one_caller=3, init_ms=300)
    live = replace(live, heartbeat_ms=400, stall_ms=500, recheck_ms=300, poll_ms=100)
    with running_gateway(dsn(database, ROLE), gateway.folder, live=live, listen="off") as address:
        yield Gateway(address, gateway.folder, gateway.owner_dsn)


def beside(client: Client, other: Gateway) -> Client:
    """The same caller at another worker."""
    return replace(client, address=other.address)


async def take(journey: Journey, *steps: tuple[str, str]) -> None:
    for role, mutation in steps:
        await asyncio.to_thread(journey.take, role, mutation)


ACCEPT, ASSIGN, CONFIRM = ("vendor", "bookingAccept"), ("vendor", "bookingAssign"), ("customer", "bookingConfirm")


# What is followed


async def test_every_step_comes_once_and_in_order(journey: Journey) -> None:
    async with socket(journey.who("customer")) as line:
        await line.follow(BOOKING, id=journey.booking)
        await take(journey, ACCEPT, ASSIGN, CONFIRM)
        heard = [await line.data() for _ in range(3)]
        assert [(item["sequence"], item["status"]) for item in heard] == [
            (2, "ACCEPTED"),
            (3, "ASSIGNED"),
            (4, "CONFIRMED"),
        ]
        assert heard[-1]["booking"] == {"id": journey.booking, "status": "CONFIRMED"}
        await line.silence()


async def test_coming_back_loses_nothing_and_repeats_nothing(journey: Journey) -> None:
    client = journey.who("customer")
    async with socket(client) as line:
        await line.follow(BOOKING, id=journey.booking)
        await take(journey, ACCEPT)
        seen = (await line.data())["cursor"]
    await take(journey, ASSIGN, CONFIRM)
    async with socket(client) as line:
        await line.subscribe(BOOKING, id=journey.booking, after=seen)
        assert [(await line.data())["status"] for _ in range(2)] == ["ASSIGNED", "CONFIRMED"]
        await line.silence()


async def test_a_browser_comes_back_by_the_id_of_its_last_event(journey: Journey) -> None:
    client = journey.who("customer")
    await take(journey, ACCEPT, ASSIGN)
    first = await anext(events(client, BOOKING, id=journey.booking, after="0"))
    assert first["id"] == "1"
    stream = events(client, BOOKING, {"last-event-id": "2"}, id=journey.booking)
    assert data_of(await anext(stream))["status"] == "ASSIGNED"
    await stream.aclose()


async def test_a_worker_without_hints_finds_the_steps_all_the_same(journey: Journey, brisk: Gateway) -> None:
    async with socket(beside(journey.who("customer"), brisk)) as line:
        await line.follow(BOOKING, id=journey.booking)
        await take(journey, ACCEPT)
        assert (await line.data())["status"] == "ACCEPTED"


async def test_a_hint_comes_sooner_than_the_next_look(gateway: Gateway, journey: Journey, database: str) -> None:
    live = replace(LIVE, poll_ms=60_000)
    with running_gateway(dsn(database, ROLE), gateway.folder, live=live) as address:
        other = Gateway(address, gateway.folder, gateway.owner_dsn)
        async with socket(beside(journey.who("customer"), other)) as line:
            await line.follow(BOOKING, id=journey.booking)
            async with asyncio.timeout(SECONDS):
                while not changes_of(address).is_listening:
                    await line.silence(0.02)
            await take(journey, ACCEPT)  # at the first worker
            assert (await line.data())["status"] == "ACCEPTED"


async def test_a_lost_connection_for_hints_is_not_missed(gateway: Gateway, journey: Journey, owner: Any) -> None:
    killed = """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where application_name = 'gateway changes' and datname = current_database()
    """
    async with socket(journey.who("customer")) as line:
        await line.follow(BOOKING, id=journey.booking)
        assert await owner.fetchval(killed) >= 1
        await take(journey, ACCEPT)
        assert (await line.data())["status"] == "ACCEPTED"


async def test_a_queue_is_told_as_it_is_and_whenever_it_changes(gateway: Gateway) -> None:
    async with socket(gateway.vendor("HUANQIU").at(NOW)) as line:
        await line.subscribe(QUEUE)
        before = await line.data()
        new = await asyncio.to_thread(begin, gateway)
        after = await line.data()
        ids = {item["booking"]["id"] for item in after["workQueue"]["nodes"]}
        assert after["workQueue"]["totalCount"] == before["workQueue"]["totalCount"] + 1
        assert new.booking in ids or after["workQueue"]["totalCount"] > 100
        assert after["cursor"] != before["cursor"]
        await line.silence()


async def test_a_queue_that_was_seen_is_not_told_again(gateway: Gateway) -> None:
    client = gateway.vendor("HUANQIU").at(NOW)
    async with socket(client) as line:
        await line.subscribe(QUEUE)
        seen = (await line.data())["cursor"]
    async with socket(client) as line:
        await line.subscribe(QUEUE, after=seen)
        await line.silence()
        await asyncio.to_thread(begin, gateway)
        assert (await line.data())["cursor"] != seen


async def test_a_claim_is_followed_from_its_first_step(gateway: Gateway, owner: Any) -> None:
    row = await owner.fetchrow(
        "select c.policy_id, c.id, c.state_seq from claims c join claim_events e on e.policy_id = c.policy_id "
        "and e.claim_id = c.id order by c.id limit 1"
    )
    query = 'subscription C($id: ID!) { claimChanged(id: $id, after: "0") { sequence status claim { id } } }'
    booking = f"claim_{row['policy_id'].hex}{row['id'].hex}"
    async with socket(gateway.staff()) as line:
        await line.subscribe(query, id=booking)
        assert (await line.data())["claim"] == {"id": booking}


async def test_what_no_statement_can_be_made_for_is_told_all_the_same(journey: Journey) -> None:
    query = """
    subscription F($id: ID!, $w: Boolean!) {
      bookingChanged(id: $id, after: "0") { status __typename cursor @include(if: $w) }
    }
    """
    async with socket(journey.who("customer")) as line:
        await line.subscribe(query, id=journey.booking, w=True)
        assert await line.data() == {"status": "REQUESTED", "__typename": "BookingChange", "cursor": "1"}


# Who may


@pytest.mark.parametrize("who", ["nobody's", "another one's"])
async def test_a_foreign_booking_is_answered_like_one_that_is_not_there(
    gateway: Gateway, journey: Journey, who: str
) -> None:
    wanted = begin(gateway).booking if who == "another one's" else NO_SUCH
    async with socket(journey.who("customer")) as line:
        await line.subscribe(BOOKING, id=wanted)
        error = await line.error()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "No such object: expected the id of an object you may see, book_…"
    assert error["extensions"]["inputPath"] == ["id"]


async def test_without_a_token_nothing_is_followed(gateway: Gateway, journey: Journey) -> None:
    async with socket(gateway.anyone()) as line:
        await line.subscribe(BOOKING, id=journey.booking)
        assert (await line.error())["extensions"]["code"] == "UNAUTHENTICATED"


async def test_who_loses_a_booking_is_told_what_a_stranger_is_told(gateway: Gateway, journey: Journey) -> None:
    async with socket(journey.who("vendor")) as line:
        await line.follow(BOOKING, id=journey.booking)
        await asyncio.to_thread(
            journey.change, "update bookings set vendor_code = 'QITAI' where policy_id = $1 and id = $2"
        )
        await asyncio.to_thread(journey.send, "customer", "bookingCancel", reason="x")
        assert (await line.error())["extensions"]["inputPath"] == ["id"]


MINE = "mutation I($input: VendorTokenIssueInput!) { vendorTokenIssue(input: $input) { token { id } secret } }"
REVOKE = "mutation R($input: VendorTokenRevokeInput!) { vendorTokenRevoke(input: $input) { token { id } } }"


def issued(gateway: Gateway) -> tuple[Client, str]:
    given = {"idempotencyKey": dt.datetime.now().isoformat(), "vendor": "HUANQIU", "name": "live"}
    given |= {"products": ["ZYB"], "scopes": ["bookings:read", "policies:read"]}
    made = gateway.staff("administrator").ask(MINE, input=given).data["vendorTokenIssue"]
    return Client(gateway.address, made["secret"], now=NOW), made["token"]["id"]


def revoke(gateway: Gateway, token: str) -> None:
    given = {"idempotencyKey": f"revoke {token}", "token": token}
    gateway.staff("administrator").ask(REVOKE, input=given).data["vendorTokenRevoke"]


@pytest.mark.parametrize("worker", ["the same worker", "another worker"])
async def test_a_revoked_token_loses_its_socket_at_once(
    gateway: Gateway, brisk: Gateway, journey: Journey, worker: str
) -> None:
    client, token = await asyncio.to_thread(issued, gateway)
    async with socket(client if worker == "the same worker" else beside(client, brisk)) as line:
        await line.follow(BOOKING, id=journey.booking)
        await asyncio.to_thread(revoke, gateway, token)
        await take(journey, ACCEPT)
        assert await line.closed() == 4403


async def test_nothing_is_told_to_a_token_that_is_revoked(gateway: Gateway, brisk: Gateway, journey: Journey) -> None:
    client, token = await asyncio.to_thread(issued, gateway)
    heard = []
    async with socket(beside(client, brisk)) as line:
        await line.subscribe(BOOKING, id=journey.booking)
        await asyncio.to_thread(revoke, gateway, token)
        await take(journey, ACCEPT)
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                heard.append(await line.hear())
    assert heard == []


@pytest.mark.parametrize("way", ["socket", "events"])
async def test_a_connection_ends_with_its_token(gateway: Gateway, journey: Journey, way: str) -> None:
    viewer = Viewer(
        ViewerKind.CUSTOMER, "customer:x", "x", frozenset(CUSTOMER_SCOPES), policies=(policy_id(journey.number),)
    )
    token = TokenKey.load(gateway.folder / "token.pem").issue(viewer, lifetime=dt.timedelta(seconds=6))
    client = Client(gateway.address, token)
    if way == "socket":
        async with socket(client) as line:
            await line.subscribe(BOOKING, id=journey.booking)
            assert await line.closed() == 4403
    else:
        found = [event async for event in events(client, BOOKING, id=journey.booking, after="0")]
        assert [event["event"] for event in found] == ["next"]


async def test_a_wrong_token_opens_no_socket(gateway: Gateway) -> None:
    async with wire(gateway.anyone()) as opened:
        line = Socket(opened)
        await line.say(type="connection_init", payload={"Authorization": "Bearer nonsense"})
        assert await line.closed() == 4403


async def test_a_token_in_the_headers_is_as_good(gateway: Gateway, journey: Journey) -> None:
    client = journey.who("customer")
    async with wire(client, additional_headers=client.all_headers) as opened:
        line = Socket(opened)
        await line.say(type="connection_init")
        assert (await line.hear())["type"] == "connection_ack"
        await line.subscribe(BOOKING, id=journey.booking, after="0")
        assert (await line.data())["status"] == "REQUESTED"


# What a client may take


@pytest.mark.parametrize(("origin", "is_let_in"), [("https://evil.example", False), ("null", False), ("own", True)])
async def test_pages_of_other_origins_open_no_socket(gateway: Gateway, origin: str, is_let_in: bool) -> None:
    said = gateway.address if origin == "own" else origin
    trying = wire(gateway.anyone(), origin=said)
    if is_let_in:
        async with trying as opened:
            assert opened.subprotocol == "graphql-transport-ws"
    else:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await trying.__aenter__()
        assert refused.value.response.status_code == 403


async def test_the_older_protocol_is_refused(gateway: Gateway) -> None:
    async with wire(gateway.anyone(), "graphql-ws") as opened:
        assert await Socket(opened).closed() == 4406


async def test_who_says_nothing_is_sent_away(brisk: Gateway) -> None:
    async with wire(brisk.anyone()) as opened:
        assert await Socket(opened).closed() == 4408


async def test_who_is_never_heard_of_again_is_sent_away(brisk: Gateway) -> None:
    async with wire(brisk.anyone()) as opened:
        await opened.send('{"type": "connection_init"}')
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await asyncio.wait_for(opened.recv(), SECONDS)
        assert opened.close_code == 4499


async def test_one_socket_runs_so_many_operations_at_once(brisk: Gateway, journey: Journey) -> None:
    async with socket(beside(journey.who("customer"), brisk)) as line:
        for _ in range(3):
            await line.subscribe(BOOKING, id=journey.booking)
        assert (await line.hear())["type"] == "error"


async def test_too_many_messages_close_the_socket(brisk: Gateway) -> None:
    async with socket(brisk.anyone()) as line:
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(30):
                await line.say(type="ping")
        assert await line.closed() == 4429


@pytest.mark.parametrize(
    "text", ["[]", "nonsense", '{"type": 1}', '{"id": {}, "type": "subscribe"}', '{"type": "subscribe", "id": "1"}']
)
async def test_messages_of_no_sense_close_the_socket_in_order(gateway: Gateway, text: str) -> None:
    async with socket(gateway.anyone()) as line:
        await line.wire.send(text)
        assert await line.closed() == 4400


async def test_too_large_a_message_closes_the_socket(brisk: Gateway) -> None:
    async with socket(brisk.anyone()) as line:
        await line.subscribe("{ viewer { kind } } #" + "x" * 5_000)
        assert await line.closed() in (1009, 4400)


async def test_one_caller_has_so_many_connections(brisk: Gateway) -> None:
    async with contextlib.AsyncExitStack() as stack:
        client = brisk.vendor("QITAI")
        for _ in range(3):
            await stack.enter_async_context(socket(client))
        async with wire(client) as opened:
            line = Socket(opened)
            await line.say(type="connection_init", payload=client.all_headers)
            assert await line.closed() == 4429


async def test_a_client_that_does_not_read_is_dropped(gateway: Gateway, database: str) -> None:
    """And frees its place, so that others are let in."""
    live = replace(LIVE, stall_ms=300, of_one_caller=1, operations=100, messages_per_second=1_000)
    rules = " ".join(f"a{at}: rules(first: 100) {{ nodes {{ code statement reading }} }}" for at in range(28))
    with running_gateway(dsn(database, ROLE), gateway.folder, live=live) as address:
        client = Gateway(address, gateway.folder, "").staff()
        async with socket(client, compression=None, max_queue=1, max_size=None) as line:
            for _ in range(60):
                await line.subscribe(f"{{ {rules} }}")
            await is_let_in(client)
            with contextlib.suppress(websockets.ConnectionClosed):
                for _ in range(120):
                    await asyncio.wait_for(line.wire.recv(), SECONDS)
            assert line.wire.close_code == 1006


async def is_let_in(client: Client) -> None:
    for _ in range(40):
        async with wire(client) as opened:
            other = Socket(opened)
            await other.say(type="connection_init", payload=client.all_headers)
            with contextlib.suppress(websockets.ConnectionClosed):
                assert (await other.hear())["type"] == "connection_ack"
                return
        await asyncio.sleep(0.25)
    raise AssertionError("nobody made room")


# What else goes over them


async def test_queries_and_mutations_go_over_a_socket_too(journey: Journey) -> None:
    async with socket(journey.who("customer")) as line:
        await line.subscribe("{ viewer { kind } }")
        assert await line.data() == {"kind": "CUSTOMER"}
        assert (await line.hear())["type"] == "complete"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ " + " ".join(f"a{at}: viewer {{ kind }}" for at in range(40)) + " }", "LIMIT_EXCEEDED"),
    ],
)
async def test_the_bounds_of_http_hold_here(gateway: Gateway, query: str, code: str) -> None:
    async with socket(gateway.vendor("HUANQIU")) as line:
        await line.subscribe(query)
        assert (await line.error())["extensions"]["code"] == code
    (event, _) = [event async for event in events(gateway.vendor("HUANQIU"), query)]
    assert json.loads(event["data"])["errors"][0]["extensions"]["code"] == code


async def test_who_may_send_registered_documents_alone_sends_no_others_here(gateway: Gateway, database: str) -> None:
    lanes = replace(LANES, developer=LANES.customer)
    with running_gateway(dsn(database, ROLE), gateway.folder, lanes=lanes) as address:
        async with socket(Gateway(address, gateway.folder, "").customer("DEMO-ZYB-001")) as line:
            await line.subscribe(BOOKING, id=NO_SUCH)
            assert (await line.error())["extensions"]["code"] == "DOCUMENT_REQUIRED"


def test_by_plain_http_a_subscription_says_how_it_is_to_be_sent(gateway: Gateway) -> None:
    answer = gateway.vendor("HUANQIU").ask(QUEUE)
    assert answer.code == "BAD_USER_INPUT"
    assert "WebSocket" in answer.error["message"]


def test_a_mutation_is_no_event_stream_by_get(gateway: Gateway) -> None:
    query = {"query": "mutation { cardCodeSend(input: {}) { isDryRun } }"}
    headers = {"accept": "text/event-stream"}
    answer = httpx.get(f"{gateway.address}/graphql", params=query, headers=headers)
    assert "event: complete" in answer.text
    assert "errors" in answer.text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", "text/event-stream"),
        ("text/event-stream, multipart/mixed", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("application/graphql-response+json, text/event-stream", "application/graphql-response+json"),
        ("text/event-stream;q=0, application/json", "application/json"),
    ],
)
def test_a_stream_is_for_who_takes_nothing_else(gateway: Gateway, accept: str, kind: str) -> None:
    answer = httpx.post(f"{gateway.address}/graphql", json={"query": "{ viewer { kind } }"}, headers={"accept": accept})
    assert answer.headers["content-type"].split(";")[0] == kind
