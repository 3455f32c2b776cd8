"""Writes the seed files into the tables: all of them in one transaction, or nothing where they have not changed."""

import datetime as dt
from typing import Any

from gateway.repositories import corrections, rulebook
from seeds import state
from seeds.rows import all_parts
from seeds.writing import write

LOCK = 0x73656564  # the advisory lock of seeding


async def seed(connection: Any) -> bool:
    """Brings the tables to what the files say; True if something had changed. The connection is the owner's."""
    if await state.is_current(connection):
        return False
    parts = all_parts()
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        if await state.is_current(connection):
            return False
        before = await rulebook.calendar(connection)
        await write(connection, parts)
        if before:
            await corrections.note(connection, before, await rulebook.calendar(connection), dt.datetime.now(dt.UTC))
        await _note(connection, "seeds", state.seeds_digest())
        await _note(connection, "rulebook", state.rulebook_digest())
    return True


async def _note(connection: Any, name: str, digest: str) -> None:
    await connection.execute(
        """
        insert into seed_states (name, sha256, applied_at) values ($1, $2, now())
        on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at
        """,
        name,
        digest,
    )
