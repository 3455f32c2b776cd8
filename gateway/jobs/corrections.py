"""Deadlines that count days of which a notice says otherwise: they are reckoned anew, and none is ever put off.

What was promised stays promised. A corrected calendar brings a deadline forward; where it would end later by the new
one, it ends when it was to end.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from gateway.jobs.house import House
from gateway.jobs.sweeps import each
from gateway.postgres.pool import Record
from gateway.repositories import bookings
from gateway.repositories import corrections as rows
from gateway.resolvers import knowledge
from gateway.resolvers.booking_clocks import REMINDER
from gateway.validation import clocks
from gateway.validation.calendar import WorkCalendar, due_at_end_of
from gateway.validation.civil_time import civil_day, start_of

HEARD = dt.timedelta(minutes=1)
"""After so long every worker lives by the corrected calendar, and starts no deadline by the one before."""


async def correct_deadlines(house: House) -> int:
    """How many end sooner than was thought. What could not be corrected is tried again, by the calendar of then."""
    async with house.transaction() as connection:
        span = await rows.pending(connection)
        stuck = await rows.stuck_clocks(connection, timer=house.timer)
        if span is None and not stuck:
            return 0
        calendar = await knowledge.calendar(connection)
    count = await each(house, stuck, partial(_correct, house, calendar))
    return count if span is None else count + await _correct_span(house, calendar, span)


async def _correct_span(house: House, calendar: WorkCalendar, span: Record) -> int:
    count = await _correct_all(house, calendar, start_of(span["first"]), due_at_end_of(span["last"]))
    now = dt.datetime.now(dt.UTC)  # of the import, which no rehearsal moves
    async with house.transaction() as connection:
        await rows.mark_applied(connection, now - HEARD, now)
    return count


async def _correct_all(house: House, calendar: WorkCalendar, first: dt.datetime, last: dt.datetime) -> int:
    count, before = 0, None
    while found := await _clocks(house, first, last, before):
        count += await each(house, found, partial(_correct, house, calendar))
        before = found[-1]
    return count


async def _clocks(house: House, first: dt.datetime, last: dt.datetime, before: Record | None) -> Sequence[Record]:
    async with house.transaction() as connection:
        return await rows.clocks_over(connection, first, last, before, timer=house.timer)


async def _correct(house: House, calendar: WorkCalendar, clock: Record) -> bool:
    """One deadline in a transaction of its own, which locks the booking first, as every command does."""
    due = clocks.counted_anew(clock["started_at"], clock["working_days"], calendar)
    async with house.transaction() as connection:
        if clock["subject_type"] == "BOOKING":
            await bookings.load(connection, clock["policy_id"], clock["subject_id"])
        is_nearer = await rows.bring_forward(connection, clock, due.at, house.now, is_estimated=due.is_estimated)
        if is_nearer and clock["subject_type"] == "BOOKING":
            await bookings.see_deadlines(connection, clock["policy_id"], clock["subject_id"])
        if is_nearer:
            await _remind_sooner(house, calendar, connection, clock)
    return is_nearer


async def _remind_sooner(house: House, calendar: WorkCalendar, connection: Any, clock: Record) -> None:
    days: int | None = house.services.rulebook.rules[clock["rule_code"]].parameters.get("alertWorkingDays")
    if days is not None:
        at = due_at_end_of(calendar.add_working_days(civil_day(clock["started_at"]), days))
        await rows.remind_sooner(connection, clock, REMINDER, at)
