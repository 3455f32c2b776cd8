"""Rows of the cities, departments and hospitals."""

import datetime as dt
from dataclasses import asdict

from gateway.repositories.readings import search_columns
from models.base import derived_id
from models.cities import City, CityAlias, ServiceCity
from models.departments import Department
from models.hospitals import Hospital
from seeds import files
from seeds.format import lists
from seeds.rows.part import TOUCHED, Part, Row, both

ESCORT_LIST = ("ZYB", "OUTPATIENT_ESCORT")
TEST_LIST = ("CY26", "RESPIRATORY_TEST")


def of_places() -> list[Part]:
    cities = files.city_file()
    departments = [
        {"code": item.code, "position": position, **both("name", item.name)}
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


def _city(city: lists.City, cities: lists.CityFile) -> Row:
    aliases = [item.alias for item in cities.aliases if (item.province, item.city) == (city.province, city.city)]
    return {
        "code": city.code,
        "id": derived_id("city", city.code),
        "province": city.province,
        "name": city.city,
        **asdict(search_columns(city.city, *aliases)),
        "pinyin": city.pinyin,
    }


def _alias(item: lists.CityAlias, cities: lists.CityFile) -> Row:
    return {"alias": item.alias, "city_code": cities.codes[item.province, item.city]}


def _escort_cities(cities: lists.CityFile) -> list[Row]:
    return [_served(ESCORT_LIST, city.seq, city, city.raw_name or city.city) for city in cities.escort]


def _test_cities(cities: lists.CityFile) -> list[Row]:
    return [_served(TEST_LIST, seq, city, city.city) for seq, city in enumerate(cities.test, 1)]


def _served(of: tuple[str, str], seq: int, city: lists.City, printed: str) -> Row:
    product, service = of
    return {
        "product_code": product,
        "service": service,
        "city_code": city.code,
        "seq": seq,
        "printed_name": printed,
    }


def _hospital(item: lists.NamedHospital, cities: lists.CityFile) -> Row:
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
