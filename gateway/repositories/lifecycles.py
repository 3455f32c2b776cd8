"""Lifecycles as SQL: what a case can do next."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from models.lifecycles import Transition


def commands(row: Any, role: str) -> Select[Any]:
    """The commands that a role may send to a case in its state, in the order in which they are offered."""
    step: Any = aliased(Transition)
    return (
        select(step.command)
        .where(step.machine == row.machine, step.from_state == row.state, step.role == role)
        .group_by(step.command)
        .order_by(func.min(step.position), func.min(step.to_state))
        .correlate(row)
    )
