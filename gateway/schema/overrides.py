"""What the hotline sets aside: a lead time or a cut-off, for one request."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import SqlType, column, global_id, sql_type, to_one
from gateway.language import T
from gateway.resolvers import overrides
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.overrides import OverrideRequest
from gateway.schema.bookings import Booking
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.nodes import Node
from gateway.schema.rules import Rule
from gateway.schema.verdicts import Outcome
from models.overrides import HotlineOverride as Rows

if TYPE_CHECKING:
    from gateway.schema.people import Person


@sql_type(
    Rows,
    T(
        "客服热线为一次请求放宽的提前期或截止时间。",
        "A lead time or cut-off that the hotline set aside for one request.",
    ),
    prefix=overrides.PREFIX,
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class HotlineOverride(SqlType, Node):
    id: strawberry.ID = global_id(overrides.PREFIX, "policy_id", "id")
    rule: Rule | None = to_one("Rule", T("所放宽的规则。", "The rule that is set aside."), code="rule_code")
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("所涉被保险人。", "The insured whom it is for."), policy_id="policy_id", id="insured_id"
    )
    booking: Booking | None = to_one(
        "Booking",
        T("所涉预约；用于新申请的为空。", "The booking that it is for; null where it is for a new one."),
        policy_id="policy_id",
        id="booking_id",
    )
    visit_on: dt.date = column("visit_on", T("所涉就诊日。", "The day of the visit."))
    reason: str = column("reason", T("理由。", "The reason."), sensitive=True)
    given_at: dt.datetime = column("given_at", T("放宽的时刻。", "When it was given."))
    spent_at: dt.datetime | None = column(
        "spent_at", T("用掉的时刻；尚未使用为空。", "When it was used; null while it is open.")
    )


@strawberry.input(
    description=T("为一次请求放宽提前期或截止时间。", "Set a lead time or cut-off aside for one request.")
)
class HotlineOverrideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    rule: str = strawberry.field(
        description=T("载明提前期或截止时间的规则编号。", "Code of the rule that states the lead time or cut-off.")
    )
    reason: str = strawberry.field(description=T("理由。", "The reason."))
    booking: strawberry.ID | None = strawberry.field(
        default=None,
        description=T(
            "要改期或取消的预约；为新申请放宽时不填。",
            "The booking to be moved or called off; left out where a new one is to be asked for.",
        ),
    )
    visit_on: dt.date | None = strawberry.field(
        default=None,
        description=T(
            "就诊日：新申请必填；改期填新的日期；取消不填，即预约的日期。",
            "Day of the visit: needed for a new request; the new day for one that is moved; else the booking's own.",
        ),
    )
    insured: strawberry.ID | None = strawberry.field(
        default=None,
        description=T(
            "被保险人；只有一位或已指明预约的可不填。", "The insured; not needed with a booking, or for the only one."
        ),
    )


@strawberry.type(description=T("放宽的结果。", "Answer to setting a rule aside."))
class HotlineOverridePayload(Outcome):
    override: HotlineOverride | None = of_subject(
        "HotlineOverride", T("所作的放宽。", "What was set aside."), "policy_id", "id"
    )


async def _give(transaction: Transaction, operation: str, input: HotlineOverrideInput) -> Work:
    request = OverrideRequest(
        policy_number=input.policy_number,
        rule=input.rule,
        reason=input.reason,
        insured=input.insured,
        booking=input.booking,
        visit_on=input.visit_on,
    )
    return await overrides.give(transaction, operation, request)


@strawberry.type
class OverrideMutations:
    hotline_override = mutation(
        HotlineOverrideInput,
        HotlineOverridePayload,
        _give,
        "客服热线凭理由为一次请求放宽提前期或截止时间；下一次相符的请求即用掉它。",
        "Set a lead time or cut-off aside, with a reason: the next request that it fits uses it up.",
        kinds=(ViewerKind.STAFF,),
    )
