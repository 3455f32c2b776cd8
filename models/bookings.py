"""Bookings of any service, their details, history, clocks and what vendors report."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, json_object, key, one_of, pairs_index, text_list
from models.steps import JudgedStep, history_of

NO_DEADLINE = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""Where no deadline runs: such bookings stand last in a queue."""


class Booking(Sharded, table=True):
    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["product_code", "service"], ["product_services.product_code", "product_services.kind"]),
        UniqueConstraint("policy_id", "number"),
        CheckConstraint("planned_minutes > 0", name="planned_minutes_positive"),
        CheckConstraint("(visit_at is null) = (visit_on is null)", name="visit_whole"),
        Index("ix_bookings__policy_visit", "policy_id", "visit_at", "id"),
        Index("ix_bookings__policy_created", "policy_id", "created_at", "id"),
        Index("ix_bookings__vendor_visit", "vendor_code", "visit_at", "id"),
        Index("ix_bookings__vendor_created", "vendor_code", "created_at", "id"),
        Index("ix_bookings__created", "created_at", "id"),
        Index("ix_bookings__visit", "visit_at", "id"),
        Index("ix_bookings__state_visit", "state", "visit_at", "id"),  # what time has made due
        Index("ix_bookings__number", "number", "id"),
        pairs_index("bookings", "number"),
        Index("ix_bookings__state", "state", "created_at", "id"),
        Index("ix_bookings__service", "service", "created_at", "id"),
        Index("ix_bookings__vendor_queue", "vendor_code", "due_at", "id", postgresql_where=text("waits_for_vendor")),
        Index("ix_bookings__staff_queue", "due_at", "id", postgresql_where=text("waits_for_staff")),
    )

    number: str
    product_code: str
    service: str
    machine: str
    state: str
    state_seq: int
    insured_id: uuid.UUID
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    hospital_code: str | None = Field(default=None, foreign_key="hospitals.code")
    department_code: str | None = Field(default=None, foreign_key="departments.code")
    visit_at: dt.datetime | None = instant(nullable=True)
    visit_on: dt.date | None = None  # civil day of visit_at in Asia/Shanghai
    planned_minutes: int | None = None
    confirmed_at: dt.datetime | None = instant(nullable=True)  # first confirmation by the client
    due_at: dt.datetime = instant(default=NO_DEADLINE)  # of the deadline that ends first
    waits_for_vendor: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    waits_for_staff: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class EscortDetails(SQLModel, table=True):
    """What an escort needs to know, and what the vendor records of the visit."""

    __tablename__ = "escort_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("patient_gender", ["MALE", "FEMALE"]),
        one_of("companion_relation", ["RELATIVE", "FAMILY_MEMBER", "OTHER"]),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    patient_name: str
    patient_gender: str | None = None
    patient_birth_on: dt.date | None = None
    patient_phone_encrypted: bytes | None = None
    patient_phone_last4: str | None = None
    registration: str | None = None
    is_diagnosed: bool | None = None
    symptom: str | None = None
    need: str | None = None
    conditions: list[str] = text_list()
    companion_relation: str | None = None
    companion_name: str | None = None
    companion_phone_encrypted: bytes | None = None
    companion_phone_last4: str | None = None
    escort_code: str | None = None  # the vendor's own code of its escort
    escort_name: str | None = None
    meeting_place: str | None = None
    materials: str | None = None
    checklist: dict[str, Any] = json_object()
    checked_in_at: dt.datetime | None = instant(nullable=True)
    checked_out_at: dt.datetime | None = instant(nullable=True)
    client_expected_at: dt.datetime | None = instant(nullable=True)  # told by a client who runs late
    actual_minutes: int | None = None
    follow_up_note: str | None = None


class BookingEvent(JudgedStep, table=True):
    """One step in a booking's life. The foreign key to `transitions` refuses an illegal one, even from psql."""

    __tablename__ = "booking_events"
    __table_args__ = history_of("bookings", "booking_id", name="booking_events")

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)


class EscortDay(SQLModel, table=True):
    """An escort serves one hospital a day: the key holds the day, the column the hospital."""

    __tablename__ = "escort_days"

    vendor_code: str = Field(primary_key=True, foreign_key="vendors.code")
    escort_code: str = Field(primary_key=True)
    on: dt.date = Field(primary_key=True)
    hospital_code: str


class EscortSlot(SQLModel, table=True):
    """Quarter-hours of an escort's day that are taken: a plain primary key where others use an exclusion constraint."""

    __tablename__ = "escort_slots"
    __table_args__ = (
        CheckConstraint("slot between 0 and 95", name="slot_of_day"),
        Index("ix_escort_slots__booking", "booking_id"),
    )

    vendor_code: str = Field(primary_key=True, foreign_key="vendors.code")
    escort_code: str = Field(primary_key=True)
    on: dt.date = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    policy_id: uuid.UUID
    booking_id: uuid.UUID


class SlaClock(Sharded, table=True):
    """A deadline that runs for the vendor or the insurer. A late one is marked; it never blocks the client."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        Index("ix_sla_clocks__subject", "policy_id", "subject_id", "due_at"),
        CheckConstraint("num_nulls(excused_at, excused_by, excuse) in (0, 3)", name="excused_whole"),
        Index("ix_sla_clocks__due", "due_at", postgresql_where=text("stopped_at is null and cancelled_at is null")),
    )

    subject_type: str
    subject_id: uuid.UUID
    rule_code: str = Field(foreign_key="rules.code")
    part: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of a rule that states several deadlines
    started_at: dt.datetime = instant()
    due_at: dt.datetime = instant()
    stopped_at: dt.datetime | None = instant(nullable=True)  # the awaited step was taken
    cancelled_at: dt.datetime | None = instant(nullable=True)  # the case ended or was put off
    amber_told_at: dt.datetime | None = instant(nullable=True)  # whose turn it is was told that time runs out
    overdue_told_at: dt.datetime | None = instant(nullable=True)  # and, with the insurer, that it has run out
    is_estimated: bool = False
    working_days: int | None = None  # that it counts from its start, so that a corrected calendar can count them anew
    corrected_at: dt.datetime | None = instant(nullable=True)  # a corrected calendar has brought it forward
    excused_at: dt.datetime | None = instant(nullable=True)  # staff found that nobody could have met it
    excused_by: str | None = None
    excuse: str | None = None


class BookingRating(SQLModel, table=True):
    __tablename__ = "booking_ratings"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        CheckConstraint("score between 1 and 5", name="score_in_range"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    score: int
    comment: str | None = None
    at: dt.datetime = instant()


class BookingDeduction(Sharded, table=True):
    """A vendor's proposal to count a changed booking as used; people decide it, never the machine."""

    __tablename__ = "booking_deductions"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        UniqueConstraint("policy_id", "booking_id"),
        one_of("state", ["PROPOSED", "APPROVED", "REJECTED"]),
        CheckConstraint("(state = 'PROPOSED') = (decided_at is null)", name="decided_whole"),
        CheckConstraint("decided_by is null or decided_by <> proposed_by", name="two_people"),
    )

    booking_id: uuid.UUID
    state: str
    reason: str
    evidence: str | None = None
    proposed_by: str
    proposed_at: dt.datetime = instant()
    decided_by: str | None = None
    decided_at: dt.datetime | None = instant(nullable=True)
    decision_reason: str | None = None
