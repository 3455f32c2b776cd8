"""Hospitals from a file: one a line, written by code, all or nothing unless the good ones are to be kept."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Problem, Report, either, quoted, read_lines, word
from gateway.imports.loading import load
from gateway.repositories.hospital_entries import HospitalEntry, NetworkMembership, upsert_hospitals

HEADER = (
    "code,name,province,city,ownership,level,departments,departmentClasses,networks,directBilling,popular,"
    "onsiteService,brand,address,latitude,longitude,openTime,closeTime,phone,introduction"
)
COLUMNS = HEADER.split(",")
BATCH = 2_000

OWNERSHIPS = ("PUBLIC", "PRIVATE")
CLASSES = ("GENERAL", "SPECIAL", "INTERNATIONAL")
LIABILITIES = ("OUTPATIENT_INPATIENT", "VACCINE", "EYE", "DENTAL", "ADVANCE")
BOOLEANS = {"true": True, "false": False}
FEATURED = "*"

_CODE = re.compile(r"\S{1,64}")
_DEGREES = re.compile(r"-?\d{1,3}(\.\d+)?", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DATES = re.compile(r"(?P<first>[^.]+)\.\.(?P<last>[^.]+)")


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may refer to, read once."""

    cities: Mapping[str, Mapping[str, str]]  # province → name, alias or code → code
    city_names: Mapping[str, list[str]]  # province → names
    departments: Mapping[str, str]  # code, or name in small letters → code
    plans: Mapping[str, list[str]]  # product → its plans
    brands: Mapping[str, str]  # code or name → code


@dataclass(slots=True)
class Tally:
    """What has been found so far; `first_lines` tells a code that stands twice."""

    read: int = 0
    written: int = 0
    problems: list[Problem] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)


async def import_hospitals(
    connection: Any,
    path: Path,
    *,
    keep_good: bool,
    progress: Callable[[int], None],
    source: str = "IMPORTED",
    is_demo: bool = False,
) -> Report:
    """Reads the whole file in any case, so that every bad line is told. `progress` hears the lines read so far.

    With a problem anywhere nothing is written, unless `keep_good` is set: then the good lines are.
    """
    known = await _known(connection)
    done = Tally()

    async def write(batch: list[HospitalEntry], may_write: bool) -> None:
        if may_write:
            await upsert_hospitals(connection, batch)
            done.written += len(batch)

    entries = _entries(read_lines(path, COLUMNS), known, done, source, is_demo)
    await load(connection, _batches(entries), write, done, keep_good=keep_good, progress=progress)
    return Report(done.read, done.written, done.problems)


def _batches(entries: Iterator[HospitalEntry]) -> Iterator[list[HospitalEntry]]:
    while batch := list(islice(entries, BATCH)):
        yield batch


def _entries(
    lines: Iterable[Line | Problem], known: Known, done: Tally, source: str, is_demo: bool
) -> Iterator[HospitalEntry]:
    """The good lines; the others leave their problems behind."""
    for line in lines:
        if isinstance(line, Problem):
            done.problems.append(line)
            continue
        done.read += 1
        entry = _entry(line, known, source, is_demo)
        _check_first(line, done.first_lines)
        done.problems += line.problems
        if not line.problems:
            yield entry


def _check_first(line: Line, first_lines: dict[str, int]) -> None:
    code = line.cells["code"]
    first = first_lines.setdefault(code, line.number)
    if code and first != line.number:
        line.refuse("code", f"{code} stands in line {first} already")


def _entry(line: Line, known: Known, source: str, is_demo: bool) -> HospitalEntry:
    """A hospital as the line describes it. It is whole only where the line is left without problems."""
    take: Callable[..., Any] = line.take
    latitude, longitude = take("latitude", partial(_degrees, most=90)), take("longitude", partial(_degrees, most=180))
    opens_at, closes_at = take("openTime", _opening), take("closeTime", _closing)
    _check_whole(line, "latitude", "longitude")
    _check_whole(line, "openTime", "closeTime")
    return HospitalEntry(
        code=take("code", _code),
        name=take("name", partial(_required, most=200)),
        city_code=_city(line, known),
        ownership=take("ownership", partial(word, words=OWNERSHIPS)),
        level=take("level", _level),
        departments=take("departments", partial(_departments, known=known)),
        department_classes=take("departmentClasses", _classes),
        networks=take("networks", partial(_networks, plans=known.plans)),
        is_direct_billing=take("directBilling", _yes_or_no),
        is_popular=take("popular", _yes_no_or_unknown),
        has_onsite_service=take("onsiteService", _yes_or_no),
        brand=take("brand", partial(_brand, known=known)),
        address=take("address", partial(_text, most=300)),
        latitude=latitude,
        longitude=longitude,
        opens_at=opens_at,
        closes_at=closes_at,
        phone=take("phone", partial(_text, most=50)),
        introduction=take("introduction", partial(_text, most=5_000)),
        source=source,
        is_demo=is_demo,
    )


def _check_whole(line: Line, first: str, second: str) -> None:
    for column, other in ((first, second), (second, first)):
        if line.cells[other] and not line.cells[column]:
            line.refuse(column, f"it is empty, but {other} is not; expected are both or none")


# Cells: the value, or a ValueError that says what is wrong and what is expected


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f"{quoted(text)}; expected is a code of 1 to 64 characters without blanks")
    return text


def _required(text: str, *, most: int) -> str:
    if not text:
        raise ValueError(f"it is empty; expected is a text of up to {most} characters")
    return _text(text, most=most) or ""


def _text(text: str, *, most: int) -> str | None:
    if len(text) > most:
        raise ValueError(f"it has {len(text)} characters; expected are {most} at most")
    return text or None


def _level(text: str) -> int | None:
    if text not in ("", "1", "2", "3"):
        raise ValueError(f"{quoted(text)}; expected is 1, 2, 3 or nothing")
    return int(text) if text else None


def _yes_or_no(text: str) -> bool:
    return BOOLEANS[word(text.lower(), words=BOOLEANS)]


def _yes_no_or_unknown(text: str) -> bool | None:
    return _yes_or_no(text) if text else None


def _degrees(text: str, *, most: int) -> Decimal | None:
    if not text:
        return None
    if not _DEGREES.fullmatch(text) or abs(Decimal(text)) > most:
        raise ValueError(f"{quoted(text)}; expected are degrees from -{most} to {most}, such as 31.230416")
    return round(Decimal(text), 6)


def _opening(text: str) -> dt.time | None:
    if not text:
        return None
    time = _TIME.fullmatch(text)
    if not time:
        raise ValueError(f"{quoted(text)}; expected is a time as HH:MM, such as 08:30")
    return dt.time(int(time[1]), int(time[2]))


def _closing(text: str) -> dt.time | None:
    """Like an opening time, and 24:00 is the midnight that ends the day."""
    return dt.time.min if text == "24:00" else _opening(text)


def _departments(text: str, *, known: Known) -> dict[str, bool]:
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


def _classes(text: str) -> list[str]:
    return list(dict.fromkeys(word(item, words=CLASSES) for item in _items(text)))


def _brand(text: str, *, known: Known) -> str | None:
    return known.brands.get(text) or _text(text, most=100)


def _networks(text: str, *, plans: Mapping[str, list[str]]) -> list[NetworkMembership]:
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


def _city(line: Line, known: Known) -> str:
    """Province and city together name a city: names alone are shared between provinces."""
    province, city = line.cells["province"], line.cells["city"]
    cities = known.cities.get(province)
    if cities is None:
        line.refuse("province", f"{quoted(province)}; expected is {either(sorted(known.cities))}")
    elif city not in cities:
        there = ", ".join(known.city_names[province])
        line.refuse(
            "city",
            f"{quoted(city)} is not among the cities of {province}: {there}. "
            "To add it, put it on the list `other` of seeds/cities.yaml and seed again",
        )
    return (cities or {}).get(city, "")


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


# What lines may refer to

CITIES = """
select province, name, code, array(select alias from city_aliases where city_code = code order by alias) as aliases
from cities order by province, sort_key
"""
PLANS = """
select product.code, array(select plan.code from plans as plan where plan.product_code = product.code
                           order by plan.position) as plans
from products as product order by product.position
"""


async def _known(connection: Any) -> Known:
    cities: dict[str, dict[str, str]] = defaultdict(dict)
    names: dict[str, list[str]] = defaultdict(list)
    for row in await connection.fetch(CITIES):
        names[row["province"]].append(row["name"])
        for name in (*row["aliases"], row["code"], row["name"]):
            cities[row["province"]][name] = row["code"]
    departments = await connection.fetch("select code, name_zh, name_en from departments")
    brands = await connection.fetch("select code, name from clinic_brands order by code desc")
    return Known(
        cities=dict(cities),
        city_names=dict(names),
        departments={name: row["code"] for row in departments for name in _department_names(row)},
        plans={row["code"]: row["plans"] for row in await connection.fetch(PLANS)},
        brands={row["name"]: row["code"] for row in brands} | {row["code"]: row["code"] for row in brands},
    )


def _department_names(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row["code"], row["name_zh"], row["name_en"].lower()
