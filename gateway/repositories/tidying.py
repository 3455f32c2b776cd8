"""What is kept only for a while, found and deleted by where it lies."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import free, of_policy

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table, here `t`, for so long after an instant."""

    table: str
    age: dt.timedelta
    since: Sequence[str]
    key: str
    """A name in SQL for a row, which tells nothing of anybody."""


EVERYTHING = (
    Kept("idempotency_keys", dt.timedelta(days=180), ["created_at"], "md5(concat_ws(' ', principal, operation, key))"),
    Kept("outbox_messages", dt.timedelta(days=180), ["sent_at", "cancelled_at"], of_policy("t")),
    Kept("jobs.pgqueuer_log", dt.timedelta(days=30), ["created"], "t.id::text"),
    Kept("rate_buckets", dt.timedelta(days=1), ["refilled_at"], "holder"),  # a full bucket needs no row
    Kept("stuck_rows", dt.timedelta(days=30), ["again_at"], "concat_ws(' ', t.timer, t.subject)"),
)


async def outdated(connection: Any, kept: Kept, now: dt.datetime, *, timer: str) -> Sequence[Record]:
    is_over = " or ".join(f"{column} < $1" for column in kept.since)
    return await connection.fetch(
        f"""
        select t.ctid as place, {kept.key} as key from {kept.table} t
        where ({is_over}) and {free(timer, kept.key)} limit {BATCH} for update of t skip locked
        """,
        now - kept.age,
    )


async def forget(connection: Any, kept: Kept, rows: Sequence[Record]) -> None:
    """Locked rows stay where they are."""
    await connection.execute(f"delete from {kept.table} where ctid = any($1::tid[])", [row["place"] for row in rows])
