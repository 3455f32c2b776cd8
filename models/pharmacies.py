"""Pharmacies that vendors have designated, where listed drugs are collected."""

import uuid

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.base import text_list


class Pharmacy(SQLModel, table=True):
    __tablename__ = "pharmacies"
    __table_args__ = (
        Index("ix_pharmacies__search_grams", "search_grams", postgresql_using="gin"),
        Index("ix_pharmacies__city", "city_code", "sort_key", "id"),
        Index("ix_pharmacies__vendor", "vendor_code", "sort_key", "id"),
        Index("ix_pharmacies__name", "sort_key", "id"),
    )

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    vendor_code: str = Field(foreign_key="vendors.code")
    city_code: str = Field(foreign_key="cities.code")
    name: str
    address: str | None = None
    phone: str | None = None
    is_demo: bool = False
    search_text: str
    search_grams: list[str] = text_list()
    sort_key: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
