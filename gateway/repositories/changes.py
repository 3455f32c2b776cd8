"""What has happened to cases since somebody looked, and the hint by which workers tell each other to look."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import aliased

from gateway.auth.sight import Sight, settings_of, sight_of
from gateway.auth.viewer import SYSTEM, Viewer
from gateway.auth.visibility import visible
from gateway.postgres.session import Telling
from gateway.postgres.statements import render
from gateway.repositories import queues
from models.work import Work

CHANNEL = "gateway_changes"
SOMETHING, PEOPLE = "cases", "people"
"""What a hint is about: something was done to a case, or somebody's access was taken away."""

CASES = {"BOOKING": "bookings", "CLAIM": "claims"}

Seen = tuple[str, uuid.UUID, uuid.UUID, int]
"""Kind of case, its policy, its own id, and the last step that is known of it."""


async def hint(pool: Any, word: str) -> None:
    await pool.execute("select pg_notify($1, $2)", CHANNEL, word)


async def moved(pool: Any, seen: Sequence[Seen]) -> set[int]:
    """The places of those in the list that have gone further."""
    parts = " union all ".join(
        f"select w.place from watched w join {table} c on c.policy_id = w.policy_id and c.id = w.id "
        f"where w.kind = '{kind}' and c.state_seq > w.seq"
        for kind, table in CASES.items()
    )
    rows = await Telling(pool, settings_of(SYSTEM)).fetch(
        "with watched as (select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[]) "
        f"with ordinality w(kind, policy_id, id, seq, place)) {parts}",
        *(list(column) for column in zip(*seen, strict=True)),
    )
    return {row["place"] - 1 for row in rows}


def queue_mark(viewer: Viewer) -> Select[Any]:
    """A digest of what waits for a viewer."""
    return queue_mark_for(sight_of(viewer))


def queue_mark_for(sight: Sight) -> Select[Any]:
    row: Any = aliased(Work)
    seen = visible(sight, "work", row)
    statement = queues.mark(row).where(queues.waits_for(sight.kind, row))
    return statement if seen is None else statement.where(seen)


async def queue_is(pool: Any, viewer: Viewer) -> str:
    sql, arguments = render(queue_mark(viewer))
    (row,) = await Telling(pool, settings_of(viewer)).fetch(sql, *arguments)
    return row[0]
