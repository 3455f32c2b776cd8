"""Policies, the people on them, their riders and the period that each insured is covered."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, date_range, instant, key, money, one_of, pairs_index


class Policy(SQLModel, table=True):
    """A policy term. Its id is derived from its number, so that a number leads to one shard without a look-up table."""

    __tablename__ = "policies"
    __table_args__ = (
        ForeignKeyConstraint(["product_code", "plan_code"], ["plans.product_code", "plans.code"]),
        one_of("channel", ["ONLINE", "OFFLINE_PAPER"]),
        one_of("status", ["IN_FORCE", "TERMINATED"]),
        CheckConstraint("waiting_days between 0 and 3650", name="waiting_days_possible"),
        CheckConstraint(
            "not isempty(cover) and lower_inc(cover) and not upper_inc(cover) and upper(cover) is not null",
            name="cover_half_open",
        ),
        Index("ix_policies__number", "number", "policy_id"),
        pairs_index("policies", "number"),
        Index("ix_policies__product", "product_code", "policy_id"),
        Index("ix_policies__created_at", "created_at", "policy_id"),
    )

    policy_id: uuid.UUID = key()
    number: str
    product_code: str = Field(foreign_key="products.code")
    plan_code: str | None = None
    channel: str
    status: str = "IN_FORCE"
    effective_at: dt.datetime = instant()
    cover: Any = date_range()  # [first day, day after the last)
    waiting_days: int | None = None  # NULL: not stated for this policy
    holder_id: uuid.UUID  # the member who took the policy out
    advance_limit: Decimal | None = money(nullable=True)
    is_demo: bool = False
    created_at: dt.datetime = instant()


class PolicyRider(SQLModel, table=True):
    __tablename__ = "policy_riders"

    policy_id: uuid.UUID = key(foreign_key="policies.policy_id")
    product_code: str
    rider_code: str = Field(primary_key=True)

    __table_args__ = (ForeignKeyConstraint(["product_code", "rider_code"], ["riders.product_code", "riders.code"]),)


class PolicyMember(Sharded, table=True):
    """A person in a role on one policy. Numbers that identify a person are encrypted; hashes make them searchable."""

    __tablename__ = "policy_members"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        UniqueConstraint("policy_id", "role", "id_number_hash"),
        one_of("role", ["HOLDER", "INSURED"]),
        one_of("gender", ["MALE", "FEMALE"]),
        Index("ix_policy_members__id_number_hash", "id_number_hash", "policy_id"),
        CheckConstraint("birth_on >= date '1900-01-01'", name="birth_on_possible"),
    )

    role: str
    position: int
    name: str
    gender: str
    birth_on: dt.date
    phone_encrypted: bytes | None = None
    phone_hash: bytes | None = None
    phone_last4: str | None = None
    id_type: str
    id_number_encrypted: bytes
    id_number_hash: bytes
    id_number_last4: str


class Coverage(SQLModel, table=True):
    """The period in which an insured is covered, as a half-open range of civil days."""

    __tablename__ = "coverages"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        CheckConstraint(
            "not isempty(cover) and lower_inc(cover) and not upper_inc(cover) and upper(cover) is not null",
            name="cover_half_open",
        ),
    )

    policy_id: uuid.UUID = key()
    insured_id: uuid.UUID = key()
    cover: Any = date_range()


class PolicyGrant(Sharded, table=True):
    """Whom an identity provider's subject is on a policy: what a customer's token covers is looked up here."""

    __tablename__ = "policy_grants"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        one_of("role", ["HOLDER", "INSURED", "GUARDIAN", "AGENT"]),
        CheckConstraint("valid_until > created_at", name="ends_later"),
        CheckConstraint("role not in ('INSURED', 'GUARDIAN') or insured_id is not null", name="insured_named"),
        CheckConstraint("role not in ('GUARDIAN', 'AGENT') or valid_until is not null", name="ends_some_day"),
        CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked_whole"),
        Index("ix_policy_grants__subject", "subject", "issuer", "policy_id"),
        Index(
            "uq_policy_grants__one_live",
            "policy_id",
            "issuer",
            "subject",
            "role",
            "insured_id",
            unique=True,
            postgresql_where=text("revoked_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    issuer: str  # two providers may call different people by the same subject
    subject: str
    role: str
    insured_id: uuid.UUID | None = None  # whose the access is about; NULL: the whole policy
    valid_until: dt.datetime | None = instant(nullable=True)  # NULL: until it is taken back
    granted_by: str
    created_at: dt.datetime = instant()
    revoked_by: str | None = None
    revoked_at: dt.datetime | None = instant(nullable=True)
