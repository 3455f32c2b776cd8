"""What waits for the one who asks: a vendor's bookings that it has to take a step in, and the insurer's own."""

import datetime as dt
from enum import Enum
from typing import Any

import strawberry
from strawberry.types import Info

from gateway.execution.connections import connection
from gateway.execution.declare import SqlType, computed, embedded, enum_column, sql_type
from gateway.execution.filters import equals, operators
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories import queues
from gateway.schema.booking_actions import actions, actions_sql
from gateway.schema.bookings import Booking
from gateway.schema.enums import ProductCode, ServiceKind, word
from gateway.schema.operators import DateTimeCondition, ServiceCondition, StatusCondition
from gateway.schema.tellings import now
from models.bookings import NO_DEADLINE
from models.bookings import Booking as BookingRows


@strawberry.enum(description=T("待办的紧迫程度。", "How pressing a piece of work is."))
class WorkState(Enum):
    NO_DEADLINE = word("NO_DEADLINE", "没有正在计时的时限。", "No deadline runs.")
    ON_TIME = word("ON_TIME", "时间充裕。", "There is time.")
    AMBER = word("AMBER", "时限已过大半。", "Most of the time is over.")
    OVERDUE = word("OVERDUE", "已超时。", "The deadline has passed.")


def _due_at(root: Any) -> dt.datetime | None:
    return None if root["due_at"] == NO_DEADLINE else root["due_at"]


def _state(root: Any, info: Info) -> WorkState:
    if root["due_at"] == NO_DEADLINE:
        return WorkState.NO_DEADLINE
    if root["due_at"] < info.context.now:
        return WorkState.OVERDUE
    amber_at = root["$amber_at"]
    return WorkState.AMBER if amber_at is not None and amber_at < info.context.now else WorkState.ON_TIME


@sql_type(BookingRows, T("一项待办。", "A piece of work that waits."), scope="bookings:read")
class WorkItem(SqlType):
    booking: Booking = embedded("Booking", T("所等待的预约。", "The booking that waits."))
    service: ServiceKind = enum_column("service", ServiceKind, T("服务。", "Its service."))
    due_at: dt.datetime | None = computed(
        _due_at,
        T("最先到期的时限何时到期；没有时限为空。", "When the first of its deadlines ends; null where none runs."),
        sql=lambda row, _scope: queues.due_at(row),
    )
    status: WorkState = computed(
        _state,
        T("紧迫程度。", "How pressing it is."),
        sql=lambda row, scope: queues.state(row, now(scope)),
        needs={"amber_at": queues.amber_at},
    )
    available_actions: list[str] = computed(
        actions, T("请求者此刻可用的变更。", "Mutations that the viewer may send now."), sql=actions_sql
    )


@strawberry.input(description=T("待办的筛选条件。", "Filter of work."))
class WorkFilter:
    product: ProductCode | None = equals("product_code", T("产品。", "Its product."))
    service: ServiceCondition | None = operators("service", T("服务。", "Its service."))
    status: StatusCondition | None = operators("state", T("预约的状态。", "State of its booking."))
    due_at: DateTimeCondition | None = operators("due_at", T("时限到期的时刻。", "When its deadline ends."))


def work_queue() -> Any:
    """A field of whatever stands for the one who asks."""
    return connection(
        "WorkItem",
        T(
            "等待请求者处理的预约，时限先到者在前，没有时限者在后。",
            "Bookings that wait for the viewer, those first whose deadline ends first; those without one come last.",
        ),
        of=WorkItem,
        orders=(Key("due_at"), Key("id")),
        where=WorkFilter,
        only=queues.waits_for,
        scope="bookings:read",
    )
