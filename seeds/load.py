"""Writes the seed files into the tables: all of them in one transaction, or nothing where they have not changed.

A row keeps its id for ever, since the id is derived from its natural key. Rows that vanished from the files are
deleted unless something refers to them. What people added or changed themselves is left alone (`Part.ours`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from pydantic import BaseModel
from sqlalchemy import Table
from sqlmodel import SQLModel

from gateway.repositories import corrections, rulebook
from gateway.repositories.readings import search_columns
from models import metadata
from models.base import derived_id
from models.calendar import CalendarDay
from models.cities import City, CityAlias, ServiceCity
from models.departments import Department
from models.drugs import Drug
from models.hospitals import Hospital
from models.lifecycles import Transition
from models.products import ContactChannel, Plan, Product, ProductService, Rider
from models.rules import CheckText, Rule
from models.vendors import ProductVendor, Vendor
from seeds import format as files
from seeds import state
from seeds.calendar import SOURCES, days

LOCK = 0x73656564  # the advisory lock of seeding
DRUG_PRODUCT = "ZAWX"
ESCORT_LIST = ("ZYB", "OUTPATIENT_ESCORT")
TEST_LIST = ("CY26", "RESPIRATORY_TEST")
NUMBERED = (("rules", "position"), ("drugs", "seq"), ("service_cities", "seq"))
TOUCHED = "updated_at"  # set when a row changes, but no change in itself

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What the files say of one table. `ours` is the SQL condition of the rows that seeding may change or delete."""

    model: type[SQLModel]
    rows: Sequence[Row]
    ours: str = "true"

    @property
    def table(self) -> Table:
        return metadata.tables[str(self.model.__tablename__)]

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.table.primary_key]

    @property
    def json(self) -> str:
        return orjson.dumps(list(self.rows), default=str).decode()


async def seed(connection: Any) -> bool:
    """Brings the tables to what the files say; True if something had changed. The connection is the owner's."""
    if await state.is_current(connection):
        return False
    parts = all_parts()
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        if await state.is_current(connection):
            return False
        before = await rulebook.calendar(connection)
        await _write(connection, parts)
        if before:
            await corrections.note(connection, before, await rulebook.calendar(connection), dt.datetime.now(dt.UTC))
        await _note(connection, "seeds", state.seeds_digest())
        await _note(connection, "rulebook", state.rulebook_digest())
    return True


def all_parts() -> list[Part]:
    """Every table, those first that others refer to."""
    return [*_products(), *_rules(), *_places(), _drugs(), _transitions(), _calendar()]


# Products


def _products() -> list[Part]:
    given = files.product_files()
    return [
        Part(Product, [_product(position, file) for position, file in enumerate(given, 1)]),
        Part(Plan, [_named(file, *item) for file in given for item in enumerate(file.plans, 1)]),
        Part(Rider, [_named(file, *item) for file in given for item in enumerate(file.riders, 1)]),
        Part(Vendor, _vendors(given), ours="not vendors.is_demo"),
        Part(
            ProductVendor,
            [_product_vendor(file, vendor) for file in given for vendor in file.vendors],
            ours="product_vendors.vendor_code in (select code from vendors where not is_demo)",
        ),
        Part(ProductService, [_service(file, *item) for file in given for item in enumerate(file.services, 1)]),
        Part(ContactChannel, [_contact(file, *item) for file in given for item in enumerate(file.contacts, 1)]),
    ]


def _product(position: int, file: files.ProductFile) -> Row:
    product = file.product
    return {
        "code": product.code,
        "id": derived_id("product", product.code),
        "position": position,
        **_both("name", product.name),
        **_both("insurer", product.insurer.name),
        **_both("handbook_title", product.handbook.title),
        "handbook_edition": product.handbook.edition,
        "handbook_file": product.handbook.file,
    }


def _named(file: files.ProductFile, position: int, item: files.Named) -> Row:
    return {
        "product_code": file.product.code,
        "code": item.code,
        "position": position,
        **_both("name", item.name),
    }


def _vendors(given: Iterable[files.ProductFile]) -> list[Row]:
    """A vendor may serve several products."""
    vendors = {vendor.code: vendor for file in given for vendor in file.vendors}
    return [
        {"code": code, "id": derived_id("vendor", code), **_both("name", vendor.name), "is_demo": False}
        for code, vendor in vendors.items()
    ]


def _product_vendor(file: files.ProductFile, vendor: files.Vendor) -> Row:
    return {
        "product_code": file.product.code,
        "vendor_code": vendor.code,
        "role": vendor.role,
        "services": vendor.services,
    }


def _service(file: files.ProductFile, position: int, service: files.Service) -> Row:
    hours = service.hours
    return {
        "product_code": file.product.code,
        "kind": service.kind,
        "position": position,
        **_both("name", service.name),
        **_both("summary", service.summary),
        "vendor_code": service.vendor,
        "rider_code": service.rider,
        "quota": service.quota,
        "is_quota_stated": service.quota_stated,
        "monthly_cap": service.monthly_cap,
        "waiting_days": service.waiting_days,
        "verification": service.verification,
        "opens_at": hours and hours.opens_at,
        "closes_at": hours and hours.closes_at,
        "after_hours": hours and hours.after_hours,
        "first_response_minutes": service.first_response_minutes,
        "lifecycle": service.lifecycle,
        "rule_codes": service.rules,
    }


def _contact(file: files.ProductFile, position: int, contact: files.Contact) -> Row:
    code = file.product.code
    return {
        "id": derived_id("contact", f"{code}|{contact.purpose}|{contact.kind}|{contact.value}"),
        "product_code": code,
        "position": position,
        **contact.model_dump(include={"purpose", "kind", "value", "hours", "services", "lines"}),
        **_both("note", contact.note),
    }


# Rules


def _rules() -> list[Part]:
    rows = [(file.product.code, rule) for file in files.product_files() for rule in file.rules]
    texts = [{"check": check, "texts": _given(text)} for check, text in files.check_texts().items()]
    return [
        Part(Rule, [_rule(product, position, rule) for position, (product, rule) in enumerate(rows, 1)]),
        Part(CheckText, texts),
    ]


def _rule(product: str, position: int, rule: files.RuleRow) -> Row:
    return {
        "code": rule.id,
        "id": derived_id("rule", rule.id),
        "position": position,
        "product_code": product,
        **rule.model_dump(include={"kind", "service", "parameters", "operations", "same_as", "account", "checks"}),
        **_both("section", rule.clause.section),
        "item": rule.clause.item,
        "lines": rule.clause.lines,
        **_both("statement", rule.statement),
        **_both("reading", rule.reading),
        **_both("account_note", rule.account_note),
        "texts": _given(rule.texts),
    }


# Cities, departments and hospitals


def _places() -> list[Part]:
    cities = files.city_file()
    departments = [
        {"code": item.code, "position": position, **_both("name", item.name)}
        for position, item in enumerate(files.department_file().departments, 1)
    ]
    return [
        Part(City, [_city(city, cities) for city in cities.all.values()]),
        Part(CityAlias, [_alias(alias, cities) for alias in cities.aliases]),
        Part(ServiceCity, [*_escort_cities(cities), *_test_cities(cities)]),
        Part(Department, departments),
        Part(
            Hospital,
            [_hospital(item, cities) for item in files.named_hospitals()],
            ours="hospitals.source = 'HANDBOOK'",
        ),
    ]


def _city(city: files.City, cities: files.CityFile) -> Row:
    aliases = [item.alias for item in cities.aliases if (item.province, item.city) == (city.province, city.city)]
    return {
        "code": city.code,
        "id": derived_id("city", city.code),
        "province": city.province,
        "name": city.city,
        **asdict(search_columns(city.city, *aliases)),
        "pinyin": city.pinyin,
    }


def _alias(item: files.CityAlias, cities: files.CityFile) -> Row:
    return {"alias": item.alias, "city_code": cities.codes[item.province, item.city]}


def _escort_cities(cities: files.CityFile) -> list[Row]:
    return [_served(ESCORT_LIST, city.seq, city, city.raw_name or city.city) for city in cities.escort]


def _test_cities(cities: files.CityFile) -> list[Row]:
    return [_served(TEST_LIST, seq, city, city.city) for seq, city in enumerate(cities.test, 1)]


def _served(of: tuple[str, str], seq: int, city: files.City, printed: str) -> Row:
    product, service = of
    return {
        "product_code": product,
        "service": service,
        "city_code": city.code,
        "seq": seq,
        "printed_name": printed,
    }


def _hospital(item: files.NamedHospital, cities: files.CityFile) -> Row:
    unit = [item.unit.zh, item.unit.en] if item.unit else []
    return {
        "code": item.code,
        "id": derived_id("hospital", item.code),
        "name": item.name.zh,
        "city_code": cities.codes[item.province, item.city],
        "ownership": item.ownership,
        "department_classes": item.department_classes,
        "items": [],
        "is_direct_billing": False,
        "has_onsite_service": item.onsite_service,
        "unit": item.unit and item.unit.zh,
        "source": item.source,
        "is_demo": False,
        **asdict(search_columns(item.name.zh, item.name.en, *unit)),
        TOUCHED: dt.datetime.now(dt.UTC),
    }


# Drugs, lifecycles and days


def _drugs() -> Part:
    return Part(Drug, [_drug(drug) for drug in files.drug_file().drugs])


def _drug(drug: files.Drug) -> Row:
    maker = drug.normalized or drug.manufacturer
    found = asdict(search_columns(drug.brand, drug.generic, drug.manufacturer, maker))
    return {
        "id": derived_id("drug", "|".join((DRUG_PRODUCT, *drug.identity))),
        "product_code": DRUG_PRODUCT,
        **drug.model_dump(include={"seq", "brand", "generic", "manufacturer", "listed_from", "listed_until"}),
        "manufacturer_normalized": maker,
        **{name: found[name] for name in ("search_text", "search_grams", "sort_key")},
    }


def _transitions() -> Part:
    steps = [
        {
            "machine": machine,
            "from_state": before,
            "command": edge.command,
            "role": role,
            "to_state": after,
            "position": position,
        }
        for machine, edges in files.lifecycles().items()
        for position, edge in enumerate(edges, 1)
        for before in edge.before
        for role in edge.by
        for after in edge.to
    ]
    return Part(Transition, steps)


def _calendar() -> Part:
    ours = ", ".join(f"'{source}'" for source in SOURCES)
    return Part(CalendarDay, [asdict(day) for day in days()], ours=f"calendar_days.source in ({ours})")


def _both(name: str, text: files.Text | None) -> Row:
    return {f"{name}_zh": text and text.zh, f"{name}_en": text and text.en}


def _given(texts: BaseModel) -> Row:
    return texts.model_dump(exclude_none=True)


# Writing


async def _note(connection: Any, name: str, digest: str) -> None:
    await connection.execute(
        """
        insert into seed_states (name, sha256, applied_at) values ($1, $2, now())
        on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at
        """,
        name,
        digest,
    )


async def _write(connection: Any, parts: Sequence[Part]) -> None:
    await _step_aside(connection)
    for part in parts:
        await connection.execute(_upsert(part), part.json)
    for part in reversed(parts):
        await connection.execute(_delete_vanished(part), part.json)
    await _line_up(connection)


async def _step_aside(connection: Any) -> None:
    """Numbers are unique at every moment, so the old ones make room before rows change places."""
    for table, number in NUMBERED:
        await connection.execute(f"update {table} set {number} = -{number}")


async def _line_up(connection: Any) -> None:
    """What vanished from the files but is referred to goes to the end."""
    for table, number in NUMBERED:
        last = f"(select max({number}) from {table})"
        await connection.execute(f"update {table} set {number} = {last} - {number} where {number} < 0")


def _upsert(part: Part) -> str:
    """Rows travel as one JSON array, which the server reads by the table's own types."""
    columns = list(part.rows[0])
    changing = [name for name in columns if name not in part.key]
    return f"""
        insert into {part.table.name} ({_list(columns)})
        select {_list(columns)} from jsonb_populate_recordset(null::{part.table.name}, $1::text::jsonb)
        on conflict ({_list(part.key)}) {_update(part, changing)}
    """


def _update(part: Part, columns: Sequence[str]) -> str:
    compared = [name for name in columns if name != TOUCHED]
    if not compared:
        return "do nothing"
    differs = f"({_list(compared, part.table.name)}) is distinct from ({_list(compared, 'excluded')})"
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    return f"do update set {sets} where {differs} and {part.ours}"


def _delete_vanished(part: Part) -> str:
    table = part.table.name
    same = f"({_list(part.key, 'kept')}) = ({_list(part.key, table)})"
    kept = f"select from jsonb_populate_recordset(null::{table}, $1::text::jsonb) kept where {same}"
    conditions = [f"not exists ({kept})", part.ours, *_unreferenced(part.table)]
    return f"delete from {table} where {' and '.join(conditions)}"


def _unreferenced(table: Table) -> list[str]:
    """One condition for each foreign key of any table that leads here."""
    keys = [key for child in metadata.sorted_tables for key in child.foreign_key_constraints]
    return [
        f"not exists (select from {key.table.name} where "
        + " and ".join(f'{key.table.name}."{e.parent.name}" = {table.name}."{e.column.name}"' for e in key.elements)
        + ")"
        for key in keys
        if key.referred_table is table
    ]


def _list(names: Iterable[str], table: str = "") -> str:
    return ", ".join(f'{table}."{name}"' if table else f'"{name}"' for name in names)
