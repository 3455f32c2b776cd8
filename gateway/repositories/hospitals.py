"""Hospitals: the conditions of their filter, and writing many of them at once."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Double, Numeric, Text, Time, and_, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlalchemy.sql import any_

from gateway.faults import bad_input
from gateway.postgres.given import Given, Prepare, same
from gateway.repositories.search import search_columns
from models.base import derived_id
from models.cities import City, CityAlias
from models.departments import Department
from models.hospitals import HospitalDepartment, HospitalNetwork

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARTH_RADIUS_KM = 6371.0088
GREATEST_RADIUS_KM = 500


def in_city(row: Any, given: Given) -> ColumnElement[bool]:
    """A city by its code, else its name, else an alias. One city, so that its hospitals are read in their order
    straight from the index; names of cities are unique in China, and were one not, its first code would be meant."""
    city: Any = aliased(City)
    other: Any = aliased(CityAlias)
    value = given.bind(Text)
    by_name = select(city.code).where(city.name == value).order_by(city.code).limit(1)
    by_alias = select(other.city_code).where(other.alias == value).order_by(other.city_code).limit(1)
    by_code = select(city.code).where(city.code == value)
    return row.city_code == func.coalesce(*(query.scalar_subquery() for query in (by_code, by_name, by_alias)))


def in_province(row: Any, given: Given) -> ColumnElement[bool]:
    city: Any = aliased(City)
    # An array is computed once, before the scan, so that the index on the column can be used.
    codes = select(city.code).where(city.province == given.bind(Text)).scalar_subquery()
    return row.city_code == any_(func.array(codes, type_=ARRAY(Text)))


def has_department(row: Any, given: Given) -> ColumnElement[bool]:
    """A department by its code, or by its name in either language."""
    department: Any = aliased(Department)
    own: Any = aliased(HospitalDepartment)
    value = given.bind(Text)
    is_meant = or_(
        department.code == value,
        department.name_zh == value,
        func.lower(department.name_en) == func.lower(value),
    )
    meant = select(department.code).where(is_meant).order_by(department.position).limit(1).scalar_subquery()
    rows = select(own.hospital_code).where(own.hospital_code == row.code, own.department_code == meant)
    # Nothing is scanned for a department that does not exist.
    return and_(meant.is_not(None), exists(rows.correlate(row)))


def has_class(row: Any, given: Given) -> ColumnElement[bool]:
    return _holds(row.department_classes, given)


def offers(row: Any, given: Given) -> ColumnElement[bool]:
    return _holds(row.items, given)


def in_network(row: Any, given: Given) -> ColumnElement[bool]:
    """One membership that is valid on the day of the request has all that is asked for: product, plan and liability
    together."""
    member: Any = aliased(HospitalNetwork)
    columns = {"product": member.product_code, "plan": member.plan_code, "liability": member.liability}
    rows = select(member.hospital_code).where(
        member.hospital_code == row.code,
        *(
            column == given.items[name].bind(Text, WORDS.get(name, same))
            for name, column in columns.items()
            if name in given.items
        ),
        *_valid_on(member, given.bind_now(Date, _day)),
    )
    return exists(rows.correlate(row))


def near(row: Any, given: Given) -> ColumnElement[bool]:
    """Within a radius of a point. The box around the circle can use the index; the distance on the sphere decides."""
    return and_(_in_box(row, given), _distance_km(row, given) <= given.bind(Double, lambda near: _circle(near).radius))


def open_at(row: Any, given: Given) -> ColumnElement[bool]:
    """Open at this instant, by the clock in Shanghai; unknown hours do not match.

    Hours that do not end after they begin run over midnight: 00:00 to 00:00 is around the clock.
    """
    time = given.bind(Time, lambda instant: instant.astimezone(SHANGHAI).time())
    begun, not_over = row.opens_at <= time, row.closes_at > time
    within_a_day = row.opens_at < row.closes_at
    # Hospitals whose hours are known have an index of their own.
    is_known = row.opens_at.is_not(None)
    return and_(is_known, or_(and_(within_a_day, begun, not_over), and_(~within_a_day, or_(begun, not_over))))


def department_name(row: Any, language: str) -> ColumnElement[str]:
    """The name of the department that a row of hospital_departments stands for."""
    department: Any = aliased(Department)
    name = department.name_en if language == "en" else department.name_zh
    return select(name).where(department.code == row.department_code).correlate(row).scalar_subquery()


def network_plan(row: Any) -> ColumnElement[str | None]:
    return func.nullif(row.plan_code, "")


def _holds(column: Any, given: Given) -> ColumnElement[bool]:
    return column.contains(given.bind(ARRAY(Text), lambda item: [item]))


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(SHANGHAI).date()


def _named(plan: str) -> str:
    """An empty word is how memberships without a plan are stored, and names none."""
    if not plan:
        raise bad_input("`plan` is empty: name a plan such as NATIONAL, or leave it out.", "where", "plan")
    return plan


WORDS: Mapping[str, Prepare] = {"plan": _named}


def _valid_on(member: Any, day: Any) -> Iterator[ColumnElement[bool]]:
    yield or_(member.valid_from.is_(None), member.valid_from <= day)
    yield or_(member.valid_to.is_(None), member.valid_to > day)


# Circles on the sphere


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in degrees and kilometres, and the box of degrees around it. A box across the 180th meridian has a
    second stretch of longitudes, a full turn away; else the second is the first."""

    latitude: float
    longitude: float
    radius: float

    def band(self) -> tuple[float, float]:
        angle = math.degrees(self.radius / EARTH_RADIUS_KM)
        return self.latitude - angle, self.latitude + angle

    def stretches(self) -> tuple[tuple[float, float], tuple[float, float]]:
        south, north = self.band()
        if south <= -90 or north >= 90:  # a pole lies inside, so every meridian does
            return (-180, 180), (-180, 180)
        reach = math.sin(self.radius / EARTH_RADIUS_KM) / math.cos(math.radians(self.latitude))
        width = math.degrees(math.asin(reach))
        west, east = self.longitude - width, self.longitude + width
        turn = 360 if west < -180 else -360 if east > 180 else 0
        return (west, east), (west + turn, east + turn)


def _circle(near: Mapping[str, Decimal]) -> Circle:
    return Circle(
        _bounded(near["latitude"], "latitude", -90, 90),
        _bounded(near["longitude"], "longitude", -180, 180),
        _radius(near["radius_km"]),
    )


def _bounded(number: Decimal, name: str, least: int, most: int) -> float:
    if not number.is_finite() or not least <= number <= most:
        raise bad_input(f"{name} is {number}; it may be {least} to {most} degrees.", "where", "near", name)
    return float(number)


def _radius(number: Decimal) -> float:
    if not number.is_finite() or not 0 < number <= GREATEST_RADIUS_KM:
        message = f"radiusKm is {number}; it may be more than 0 and up to {GREATEST_RADIUS_KM} kilometres."
        raise bad_input(message, "where", "near", "radiusKm")
    return float(number)


def _in_box(row: Any, given: Given) -> ColumnElement[bool]:
    one = _between(row.longitude, given, lambda near: _circle(near).stretches()[0])
    other = _between(row.longitude, given, lambda near: _circle(near).stretches()[1])
    return and_(_between(row.latitude, given, lambda near: _circle(near).band()), or_(one, other))


def _between(column: Any, given: Given, bounds: Prepare) -> ColumnElement[bool]:
    least = given.bind(Numeric, lambda near: _micro(bounds(near)[0], ROUND_FLOOR))
    most = given.bind(Numeric, lambda near: _micro(bounds(near)[1], ROUND_CEILING))
    return column.between(least, most)


def _micro(degrees: float, rounding: str) -> Decimal:
    return Decimal(degrees).quantize(Decimal("0.000001"), rounding=rounding)


def _distance_km(row: Any, given: Given) -> ColumnElement[float]:
    """By the haversine formula, which is exact for small distances too."""
    latitude = given.bind(Double, lambda near: _circle(near).latitude)
    longitude = given.bind(Double, lambda near: _circle(near).longitude)
    there_latitude, there_longitude = cast(row.latitude, Double), cast(row.longitude, Double)
    rise = func.sin(func.radians(there_latitude - latitude) / 2)
    turn = func.sin(func.radians(there_longitude - longitude) / 2)
    shrink = func.cos(func.radians(latitude)) * func.cos(func.radians(there_latitude))
    square = rise * rise + shrink * turn * turn
    return 2 * EARTH_RADIUS_KM * func.asin(func.sqrt(func.least(1.0, square)))


# Writing


@dataclass(frozen=True, slots=True)
class NetworkMembership:
    product: str
    plan: str  # "" where the product has none
    liability: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None  # first day on which it no longer holds


@dataclass(frozen=True, slots=True)
class HospitalEntry:
    """All that an import says of a hospital; departments are code → whether the hospital is known for it."""

    code: str
    name: str
    city_code: str
    ownership: str
    source: str
    level: int | None = None
    brand: str | None = None  # code of the brand, which is made where it does not exist
    departments: Mapping[str, bool] | None = None
    department_classes: Sequence[str] = ()
    networks: Sequence[NetworkMembership] = ()
    is_direct_billing: bool = False
    is_popular: bool | None = None
    has_onsite_service: bool = False
    address: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None
    phone: str | None = None
    introduction: str | None = None
    is_demo: bool = False


WRITTEN = """
code id name city_code ownership level brand_code department_classes is_direct_billing is_popular has_onsite_service
address latitude longitude opens_at closes_at phone introduction source is_demo pinyin search_text search_grams
sort_key updated_at
"""
_COLUMNS = WRITTEN.split()
_LISTED = ", ".join(_COLUMNS)
_CHANGED = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("code", "id"))

# A hundred grams travel quicker as one text. The separator is a blank to Unicode, so that no gram contains it.
_SEPARATOR = "\x1f"
_PACKED = _LISTED.replace("search_grams", "search_text as search_grams")
_UNPACKED = _LISTED.replace("search_grams", "string_to_array(search_grams, chr(31))")

STAGE = f"""
create temporary table if not exists staged_hospitals on commit drop
as select {_PACKED} from hospitals with no data
"""
MERGE = f"""
insert into hospitals ({_LISTED}, items) select {_UNPACKED}, '{{}}'::text[] from staged_hospitals
on conflict (code) do update set {_CHANGED}
"""
MAKE_BRANDS = """
insert into clinic_brands (code, name) select code, code from unnest($1::text[]) as code
on conflict (code) do nothing
"""


async def upsert_hospitals(connection: Any, entries: Sequence[HospitalEntry]) -> None:
    """Writes hospitals by their codes; departments and networks of those codes are replaced by the new ones.

    Each code stands once. Runs inside a transaction of the caller. What an import does not speak of (items, unit,
    tips for a visit) stays as it is.
    """
    brands = sorted({entry.brand for entry in entries if entry.brand})
    await connection.execute(MAKE_BRANDS, brands)
    await connection.execute(STAGE)
    await connection.execute("truncate staged_hospitals")
    now = dt.datetime.now(dt.UTC)
    await _copy(connection, "staged_hospitals", _COLUMNS, (_record(entry, now) for entry in entries))
    await connection.execute(MERGE)
    codes = [entry.code for entry in entries]
    await _replace(connection, HospitalDepartment, codes, _departments(entries))
    await _replace(connection, HospitalNetwork, codes, _networks(entries))


async def _replace(connection: Any, table: Any, codes: list[str], records: Iterator[tuple[Any, ...]]) -> None:
    name, columns = table.__tablename__, [column.name for column in table.__table__.columns]
    await connection.execute(f"delete from {name} where hospital_code = any($1::text[])", codes)
    await _copy(connection, name, columns, records)


async def _copy(connection: Any, table: str, columns: Sequence[str], records: Iterable[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table(table, columns=list(columns), records=records)


def _record(entry: HospitalEntry, now: dt.datetime) -> tuple[Any, ...]:
    search = search_columns(entry.name)
    computed = {
        "id": derived_id("hospital", entry.code),
        "brand_code": entry.brand,
        "department_classes": list(entry.department_classes),
        "pinyin": search.pinyin,
        "search_text": search.search_text,
        "search_grams": _SEPARATOR.join(search.search_grams),
        "sort_key": search.sort_key,
        "updated_at": now,
    }
    return tuple(computed[name] if name in computed else getattr(entry, name) for name in _COLUMNS)


def _departments(entries: Sequence[HospitalEntry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        for code, is_featured in (entry.departments or {}).items():
            yield entry.code, code, is_featured


def _networks(entries: Sequence[HospitalEntry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        for member in entry.networks:
            yield (
                entry.code,
                member.product,
                member.plan,
                member.liability,
                member.valid_from,
                member.valid_to,
            )
