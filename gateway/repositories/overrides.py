"""What the hotline has set aside: looked up with what a request names, and spent by the request that needed it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from gateway.repositories.writes import Writes

OF_REQUESTS = """
array(select (o.rule_code, o.id, o.insured_id, o.visit_on) from hotline_overrides o
      where o.policy_id = p.policy_id and o.booking_id is null and o.spent_at is null) as overrides"""
OF_BOOKING = """
array(select (o.rule_code, o.id, o.insured_id, o.visit_on) from hotline_overrides o
      where o.policy_id = b.policy_id and o.booking_id = b.id and o.spent_at is null) as overrides"""


async def give(connection: Any, row: Mapping[str, Any]) -> bool:
    """False where the same is open already."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    return bool(
        await connection.fetchval(
            f"insert into hotline_overrides ({columns}) values ({places}) on conflict do nothing returning true",
            *row.values(),
        )
    )


async def spend(
    writes: Writes, policy_id: uuid.UUID, override: uuid.UUID, *, booking: uuid.UUID, now: dt.datetime
) -> None:
    """Once: whoever comes second finds it spent."""
    await writes.change(
        "update hotline_overrides set spent_at = $3, spent_on = $4 "
        "where policy_id = $1 and id = $2 and spent_at is null",
        policy_id,
        override,
        now,
        booking,
    )
