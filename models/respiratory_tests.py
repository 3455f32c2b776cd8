"""Orders of the respiratory test, and reports that are shared with a family doctor."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key


class RespiratoryTestDetails(SQLModel, table=True):
    """Where the sample is taken. The city is not enough: the vendor has to recognize the address."""

    __tablename__ = "respiratory_test_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "report_id"], ["documents.policy_id", "documents.id"]),
        UniqueConstraint("policy_id", "voucher_code"),
        CheckConstraint("reported_at is null or sampled_at is not null", name="sampled_first"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    city_code: str = Field(foreign_key="cities.code")
    address_encrypted: bytes
    is_address_recognized: bool | None = None  # NULL: the vendor has not said
    id_type: str
    phone_encrypted: bytes
    phone_last4: str
    voucher_code: str | None = None
    sampled_at: dt.datetime | None = instant(nullable=True)
    report_id: uuid.UUID | None = None
    reported_at: dt.datetime | None = instant(nullable=True)


class ReportShare(Sharded, table=True):
    """A report that the client shares, and the doctor's advice on it."""

    __tablename__ = "report_shares"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "consultation_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "consent_id"], ["consents.policy_id", "consents.id"]),
        UniqueConstraint("policy_id", "booking_id", "consultation_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("(advice is null) = (advised_at is null)", name="advised_whole"),
    )

    booking_id: uuid.UUID
    consultation_id: uuid.UUID | None = None  # the booking of the consultation it is shared in
    consent_id: uuid.UUID
    shared_at: dt.datetime = instant()
    advice: str | None = None
    advised_at: dt.datetime | None = instant(nullable=True)
