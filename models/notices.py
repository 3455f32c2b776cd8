"""Announcements: what changes of a handbook, and what a service of information has to tell."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import instant


class Notice(SQLModel, table=True):
    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(["product_code", "service"], ["product_services.product_code", "product_services.kind"]),
        CheckConstraint("service is null or product_code is not null", name="service_of_product"),
        Index("ix_notices__published", "published_at", "id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    product_code: str | None = Field(default=None, foreign_key="products.code", index=True)
    service: str | None = None
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    url: str | None = None
    effective_on: dt.date
    published_at: dt.datetime = instant()
    is_demo: bool = False
