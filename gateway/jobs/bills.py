"""Payments that a client began and never finished: they end, so that another can be begun."""

from gateway.jobs.house import House
from gateway.repositories import bills


async def end_payments(house: House) -> int:
    """Money that comes later all the same is still set off, or noted as to be given back."""
    async with house.transaction() as connection:
        before = house.now - house.services.payment_life
        stale = await bills.stale_payments(connection, before, with_rehearsals=house.with_rehearsals)
        await bills.give_up(connection, stale, house.now)
    return len(stale)
