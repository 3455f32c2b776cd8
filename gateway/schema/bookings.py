"""Bookings of any service: what they are, and which of them are found."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gateway.context import Context
from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    enum_column,
    filled,
    global_id,
    sql_type,
    to_one,
    to_one_of,
)
from gateway.execution.filters import matches, operators
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.resolvers import booking_steps
from gateway.schema.booking_actions import actions, actions_sql
from gateway.schema.booking_enums import BookingOrder, BookingStatus, CancellationOutcome
from gateway.schema.booking_parts import (
    DETAILS,
    BookingDeduction,
    BookingDetails,
    BookingEvent,
    BookingRating,
    SlaClock,
)
from gateway.schema.cases import clocks_of, of_policy, parts_by
from gateway.schema.enums import ProductCode, ServiceKind
from gateway.schema.hospitals import Hospital
from gateway.schema.nodes import Node
from gateway.schema.operators import DateTimeCondition, ServiceCondition, StatusCondition, TextCondition
from gateway.schema.rules import Verdict
from gateway.schema.vendors import Vendor
from gateway.schema.verdicts import shown
from models.bookings import Booking as BookingRows

if TYPE_CHECKING:
    from gateway.schema.hospitals import Department
    from gateway.schema.people import Person
    from gateway.schema.policies import Policy


_parts = parts_by("booking_id")


@sql_type(
    BookingRows,
    T("一次服务的预约。", "A booking of a service."),
    prefix="book",
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class Booking(SqlType, Node):
    id: strawberry.ID = global_id("book", "policy_id", "id")
    number: str = column("number", T("预约号。", "Number for people."))
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    service: ServiceKind = enum_column("service", ServiceKind, T("服务。", "Its service."))
    status: BookingStatus = enum_column("state", BookingStatus, T("状态。", "Its state."))
    policy: Annotated["Policy", strawberry.lazy("gateway.schema.policies")] | None = to_one(
        "Policy", T("保单。", "Its policy."), policy_id="policy_id"
    )
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    hospital: Hospital | None = to_one("Hospital", T("医院。", "Its hospital."), code="hospital_code")
    department: Annotated["Department", strawberry.lazy("gateway.schema.hospitals")] | None = to_one(
        "Department", T("科室。", "Its department."), code="department_code"
    )
    vendor: Vendor | None = to_one("Vendor", T("服务商。", "The vendor that serves it."), code="vendor_code")
    visit_at: dt.datetime | None = column("visit_at", T("就诊时刻。", "When the visit begins."))
    planned_minutes: int | None = column(
        "planned_minutes", T("计划时长（分钟）。", "How long it is planned, in minutes.")
    )
    confirmed_at: dt.datetime | None = column(
        "confirmed_at", T("客户首次确认的时刻。", "When the client first confirmed.")
    )
    details: BookingDetails | None = to_one_of(
        "service",
        DETAILS,
        T("该服务的详情。", "Details of its service."),
        policy_id="policy_id",
        booking_id="id",
    )
    timeline: list[BookingEvent] = _parts("BookingEvent", "seq", "经历，旧的在前。", "Its history, oldest first.")
    sla_clocks: list[SlaClock] = clocks_of("BOOKING")
    available_actions: list[str] = computed(
        actions, T("请求者此刻可用的变更。", "Mutations that the viewer may send now."), sql=actions_sql
    )
    rating: BookingRating | None = to_one(
        "BookingRating", T("评价。", "The client's rating."), policy_id="policy_id", booking_id="id"
    )
    deduction: BookingDeduction | None = to_one(
        "BookingDeduction", T("扣减建议。", "A proposed deduction."), policy_id="policy_id", booking_id="id"
    )
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))
    created_at: dt.datetime = column("created_at", T("申请时刻。", "When it was asked for."))
    updated_at: dt.datetime = column("updated_at", T("最近变更时刻。", "When it last changed."))


@strawberry.input(description=T("预约的筛选条件。", "Filter of bookings."))
class BookingFilter:
    number: TextCondition | None = operators("number", T("预约号。", "Its number."))
    service: ServiceCondition | None = operators("service", T("服务。", "Its service."))
    status: StatusCondition | None = operators("state", T("状态。", "Its state."))
    policy_number: TextCondition | None = matches(of_policy, T("保单号。", "Number of its policy."))
    visit_at: DateTimeCondition | None = operators("visit_at", T("就诊时刻。", "When the visit begins."))


ORDERS = {
    BookingOrder.CREATED_AT_DESC: (Key("created_at", descending=True), Key("id", descending=True)),
    BookingOrder.CREATED_AT_ASC: (Key("created_at"), Key("id")),
    BookingOrder.NUMBER_ASC: (Key("number"), Key("id")),
}


@strawberry.type(description=T("此刻取消的后果。", "What cancelling now would mean."))
class CancellationQuote:
    outcome: CancellationOutcome = strawberry.field(description=T("后果。", "The outcome."))
    free_until: dt.datetime | None = strawberry.field(
        description=T(
            "可免费取消到何时：按小时倒算的含该时刻，写明“几点前”的不含；已无此可能则为空。",
            "Until when cancelling is free: included where hours are counted back, excluded where a handbook says "
            "“before” a clock time; null where it is free no more.",
        )
    )
    verdicts: list[Verdict] = strawberry.field(description=T("所依据的规则。", "The rules that were asked."))


async def _quotes(context: Context, rows: Sequence[Any], booking: str) -> list[CancellationQuote]:
    quote = await booking_steps.cancellation_quote(context, booking)
    made = CancellationQuote(
        outcome=CancellationOutcome(quote.outcome),
        free_until=quote.free_until,
        verdicts=shown(quote.verdicts, context),
    )
    return [made for _ in rows]


@strawberry.type
class BookingQueries:
    bookings: Connection[Booking] = connection(
        "Booking",
        T("可见的预约，缺省新的在前。", "Bookings that the viewer may see, by default newest first."),
        of=Booking,
        orders=(BookingOrder, ORDERS),
        where=BookingFilter,
        scope="bookings:read",
    )

    cancellation_quote: CancellationQuote = filled(
        _quotes,
        T(
            "此刻取消该预约的后果。",
            "What cancelling this booking now would mean.",
        ),
        scope="bookings:read",
        booking=(strawberry.ID, T("预约的编号。", "Id of the booking.")),
    )
