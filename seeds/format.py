"""The shape of the seed files. A key that is not named here is refused, so that a typing error cannot lose a rule."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator
from pydantic.alias_generators import to_camel

from seeds.state import HERE, PRODUCTS


class Shape(BaseModel):
    """Base of every seed record: camelCase keys in the file, nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class Text(Shape):
    """A text for people in both languages, in our own words."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Kind(StrEnum):
    HARD = "HARD"
    SOFT = "SOFT"
    CONSEQUENCE = "CONSEQUENCE"
    SLA = "SLA"
    DISCLOSURE = "DISCLOSURE"
    FLOW = "FLOW"
    DATA = "DATA"


class Account(StrEnum):
    """How the gateway accounts for a rule."""

    ENFORCED = "ENFORCED"  # a check of the validation module or a lifecycle edge upholds it
    DATA = "DATA"  # carried as data that the API answers
    DISCLOSED = "DISCLOSED"  # shown to the client, and acknowledged where an operation demands it
    TIMED = "TIMED"  # a clock or a reminder runs it
    NOT_FOR_SOFTWARE = "NOT_FOR_SOFTWARE"  # nothing a gateway could do; `accountNote` says why
    PENDING = "PENDING"  # its service is not built yet


class Clause(Shape):
    section: Text
    item: str | None = None  # the printed number inside the section, such as "③" or "2)"
    lines: str  # lines of the handbook's text file, such as "L66,L68"


class RuleTexts(Shape):
    """Templates of what a client reads; {names} are filled with the actual values of the verdict."""

    refused: Text | None = None
    warned: Text | None = None
    unknown: Text | None = None
    remedy: Text | None = None


class RuleRow(Shape):
    id: str = Field(pattern=r"^(ZYB|ZAWX|CY23|VAS|CY26)-[A-Z]+-\d{2}$")
    kind: Kind
    service: str | None = None  # a ServiceKind, or null when it governs the whole product
    clause: Clause
    statement: Text
    reading: Text | None = None  # how an ambiguity was read, and why
    parameters: dict[str, Any] = {}
    operations: list[str] = []  # API names of the mutations and queries that it governs
    same_as: list[str] = []
    account: Account
    account_note: Text | None = None
    checks: list[str] = []  # functions of gateway.validation.rules
    texts: RuleTexts = RuleTexts()

    @model_validator(mode="after")
    def is_accounted_for(self) -> "RuleRow":
        if self.account is Account.NOT_FOR_SOFTWARE and self.account_note is None:
            raise ValueError(f"{self.id}: NOT_FOR_SOFTWARE needs accountNote, the reason")
        if self.checks and self.account is not Account.ENFORCED:
            raise ValueError(f"{self.id}: has checks, so account must be ENFORCED")
        return self


class Insurer(Shape):
    name: Text | None  # null where the handbook names none
    short_name: Text | None = None


class Handbook(Shape):
    title: Text
    edition: str | None
    file: str  # name of the source text, the key of every clause


class Product(Shape):
    code: str
    name: Text
    insurer: Insurer
    handbook: Handbook


class Named(Shape):
    code: str
    name: Text


class Vendor(Named):
    role: str
    services: list[str] = []  # ServiceKinds that it delivers for this product


class Hours(Shape):
    opens_at: str  # "09:00", included
    closes_at: str  # "21:00", excluded
    after_hours: str  # MESSAGE or REJECT


class Service(Shape):
    kind: str
    name: Text
    summary: Text
    vendor: str | None = None  # a vendor code; null where the handbook names none
    rider: str | None = None  # only for policies with this rider
    quota: int | None = None  # uses per policy year; null is unlimited (quotaStated tells it from unstated)
    quota_stated: bool = True
    monthly_cap: int | None = None
    waiting_days: int | None = None  # null: the policy's own waiting period, if it has one
    verification: str | None = None  # POLICY_NUMBER, PERSON_INFO or INSURER_LIST
    hours: Hours | None = None
    first_response_minutes: Decimal | None = None
    lifecycle: str | None = None
    rules: list[str] = []  # ids of the rules that state these terms


class Contact(Shape):
    purpose: str
    kind: str  # PHONE, EMAIL, MINI_PROGRAM, OFFICIAL_ACCOUNT, POST, WECHAT_WORK
    value: str
    note: Text | None = None
    hours: str | None = None  # "24x7" or null when not printed
    services: list[str] = []
    lines: str


class ProductFile(Shape):
    product: Product
    plans: list[Named] = []
    riders: list[Named] = []
    vendors: list[Vendor] = []
    services: list[Service]
    contacts: list[Contact] = []
    rules: list[RuleRow]

    @field_validator("rules")
    @classmethod
    def ids_are_unique(cls, rules: list[RuleRow]) -> list[RuleRow]:
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                raise ValueError(f"{rule.id} stands twice")
            seen.add(rule.id)
        return rules

    @model_validator(mode="after")
    def references_hold(self) -> "ProductFile":
        ids = {rule.id for rule in self.rules}
        kinds = {service.kind for service in self.services}
        vendors = {vendor.code for vendor in self.vendors}
        riders = {rider.code for rider in self.riders}
        for rule in self.rules:
            if not rule.id.startswith(self.product.code + "-"):
                raise ValueError(f"{rule.id} belongs to another product")
            if rule.service is not None and rule.service not in kinds:
                raise ValueError(f"{rule.id}: service {rule.service} is not among the product's services")
            for other in rule.same_as:
                if other not in ids:
                    raise ValueError(f"{rule.id}: sameAs {other} does not exist")
        for service in self.services:
            for rule_id in service.rules:
                if rule_id not in ids:
                    raise ValueError(f"{service.kind}: rule {rule_id} does not exist")
            if service.vendor is not None and service.vendor not in vendors:
                raise ValueError(f"{service.kind}: vendor {service.vendor} does not exist")
            if service.rider is not None and service.rider not in riders:
                raise ValueError(f"{service.kind}: rider {service.rider} does not exist")
        self._numbers_agree()
        return self

    def _numbers_agree(self) -> None:
        """A number that stands both in a service's terms and in a rule that states them must be the same."""
        rules = {rule.id: rule for rule in self.rules}
        for service in self.services:
            terms = service.model_dump(by_alias=True)
            for rule_id in service.rules:
                for key, value in rules[rule_id].parameters.items():
                    if key in terms and not isinstance(terms[key], (dict, list)) and terms[key] != value:
                        raise ValueError(f"{service.kind}.{key} is {terms[key]}, but {rule_id} says {value}")


# The reference lists


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


class CheckTexts(RuleTexts):
    """Texts of a check, for rules that have several checks and none of their own for this one."""

    passed: Text | None = None
    overridden: Text | None = None  # by the hotline, for one request


# Reading


@cache
def product_file(code: str) -> ProductFile:
    return ProductFile.model_validate(read(f"{code.lower()}.yaml"))


def product_files() -> list[ProductFile]:
    return [product_file(code) for code in PRODUCTS]


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
