"""Experts and their times: what facts need, and taking a time by the one statement that finds it free."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ColumnElement, Integer, any_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from gateway.postgres.pool import Record
from models.departments import Department as DepartmentTable
from models.expert_calls import Expert as ExpertTable
from models.rules import Rule as RuleTable

# columns of a SQLModel class are typed as their values
Expert: Any = ExpertTable
Rule: Any = RuleTable
Department: Any = DepartmentTable


async def expert(connection: Any, code: str) -> Record | None:
    return await connection.fetchrow("select * from experts where code = $1", code)


async def slot(connection: Any, expert: str, starts_at: dt.datetime) -> Record | None:
    return await connection.fetchrow(
        """
        select starts_at, ends_at, booking_id is null as is_free
        from expert_slots where expert_code = $1 and starts_at = $2
        """,
        expert,
        starts_at,
    )


async def lock_queue(connection: Any, expert: str) -> int:
    """Nobody else joins the queue of direct calls until the end; how many are in it."""
    await connection.execute("select from experts where code = $1 for no key update", expert)
    return await connection.fetchval("select count(*) from expert_slots where expert_code = $1 and is_waiting", expert)


async def duty(connection: Any, expert: str, now: dt.datetime, until: dt.datetime) -> Record:
    """Whether the expert is on duty, has free times until an instant, and when a duty begins next on a day with one."""
    return await connection.fetchrow(
        """
        with duty as (
          select starts_at, ends_at, booking_id is null as is_free,
                 date_trunc('day', starts_at, 'Asia/Shanghai') as day
          from expert_slots where expert_code = $1 and is_visit_hours and ends_at > $2)
        select coalesce(bool_or(starts_at <= $2), false) as is_now,
               coalesce(bool_or(is_free and starts_at < $3), false) as has_room,
               (select min(opens.starts_at) from duty opens join duty free on free.is_free
                where opens.starts_at > $2 and free.ends_at > opens.starts_at and free.day = opens.day) as next_at
        from duty
        """,
        expert,
        now,
        until,
    )


async def take(
    connection: Any, *, expert: str, starts_at: dt.datetime, policy_id: uuid.UUID, booking_id: uuid.UUID
) -> bool:
    """Set a time aside. False when somebody else has it."""
    taken = await connection.fetchval(
        """
        update expert_slots set policy_id = $3, booking_id = $4
        where expert_code = $1 and starts_at = $2 and booking_id is null returning true
        """,
        expert,
        starts_at,
        policy_id,
        booking_id,
    )
    return bool(taken)


async def take_next(
    connection: Any,
    *,
    expert: str,
    now: dt.datetime,
    until: dt.datetime,
    policy_id: uuid.UUID,
    booking_id: uuid.UUID,
) -> dt.datetime | None:
    """Set the earliest free time of the expert's duty aside; none when others were faster."""
    return await connection.fetchval(
        """
        update expert_slots set policy_id = $4, booking_id = $5, is_waiting = true
        where expert_code = $1 and starts_at = (
          select starts_at from expert_slots
          where expert_code = $1 and is_visit_hours and booking_id is null and ends_at > $2 and starts_at < $3
          order by starts_at limit 1 for update skip locked)
        returning starts_at
        """,
        expert,
        now,
        until,
        policy_id,
        booking_id,
    )


async def free(writes: Any, booking_id: uuid.UUID) -> None:
    await writes.execute(
        "update expert_slots set policy_id = null, booking_id = null, is_waiting = false where booking_id = $1",
        booking_id,
    )


async def leave_queue(writes: Any, booking_id: uuid.UUID) -> None:
    """The call is over: whoever waits moves up."""
    await writes.execute("update expert_slots set is_waiting = false where booking_id = $1", booking_id)


async def details(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record:
    """Of a call that is locked already."""
    return await connection.fetchrow(
        "select * from expert_call_details where policy_id = $1 and booking_id = $2", policy_id, booking_id
    )


async def attempts(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> list[Record]:
    """All calls to the client so far, in their order."""
    return await connection.fetch(
        """
        select caller, seq, is_answered, call_reference, at from call_attempts
        where policy_id = $1 and booking_id = $2 order by caller, seq
        """,
        policy_id,
        booking_id,
    )


# Conditions of the schedule that clients see


def window_days() -> ColumnElement[int]:
    """How many days ahead the schedule is shown, as the rule of the query says."""
    return _number("windowDays")


def is_shown(row: Any, named: ColumnElement[str], titles: list[str]) -> ColumnElement[bool]:
    """The expert of a time is of the department, in service, and not known to fall short of what the rule demands."""
    place = func.array_position(cast(literal(titles, ARRAY(Text)), ARRAY(Text)), Expert.title)
    lowest = func.array_position(cast(literal(titles, ARRAY(Text)), ARRAY(Text)), _word("minTitle"))
    ranked = func.coalesce(Expert.hospital_rank <= _number("maxRank"), True)
    found = select(Expert.code).where(
        Expert.code == row.expert_code, Expert.department_code.in_(_department(named)), Expert.is_in_service, ranked
    )
    return found.where(place >= lowest).exists()


def _department(named: ColumnElement[str]) -> Any:
    matches = or_(named.in_([Department.code, Department.name_zh]), func.lower(named) == func.lower(Department.name_en))
    return select(Department.code).where(matches)


def _number(name: str) -> ColumnElement[int]:
    return cast(_word(name), Integer)


def _word(name: str) -> ColumnElement[str]:
    stated = select(func.max(Rule.parameters[name].astext))
    return stated.where(literal("expertSchedules") == any_(Rule.operations)).scalar_subquery()
