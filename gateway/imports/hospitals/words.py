"""What a line of hospitals may refer to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may refer to, read once."""

    cities: Mapping[str, Mapping[str, str]]  # province → name, alias or code → code
    city_names: Mapping[str, list[str]]  # province → names
    departments: Mapping[str, str]  # code, or name in small letters → code
    plans: Mapping[str, list[str]]  # product → its plans
    brands: Mapping[str, str]  # code or name → code


CITIES = """
select province, name, code, array(select alias from city_aliases where city_code = code order by alias) as aliases
from cities order by province, sort_key
"""
PLANS = """
select product.code, array(select plan.code from plans as plan where plan.product_code = product.code
                           order by plan.position) as plans
from products as product order by product.position
"""


async def known_words(connection: Any) -> Known:
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
