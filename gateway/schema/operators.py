"""Operator inputs of filters. All operators that are given hold together; an empty list matches nothing."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.schema.booking_enums import BookingStatus
from gateway.schema.case_enums import AdvanceStatus, BillStatus, PreAuthStatus
from gateway.schema.claim_enums import ClaimKind, ClaimStatus
from gateway.schema.enums import ServiceKind

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


@strawberry.input(description=T("对日期的条件。", "A condition on a day."))
class DateCondition:
    eq: dt.date | None = strawberry.field(default=None, description=EQ)
    gte: dt.date | None = strawberry.field(default=None, description=T("不早于。", "Not before."))
    lte: dt.date | None = strawberry.field(default=None, description=T("不晚于。", "Not after."))


@strawberry.input(description=T("对服务种类的条件。", "A condition on a kind of service."))
class ServiceCondition:
    eq: ServiceKind | None = strawberry.field(default=None, description=EQ)
    in_: list[ServiceKind] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对预约状态的条件。", "A condition on the state of a booking."))
class StatusCondition:
    eq: BookingStatus | None = strawberry.field(default=None, description=EQ)
    in_: list[BookingStatus] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对事先授权状态的条件。", "A condition on the state of a pre-authorization."))
class PreAuthStatusCondition:
    eq: PreAuthStatus | None = strawberry.field(default=None, description=EQ)
    in_: list[PreAuthStatus] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对理赔状态的条件。", "A condition on the state of a claim."))
class ClaimStatusCondition:
    eq: ClaimStatus | None = strawberry.field(default=None, description=EQ)
    in_: list[ClaimStatus] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对理赔种类的条件。", "A condition on the kind of a claim."))
class ClaimKindCondition:
    eq: ClaimKind | None = strawberry.field(default=None, description=EQ)
    in_: list[ClaimKind] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对垫付状态的条件。", "A condition on the state of an advance."))
class AdvanceStatusCondition:
    eq: AdvanceStatus | None = strawberry.field(default=None, description=EQ)
    in_: list[AdvanceStatus] | None = strawberry.field(default=None, name="in", description=IN)


@strawberry.input(description=T("对账单状态的条件。", "A condition on the state of a bill."))
class BillStatusCondition:
    eq: BillStatus | None = strawberry.field(default=None, description=EQ)
    in_: list[BillStatus] | None = strawberry.field(default=None, name="in", description=IN)
