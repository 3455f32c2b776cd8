"""What is kept only for a while: keys of requests, messages that were sent, the queue's own log, rates."""

from collections.abc import Sequence
from typing import Any

from gateway.jobs.house import House
from gateway.jobs.sweeps import sweep
from gateway.postgres.pool import Record
from gateway.repositories import tidying
from gateway.repositories.tidying import EVERYTHING, Kept


async def tidy(house: House) -> int:
    """Deletes in batches what is older than it is kept. How many rows that were."""
    return sum([await _tidy(house, kept) for kept in EVERYTHING])


async def _tidy(house: House, kept: Kept) -> int:
    async def find(connection: Any) -> Sequence[Record]:
        return await tidying.outdated(connection, kept, house.now, timer=house.timer)

    async def forget(connection: Any, rows: Sequence[Record]) -> None:
        await tidying.forget(connection, kept, rows)

    total = 0
    while count := await sweep(house, find, forget, key=_key):
        total += count
    return total


def _key(row: Record) -> str:
    return row["key"]
