"""Who goes takes what runs along, and deadlines hold, over lasting connections as over HTTP."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.live.talking import events, socket
from tests.security.pressure import Watch, locked, unhurried
from tests.support.client import Client, Gateway
from tests.support.escorts import ESCORT_BOOK, NOW, register, request

pytestmark = pytest.mark.anyio
TABLES = "cities, hospitals"
PLANNED = "{ cities(first: 1) { nodes { code } } }"
LOADED = '{ __type(name: "City") { name } hospital(code: "DEMO-SH-001") { code } }'
"""Introspection and rows: no plan answers both."""
STREAM = "subscription { workQueueChanged { workQueue(first: 1) { nodes { booking { hospital { code } } } } } }"

Leave = Callable[[], Awaitable[None]]


@pytest.fixture(scope="module")
def watch(gateway: Gateway) -> Iterator[Watch]:
    opened = Watch(gateway.owner_dsn)
    yield opened
    opened.close()


@asynccontextmanager
async def closing(client: Client, document: str, **variables: Any) -> AsyncIterator[Leave]:
    async with socket(client) as line:
        await line.subscribe(document, **variables)
        yield lambda: line.wire.close()


@asynccontextmanager
async def vanishing(client: Client, document: str, **variables: Any) -> AsyncIterator[Leave]:
    """Without a word, as a phone that is switched off is told by its network."""
    async with socket(client) as line:
        await line.subscribe(document, **variables)

        async def vanish() -> None:
            line.wire.transport.abort()

        yield vanish


@asynccontextmanager
async def completing(client: Client, document: str, **variables: Any) -> AsyncIterator[Leave]:
    async with socket(client) as line:
        number = await line.subscribe(document, **variables)
        yield lambda: line.say(type="complete", id=number)


@asynccontextmanager
async def reading_no_more(client: Client, document: str, **variables: Any) -> AsyncIterator[Leave]:
    headers = {**client.all_headers, "accept": "text/event-stream"}
    async with httpx.AsyncClient(timeout=10) as http:
        body = {"query": document, "variables": variables}
        asked = http.build_request("POST", f"{client.address}/graphql", json=body, headers=headers)
        response = await http.send(asked, stream=True)
        yield response.aclose


Way = Callable[..., AbstractAsyncContextManager[Leave]]


every_way = pytest.mark.parametrize(
    "way", [closing, vanishing, completing, reading_no_more], ids=lambda way: way.__name__
)


@pytest.fixture(scope="module")
def patient(gateway: Gateway, database: str) -> Iterator[Gateway]:
    with unhurried(gateway, database) as running:
        yield running


@every_way
@pytest.mark.parametrize("document", [PLANNED, LOADED], ids=["planned", "loaded"])
async def test_who_goes_takes_the_statement_along(patient: Gateway, watch: Watch, way: Way, document: str) -> None:
    with locked(patient, TABLES):
        await leaves(watch, way(patient.anyone(), document))
    assert patient.anyone().ask(document).data


@every_way
async def test_who_goes_takes_a_mutation_along(gateway: Gateway, patient: Gateway, watch: Watch, way: Way) -> None:
    number = register(gateway)
    client, given = patient.customer(number).at(NOW), request(number)
    with locked(patient, "outbox_messages"):
        await leaves(watch, way(client, ESCORT_BOOK, input=given, dryRun=False))
    first, again = (client.ask(ESCORT_BOOK, input=given, dryRun=False).data["escortBook"] for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)


@every_way
async def test_who_goes_takes_the_message_of_a_stream_along(patient: Gateway, watch: Watch, way: Way) -> None:
    with locked(patient, TABLES):
        await leaves(watch, way(patient.vendor("HUANQIU").at(NOW), STREAM))


async def leaves(watch: Watch, going: AbstractAsyncContextManager[Leave]) -> None:
    """Goes while a statement runs, and waits until that is gone; nothing else would end it."""
    async with going as leave:
        await asyncio.to_thread(watch.until_waiting, 1)
        await leave()
        await asyncio.to_thread(watch.until_waiting, 0)


@pytest.mark.parametrize("way", ["socket", "events"])
async def test_a_deadline_ends_a_query_and_its_statement(
    gateway: Gateway, database: str, watch: Watch, way: str
) -> None:
    with unhurried(gateway, database, longest_ms=400) as hasty, locked(gateway, TABLES):
        began = time.monotonic()
        code = await (over_socket if way == "socket" else over_events)(hasty.anyone())
        assert time.monotonic() - began >= 0.4
        assert code == "DEADLINE_EXCEEDED"
        await asyncio.to_thread(watch.until_waiting, 0)


async def over_socket(client: Client) -> str:
    async with socket(client) as line:
        await line.subscribe(PLANNED)
        return (await line.error())["extensions"]["code"]


async def over_events(client: Client) -> str:
    (event, _) = [event async for event in events(client, PLANNED)]
    return json.loads(event["data"])["errors"][0]["extensions"]["code"]
