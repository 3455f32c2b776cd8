"""Reads the seed files."""

from functools import cache
from typing import Any

import yaml
from pydantic import TypeAdapter

from seeds.format.lists import CityFile, DepartmentFile, DrugFile, Edge, NamedHospital
from seeds.format.products import ProductFile
from seeds.format.rules import CheckTexts
from seeds.state import HERE, PRODUCTS


def product_files() -> list[ProductFile]:
    return [product_file(code) for code in PRODUCTS]


@cache
def product_file(code: str) -> ProductFile:
    return ProductFile.model_validate(read(f"{code.lower()}.yaml"))


def city_file() -> CityFile:
    return CityFile.model_validate(read("cities.yaml"))


def drug_file() -> DrugFile:
    return DrugFile.model_validate(read("drugs.yaml"))


def department_file() -> DepartmentFile:
    return DepartmentFile.model_validate(read("departments.yaml"))


def named_hospitals() -> list[NamedHospital]:
    return TypeAdapter(list[NamedHospital]).validate_python(read("named_hospitals.yaml"))


def lifecycles() -> dict[str, list[Edge]]:
    return TypeAdapter(dict[str, list[Edge]]).validate_python(read("lifecycles.yaml"))


def check_texts() -> dict[str, CheckTexts]:
    return TypeAdapter(dict[str, CheckTexts]).validate_python(read("texts.yaml"))


def read(name: str) -> Any:
    with (HERE / name).open("rb") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)
