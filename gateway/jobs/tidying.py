"""What is kept only for a while: keys of requests, messages that were sent, the queue's own log, rates."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from gateway.jobs.house import House
from gateway.repositories import timed

KEYS = dt.timedelta(days=180)
MESSAGES = dt.timedelta(days=180)
LOG = dt.timedelta(days=30)
RATES = dt.timedelta(days=1)  # the bucket of who has not asked for so long is full, and needs no row

Forget = Callable[[Any, dt.datetime], Awaitable[int]]


async def tidy(house: House) -> int:
    """Deletes in batches what is older than it is kept. How many rows that were."""
    kept: tuple[tuple[Forget, dt.timedelta], ...] = (
        (timed.forget_keys, KEYS),
        (timed.forget_messages, MESSAGES),
        (timed.forget_log, LOG),
        (timed.forget_rates, RATES),
    )
    return sum([await _forget(house, forget, house.now - age) for forget, age in kept])


async def _forget(house: House, forget: Forget, before: dt.datetime) -> int:
    total = 0
    while True:
        async with house.transaction() as connection:
            count = await forget(connection, before)
        total += count
        if count == 0:
            return total
