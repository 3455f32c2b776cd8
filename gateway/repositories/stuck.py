"""Rows that a timer could not move: left alone for longer and longer, and seen by operators meanwhile."""

from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record

LATELY = "interval '25 hours'"
"""A row that no timer has come back to for so long after its turn has been dealt with by others."""


def free(timer: str, subject: str) -> str:
    """The condition of a search that leaves out what this timer shall not try yet; `subject` is the key in SQL."""
    return f"""not exists (select from stuck_rows stuck
      where stuck.timer = '{timer}' and stuck.subject = {subject} and stuck.again_at > now())"""


def of_policy(row: str) -> str:
    """The key in SQL of a row that belongs to a policy."""
    return f"{row}.policy_id || ':' || {row}.id"


def key(row: Record) -> str:
    """The same of a row that was read."""
    return f"{row['policy_id']}:{row['id']}"


async def note(connection: Any, timer: str, subject: str, failure: str) -> None:
    """Once for a turn, however many workers have tried in it: after a minute, two, four, and at last six hours."""
    await connection.execute(
        """
        insert into stuck_rows as stuck (timer, subject, failure, attempts, first_at, last_at, again_at)
        values ($1, $2, $3, 1, now(), now(), now() + interval '1 minute')
        on conflict (timer, subject) do update set
          failure = excluded.failure, attempts = stuck.attempts + 1, last_at = now(),
          again_at = now() + least(interval '1 minute' * power(2, least(stuck.attempts, 20)), interval '6 hours')
        where stuck.again_at <= now()
        """,
        timer,
        subject,
        failure,
    )


async def strike_out(connection: Any, timer: str, subjects: Sequence[str]) -> None:
    """What has been moved is stuck no more."""
    await connection.execute(
        "delete from stuck_rows where timer = $1 and subject = any($2::text[])", timer, list(subjects)
    )


async def standing(connection: Any) -> Sequence[Record]:
    return await connection.fetch(
        f"""
        select timer, subject, failure, attempts, first_at, last_at, again_at from stuck_rows
        where again_at > now() - {LATELY} order by first_at, timer, subject
        """
    )


async def try_now(connection: Any) -> int:
    """Somebody has mended what was wrong: every timer tries again at its next turn. How many rows that concerns."""
    tried = await connection.fetch(
        f"update stuck_rows set again_at = now() where again_at > now() - {LATELY} returning subject"
    )
    return len(tried)
