"""The drug catalogue (formulary) of a product. Brand, generic name and maker together are a drug's identity."""

import datetime as dt
import uuid

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import text_list


class Drug(SQLModel, table=True):
    __tablename__ = "drugs"
    __table_args__ = (
        UniqueConstraint("product_code", "seq"),
        UniqueConstraint("product_code", "brand", "generic", "manufacturer"),
        Index("ix_drugs__search_grams", "search_grams", postgresql_using="gin"),
        Index("ix_drugs__sort_key", "sort_key", "id"),
        Index("ix_drugs__generic", "generic", "id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    product_code: str = Field(foreign_key="products.code")
    seq: int
    brand: str
    generic: str
    manufacturer: str  # as printed
    manufacturer_normalized: str
    listed_from: dt.date | None = None  # NULL: from the beginning
    listed_until: dt.date | None = None  # the first day on which it is on the list no more
    search_text: str
    search_grams: list[str] = text_list()
    sort_key: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
