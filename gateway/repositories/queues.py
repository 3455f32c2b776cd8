"""The queue of work: what waits for somebody, that first whose deadline ends first."""

from typing import Any

from sqlalchemy import ColumnElement, Interval, Select, Text, case, cast, false, func, literal_column, select
from sqlalchemy.orm import aliased

from gateway.auth.viewer import ViewerKind
from gateway.repositories.clocks import AMBER
from models.bookings import NO_DEADLINE, SlaClock

NEVER: Any = literal_column(f"timestamptz '{NO_DEADLINE.isoformat()}'")


def waits_for(kind: ViewerKind, row: Any) -> ColumnElement[bool]:
    """Whether something waits for a viewer of this kind. Nothing waits for clients here; they have bookings."""
    if kind is ViewerKind.VENDOR:
        return row.waits_for_vendor
    return row.waits_for_staff if kind is ViewerKind.STAFF else false()


def due_at(row: Any) -> ColumnElement[Any]:
    return func.nullif(row.due_at, NEVER, type_=row.due_at.type)


def amber_at(row: Any) -> ColumnElement[Any]:
    """When most of the time is over of the deadline that ends first."""
    clock: Any = aliased(SlaClock)
    times = (clock.due_at - clock.started_at).op("*", precedence=8, return_type=Interval())
    share = times(literal_column(str(AMBER)))
    return (
        select(func.min(clock.started_at + share, type_=row.due_at.type))
        .where(clock.policy_id == row.policy_id, clock.subject_id == row.id, clock.due_at == row.due_at)
        .where(clock.stopped_at.is_(None), clock.cancelled_at.is_(None))
        .correlate(row)
        .scalar_subquery()
    )


def state(row: Any, now: Any) -> ColumnElement[str]:
    return case(
        (row.due_at == NEVER, "NO_DEADLINE"),
        (row.due_at < now, "OVERDUE"),
        (amber_at(row) < now, "AMBER"),
        else_="ON_TIME",
    )


def mark(row: Any) -> Select[Any]:
    """A digest of the rows that are selected: the same as long as nobody has done anything to any of them."""
    item = func.concat(cast(row.id, Text), ":", cast(row.state_seq, Text))
    return select(func.md5(func.coalesce(func.string_agg(item, ",", type_=Text), "")))
