"""What waits for the one who asks: a vendor's bookings that it has to take a step in, and the insurer's own.

Clients that know only bookings are given nothing else: messages, complaints and contacts of health managers join in
where they are asked for.
"""

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import Text, case, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from strawberry.types import Info

from gateway.auth.viewer import ViewerKind
from gateway.execution.connections import connection
from gateway.execution.declare import SqlType, computed, enum_column, sql_type, to_one_of
from gateway.execution.filters import among, equals, operators
from gateway.execution.forms import Scope
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories import queues
from gateway.schema.booking_actions import actions, actions_sql
from gateway.schema.bookings import Booking
from gateway.schema.enums import ProductCode, ServiceKind, word
from gateway.schema.manager_contacts import ManagerContact
from gateway.schema.messages import Complaint, Message
from gateway.schema.operators import DateTimeCondition, ServiceCondition, StatusCondition
from gateway.schema.tellings import now
from models.bookings import NO_DEADLINE
from models.work import Work as WorkRows


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


@strawberry.enum(description=T("待办的种类。", "What kind of work it is."))
class WorkKind(Enum):
    BOOKING = word("BOOKING", "预约。", "A booking.")
    MESSAGE = word("MESSAGE", "给客服的留言。", "A message for customer service.")
    COMPLAINT = word("COMPLAINT", "投诉或建议。", "A complaint or a suggestion.")
    MANAGER_CONTACT = word(
        "MANAGER_CONTACT", "健康管家与投保人约定的下次联系。", "A contact that a health manager has agreed upon."
    )


ANSWERS = {"MESSAGE": "messageAnswer", "COMPLAINT": "complaintAnswer"}
"""Kind of what clients say → the mutation by which the insurer's people answer it."""

DOING: Mapping[ViewerKind, Mapping[str, str]] = {
    ViewerKind.STAFF: ANSWERS,
    ViewerKind.VENDOR: {"MANAGER_CONTACT": "healthManagerContactRecord"},
}
"""Who asks → kind of work that is no booking → what they send."""


def _actions(root: Any, info: Info) -> list[str]:
    if root["kind"] == WorkKind.BOOKING.value:
        return actions(root, info)
    found = DOING.get(info.context.viewer.kind, {}).get(root["kind"])
    return [] if found is None else [found]


def _actions_sql(row: Any, scope: Scope) -> Any:
    own = DOING.get(scope.sight.kind, {})
    if not own:
        return actions_sql(row, scope)
    answers = {kind: literal_column(f"array['{name}']", ARRAY(Text)) for kind, name in own.items()}
    return case(answers, value=row.kind, else_=actions_sql(row, scope))


def _what(kind: WorkKind, description: str) -> Any:
    """What waits, where it is of this kind."""
    target = kind.value.title().replace("_", "")
    return to_one_of("kind", {kind.value: target}, description, policy_id="policy_id", id="id")


@sql_type(WorkRows, T("一项待办。", "A piece of work that waits."), scope="bookings:read")
class WorkItem(SqlType):
    kind: WorkKind = enum_column("kind", WorkKind, T("种类。", "What kind of work it is."))
    booking: Booking | None = _what(
        WorkKind.BOOKING, T("所等待的预约；其他种类为空。", "The booking that waits; null for other kinds.")
    )
    message: Message | None = _what(
        WorkKind.MESSAGE, T("所等待的留言；其他种类为空。", "The message that waits; null for other kinds.")
    )
    complaint: Complaint | None = _what(
        WorkKind.COMPLAINT, T("所等待的投诉；其他种类为空。", "The complaint that waits; null for other kinds.")
    )
    manager_contact: ManagerContact | None = _what(
        WorkKind.MANAGER_CONTACT,
        T("约定了下次联系的那次联系；其他种类为空。", "The contact that agreed upon the next; null for other kinds."),
    )
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    service: ServiceKind | None = enum_column(
        "service", ServiceKind, T("预约或留言所涉的服务；投诉为空。", "Service that it is about; null for complaints.")
    )
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
        _actions, T("请求者此刻可用的变更。", "Mutations that the viewer may send now."), sql=_actions_sql
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
            "等待请求者处理的事，时限先到者在前，没有时限者在后。",
            "What waits for the viewer, that first whose deadline ends first; what has none comes last.",
        ),
        of=WorkItem,
        orders=(Key("due_at"), Key("id")),
        where=WorkFilter,
        arguments={
            "kinds": (
                list[WorkKind],
                T("要哪些种类；缺省只有预约。", "Which kinds of work; only bookings by default."),
                lambda row, given: among(row.kind, given),
            )
        },
        otherwise={"kinds": lambda row: row.kind == literal_column("'BOOKING'", Text)},
        only=queues.waits_for,
        scope="bookings:read",
    )
