"""Cells of a line of hospitals: the value, or a ValueError that says what is wrong and what is expected."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from gateway.imports.hospitals.words import Known
from gateway.imports.lines import either, quoted, word
from gateway.repositories.hospital_entries import NetworkMembership

OWNERSHIPS = ("PUBLIC", "PRIVATE")
CLASSES = ("GENERAL", "SPECIAL", "INTERNATIONAL")
LIABILITIES = ("OUTPATIENT_INPATIENT", "VACCINE", "EYE", "DENTAL", "ADVANCE")
BOOLEANS = {"true": True, "false": False}
FEATURED = "*"
_CODE = re.compile(r"\S{1,64}")
_DEGREES = re.compile(r"-?\d{1,3}(\.\d+)?", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DATES = re.compile(r"(?P<first>[^.]+)\.\.(?P<last>[^.]+)")


def code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f"{quoted(text)}; expected is a code of 1 to 64 characters without blanks")
    return text


def required(text: str, *, most: int) -> str:
    if not text:
        raise ValueError(f"it is empty; expected is a text of up to {most} characters")
    return optional(text, most=most) or ""


def optional(text: str, *, most: int) -> str | None:
    if len(text) > most:
        raise ValueError(f"it has {len(text)} characters; expected are {most} at most")
    return text or None


def level(text: str) -> int | None:
    if text not in ("", "1", "2", "3"):
        raise ValueError(f"{quoted(text)}; expected is 1, 2, 3 or nothing")
    return int(text) if text else None


def yes_or_no(text: str) -> bool:
    return BOOLEANS[word(text.lower(), words=BOOLEANS)]


def yes_no_or_unknown(text: str) -> bool | None:
    return yes_or_no(text) if text else None


def degrees(text: str, *, most: int) -> Decimal | None:
    if not text:
        return None
    if not _DEGREES.fullmatch(text) or abs(Decimal(text)) > most:
        raise ValueError(f"{quoted(text)}; expected are degrees from -{most} to {most}, such as 31.230416")
    return round(Decimal(text), 6)


def opening(text: str) -> dt.time | None:
    if not text:
        return None
    time = _TIME.fullmatch(text)
    if not time:
        raise ValueError(f"{quoted(text)}; expected is a time as HH:MM, such as 08:30")
    return dt.time(int(time[1]), int(time[2]))


def closing(text: str) -> dt.time | None:
    """Like an opening time, and 24:00 is the midnight that ends the day."""
    return dt.time.min if text == "24:00" else opening(text)


def departments(text: str, *, known: Known) -> dict[str, bool]:
    """Codes or names; a star behind one marks what the hospital is known for."""
    found: dict[str, bool] = {}
    for item in _items(text):
        name = item.removesuffix(FEATURED).strip()
        code = known.departments.get(name) or known.departments.get(name.lower())
        if code is None:
            raise ValueError(f"{quoted(name)} is no department; expected is a code such as PEDIATRICS or its name")
        if code in found:
            raise ValueError(f"{quoted(name)} stands twice; expected is each department once")
        found[code] = item.endswith(FEATURED)
    return found


def classes(text: str) -> list[str]:
    return list(dict.fromkeys(word(item, words=CLASSES) for item in _items(text)))


def brand(text: str, *, known: Known) -> str | None:
    return known.brands.get(text) or optional(text, most=100)


def networks(text: str, *, plans: Mapping[str, list[str]]) -> list[NetworkMembership]:
    members = [member for item in _items(text) for member in _network(item, plans)]
    seen: set[tuple[str, str, str]] = set()
    for member in members:
        key = (member.product, member.plan, member.liability)
        if key in seen:
            raise ValueError(f"{':'.join(key)} stands twice; expected is each network once")
        seen.add(key)
    return members


def _network(item: str, plans: Mapping[str, list[str]]) -> Iterator[NetworkMembership]:
    name, _, dates = item.partition("@")
    parts = name.strip().split(":")
    if len(parts) != 3:
        raise ValueError(
            f"{quoted(item)}; expected is PRODUCT:PLAN:LIABILITY, such as CY26:NATIONAL:OUTPATIENT_INPATIENT"
        )
    product, plan, liability = parts
    _named("product", product, plans, item)
    _named("liability", liability, LIABILITIES, item)
    valid_from, valid_to = _validity(dates) if "@" in item else (None, None)
    for each in _plans(product, plan, liability, plans[product], item):
        yield NetworkMembership(product, each, liability, valid_from, valid_to)


def _plans(product: str, plan: str, liability: str, plans: list[str], item: str) -> list[str]:
    """The network for advances is a vendor's and may be named without a plan: then it is that of all plans."""
    if not plan and liability == "ADVANCE":
        return plans or [""]
    if not plans and plan:
        raise ValueError(f"{quoted(item)}: {product} has no plans; expected is {product}::{liability}")
    if plans:
        _named("plan", plan, plans, item)
    return [plan]


def _named(kind: str, word: str, words: Iterable[str], item: str) -> None:
    if word not in words:
        raise ValueError(f"{quoted(item)}: {quoted(word)} as {kind}; expected is {either(words)}")


def _validity(text: str) -> tuple[dt.date, dt.date]:
    """First and last day as written; the end is kept as the day after the last."""
    days = _DATES.fullmatch(text.strip())
    try:
        if not days:
            raise ValueError
        first, last = dt.date.fromisoformat(days["first"]), dt.date.fromisoformat(days["last"])
        end = last + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(text)}; expected is FIRST..LAST, such as 2026-01-01..2026-12-31") from None
    if last < first:
        raise ValueError(f"{quoted(text)} ends before it begins")
    return first, end


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]
