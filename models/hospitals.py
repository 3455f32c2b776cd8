"""Hospitals and clinics: what they are, their departments, and the networks that they belong to and when."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index, Numeric, Text, text
from sqlmodel import Field, SQLModel

from models.base import instant, one_of, text_list


class ClinicBrand(SQLModel, table=True):
    """A chain of clinics; a vaccination series stays with one brand until the brand closes."""

    __tablename__ = "clinic_brands"

    code: str = Field(primary_key=True)
    name: str
    closed_on: dt.date | None = None


class Hospital(SQLModel, table=True):
    __tablename__ = "hospitals"
    __table_args__ = (
        one_of("ownership", ["PUBLIC", "PRIVATE"]),
        one_of("source", ["HANDBOOK", "IMPORTED", "DEMO"]),
        CheckConstraint("level between 1 and 3", name="level_known"),
        CheckConstraint("latitude between -90 and 90", name="latitude_possible"),
        CheckConstraint("longitude between -180 and 180", name="longitude_possible"),
        CheckConstraint("(latitude is null) = (longitude is null)", name="location_whole"),
        Index("ix_hospitals__search_grams", "search_grams", postgresql_using="gin"),
        Index("ix_hospitals__city", "city_code", "sort_key", "id"),
        Index("ix_hospitals__name", "sort_key", "id"),
        Index("ix_hospitals__level", "level", "sort_key", "id"),
        Index("ix_hospitals__ownership", "ownership", "sort_key", "id"),
        Index("ix_hospitals__direct_billing", "is_direct_billing", "sort_key", "id"),
        Index("ix_hospitals__department_classes", "department_classes", postgresql_using="gin"),
        Index("ix_hospitals__items", "items", postgresql_using="gin"),
        Index("ix_hospitals__hours", "opens_at", "closes_at", postgresql_where=text("opens_at is not null")),
        Index("ix_hospitals__location", "latitude", "longitude"),
    )

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    name: str
    city_code: str = Field(foreign_key="cities.code")
    ownership: str
    level: int | None = None  # 1 to 3; NULL: not rated, or not known
    brand_code: str | None = Field(default=None, foreign_key="clinic_brands.code")
    department_classes: list[str] = text_list()
    items: list[str] = text_list()
    is_direct_billing: bool = False
    is_popular: bool | None = None  # NULL: no list of popular hospitals has been loaded for it
    has_onsite_service: bool = False
    unit: str | None = None
    address: str | None = None
    latitude: Decimal | None = Field(default=None, sa_type=Numeric(9, 6))  # GCJ-02
    longitude: Decimal | None = Field(default=None, sa_type=Numeric(9, 6))
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None
    phone: str | None = None
    introduction: str | None = None
    visit_tips: str | None = None
    source: str
    is_demo: bool = False
    pinyin: str
    search_text: str
    search_grams: list[str] = text_list()
    sort_key: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    updated_at: dt.datetime = instant()


class HospitalDepartment(SQLModel, table=True):
    __tablename__ = "hospital_departments"
    __table_args__ = (Index("ix_hospital_departments__department", "department_code", "hospital_code"),)

    hospital_code: str = Field(primary_key=True, foreign_key="hospitals.code", ondelete="CASCADE")
    department_code: str = Field(primary_key=True, foreign_key="departments.code")
    is_featured: bool = False


class HospitalNetwork(SQLModel, table=True):
    """Membership of a hospital in the network of a product, plan ('' where a product has none) and liability."""

    __tablename__ = "hospital_networks"
    __table_args__ = (
        one_of("liability", ["OUTPATIENT_INPATIENT", "VACCINE", "EYE", "DENTAL", "ADVANCE"]),
        CheckConstraint("valid_to is null or valid_from is null or valid_from < valid_to", name="validity_ordered"),
        Index("ix_hospital_networks__network", "product_code", "plan_code", "liability", "hospital_code"),
    )

    hospital_code: str = Field(primary_key=True, foreign_key="hospitals.code", ondelete="CASCADE")
    product_code: str = Field(primary_key=True, foreign_key="products.code")
    plan_code: str = Field(primary_key=True, default="")
    liability: str = Field(primary_key=True)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None  # first day on which it no longer holds
