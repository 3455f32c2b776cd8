"""Experts, the times at which they can be called, and the calls."""

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import Date, DateTime, Text, and_, cast, func
from strawberry.types import Info

from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    enum_column,
    expression,
    global_id,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.forms import Narrowed, declared
from gateway.execution.keyset import Key, Page
from gateway.execution.sizes import sized
from gateway.execution.sources import SOURCES
from gateway.language import T
from gateway.postgres.given import Given, Known
from gateway.repositories import expert_calls as rows
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_number
from gateway.schema.consultation_enums import DoctorTitle
from gateway.schema.enums import word
from gateway.schema.nodes import Node
from gateway.schema.vendors import Vendor
from models.expert_calls import CallAttempt as AttemptRows
from models.expert_calls import Expert as ExpertRows
from models.expert_calls import ExpertCallDetails as DetailRows
from models.expert_calls import ExpertSlot as SlotRows

if TYPE_CHECKING:
    from gateway.schema.hospitals import Department

MOST_SLOTS = 500
TITLES = [title.value for title in DoctorTitle]


@strawberry.enum(description=T("点诊方式。", "How an expert is called."))
class ExpertCallMode(Enum):
    SCHEDULED = word("SCHEDULED", "预约。", "By appointment.")
    DIRECT = word("DIRECT", "直呼。", "At once, while the expert is on duty.")


@strawberry.enum(description=T("点诊主题。", "What a call with an expert is about."))
class ExpertCallTopic(Enum):
    EVERYDAY_ILLNESS = word("EVERYDAY_ILLNESS", "日常疾病。", "An everyday illness.")
    HEALTH_GUIDANCE = word("HEALTH_GUIDANCE", "健康指导。", "Health guidance.")
    CRITICAL_ILLNESS_CARE = word("CRITICAL_ILLNESS_CARE", "重疾就医。", "Care for a critical illness.")
    REHABILITATION = word("REHABILITATION", "康复。", "Recovery.")


@strawberry.enum(description=T("由谁致电客户。", "Who phones the client."))
class Caller(Enum):
    HEALTH_MANAGER = word("HEALTH_MANAGER", "健康管家。", "The health manager.")
    EXPERT = word("EXPERT", "专家。", "The expert.")


@sql_type(ExpertRows, T("可点诊的专家。", "An expert who can be called."), prefix="expert")
class Expert(SqlType, Node):
    id: strawberry.ID = global_id("expert")
    code: str = column("code", T("代码，预约时使用。", "Code, by which a call is asked for."))
    name: str = column("name", T("姓名。", "Name."))
    title: DoctorTitle = enum_column("title", DoctorTitle, T("职称。", "Title."))
    hospital: str = column("hospital", T("所在医院。", "The expert's hospital."))
    hospital_rank: int | None = column(
        "hospital_rank",
        T("医院在排行榜上的名次；未载入为空。", "The hospital's place in the ranking; null: not loaded."),
    )
    department: Annotated["Department", strawberry.lazy("gateway.schema.hospitals")] | None = to_one(
        "Department", T("科室。", "The department."), code="department_code"
    )
    vendor: Vendor | None = to_one("Vendor", T("服务商。", "The vendor."), code="vendor_code")
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))


@sql_type(SlotRows, T("专家排班中的一个时段。", "A time of an expert's schedule."))
class ExpertSlot(SqlType):
    expert: Expert | None = to_one("Expert", T("专家。", "The expert."), code="expert_code")
    starts_at: dt.datetime = column("starts_at", T("开始。", "When it begins."))
    ends_at: dt.datetime = column("ends_at", T("结束。", "When it ends."))
    is_visit_hours: bool = column(
        "is_visit_hours", T("专家出诊，可直呼。", "The expert is on duty: direct calls are possible.")
    )
    is_free: bool = expression(
        "is_free", lambda row: row.booking_id.is_(None), T("是否空闲。", "Whether nobody has taken it.")
    )


@sql_type(AttemptRows, T("经系统拨给客户的一通电话。", "A call to the client through the system."))
class CallAttempt(SqlType):
    caller: Caller = enum_column("caller", Caller, T("由谁拨打。", "Who phoned."))
    is_answered: bool = column("is_answered", T("是否接通。", "Whether it was answered."))
    at: dt.datetime = column("at", T("时刻。", "When."))


def _phone(root: Any) -> str:
    return masked_number(root["phone_last4"])


@sql_type(DetailRows, T("专家点诊的详情。", "Details of a call with an expert."))
class ExpertCallDetails(SqlType):
    mode: ExpertCallMode = enum_column("mode", ExpertCallMode, T("方式。", "How the expert is called."))
    expert: Expert | None = to_one("Expert", T("专家。", "The expert."), code="expert_code")
    slot_starts_at: dt.datetime | None = column(
        "slot_starts_at", T("所占时段的开始。", "When the time that it takes begins.")
    )
    topic: ExpertCallTopic | None = enum_column("topic", ExpertCallTopic, T("主题。", "What it is about."))
    question: str | None = column("question", T("问题。", "The question."), sensitive=True)
    phone: str = computed(
        _phone,
        T("电话，只显示末四位。", "Phone; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    queue_length: int | None = column(
        "queue_length", T("直呼下单时前面的订单数。", "Direct calls that were waiting when it was ordered.")
    )
    ordered_at: dt.datetime = column("ordered_at", T("下单时刻。", "When it was ordered."))
    call_started_at: dt.datetime | None = column("call_started_at", T("通话开始。", "When the call began."))
    call_ended_at: dt.datetime | None = column("call_ended_at", T("通话结束。", "When the call ended."))
    attempts: list[CallAttempt] = to_many(
        "CallAttempt",
        ["at", "caller", "seq"],
        T("致电记录，旧的在前。", "Calls to the client, oldest first."),
        policy_id="policy_id",
        booking_id="booking_id",
    )


ORDER = ("starts_at", "expert_code")


def _shown(row: Any, given: Mapping[str, Given]) -> list[Any]:
    """Times that are not over, as far ahead as the handbook says."""
    department, day = given["department"], cast(func.timezone("Asia/Shanghai", row.starts_at), Date)
    today = cast(func.timezone("Asia/Shanghai", department.bind_now(DateTime(timezone=True))), Date)
    conditions = [
        row.ends_at > department.bind_now(DateTime(timezone=True)),
        day <= today + rows.window_days(),
        rows.is_shown(row, department.bind(Text), TITLES),
    ]
    return [*conditions, day == given["on"].bind(Date)] if "on" in given else conditions


@strawberry.type
class ExpertQueries:
    @strawberry.field(
        description=T(
            "某科室专家今后一周的时段，按时间排序。",
            "Times of the experts of a department in the coming week, in their order.",
        ),
        metadata=declared(Narrowed("ExpertSlot", ORDER, _shown)) | sized(MOST_SLOTS),
    )
    async def expert_schedules(
        self,
        info: Info,
        department: Annotated[
            str, strawberry.argument(description=T("科室代码或名称。", "Department, by code or name."))
        ],
        on: Annotated[dt.date | None, strawberry.argument(description=T("只看这一天。", "Of this day alone."))] = None,
    ) -> list[ExpertSlot]:
        now = info.context.now
        given: dict[str, Given] = {"department": Known(department, now)}
        if on is not None:
            given["on"] = Known(on, now)
        keys, page = tuple(Key(name) for name in ORDER), Page(size=MOST_SLOTS)
        conditions = [lambda row: and_(*_shown(row, given))]
        found, _ = await info.context.unit.page(SOURCES["ExpertSlot"], conditions, keys, page)
        return found
