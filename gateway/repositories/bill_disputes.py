"""Disputes of bills, looked at once the lock of the bill is held."""

import datetime as dt
import uuid
from typing import Any


async def newest(connection: Any, policy_id: uuid.UUID, bill_id: uuid.UUID) -> uuid.UUID | None:
    """The last one that was opened; only that one can be open still."""
    return await connection.fetchval(
        "select id from bill_disputes where policy_id = $1 and bill_id = $2 order by opened_at desc, id desc limit 1",
        policy_id,
        bill_id,
    )


async def deciders(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID | None) -> set[str]:
    """Whoever has decided or approved a revision of the claim that leaves a bill to the client."""
    rows = await connection.fetch(
        "select decided_by, approved_by from claim_decisions where policy_id = $1 and claim_id = $2",
        policy_id,
        claim_id,
    )
    return {person for row in rows for person in row.values() if person is not None}


async def lapse(writes: Any, policy_id: uuid.UUID, bill_id: uuid.UUID, now: dt.datetime) -> None:
    """Nothing is owed any more, and so nothing is left to decide."""
    await writes.execute(
        """
        update bill_disputes set state = 'LAPSED', ended_at = $3
        where policy_id = $1 and bill_id = $2 and state = 'OPEN'
        """,
        policy_id,
        bill_id,
        now,
    )
