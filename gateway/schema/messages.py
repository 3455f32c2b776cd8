"""What clients tell customer service: messages and complaints."""

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import Boolean

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, computed, enum_column, global_id, sql_type
from gateway.execution.filters import matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.postgres.given import Given
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_number
from gateway.schema.cases import of_policy
from gateway.schema.consultation_enums import ComplaintStatus
from gateway.schema.enums import ProductCode, ServiceKind
from gateway.schema.nodes import Node
from gateway.schema.operators import TextCondition
from models.consents import Complaint as ComplaintRows
from models.consents import Message as MessageRows


def _phone(root: Any) -> str | None:
    return None if root["phone_last4"] is None else masked_number(root["phone_last4"])


@sql_type(
    MessageRows,
    T("给客服的留言。", "A message for customer service."),
    prefix="msg",
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class Message(SqlType, Node):
    id: strawberry.ID = global_id("msg", "policy_id", "id")
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    service: ServiceKind | None = enum_column(
        "service", ServiceKind, T("所涉的服务。", "The service that it is about.")
    )
    content: str = column("content", T("内容。", "What it says."), sensitive=True)
    phone: str | None = computed(
        _phone,
        T("回电号码，只显示末四位。", "Number to be called at; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    answer: str | None = column("answer", T("答复。", "The answer."), sensitive=True)
    answered_at: dt.datetime | None = column(
        "answered_at", T("答复的时刻；尚未答复则为空。", "When it was answered; null where it was not.")
    )
    created_at: dt.datetime = column("created_at", T("留言的时刻。", "When it was left."))


@sql_type(
    ComplaintRows,
    T("投诉或建议。", "A complaint or a suggestion."),
    prefix="cmpl",
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class Complaint(SqlType, Node):
    id: strawberry.ID = global_id("cmpl", "policy_id", "id")
    number: str = column("number", T("编号。", "Number for people."))
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    status: ComplaintStatus = enum_column("state", ComplaintStatus, T("状态。", "Its state."))
    content: str = column("content", T("内容。", "What it says."), sensitive=True)
    answer: str | None = column("answer", T("答复。", "The answer."), sensitive=True)
    answered_at: dt.datetime | None = column("answered_at", T("答复的时刻。", "When it was answered."))
    created_at: dt.datetime = column("created_at", T("收到的时刻。", "When it was received."))


def _is_answered(row: Any, given: Given) -> Any:
    return row.answered_at.is_not(None) == given.bind(Boolean)


ANSWERED = T("是否已有最终答复。", "Whether it has its last answer.")
POLICY = T("保单号。", "Number of its policy.")


@strawberry.input(description=T("留言的筛选条件。", "Filter of messages."))
class MessageFilter:
    is_answered: bool | None = matches(_is_answered, ANSWERED)
    policy_number: TextCondition | None = matches(of_policy, POLICY)


@strawberry.input(description=T("投诉的筛选条件。", "Filter of complaints."))
class ComplaintFilter:
    is_answered: bool | None = matches(_is_answered, ANSWERED)
    policy_number: TextCondition | None = matches(of_policy, POLICY)


NEWEST_FIRST = (Key("created_at", descending=True), Key("id", descending=True))


@strawberry.type
class MessageQueries:
    messages: Connection[Message] = connection(
        "Message",
        T("可见的留言，新的在前。", "Messages that the viewer may see, newest first."),
        of=Message,
        orders=NEWEST_FIRST,
        where=MessageFilter,
        scope="bookings:read",
    )
    complaints: Connection[Complaint] = connection(
        "Complaint",
        T("可见的投诉，新的在前。", "Complaints that the viewer may see, newest first."),
        of=Complaint,
        orders=NEWEST_FIRST,
        where=ComplaintFilter,
        scope="bookings:read",
    )
