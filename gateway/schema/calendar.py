"""The working-day calendar."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from sqlalchemy import Date, and_
from strawberry.types import Info

from gateway.execution.declare import SqlType, column, enum_column, sql_type
from gateway.execution.forms import Narrowed, declared
from gateway.execution.keyset import Key, Page
from gateway.execution.sizes import sized
from gateway.execution.sources import SOURCES
from gateway.faults import bad_input
from gateway.language import T
from gateway.postgres.given import Given, Known
from gateway.schema.enums import CalendarStatus
from models.calendar import CalendarDay as Rows

LONGEST = 800


@sql_type(Rows, T("日历中的一天。", "A day of the calendar."))
class CalendarDay(SqlType):
    on: dt.date = column("on", T("日期。", "The day."))
    is_workday: bool = column(
        "is_workday", T("是否工作日（含调休上班日）。", "Whether it is a working day, make-up days included.")
    )
    status: CalendarStatus = enum_column("status", CalendarStatus, T("是否以公布的通知为准。", "How sure that is."))
    name: str | None = column("name", T("节假日名称。", "Name of the holiday."))
    source: str = column("source", T("来源。", "Where it comes from."))


def _between(row: Any, given: Mapping[str, Given]) -> list[Any]:
    return [row.on >= given["from_"].bind(Date), row.on <= given["to"].bind(Date)]


def _check(values: Mapping[str, dt.date]) -> None:
    if values["to"] < values["from_"]:
        raise bad_input("`to` must not lie before `from`.", "to")
    if (values["to"] - values["from_"]).days >= LONGEST:
        raise bad_input(f"Ask for at most {LONGEST} days at a time.", "to")


@strawberry.type
class CalendarQueries:
    @strawberry.field(
        description=T(
            "工作日历，含首尾两日，至多 800 天。", "The working-day calendar, both ends included; at most 800 days."
        ),
        metadata=declared(Narrowed("CalendarDay", ("on",), _between, check=_check)) | sized(LONGEST),
    )
    async def work_calendar(
        self,
        info: Info,
        from_: Annotated[dt.date, strawberry.argument(name="from", description=T("首日。", "First day."))],
        to: Annotated[dt.date, strawberry.argument(description=T("末日。", "Last day."))],
    ) -> list[CalendarDay]:
        _check({"from_": from_, "to": to})
        now = info.context.now
        given = {"from_": Known(from_, now), "to": Known(to, now)}
        rows, _ = await info.context.unit.page(
            SOURCES["CalendarDay"], [lambda row: and_(*_between(row, given))], (Key("on"),), Page(size=LONGEST)
        )
        return rows
