"""Scalars: how days, instants and amounts cross the wire."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import strawberry
from strawberry.scalars import JSON

from gateway.execution.scalars import print_instant
from gateway.language import T

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)
AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)


def parse_day(value: Any) -> dt.date:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return _possible(dt.date.fromisoformat(value))
        except ValueError:
            pass
    raise ValueError("expected a day of 1900 to 2200 as YYYY-MM-DD, such as 2026-03-10")


def parse_instant(value: Any) -> dt.datetime:
    if isinstance(value, str) and INSTANT.fullmatch(value):
        try:
            instant = dt.datetime.fromisoformat(value.upper().replace("Z", "+00:00"))
            _possible(instant.date())
            return instant.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            pass
    raise ValueError("expected an instant with its offset (RFC 3339), such as 2026-03-10T09:30:00+08:00")


def parse_time(value: Any) -> dt.time:
    if isinstance(value, str) and TIME.fullmatch(value):
        try:
            return dt.time.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("expected a time of day as HH:MM or HH:MM:SS, such as 09:30")


def parse_amount(value: Any) -> Decimal:
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        try:
            return Decimal(value)
        except InvalidOperation:
            pass
    raise ValueError('expected a decimal number as a string, such as "4999.99"')


def _possible(day: dt.date) -> dt.date:
    if not 1900 <= day.year <= 2200:
        raise ValueError
    return day


SCALARS: dict[Any, Any] = {
    dt.date: strawberry.scalar(
        name="Date",
        serialize=lambda value: value.isoformat(),
        parse_value=parse_day,
        description=T("上海时区的民用日期，格式 YYYY-MM-DD。", "A civil day in Asia/Shanghai, as YYYY-MM-DD."),
    ),
    dt.datetime: strawberry.scalar(
        name="DateTime",
        serialize=print_instant,
        parse_value=parse_instant,
        description=T(
            "时刻（RFC 3339）；输入必须带时区偏移，输出为 UTC。",
            "An instant (RFC 3339). Input must carry an offset; output is in UTC.",
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    dt.time: strawberry.scalar(
        name="Time",
        serialize=lambda value: value.isoformat(),
        parse_value=parse_time,
        description=T("上海时区的钟点，格式 HH:MM:SS。", "A time of day in Asia/Shanghai, as HH:MM:SS."),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        serialize=str,
        parse_value=parse_amount,
        description=T(
            "十进制数，以字符串传输，从不经过浮点。", "A decimal number as a string; never a float on the way."
        ),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        serialize=lambda value: value,
        parse_value=lambda value: value,
        description=T("任意 JSON 值。", "Any JSON value."),
    ),
}
