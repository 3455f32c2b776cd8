"""What clients tell customer service: messages and complaints."""

import datetime as dt
from typing import Any

import strawberry

from gateway.execution.declare import SqlType, column, computed, enum_column, global_id, sql_type
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_number
from gateway.schema.consultation_enums import ComplaintStatus
from gateway.schema.enums import ProductCode
from gateway.schema.nodes import Node
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
    content: str = column("content", T("内容。", "What it says."))
    phone: str | None = computed(
        _phone,
        T("回电号码，只显示末四位。", "Number to be called at; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    answer: str | None = column("answer", T("答复。", "The answer."))
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
    content: str = column("content", T("内容。", "What it says."))
    answer: str | None = column("answer", T("答复。", "The answer."))
    answered_at: dt.datetime | None = column("answered_at", T("答复的时刻。", "When it was answered."))
    created_at: dt.datetime = column("created_at", T("收到的时刻。", "When it was received."))
