"""Lead times and cut-offs that the hotline has set aside for one request."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from models.base import Sharded, instant


class HotlineOverride(Sharded, table=True):
    """One rule, for one insured and one day of visit, once: for a booking that stands, or for one to be asked for."""

    __tablename__ = "hotline_overrides"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "spent_on"], ["bookings.policy_id", "bookings.id"]),
        CheckConstraint("(spent_at is null) = (spent_on is null)", name="spent_whole"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index(
            "uq_hotline_overrides__one_open",
            "policy_id",
            "insured_id",
            "rule_code",
            "visit_on",
            "booking_id",
            unique=True,
            postgresql_where=text("spent_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    insured_id: uuid.UUID
    rule_code: str = Field(foreign_key="rules.code")
    booking_id: uuid.UUID | None = None
    visit_on: dt.date
    reason: str
    given_by: str
    given_at: dt.datetime = instant()
    spent_at: dt.datetime | None = instant(nullable=True)
    spent_on: uuid.UUID | None = None
