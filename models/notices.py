"""Announcements that change what a handbook says, from the day they take effect."""

import datetime as dt
import uuid

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import instant


class Notice(SQLModel, table=True):
    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices__published", "published_at", "id"),)

    id: uuid.UUID = Field(primary_key=True)
    product_code: str | None = Field(default=None, foreign_key="products.code", index=True)
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    url: str | None = None
    effective_on: dt.date
    published_at: dt.datetime = instant()
    is_demo: bool = False
