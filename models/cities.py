"""Cities by province and name, the names they also go by, and the services that reach them."""

import uuid

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import text_list


class City(SQLModel, table=True):
    __tablename__ = "cities"
    __table_args__ = (
        UniqueConstraint("province", "name"),
        Index("ix_cities__search_grams", "search_grams", postgresql_using="gin"),
        Index("ix_cities__sort_key", "sort_key", "id"),
    )

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    province: str = Field(index=True)
    name: str
    pinyin: str
    search_text: str
    search_grams: list[str] = text_list()
    sort_key: str = Field(sa_column=Column(Text(collation="C"), nullable=False))


class CityAlias(SQLModel, table=True):
    __tablename__ = "city_aliases"

    alias: str = Field(primary_key=True)
    city_code: str = Field(primary_key=True, foreign_key="cities.code")


class ServiceCity(SQLModel, table=True):
    """A row of a handbook's list of cities that a service reaches; `printed_name` differs where the print slipped."""

    __tablename__ = "service_cities"
    __table_args__ = (UniqueConstraint("product_code", "service", "seq"),)

    product_code: str = Field(primary_key=True, foreign_key="products.code")
    service: str = Field(primary_key=True)
    city_code: str = Field(primary_key=True, foreign_key="cities.code", index=True)
    seq: int
    printed_name: str
