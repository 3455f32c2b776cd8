"""What an insured may still use: accounts with counters, holds on them, and a ledger that is only ever added to."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Column, Computed, ForeignKeyConstraint, Index, Integer, UniqueConstraint, text
from sqlmodel import Field

from models.base import Sharded, date_range, instant, one_of


class EntitlementAccount(Sharded, table=True):
    """The uses of one service by one insured in one policy year. `granted` NULL is unlimited."""

    __tablename__ = "entitlement_accounts"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        UniqueConstraint("policy_id", "insured_id", "service", "period"),
        CheckConstraint("granted is null or held + used <= granted", name="not_overspent"),
        CheckConstraint("held >= 0 and used >= 0 and cancellations >= 0 and granted >= 0", name="not_negative"),
        Index("ix_entitlement_accounts__left", text("upper(period)"), postgresql_where=text("remaining > 0")),
    )

    insured_id: uuid.UUID
    product_code: str
    service: str
    position: int
    period: Any = date_range()
    granted: int | None = None
    held: int = 0
    used: int = 0
    cancellations: int = 0  # free cancellations of confirmed bookings
    usable_from: dt.date | None = None  # NULL: the policy does not state its waiting period
    remaining: int | None = Field(
        default=None, sa_column=Column(Integer, Computed("granted - held - used", persisted=True))
    )
    created_at: dt.datetime = instant()


class EntitlementHold(Sharded, table=True):
    """A use that is set aside for one subject until it is consumed or released."""

    __tablename__ = "entitlement_holds"
    __table_args__ = (
        ForeignKeyConstraint(
            ["policy_id", "account_id"], ["entitlement_accounts.policy_id", "entitlement_accounts.id"]
        ),
        one_of("state", ["HELD", "CONSUMED", "RELEASED", "EXPIRED"]),
        Index(
            "uq_entitlement_holds__one_live_per_subject",
            "policy_id",
            "subject_type",
            "subject_id",
            unique=True,
            postgresql_where=text("state in ('HELD', 'CONSUMED')"),
        ),
        Index(
            "uq_entitlement_holds__one_live_per_month",
            "policy_id",
            "account_id",
            "service_month",
            unique=True,
            postgresql_where=text("service_month is not null and state in ('HELD', 'CONSUMED')"),
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    account_id: uuid.UUID
    quantity: int = 1
    state: str
    subject_type: str
    subject_id: uuid.UUID
    service_month: dt.date | None = None  # first day of the month, where a monthly cap applies
    created_at: dt.datetime = instant()
    resolved_at: dt.datetime | None = instant(nullable=True)


class EntitlementEntry(Sharded, table=True):
    """A line of the ledger. The gateway's role may insert here and nothing else."""

    __tablename__ = "entitlement_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["policy_id", "account_id"], ["entitlement_accounts.policy_id", "entitlement_accounts.id"]
        ),
        UniqueConstraint("policy_id", "command_id"),
        one_of("kind", ["GRANT", "HOLD", "CONSUME", "RELEASE", "EXPIRE", "ADJUST"]),
        Index("ix_entitlement_entries__account", "policy_id", "account_id", "id"),
    )

    account_id: uuid.UUID
    hold_id: uuid.UUID | None = None
    command_id: uuid.UUID
    kind: str
    granted_change: int = 0
    held_change: int = 0
    used_change: int = 0
    actor: str
    reason: str | None = None
    rule_code: str | None = None
    at: dt.datetime = instant()
