"""Deadlines of vendors and insurer, started and stopped with the steps of a case."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case

from models.base import new_id

AMBER = 0.75
"""The share of a deadline's time after which whose turn it is gets warned."""

NAME = "rule_code || case part when '' then '' else ':' || part end"
"""Code of the rule and, of one that states several deadlines, which one it is."""


def status(row: Any, now: Any) -> ColumnElement[str]:
    """The state of a clock at an instant."""
    return case(
        (row.excused_at.is_not(None), "EXCUSED"),
        (row.stopped_at <= row.due_at, "MET"),
        (row.stopped_at.is_not(None), "MISSED"),
        (row.cancelled_at.is_not(None), "CANCELLED"),
        (now <= row.due_at, "RUNNING"),
        else_="OVERDUE",
    )


async def start(
    writes: Any,
    *,
    policy_id: uuid.UUID,
    subject_type: str,
    subject_id: uuid.UUID,
    rule: str,
    started_at: dt.datetime,
    due_at: dt.datetime,
    is_estimated: bool = False,
    part: str = "",
    working_days: int | None = None,
) -> None:
    await writes.execute(
        """
        insert into sla_clocks
          (policy_id, id, subject_type, subject_id, rule_code, started_at, due_at, is_estimated, part, working_days)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        policy_id,
        new_id(),
        subject_type,
        subject_id,
        rule,
        started_at,
        due_at,
        is_estimated,
        part,
        working_days,
    )


async def stop(
    writes: Any, *, policy_id: uuid.UUID, subject_id: uuid.UUID, rules: Sequence[str], now: dt.datetime
) -> None:
    """The step was taken that these deadlines wait for."""
    await writes.execute(
        f"""
        update sla_clocks set stopped_at = $4
        where policy_id = $1 and subject_id = $2 and {NAME} = any($3::text[])
          and stopped_at is null and cancelled_at is null
        """,
        policy_id,
        subject_id,
        list(rules),
        now,
    )


async def cancel(
    writes: Any, *, policy_id: uuid.UUID, subject_id: uuid.UUID, but: Sequence[str], now: dt.datetime
) -> None:
    """The case ended or was put off: what still runs for it runs no more, but for the rules that were met."""
    await writes.execute(
        f"""
        update sla_clocks set cancelled_at = $4
        where policy_id = $1 and subject_id = $2 and {NAME} <> all($3::text[])
          and stopped_at is null and cancelled_at is null
        """,
        policy_id,
        subject_id,
        list(but),
        now,
    )


async def excuse(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    subject_id: uuid.UUID,
    rule: str,
    by: str,
    reason: str,
    now: dt.datetime,
) -> bool:
    """Nobody could have met this deadline: it runs no more, and is not late. False where there is none to excuse."""
    return bool(
        await connection.fetchval(
            """
            update sla_clocks set excused_at = $6, excused_by = $4, excuse = $5,
                   cancelled_at = case when stopped_at is null then coalesce(cancelled_at, $6) else cancelled_at end
            where policy_id = $1 and subject_id = $2 and rule_code = $3 and excused_at is null
            returning true
            """,
            policy_id,
            subject_id,
            rule,
            by,
            reason,
            now,
        )
    )


async def cancel_of(
    writes: Any, *, policy_id: uuid.UUID, subject_id: uuid.UUID, rules: Sequence[str], now: dt.datetime
) -> None:
    """These deadlines are replaced by others, or begin anew."""
    await writes.execute(
        """
        update sla_clocks set cancelled_at = $4
        where policy_id = $1 and subject_id = $2 and rule_code = any($3::text[])
          and stopped_at is null and cancelled_at is null
        """,
        policy_id,
        subject_id,
        list(rules),
        now,
    )
