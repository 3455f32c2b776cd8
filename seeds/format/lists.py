"""The reference lists, and the steps of each lifecycle."""

import datetime as dt
from typing import Literal

from pydantic import Field, field_validator, model_validator

from seeds.format.shape import Named, Shape, Text


class City(Shape):
    province: str
    city: str
    code: str = Field(pattern=r"^[a-z]+(-[a-z]+)?$")
    pinyin: str = Field(pattern=r"^[a-z]+$")


class NumberedCity(City):
    seq: int = Field(ge=1)
    raw_name: str | None = None  # as printed, where the print slipped


class CityAlias(Shape):
    province: str
    city: str
    alias: str


class CityFile(Shape):
    escort: list[NumberedCity]
    test: list[City]
    other: list[City]
    aliases: list[CityAlias]

    @property
    def all(self) -> dict[str, City]:
        """By code; a city that stands in several lists once."""
        return {city.code: city for city in [*self.other, *self.test, *self.escort]}

    @property
    def codes(self) -> dict[tuple[str, str], str]:
        """Code by province and name."""
        return {(city.province, city.city): city.code for city in self.all.values()}

    @model_validator(mode="after")
    def lists_agree(self) -> "CityFile":
        for city in [*self.escort, *self.test, *self.other]:
            known = self.all[city.code]
            if (known.province, known.city, known.pinyin) != (city.province, city.city, city.pinyin):
                raise ValueError(f"{city.code} is {known.province} {known.city} and {city.province} {city.city}")
        if len(self.codes) < len(self.all):
            raise ValueError("a city has two codes")
        if [city.seq for city in self.escort] != list(range(1, len(self.escort) + 1)):
            raise ValueError("the numbers of the escort list have a gap, or stand out of order")
        for alias in self.aliases:
            if (alias.province, alias.city) not in self.codes:
                raise ValueError(f"{alias.alias} is an alias of {alias.province} {alias.city}, which is not listed")
        return self


class Drug(Shape):
    seq: int = Field(ge=1)
    brand: str
    generic: str
    manufacturer: str  # as printed
    normalized: str | None = None  # the maker's usual spelling, where the print has another
    listed_from: dt.date | None = None  # where it was added after the edition, by a published notice
    listed_until: dt.date | None = None  # where a published notice took it off: the first day without it

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.brand, self.generic, self.manufacturer


class DrugFile(Shape):
    drugs: list[Drug]

    @field_validator("drugs")
    @classmethod
    def drugs_are_distinct(cls, drugs: list[Drug]) -> list[Drug]:
        if len({drug.identity for drug in drugs}) < len(drugs):
            raise ValueError("a drug stands twice: brand, generic name and maker are the same")
        if [drug.seq for drug in drugs] != list(range(1, len(drugs) + 1)):
            raise ValueError("the numbers of the drugs have a gap, or stand out of order")
        return drugs


class DepartmentFile(Shape):
    departments: list[Named]


class NamedHospital(Shape):
    """A hospital that a handbook names, with no more than what is printed there."""

    code: str
    name: Text
    unit: Text | None = None
    city: str
    province: str
    ownership: Literal["PUBLIC", "PRIVATE"]
    department_classes: list[str] = []
    onsite_service: bool = False
    source: Literal["HANDBOOK"]
    lines: str


class Edge(Shape):
    """A command that leads from any of some states, taken by any of some roles, to one of some states."""

    before: list[str] = Field(alias="from", min_length=1)
    command: str
    by: list[Literal["CUSTOMER", "VENDOR", "STAFF", "SYSTEM"]] = Field(min_length=1)
    to: list[str] = Field(min_length=1)
