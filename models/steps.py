"""Histories: what is told of a step in the life of a case, the same for every kind of case.

Each kind has a table of its own, since a row refers to its case; the step itself refers to `transitions`, so that an
illegal one cannot be written by anybody.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import SQLModel

from models.base import instant, json_object

TRANSITION = ("machine", "from_state", "command", "role", "to_state")


class Step(SQLModel):
    """One step: what was done, by whom, and where it led."""

    machine: str
    from_state: str
    command: str
    role: str
    to_state: str
    actor: str
    reason: str | None = None
    details: dict[str, Any] = json_object()
    at: dt.datetime = instant()


class JudgedStep(Step):
    """One that rules have agreed to."""

    rulebook: str  # version of the rulebook that judged it


def history_of(table: str, key: str, *, name: str) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """The constraints of a history: its case is there, and each step is a legal one."""
    return (
        ForeignKeyConstraint(["policy_id", key], [f"{table}.policy_id", f"{table}.id"]),
        ForeignKeyConstraint(
            TRANSITION, [f"transitions.{column}" for column in TRANSITION], name=f"fk_{name}__transition"
        ),
    )
