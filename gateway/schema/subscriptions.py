"""Subscriptions: the steps of a case as they are taken, and a queue whenever it changes."""

import inspect
from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry
from sqlalchemy import Text, cast
from strawberry.types import Info

from gateway.execution.connections import Connection
from gateway.execution.declare import SqlType, column, computed, enum_column, global_id, sql_type, to_one
from gateway.execution.forms import Follow, Followed, Scope, declared
from gateway.execution.sources import SOURCES
from gateway.language import T
from gateway.repositories import changes
from gateway.resolvers import following
from gateway.schema.booking_enums import BookingStatus
from gateway.schema.bookings import Booking
from gateway.schema.cases import Step
from gateway.schema.claim_enums import ClaimStatus
from gateway.schema.claims import Claim
from gateway.schema.work_queue import WorkItem, work_queue
from models.bookings import BookingEvent
from models.claims import ClaimEvent

CURSOR = T(
    "断线后以此为 `after` 重新订阅，即从此消息之后继续。",
    "Subscribe again with this as `after` to go on behind this message.",
)
AFTER = T(
    "上一条消息的 `cursor`；省略则从现在开始。",
    "The `cursor` of the last message that was seen; without it, from now on.",
)
SEQUENCE = T("第几步，从 1 起。", "Which step of the case it is, from 1 on.")
ID = T("全局编号。", "The global id.")


def _cursor() -> Any:
    return computed(lambda root: str(root["seq"]), CURSOR, sql=lambda row, _scope: cast(row.seq, Text))


@sql_type(BookingEvent, T("预约发生的一步变化。", "A step that was taken with a booking."), scope="bookings:read")
class BookingChange(SqlType, Step):
    id: strawberry.ID = global_id("book", "policy_id", "booking_id")
    cursor: str = _cursor()
    sequence: int = column("seq", SEQUENCE)
    status: BookingStatus = enum_column("to_state", BookingStatus, T("之后的状态。", "State after."))
    booking: Booking | None = to_one(
        "Booking", T("该预约，如其现状。", "The booking, as it is now."), policy_id="policy_id", id="booking_id"
    )


@sql_type(ClaimEvent, T("理赔发生的一步变化。", "A step that was taken with a claim."), scope="claims:read")
class ClaimChange(SqlType, Step):
    id: strawberry.ID = global_id("claim", "policy_id", "claim_id")
    cursor: str = _cursor()
    sequence: int = column("seq", SEQUENCE)
    status: ClaimStatus = enum_column("to_state", ClaimStatus, T("之后的状态。", "State after."))
    claim: Claim | None = to_one(
        "Claim", T("该理赔，如其现状。", "The claim, as it is now."), policy_id="policy_id", id="claim_id"
    )


async def _mark(root: Any, info: Info) -> str:
    return await following.mark(info.context)


def _mark_sql(_row: Any, scope: Scope) -> Any:
    return changes.queue_mark_for(scope.sight).scalar_subquery()


@sql_type(description=T("待办的变化。", "A change of what waits."))
class WorkQueueChange(SqlType):
    cursor: str = computed(_mark, CURSOR, sql=_mark_sql)
    work_queue: Connection[WorkItem] | None = work_queue()


def _followed(target: Any, description: str, follow: Follow, scope: str, *keys: str, of_case: bool = True) -> Any:
    """A subscription whose messages are objects of a type, each found by the key that `follow` gives."""
    name: str = target.__name__

    async def resolve(info: Info, **given: Any) -> AsyncGenerator[Any]:
        async for key in follow(info.context, **given):
            yield await info.context.unit.one(SOURCES[name], keys, key) if keys else {"__typename": name}

    text = Annotated[str | None, strawberry.argument(description=AFTER)]
    kinds: dict[str, Any] = {"info": Info}
    kinds |= {"id": Annotated[strawberry.ID, strawberry.argument(description=ID)]} if of_case else {}
    parameters = [
        inspect.Parameter(item, inspect.Parameter.KEYWORD_ONLY, annotation=kind) for item, kind in kinds.items()
    ]
    after = inspect.Parameter("after", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=text)
    returned = AsyncGenerator[target, None]
    resolve.__signature__ = inspect.Signature([*parameters, after], return_annotation=returned)  # type: ignore[attr-defined]
    resolve.__annotations__ = {**kinds, "after": text, "return": returned}
    form = Followed(name, keys, follow)
    return strawberry.subscription(resolver=resolve, description=description, metadata=declared(form, scope))


def _of_booking(context: Any, id: str, after: str | None = None) -> AsyncGenerator[Any]:
    return following.steps(context, following.BOOKING, id, after)


def _of_claim(context: Any, id: str, after: str | None = None) -> AsyncGenerator[Any]:
    return following.steps(context, following.CLAIM, id, after)


def _of_queue(context: Any, after: str | None = None) -> AsyncGenerator[Any]:
    return following.queue(context, after)


@strawberry.type(
    description=T(
        "订阅，经 WebSocket（graphql-transport-ws）或 SSE。每条消息都重新核对令牌与权限。",
        "Subscriptions, over WebSocket (graphql-transport-ws) or SSE. Token and access are looked at for each message.",
    )
)
class Subscription:
    booking_changed: BookingChange = _followed(
        BookingChange,
        T("一个预约的每一步变化，各一次，按次序。", "Every step that is taken with a booking, each once and in order."),
        _of_booking,
        "bookings:read",
        *("policy_id", "booking_id", "seq"),
    )
    claim_changed: ClaimChange = _followed(
        ClaimChange,
        T("一个理赔的每一步变化，各一次，按次序。", "Every step that is taken with a claim, each once and in order."),
        _of_claim,
        "claims:read",
        *("policy_id", "claim_id", "seq"),
    )
    work_queue_changed: WorkQueueChange = _followed(
        WorkQueueChange,
        T(
            "请求者的待办：先是现状，此后每有变化。",
            "What waits for the viewer: as it is, and again whenever something in it has changed.",
        ),
        _of_queue,
        "bookings:read",
        of_case=False,
    )
