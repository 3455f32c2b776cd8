"""Cities: which services reach them, and which city a text means."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from gateway.postgres.given import Given
from models.cities import ServiceCity


def services(row: Any) -> ColumnElement[Sequence[str]]:
    """The kinds of the services that list this city, in order; none is an empty list."""
    listed: Any = aliased(ServiceCity)
    kinds = select(listed.service).where(listed.city_code == row.code).distinct().order_by(listed.service)
    return func.array(kinds.correlate(row).scalar_subquery(), type_=ARRAY(Text))


def reached_by(row: Any, kind: Given) -> ColumnElement[bool]:
    listed: Any = aliased(ServiceCity)
    return _reached(row, listed, listed.service == kind.bind(Text))


def reached_by_product(row: Any, code: Given) -> ColumnElement[bool]:
    listed: Any = aliased(ServiceCity)
    return _reached(row, listed, listed.product_code == code.bind(Text))


def _reached(row: Any, listed: Any, condition: Any) -> ColumnElement[bool]:
    rows: Select[Any] = select(listed.city_code).where(listed.city_code == row.code, condition)
    return exists(rows.correlate(row))


FIND_CITY = """
select city.code, city.id, city.province, city.name
from cities as city
where city.code = $1 or city.name = $1 or city.code in (select city_code from city_aliases where alias = $1)
order by city.code
"""


async def find_city(connection: Any, text: str) -> Sequence[Any]:
    """The cities that a code, a name or an alias means, exactly; several where provinces share the name."""
    return await connection.fetch(FIND_CITY, text)
