"""Tokens of vendors: what each may do, for which products, services and hospitals."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import instant, text_list


class VendorToken(SQLModel, table=True):
    """A secret is kept only as its keyed hash. A successor is its rotation; both work until the old one expires."""

    __tablename__ = "vendor_tokens"
    __table_args__ = (
        CheckConstraint("cardinality(scopes) > 0 and cardinality(products) > 0", name="bounded"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        CheckConstraint("successor_id <> id", name="successor_is_another"),
        CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked_whole"),
        Index("ix_vendor_tokens__vendor", "vendor_code", "created_at", "id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    vendor_code: str = Field(foreign_key="vendors.code")
    name: str
    prefix: str = Field(unique=True)  # the part of the secret that may be shown
    secret_hash: bytes = Field(unique=True)
    scopes: list[str] = text_list()
    products: list[str] = text_list()
    services: list[str] = text_list()  # empty: every service of its products that the vendor delivers
    hospital_codes: list[str] = text_list()  # empty: not bound to hospitals
    issued_by: str
    created_at: dt.datetime = instant()
    expires_at: dt.datetime = instant()
    last_used_at: dt.datetime | None = instant(nullable=True)
    revoked_by: str | None = None
    revoked_at: dt.datetime | None = instant(nullable=True)
    successor_id: uuid.UUID | None = Field(default=None, unique=True, foreign_key="vendor_tokens.id")
