"""A client of graphql-transport-ws, and one of server-sent events, as small as they can be."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.support.client import Client
from tests.support.server import changes_of

PROTOCOL: Any = "graphql-transport-ws"
SECONDS = 60
"""Within which what is waited for has come, however busy the machine is."""
BOOKING = """
subscription Follow($id: ID!, $after: String) {
  bookingChanged(id: $id, after: $after) { id cursor sequence status command booking { id status } }
}
"""
QUEUE = """
subscription Queue($after: String) {
  workQueueChanged(after: $after) { cursor workQueue(first: 100) { totalCount nodes { booking { id } } } }
}
"""


class Socket:
    """An open socket whose client is known."""

    def __init__(self, wire: ClientConnection, address: str = "") -> None:
        self.wire = wire
        self.address = address
        self.ids = 0

    async def say(self, **message: Any) -> None:
        await self.wire.send(json.dumps(message))

    async def hear(self, seconds: float = SECONDS) -> dict[str, Any]:
        """The next message; signs of life are answered and passed by."""
        async with asyncio.timeout(seconds):
            while True:
                message = json.loads(await self.wire.recv())
                if message["type"] != "ping":
                    return message
                await self.say(type="pong")

    async def subscribe(self, query: str, **variables: Any) -> str:
        self.ids += 1
        await self.say(id=str(self.ids), type="subscribe", payload={"query": query, "variables": variables})
        return str(self.ids)

    async def follow(self, query: str, **variables: Any) -> None:
        """Subscribes, and waits until the gateway would notice a change."""
        known = self._followers()
        await self.subscribe(query, **variables)
        async with asyncio.timeout(SECONDS):
            while not self._followers() - known:
                await self.silence(0.02)  # signs of life are answered meanwhile

    def _followers(self) -> set[Any]:
        changes = changes_of(self.address)
        return {*changes._cases, *changes._queues}

    async def data(self) -> dict[str, Any]:
        message = await self.hear()
        assert message["type"] == "next", message
        (found,) = message["payload"]["data"].values()
        return found

    async def error(self) -> dict[str, Any]:
        message = await self.hear()
        assert message["type"] == "error", message
        return message["payload"][0]

    async def silence(self, seconds: float = 0.6) -> None:
        with contextlib.suppress(TimeoutError):
            raise AssertionError(await self.hear(seconds))

    async def closed(self, seconds: float = SECONDS) -> int | None:
        """The code with which the other side closes, whatever it says before."""
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await self.hear(seconds)
        return self.wire.close_code


@contextlib.asynccontextmanager
async def socket(client: Client, **options: Any) -> AsyncIterator[Socket]:
    async with wire(client, **options) as opened:
        made = Socket(opened, client.address)
        await made.say(type="connection_init", payload=client.all_headers)
        assert await made.hear() == {"type": "connection_ack"}
        yield made


@contextlib.asynccontextmanager
async def wire(client: Client, protocol: str = PROTOCOL, **options: Any) -> AsyncIterator[ClientConnection]:
    address = client.address.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=[protocol], **options) as opened:  # type: ignore[list-item]
        yield opened


async def events(client: Client, query: str, headers: Any = (), **variables: Any) -> AsyncGenerator[dict[str, str]]:
    """Server-sent events, each with its fields."""
    sent = {**client.all_headers, "accept": "text/event-stream", **dict(headers)}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=SECONDS) as http,
        http.stream("POST", f"{client.address}/graphql", json=body, headers=sent) as response,
    ):
        assert response.status_code == 200, await response.aread()
        found: dict[str, str] = {}
        async for line in response.aiter_lines():
            if not line and found:
                yield found
                found = {}
            elif line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                found[name.rstrip(":")] = value


def data_of(event: dict[str, str]) -> dict[str, Any]:
    (found,) = json.loads(event["data"])["data"].values()
    return found
