"""Products, their plans, riders, services and contact channels, as the handbooks state them."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Numeric
from sqlmodel import Field, SQLModel

from models.base import one_of, text_list


class Product(SQLModel, table=True):
    __tablename__ = "products"

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    position: int
    name_zh: str
    name_en: str
    insurer_zh: str | None
    insurer_en: str | None
    handbook_title_zh: str
    handbook_title_en: str
    handbook_edition: str | None
    handbook_file: str


class Plan(SQLModel, table=True):
    __tablename__ = "plans"

    product_code: str = Field(primary_key=True, foreign_key="products.code")
    code: str = Field(primary_key=True)
    position: int
    name_zh: str
    name_en: str


class Rider(SQLModel, table=True):
    __tablename__ = "riders"

    product_code: str = Field(primary_key=True, foreign_key="products.code")
    code: str = Field(primary_key=True)
    position: int
    name_zh: str
    name_en: str


class ProductService(SQLModel, table=True):
    """A service that a product grants, with the terms of its handbook. `quota` NULL is unlimited, never 0 or 9999."""

    __tablename__ = "product_services"
    __table_args__ = (
        ForeignKeyConstraint(["product_code", "rider_code"], ["riders.product_code", "riders.code"]),
        CheckConstraint("quota is null or quota > 0", name="quota_positive"),
        CheckConstraint("waiting_days is null or waiting_days >= 0", name="waiting_days_not_negative"),
        CheckConstraint("(opens_at is null) = (closes_at is null)", name="hours_whole"),
        one_of("after_hours", ["MESSAGE", "REJECT"]),
        one_of("verification", ["POLICY_NUMBER", "PERSON_INFO", "INSURER_LIST"]),
    )

    product_code: str = Field(primary_key=True, foreign_key="products.code")
    kind: str = Field(primary_key=True)
    position: int
    name_zh: str
    name_en: str
    summary_zh: str
    summary_en: str
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    rider_code: str | None = None
    quota: int | None = None
    is_quota_stated: bool
    monthly_cap: int | None = None
    waiting_days: int | None = None
    verification: str | None = None
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None
    after_hours: str | None = None
    first_response_minutes: Decimal | None = Field(default=None, sa_type=Numeric(6, 2))
    lifecycle: str | None = None
    rule_codes: list[str] = text_list()


class ContactChannel(SQLModel, table=True):
    __tablename__ = "contact_channels"
    __table_args__ = (one_of("kind", ["PHONE", "EMAIL", "MINI_PROGRAM", "OFFICIAL_ACCOUNT", "POST", "WECHAT_WORK"]),)

    id: uuid.UUID = Field(primary_key=True)
    product_code: str = Field(foreign_key="products.code", index=True)
    position: int
    purpose: str
    kind: str
    value: str
    note_zh: str | None = None
    note_en: str | None = None
    hours: str | None = None
    services: list[str] = text_list()
    lines: str
