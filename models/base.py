"""What every table shares: column types that run on any PostgreSQL 15, ids made here, and the shard key."""

import datetime as dt
import enum
import os
import time
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, MetaData, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSONB, TIMESTAMP, UUID
from sqlmodel import Field, SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s__%(column_0_N_name)s",
        "uq": "uq_%(table_name)s__%(column_0_N_name)s",
        "ck": "ck_%(table_name)s__%(constraint_name)s",
        "fk": "fk_%(table_name)s__%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

NAMESPACE = uuid.UUID("6f0c1f5e-7f0b-5d0a-9b1e-5a2f6d3c8e41")
"""Root of the ids that are derived from a code, so that seeding twice gives the same id."""


APPEND_ONLY = (
    "audit_entries",
    "bill_waivers",
    "claim_decision_lines",
    "claim_decisions",
    "entitlement_entries",
    "guarantee_draws",
    "judgements",
    "repayment_entries",
)
"""Tables that only grow, as every `…_events` does: the gateway's role may add rows there, not change or delete them."""


def new_id() -> uuid.UUID:
    """A UUIDv7: 48 bits of milliseconds, then randomness, so that new rows land at the end of an index."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) & ((1 << 74) - 1)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return uuid.UUID(int=(stamp << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


def derived_id(kind: str, key: str) -> uuid.UUID:
    """The id of a thing whose natural key never changes: the same on every machine and at every seeding."""
    return uuid.uuid5(NAMESPACE, f"{kind}:{key}")


def one_of(column: str, values: Iterable[str] | type[enum.Enum]) -> CheckConstraint:
    """A closed set of values; a NULL passes, so nullability stays the column's own affair."""
    words = [str(value.value) for value in values] if isinstance(values, type) else list(values)
    return CheckConstraint(f"{column} in ({', '.join(repr(word) for word in words)})", name=f"{column}_known")


BAR = "|"


def pairs_index(table: str, column: str) -> Index:
    """An index of the neighboring characters of a text, by which any part of it is found without an extension.

    It is written as PostgreSQL writes it, so that the migrations can be compared with it.
    """

    def pairs(value: str) -> str:
        return f"string_to_array(regexp_replace({value}, '(..)'::text, '\\1{BAR}'::text, 'g'::text), '{BAR}'::text)"

    both = f"({pairs(f'{column}::text')} || {pairs(f'substr({column}::text, 2)')})"
    return Index(f"ix_{table}__{column}_pairs", text(both), postgresql_using="gin")


def is_append_only(table: str) -> bool:
    return table in APPEND_ONLY or table.endswith("_events")


def instant(*, nullable: bool = False, index: bool = False, default: dt.datetime | None = None) -> Any:
    """`default` is the database's own as well, for rows that others bring."""
    return Field(
        default=None if nullable else default or ...,
        sa_type=TIMESTAMP(timezone=True),  # type: ignore[call-overload]
        nullable=nullable,
        index=index,
        sa_column_kwargs={} if default is None else {"server_default": default.isoformat()},
    )


def instant_key() -> Any:
    """A part of the primary key that is an instant."""
    return Field(sa_type=TIMESTAMP(timezone=True), primary_key=True)  # type: ignore[call-overload]


def text_list() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


def json_object() -> Any:
    return Field(default_factory=dict, sa_type=JSONB, nullable=False)


def date_range() -> Any:
    return Field(sa_column=Column(DATERANGE, nullable=False))


def money(*, nullable: bool = False) -> Any:
    return Field(default=None if nullable else ..., sa_type=Numeric(14, 2), nullable=nullable)  # type: ignore[call-overload]


def key(*, foreign_key: str | None = None) -> Any:
    """A part of the primary key that is a UUID."""
    extra = {"foreign_key": foreign_key} if foreign_key else {}
    return Field(sa_type=UUID(as_uuid=True), primary_key=True, **extra)  # type: ignore[call-overload]


class Sharded(SQLModel):
    """A table that grows with policies: `policy_id` leads its keys, so that all of one policy stays together."""

    policy_id: uuid.UUID = key()
    id: uuid.UUID = key()


Money = Decimal
Day = dt.date
Instant = dt.datetime
