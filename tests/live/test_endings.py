"""Clients that stay, and a gateway that ends."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.live.talking import QUEUE, events, socket
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
            await asyncio.wait_for(heard.wait(), 10)
            begun = asyncio.get_running_loop().time()
            assert await asyncio.to_thread(started.ends_with, signal.SIGTERM) == 0
            assert asyncio.get_running_loop().time() - begun < 8
            assert await line.closed() == 1012
        await asyncio.wait({stream}, timeout=5)
        assert stream.done()
    assert eventually(lambda: left_of(home) == {})


async def _listen(client: Client, heard: asyncio.Event) -> None:
    async for _ in events(client, QUEUE):
        heard.set()
