"""Who goes takes what runs along, and deadlines hold, over lasting connections as over HTTP."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest

from tests.live.talking import events, socket
from tests.security.pressure import SOON, Watch, locked, serving
from tests.support.client import Client, Gateway

pytestmark = pytest.mark.anyio
TABLES = "cities, hospitals"
PLANNED = "{ cities(first: 1) { nodes { code } } }"
LOADED = '{ __type(name: "City") { name } hospital(code: "DEMO-SH-001") { code } }'
"""Introspection and rows: no plan answers both."""

Leave = Callable[[], Awaitable[None]]


@pytest.fixture(scope="module")
def watch(gateway: Gateway) -> Iterator[Watch]:
    opened = Watch(gateway.owner_dsn)
    yield opened
    opened.close()


@asynccontextmanager
async def closing(client: Client, document: str) -> AsyncIterator[Leave]:
    async with socket(client) as line:
        await line.subscribe(document)
        yield lambda: line.wire.close()


@asynccontextmanager
async def vanishing(client: Client, document: str) -> AsyncIterator[Leave]:
    """Without a word, as a phone that is switched off is told by its network."""
    async with socket(client) as line:
        await line.subscribe(document)

        async def vanish() -> None:
            line.wire.transport.abort()

        yield vanish


@asynccontextmanager
async def completing(client: Client, document: str) -> AsyncIterator[Leave]:
    async with socket(client) as line:
        number = await line.subscribe(document)
        yield lambda: line.say(type="complete", id=number)


@asynccontextmanager
async def reading_no_more(client: Client, document: str) -> AsyncIterator[Leave]:
    headers = {**client.all_headers, "accept": "text/event-stream"}
    async with httpx.AsyncClient(timeout=SOON) as http:
        asked = http.build_request("POST", f"{client.address}/graphql", json={"query": document}, headers=headers)
        response = await http.send(asked, stream=True)
        yield response.aclose


Way = Callable[[Client, str], AbstractAsyncContextManager[Leave]]


@pytest.mark.parametrize("document", [PLANNED, LOADED], ids=["planned", "loaded"])
@pytest.mark.parametrize("way", [closing, vanishing, completing, reading_no_more], ids=lambda way: way.__name__)
async def test_who_goes_takes_the_statement_along(gateway: Gateway, watch: Watch, way: Way, document: str) -> None:
    with locked(gateway, TABLES):
        async with way(gateway.anyone(), document) as leave:
            await asyncio.to_thread(watch.until_waiting, 1)
            await leave()
            await asyncio.to_thread(watch.until_waiting, 0)
    assert gateway.anyone().ask(document).data


@pytest.mark.parametrize("way", ["socket", "events"])
async def test_a_deadline_ends_a_query_and_its_statement(
    gateway: Gateway, database: str, watch: Watch, way: str
) -> None:
    with serving(gateway, database, longest_ms=400) as hasty, locked(gateway, TABLES):
        began = time.monotonic()
        code = await (over_socket if way == "socket" else over_events)(hasty.anyone())
        assert code == "DEADLINE_EXCEEDED"
        assert 0.4 <= time.monotonic() - began < SOON
        await asyncio.to_thread(watch.until_waiting, 0)


async def over_socket(client: Client) -> str:
    async with socket(client) as line:
        await line.subscribe(PLANNED)
        return (await line.error())["extensions"]["code"]


async def over_events(client: Client) -> str:
    (event, _) = [event async for event in events(client, PLANNED)]
    return json.loads(event["data"])["errors"][0]["extensions"]["code"]
