"""The rulebook: every handbook rule, what it demands, and how the gateway accounts for it."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import instant, json_object, one_of, text_list


class Rule(SQLModel, table=True):
    __tablename__ = "rules"
    __table_args__ = (
        one_of("kind", ["HARD", "SOFT", "CONSEQUENCE", "SLA", "DISCLOSURE", "FLOW", "DATA"]),
        one_of("account", ["ENFORCED", "DATA", "DISCLOSED", "TIMED", "NOT_FOR_SOFTWARE", "PENDING"]),
    )

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    position: int = Field(unique=True)  # handbook order over all products
    product_code: str = Field(foreign_key="products.code", index=True)
    kind: str
    service: str | None = None
    section_zh: str
    section_en: str
    item: str | None = None
    lines: str
    statement_zh: str
    statement_en: str
    reading_zh: str | None = None
    reading_en: str | None = None
    parameters: dict[str, Any] = json_object()
    operations: list[str] = text_list()
    same_as: list[str] = text_list()
    account: str
    account_note_zh: str | None = None
    account_note_en: str | None = None
    checks: list[str] = text_list()
    texts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))


class CheckText(SQLModel, table=True):
    """What a client reads where a rule has no text of its own; `generic` serves every check that has none either."""

    __tablename__ = "check_texts"

    check: str = Field(primary_key=True)
    texts: dict[str, Any] = json_object()


class SeedState(SQLModel, table=True):
    """Which version of a seed is in the database; for `rulebook` it is the version that decisions cite."""

    __tablename__ = "seed_states"

    name: str = Field(primary_key=True)
    sha256: str
    applied_at: dt.datetime = instant()
