"""Deadlines that run out, and visits that nobody recorded: those whose turn it is are told, once. Nobody is blocked."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gateway.execution import ids
from gateway.jobs.house import House
from gateway.jobs.sweeps import sweep
from gateway.postgres.pool import Record
from gateway.repositories import outbox, timed
from gateway.repositories.clocks import AMBER

UNRECORDED_AFTER = dt.timedelta(hours=24)
PREFIXES = {"BOOKING": "book", "ADVANCE": "adv"}


async def tell_late_clocks(house: House) -> int:
    """The vendor is warned before a deadline ends; vendor and staff are told when it has ended."""

    async def find(connection: Any) -> Sequence[Record]:
        return await timed.late_clocks(connection, house.now, AMBER, timer=house.timer)

    async def tell(connection: Any, clocks: Sequence[Record]) -> None:
        for clock in clocks:
            await _tell_of(house, connection, clock)
        await timed.mark_told(connection, clocks, house.now)

    return await sweep(house, find, tell)


async def _tell_of(house: House, connection: Any, clock: Record) -> None:
    word, audiences = ("overdue", ("VENDOR", "STAFF")) if clock["is_overdue"] else ("amber", ("VENDOR",))
    prefix = PREFIXES.get(clock["subject_type"])
    payload = {} if prefix is None else {"subject": ids.encode(prefix, clock["policy_id"], clock["subject_id"])}
    for audience in audiences:
        await outbox.post(
            connection,
            policy_id=clock["policy_id"],
            subject_id=clock["subject_id"],
            topic=f"sla.{word}",
            audience=audience,
            dedupe_key=f"sla.{word}:{clock['id'].hex}:{audience}",
            now=house.now,
            rule=clock["rule_code"],
            payload={**payload, "dueAt": clock["due_at"].isoformat()},
        )


async def tell_unrecorded_visits(house: House) -> int:
    """A visit that passed without a word of the vendor: the vendor is asked for it. What it was, people say."""

    async def find(connection: Any) -> Sequence[Record]:
        before = house.now - UNRECORDED_AFTER
        return await timed.unrecorded_visits(
            connection, before, timer=house.timer, with_rehearsals=house.with_rehearsals
        )

    async def ask(connection: Any, rows: Sequence[Record]) -> None:
        for row in rows:
            await outbox.post(
                connection,
                policy_id=row["policy_id"],
                subject_id=row["id"],
                topic="booking.unrecorded",
                audience="VENDOR",
                dedupe_key=f"booking.unrecorded:{row['id'].hex}:{row['state_seq']}",
                now=house.now,
                payload={"booking": ids.encode("book", row["policy_id"], row["id"])},
            )

    return await sweep(house, find, ask)
