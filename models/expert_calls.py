"""Experts, the slots in which they can be called, and the calls."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field, SQLModel

from models.base import instant, key, one_of


class Expert(SQLModel, table=True):
    __tablename__ = "experts"
    __table_args__ = (
        CheckConstraint("hospital_rank > 0", name="hospital_rank_positive"),
        Index("ix_experts__department", "department_code", "code"),
    )

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    vendor_code: str = Field(foreign_key="vendors.code")
    department_code: str = Field(foreign_key="departments.code")
    name: str
    title: str
    hospital: str
    hospital_rank: int | None = None  # NULL: no ranking has been loaded
    is_in_service: bool = True
    is_demo: bool = False


class ExpertSlot(SQLModel, table=True):
    """A slot of an expert's schedule; it is taken by the one statement that finds it free."""

    __tablename__ = "expert_slots"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="slot_ordered"),
        CheckConstraint("(policy_id is null) = (booking_id is null)", name="taken_whole"),
        CheckConstraint("booking_id is not null or not is_waiting", name="waiting_is_taken"),
        # a time is taken before its booking is written, so that this is asked at the end of the transaction
        ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_expert_slots__free", "starts_at", "expert_code", postgresql_where=text("booking_id is null")),
        Index("ix_expert_slots__booking", "booking_id"),
    )

    expert_code: str = Field(primary_key=True, foreign_key="experts.code")
    starts_at: dt.datetime = Field(primary_key=True, sa_type=TIMESTAMP(timezone=True))  # type: ignore[call-overload]
    ends_at: dt.datetime = instant()
    is_visit_hours: bool = False  # the expert is on duty: direct calls draw on these slots
    policy_id: uuid.UUID | None = None
    booking_id: uuid.UUID | None = None
    is_waiting: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})  # a direct call not yet over


class ExpertCallDetails(SQLModel, table=True):
    """A call by appointment (SCHEDULED), or as soon as the expert on duty is free (DIRECT)."""

    __tablename__ = "expert_call_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("mode", ["SCHEDULED", "DIRECT"]),
        CheckConstraint("mode = 'DIRECT' or slot_starts_at is not null", name="scheduled_in_slot"),
        CheckConstraint("queue_length >= 0", name="queue_length_not_negative"),
        CheckConstraint("call_ended_at is null or call_ended_at >= call_started_at", name="call_ordered"),
        Index("ix_expert_call_details__queue", "expert_code", "ordered_at", "booking_id"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    mode: str
    expert_code: str = Field(foreign_key="experts.code")
    slot_starts_at: dt.datetime | None = instant(nullable=True)
    topic: str | None = None
    question: str | None = None
    phone_encrypted: bytes
    phone_last4: str
    queue_length: int | None = None  # direct calls before this one when it was ordered
    ordered_at: dt.datetime = instant()
    call_started_at: dt.datetime | None = instant(nullable=True)
    call_ended_at: dt.datetime | None = instant(nullable=True)


class CallAttempt(SQLModel, table=True):
    """A call through the system; the third that fails for the same caller ends the order."""

    __tablename__ = "call_attempts"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("caller", ["HEALTH_MANAGER", "EXPERT"]),
        CheckConstraint("seq > 0", name="seq_positive"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    caller: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    is_answered: bool
    call_reference: str | None = None  # the telephone system's own record
    actor: str
    at: dt.datetime = instant()
