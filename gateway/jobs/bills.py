"""Payments that a client began and never finished: they end, so that another can be begun."""

from collections.abc import Sequence
from typing import Any

from gateway.jobs.house import House
from gateway.jobs.sweeps import sweep
from gateway.postgres.pool import Record
from gateway.repositories import bills


async def end_payments(house: House) -> int:
    """Money that comes later all the same is still set off, or noted as to be given back."""
    before = house.now - house.services.payment_life

    async def find(connection: Any) -> Sequence[Record]:
        return await bills.stale_payments(connection, before, timer=house.timer, with_rehearsals=house.with_rehearsals)

    async def end(connection: Any, stale: Sequence[Record]) -> None:
        await bills.give_up(connection, stale, house.now)

    return await sweep(house, find, end)
