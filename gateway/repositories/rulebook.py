"""The rulebook, lifecycles and calendar as the checks need them, read when a worker starts."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record


async def rules(connection: Any) -> Sequence[Record]:
    return await connection.fetch("select * from rules order by position")


async def check_texts(connection: Any) -> dict[str, Any]:
    return {row["check"]: row["texts"] for row in await connection.fetch('select "check", texts from check_texts')}


async def version(connection: Any) -> str:
    """Which rulebook this is; every stored decision cites it."""
    found = await connection.fetchval("select sha256 from seed_states where name = 'rulebook'")
    return found or "none"


async def transitions(connection: Any) -> list[tuple[str, str, str, str, str]]:
    rows = await connection.fetch(
        "select machine, from_state, command, role, to_state from transitions order by position, to_state"
    )
    return [tuple(row) for row in rows]


async def calendar(connection: Any) -> dict[dt.date, tuple[bool, bool]]:
    """Day → is it a working day, and is that official."""
    rows = await connection.fetch("select \"on\", is_workday, status = 'OFFICIAL' as official from calendar_days")
    return {row["on"]: (row["is_workday"], row["official"]) for row in rows}
