"""A product's file: its terms, its vendors and its rules, which must agree."""

from decimal import Decimal

from pydantic import field_validator, model_validator

from seeds.format.rules import RuleRow
from seeds.format.shape import Named, Shape, Text


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
