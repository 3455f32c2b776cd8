"""Cards as SQL: what of other tables decides whether one opens direct billing."""

from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select

from models.bills import CardSuspension
from models.policies import Coverage

Suspension: Any = CardSuspension
Cover: Any = Coverage


def is_suspended(row: Any) -> ColumnElement[bool]:
    """Whether any cause is left."""
    return exists(
        select(Suspension.id).where(
            Suspension.policy_id == row.policy_id, Suspension.card_id == row.id, Suspension.lifted_at.is_(None)
        )
    )


def covered_until(row: Any) -> ColumnElement[Any]:
    """The first day on which the insured is no longer covered."""
    return (
        select(func.upper(Cover.cover))
        .where(Cover.policy_id == row.policy_id, Cover.insured_id == row.insured_id)
        .scalar_subquery()
    )


def status(row: Any, today: Any) -> ColumnElement[str]:
    """What `resolvers.cards.status` says."""
    return case(
        (covered_until(row) <= today, "EXPIRED"),
        (row.state != "BOUND", "NOT_BOUND"),
        (is_suspended(row), "GREYED"),
        else_="ACTIVE",
    )
