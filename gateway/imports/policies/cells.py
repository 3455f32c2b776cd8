"""Cells of a line of policies: the value, or a ValueError that says what is wrong and what is expected."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from gateway.faults import Fault
from gateway.imports.lines import day, quoted, word
from gateway.resolvers import inputs

T = TypeVar("T")
CHANNELS = ("ONLINE", "OFFLINE_PAPER")
GENDERS = ("MALE", "FEMALE")
ID_TYPES = (
    "ID_CARD",
    "PASSPORT",
    "BIRTH_CERTIFICATE",
    "HOUSEHOLD_REGISTER",
    "HK_MACAO_PERMIT",
    "TAIWAN_PERMIT",
    "OTHER",
)
YEARS = range(2000, 2101)
EARLIEST_BIRTH = dt.date(1900, 1, 1)
LONGEST_NUMBER = 64
MOST_WAITING_DAYS = 3650
_DAYS = re.compile(r"\d{1,4}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def number(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"it has {len(text)} characters; expected are {LONGEST_NUMBER} at most")
    return _accepted(lambda: inputs.required(inputs.text(text)))


def plan(text: str, *, product: str, plans: Mapping[str, list[str]]) -> str | None:
    if text and not plans[product]:
        raise ValueError(f"{quoted(text)}, but {product} has no plans; expected is nothing")
    return word(text, words=plans[product]) if plans[product] else None


def riders(text: str, *, product: str, riders: Mapping[str, list[str]]) -> tuple[str, ...]:
    items = [item.strip() for item in text.split(";") if item.strip()]
    if items and not riders[product]:
        raise ValueError(f"{quoted(text)}, but {product} has no riders; expected is nothing")
    return tuple(dict.fromkeys(word(item, words=riders[product]) for item in items))


def effective_on(text: str) -> dt.date:
    on = day(text)
    if on.year not in YEARS:
        raise ValueError(f"{text} is not within the years {YEARS[0]} to {YEARS[-1]}")
    return on


def birth_on(text: str, *, today: dt.date) -> dt.date:
    on = day(text)
    if not EARLIEST_BIRTH <= on <= today:
        raise ValueError(f"{text}; expected is a day from {EARLIEST_BIRTH} to today")
    return on


def waiting_days(text: str) -> int | None:
    if not text:
        return None
    if not _DAYS.fullmatch(text) or int(text) > MOST_WAITING_DAYS:
        raise ValueError(f"{quoted(text)}; expected are 0 to {MOST_WAITING_DAYS} days, or nothing")
    return int(text)


def channel(text: str) -> str:
    return word(text, words=CHANNELS) if text else CHANNELS[0]


def amount(text: str) -> Decimal | None:
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"{quoted(text)}; expected is an amount such as 50000.00, or nothing")
    return Decimal(text)


def name(text: str) -> str:
    return _accepted(lambda: inputs.required(inputs.name(text)))


def phone(text: str) -> str | None:
    return _accepted(lambda: inputs.phone(text))


def id_number(text: str, *, kind: str) -> str:
    return _accepted(lambda: inputs.id_number(kind, text))


def _accepted(check: Callable[[], T]) -> T:
    """What the API accepts in the same field; such messages never repeat a person's number."""
    try:
        return check()
    except Fault as fault:
        raise ValueError(fault.message) from None


def has_right_check_digit(id_card: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(id_card, _WEIGHTS, strict=False))
    return id_card[-1] == _CHECK_DIGITS[total % 11]
