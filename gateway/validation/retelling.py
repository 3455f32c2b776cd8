"""Facts and rules as plain data and back, so that what a decision was shown can be kept and shown again.

What stands at its default is left out. The working calendar is left out too: whoever reads the facts back gives it.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gateway.validation.calendar import WorkCalendar
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule

T = TypeVar("T")

LATE = {"WorkCalendar": WorkCalendar, "Rule": Rule}
"""Types that facts name only for readers."""

READ: Mapping[Any, Callable[[Any], Any]] = {
    Decimal: Decimal,
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
    uuid.UUID: uuid.UUID,
}


def told(value: Any) -> Any:
    """As JSON can keep it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {told(key): told(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(told(item) for item in value)
    if isinstance(value, (tuple, list)):
        return [told(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: told(getattr(value, item.name))
            for item in fields(value)
            if getattr(value, item.name) != _default(item)
        }
    raise TypeError(f"{type(value).__name__} cannot be told")


def facts_told(facts: Facts) -> dict[str, Any]:
    return told(replace(facts, calendar=None))


def read(kind: type[T], data: Any) -> T:
    """What `told` has written of a value of this kind."""
    return _read(kind, data)


def _read(kind: Any, data: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if data is None or kind in (Any, object):
        return data
    if origin in (Union, UnionType):
        (one,) = (part for part in parts if part is not NoneType)
        return _read(one, data)
    if kind in READ:
        return READ[kind](data)
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], item) for name, item in data.items()})  # pyright: ignore[reportCallIssue]
    return data if origin is None else _read_many(origin, parts, data)


def _read_many(origin: Any, parts: tuple[Any, ...], data: Any) -> Any:
    if origin is frozenset:
        return frozenset(_read(parts[0], item) for item in data)
    if origin is tuple:
        kinds = [parts[0]] * len(data) if parts[1:] == (...,) else parts
        return tuple(_read(kind, item) for kind, item in zip(kinds, data, strict=True))
    return {_read(parts[0], key): _read(parts[1], item) for key, item in data.items()}


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, localns=LATE)


def _default(item: Any) -> Any:
    if item.default_factory is not MISSING:
        return item.default_factory()
    return item.default
