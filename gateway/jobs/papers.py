"""Papers and time: checks that were cut off, uploads that no case took, and papers whose time is over."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from gateway.jobs.house import House
from gateway.jobs.sweeps import each
from gateway.postgres.pool import Record
from gateway.resolvers import papers


async def recheck(house: House) -> int:
    """How many were judged that had been uploaded and forgotten."""
    found = await papers.unchecked(house.services, house.now, timer=house.timer)
    return await each(house, found, partial(papers.recheck, house.services))


async def expire(house: House) -> int:
    """How many were deleted that no case has taken in its time."""

    async def find(after: Record | None) -> Sequence[Record]:
        return await papers.unattached(house.services, house.now, after, timer=house.timer)

    async def end(paper: Record) -> bool:
        return await papers.expire(house.services, paper, house.now)

    count = await _all(house, find, end)
    await papers.sweep(house.services)
    return count


async def remove(house: House) -> int:
    """How many were deleted whose time is over."""

    async def find(after: Record | None) -> Sequence[Record]:
        return await papers.outdated(house.services, house.now, after, timer=house.timer)

    async def end(paper: Record) -> bool:
        return await papers.remove(house.services, paper, house.now)

    return await _all(house, find, end)


async def _all(
    house: House,
    find: Callable[[Record | None], Awaitable[Sequence[Record]]],
    end: Callable[[Record], Awaitable[bool]],
) -> int:
    """Batch after batch; what others are at, or what cannot be deleted, is passed by."""
    count, last = 0, None
    while found := await find(last):
        count += await each(house, found, end)
        last = found[-1]
    return count
