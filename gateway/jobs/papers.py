"""Papers and time: checks that were cut off, uploads that no case took, and papers whose time is over."""

from gateway.jobs.house import House
from gateway.resolvers import papers


async def recheck(house: House) -> int:
    return await papers.recheck(house.services, house.now)


async def expire(house: House) -> int:
    return await papers.expire(house.services, house.now)


async def remove(house: House) -> int:
    return await papers.remove(house.services, house.now)
