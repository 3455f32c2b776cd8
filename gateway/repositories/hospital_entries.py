"""Hospitals as imports bring them, many written at once."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.repositories.readings import search_columns
from models.base import derived_id
from models.hospitals import HospitalDepartment, HospitalNetwork


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
