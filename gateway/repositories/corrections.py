"""Days of the working calendar that a notice has changed, and the deadlines that count them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import free, of_policy

BATCH = 500

Days = Mapping[dt.date, tuple[bool, bool]]
"""Day → is it a working day, and is that official."""


async def note(connection: Any, before: Days, after: Days, now: dt.datetime) -> int:
    """Keeps what changed days were taken for, to which clients may hold us. How many days that are."""
    changed = [(on, *(before.get(on) or _by_weekday(on))) for on in after]
    kept = [day for day in changed if day[1:] != after[day[0]]]
    await connection.executemany(
        """
        insert into calendar_corrections ("on", replaced_at, is_workday, status)
        values ($1, $2, $3, case when $4 then 'OFFICIAL' else 'ESTIMATED' end)
        """,
        [(on, now, is_workday, is_official) for on, is_workday, is_official in kept],
    )
    return len(kept)


def _by_weekday(on: dt.date) -> tuple[bool, bool]:
    """What a day is taken for that the table lacks."""
    return on.weekday() < 5, False


async def latest(connection: Any) -> dt.datetime | None:
    """Of when the calendar is."""
    return await connection.fetchval("select max(replaced_at) from calendar_corrections")


async def all_of(connection: Any) -> Sequence[Record]:
    return await connection.fetch(
        """
        select "on", replaced_at, is_workday, status = 'OFFICIAL' as is_official
        from calendar_corrections order by replaced_at, "on"
        """
    )


async def pending(connection: Any) -> Record | None:
    """The first and the last day for which deadlines have not been reckoned anew; None where there is none."""
    row = await connection.fetchrow(
        'select min("on") as first, max("on") as last from calendar_corrections where applied_at is null'
    )
    return None if row["first"] is None else row


async def mark_applied(connection: Any, before: dt.datetime, now: dt.datetime) -> None:
    await connection.execute(
        "update calendar_corrections set applied_at = $2 where applied_at is null and replaced_at <= $1", before, now
    )


async def clocks_over(
    connection: Any, first: dt.datetime, last: dt.datetime, after: Record | None, *, timer: str
) -> Sequence[Record]:
    """Deadlines that run and count working days within a time, a bounded number after the one before."""
    return await connection.fetch(
        f"""
        select {COLUMNS} from sla_clocks c
        where stopped_at is null and cancelled_at is null and working_days is not null
          and due_at > $1 and started_at < $2 and (due_at, id) > ($3, $4)
          and {free(timer, of_policy("c"))}
        order by due_at, id limit {BATCH}
        """,
        first,
        last,
        first if after is None else after["due_at"],
        NO_ID if after is None else after["id"],
    )


async def stuck_clocks(connection: Any, *, timer: str) -> Sequence[Record]:
    """Deadlines that still run and could not be reckoned anew, and whose turn it is again."""
    return await connection.fetch(
        f"""
        select {COLUMNS} from stuck_rows s
        join sla_clocks c on c.policy_id = split_part(s.subject, ':', 1)::uuid
          and c.id = split_part(s.subject, ':', 2)::uuid
        where s.timer = $1 and s.again_at <= now() and c.stopped_at is null and c.cancelled_at is null
          and c.working_days is not null
        order by c.due_at, c.id limit {BATCH}
        """,
        timer,
    )


COLUMNS = "c.policy_id, c.id, c.subject_type, c.subject_id, c.rule_code, c.started_at, c.due_at, c.working_days"
NO_ID = "00000000-0000-0000-0000-000000000000"


async def bring_forward(
    connection: Any, clock: Record, due_at: dt.datetime, now: dt.datetime, *, is_estimated: bool
) -> bool:
    """A deadline ends when the corrected calendar says, unless that is later. Whether it is another instant."""
    return bool(
        await connection.fetchval(
            """
            update sla_clocks c
            set due_at = least(c.due_at, $3), is_estimated = $4,
                corrected_at = case when $3 < c.due_at then $5 else c.corrected_at end
            from sla_clocks before
            where c.policy_id = $1 and c.id = $2 and before.policy_id = c.policy_id and before.id = c.id
              and c.stopped_at is null and c.cancelled_at is null
              and ($3 < c.due_at or $4 is distinct from c.is_estimated)
            returning c.due_at < before.due_at
            """,
            clock["policy_id"],
            clock["id"],
            due_at,
            is_estimated,
            now,
        )
    )


async def remind_sooner(connection: Any, clock: Record, topic: str, at: dt.datetime) -> None:
    """The reminder of a deadline that has come nearer."""
    await connection.execute(
        """
        update outbox_messages set available_at = least(available_at, $5)
        where policy_id = $1 and subject_id = $2 and rule_code = $3 and topic = $4
          and sent_at is null and cancelled_at is null
        """,
        clock["policy_id"],
        clock["subject_id"],
        clock["rule_code"],
        topic,
        at,
    )
