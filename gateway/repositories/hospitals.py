"""Hospitals: the conditions of their filter."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
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
    by_code = select(department.code).where(department.code == value)
    is_named = or_(department.name_zh == value, func.lower(department.name_en) == func.lower(value))
    by_name = select(department.code).where(is_named).order_by(department.position).limit(1)
    # Names are compared with every department's, so only where the index knows no such code.
    meant = func.coalesce(*(query.scalar_subquery() for query in (by_code, by_name)))
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
    """The name of the department that a row of hospital_departments stands for.

    The catalogue is small: it is read once for a statement, where a look-up for each row would scan it each time.
    """
    department: Any = aliased(Department)
    name = department.name_en if language == "en" else department.name_zh
    names = select(func.jsonb_object_agg(department.code, name)).scalar_subquery()
    return names.op("->>", return_type=Text())(row.department_code)


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
