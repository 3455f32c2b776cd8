"""Clients that stay, and a gateway that ends."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.live.talking import QUEUE, SECONDS, events, socket
from tests.support.client import Client
from tests.support.processes import empty, eventually, home, left_of, seeded, serving

__all__ = ["empty", "home", "seeded"]
pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_gateway_ends_at_once_though_clients_listen(home: Path, workers: str) -> None:
    with serving(home, "--workers", workers) as started:
        client = started.gateway().vendor("HUANQIU")
        heard = asyncio.Event()
        stream = asyncio.create_task(_listen(client, heard))
        async with socket(client) as line:
            await line.subscribe(QUEUE)
            await line.data()
            await asyncio.wait_for(heard.wait(), SECONDS)
            assert await asyncio.to_thread(started.ends_with, signal.SIGTERM) == 0
            assert "timeout" not in started.err  # nobody was waited for until there was no more patience
            assert await line.closed() == 1012
        await asyncio.wait({stream}, timeout=SECONDS)
        assert stream.done()
    assert eventually(lambda: left_of(home) == {})


async def _listen(client: Client, heard: asyncio.Event) -> None:
    async for _ in events(client, QUEUE):
        heard.set()
