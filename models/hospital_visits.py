"""Visits at hospitals and vaccination clinics, what follows a missed one, and the brand a series stays with."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key, money, one_of, text_list

LIABILITIES = ["OUTPATIENT_INPATIENT", "VACCINE", "EYE", "DENTAL"]


class HospitalVisitDetails(SQLModel, table=True):
    __tablename__ = "hospital_visit_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "preauth_id"], ["preauths.policy_id", "preauths.id"]),
        one_of("visit_type", ["OUTPATIENT", "INPATIENT"]),
        one_of("department_class", ["GENERAL", "SPECIAL", "INTERNATIONAL"]),
        one_of("liability", LIABILITIES),
        one_of("patient_gender", ["MALE", "FEMALE"]),
        CheckConstraint("vaccine is null or liability = 'VACCINE'", name="vaccine_liability"),
        CheckConstraint("dose > 0", name="dose_positive"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    visit_type: str
    department_class: str | None = None
    liability: str
    preauth_id: uuid.UUID | None = None
    doctor: str | None = None
    vaccine: str | None = None
    dose: int | None = None
    open_rules: list[str] = text_list()  # what no rule could judge for want of a fact, until people have
    patient_name: str
    patient_gender: str | None = None
    patient_birth_on: dt.date | None = None
    patient_phone_encrypted: bytes | None = None
    patient_phone_last4: str | None = None


class VisitStrike(Sharded, table=True):
    """A visit that was called off too late or missed; the hospital's fee is the client's own."""

    __tablename__ = "visit_strikes"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        UniqueConstraint("policy_id", "booking_id"),
        one_of("kind", ["LATE_CANCELLED", "NO_SHOW"]),
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        Index("ix_visit_strikes__insured", "policy_id", "insured_id", "at"),
    )

    insured_id: uuid.UUID
    booking_id: uuid.UUID
    hospital_code: str = Field(foreign_key="hospitals.code")
    kind: str
    fee: Decimal | None = money(nullable=True)  # NULL: not known
    recorded_by: str
    at: dt.datetime = instant()


class VisitRestriction(Sharded, table=True):
    """What an insurer or a hospital decided after strikes: people decide it, with a reason."""

    __tablename__ = "visit_restrictions"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        one_of("kind", ["HOSPITAL", "BOOKING", "DIRECT_BILLING"]),
        CheckConstraint("(kind = 'HOSPITAL') = (hospital_code is not null)", name="hospital_named"),
        CheckConstraint("num_nulls(lifted_at, lifted_by, lift_reason) in (0, 3)", name="lifted_whole"),
        Index(
            "uq_visit_restrictions__one_live",
            "policy_id",
            "insured_id",
            "kind",
            "hospital_code",
            unique=True,
            postgresql_where=text("lifted_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    insured_id: uuid.UUID
    kind: str
    hospital_code: str | None = Field(default=None, foreign_key="hospitals.code")
    reason: str
    imposed_by: str
    imposed_at: dt.datetime = instant()
    lifted_by: str | None = None
    lifted_at: dt.datetime | None = instant(nullable=True)
    lift_reason: str | None = None


class BrandLock(Sharded, table=True):
    """The clinic brand of the first visit, which the series stays with."""

    __tablename__ = "brand_locks"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("liability", LIABILITIES),
        Index(
            "uq_brand_locks__one_live",
            "policy_id",
            "insured_id",
            "liability",
            unique=True,
            postgresql_where=text("released_at is null"),
        ),
    )

    insured_id: uuid.UUID
    liability: str
    brand_code: str = Field(foreign_key="clinic_brands.code")
    booking_id: uuid.UUID | None = None  # the visit that locked it; NULL: a transfer did
    locked_at: dt.datetime = instant()
    released_at: dt.datetime | None = instant(nullable=True)


class BrandTransferRequest(Sharded, table=True):
    """A brand has closed: the insurer may release the lock and designate another."""

    __tablename__ = "brand_transfer_requests"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "lock_id"], ["brand_locks.policy_id", "brand_locks.id"]),
        one_of("state", ["REQUESTED", "APPROVED", "REJECTED"]),
        CheckConstraint("(state = 'REQUESTED') = (decided_at is null)", name="decided_whole"),
        CheckConstraint("(state = 'APPROVED') = (designated_brand_code is not null)", name="approved_whole"),
        CheckConstraint("state <> 'REJECTED' or decision_reason is not null", name="rejected_with_reason"),
        Index(
            "uq_brand_transfer_requests__one_open",
            "policy_id",
            "lock_id",
            unique=True,
            postgresql_where=text("state = 'REQUESTED'"),
        ),
        Index("ix_brand_transfer_requests__open", "requested_at", "id", postgresql_where=text("state = 'REQUESTED'")),
    )

    lock_id: uuid.UUID
    state: str
    reason: str | None = None
    requested_by: str
    requested_at: dt.datetime = instant()
    designated_brand_code: str | None = Field(default=None, foreign_key="clinic_brands.code")
    decided_by: str | None = None
    decided_at: dt.datetime | None = instant(nullable=True)
    decision_reason: str | None = None
