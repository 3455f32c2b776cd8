"""Operator inputs of filters. All operators that are given hold together; an empty list matches nothing."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.schema.enums import BookingStatus, ServiceKind

EQ = T("等于。", "Equal to.")
IN = T("为其中之一，至多 100 项。", "One of these, at most 100.")


@strawberry.input(description=T("对文字的条件。", "A condition on a text."))
class TextCondition:
    eq: str | None = strawberry.field(default=None, description=EQ)
    in_: list[str] | None = strawberry.field(default=None, name="in", description=IN)
    contains: str | None = strawberry.field(default=None, description=T("包含。", "Contains."))


@strawberry.input(description=T("对时刻的条件。", "A condition on an instant."))
class DateTimeCondition:
    eq: dt.datetime | None = strawberry.field(default=None, description=EQ)
    gte: dt.datetime | None = strawberry.field(default=None, description=T("不早于。", "Not before."))
    lte: dt.datetime | None = strawberry.field(default=None, description=T("不晚于。", "Not after."))


@strawberry.input(description=T("对服务种类的条件。", "A condition on a kind of service."))
class ServiceCondition:
    eq: ServiceKind | None = strawberry.field(default=None, description=EQ)
    in_: list[ServiceKind] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对预约状态的条件。", "A condition on the state of a booking."))
class StatusCondition:
    eq: BookingStatus | None = strawberry.field(default=None, description=EQ)
    in_: list[BookingStatus] | None = strawberry.field(default=None, name="in", description=IN)
