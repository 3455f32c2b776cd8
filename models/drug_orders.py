"""Oncology drugs: prescription, voucher, pick-up or delivery, and damage."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key, one_of


class DrugOrderDetails(SQLModel, table=True):
    """One listed drug for the insured, asked for by themselves, a guardian or an agent."""

    __tablename__ = "drug_order_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "prescription_id"], ["documents.policy_id", "documents.id"]),
        UniqueConstraint("policy_id", "voucher_code"),
        one_of("applicant", ["INSURED", "GUARDIAN", "AGENT"]),
        one_of("review_outcome", ["APPROVED", "REJECTED"]),
        one_of("fulfillment", ["PICKUP", "DELIVERY"]),
        CheckConstraint("(review_outcome is null) = (reviewed_at is null)", name="reviewed_whole"),
        CheckConstraint(
            "coalesce(review_outcome, '') <> 'REJECTED' or review_reason is not null", name="rejected_with_reason"
        ),
        CheckConstraint("(voucher_code is null) = (voucher_issued_at is null)", name="voucher_whole"),
        CheckConstraint(
            "voucher_code is null or coalesce(review_outcome, '') = 'APPROVED'", name="voucher_after_review"
        ),
        CheckConstraint("num_nonnulls(pharmacy_code, pharmacy_name) < 2", name="one_pharmacy"),
        CheckConstraint(
            "num_nonnulls(pharmacy_code, pharmacy_name) = 0 or coalesce(fulfillment, '') = 'PICKUP'",
            name="pickup_placed",
        ),
        CheckConstraint(
            "coalesce(fulfillment, '') <> 'DELIVERY' or address_encrypted is not null", name="delivery_placed"
        ),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    drug_id: uuid.UUID = Field(foreign_key="drugs.id")
    diagnosis: str
    is_malignant: bool | None = None  # as the client declares
    prescription_id: uuid.UUID
    is_unavailable_in_hospital: bool
    applicant: str
    review_outcome: str | None = None
    reviewed_by: str | None = None
    reviewed_at: dt.datetime | None = instant(nullable=True)
    review_reason: str | None = None
    voucher_code: str | None = None
    voucher_issued_at: dt.datetime | None = instant(nullable=True)
    fulfillment: str | None = None
    pharmacy_code: str | None = Field(default=None, foreign_key="pharmacies.code")
    pharmacy_name: str | None = None  # as the vendor names it, where no list of pharmacies is loaded
    address_encrypted: bytes | None = None
    recipient_name: str | None = None
    phone_encrypted: bytes | None = None
    phone_last4: str | None = None
    inspected_at: dt.datetime | None = instant(nullable=True)
    paid_at: dt.datetime | None = instant(nullable=True)
    delivered_at: dt.datetime | None = instant(nullable=True)


class DrugDamage(Sharded, table=True):
    """A damaged drug. One verified to be damaged in transit is sent again; any other counts as delivered."""

    __tablename__ = "drug_damages"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("cause", ["TRANSIT", "CLIENT"]),
        one_of("state", ["REPORTED", "VERIFIED", "REJECTED"]),
        CheckConstraint("(state = 'REPORTED') = (decided_at is null)", name="decided_whole"),
        CheckConstraint("re_dispatched_at is null or (state = 'VERIFIED' and cause = 'TRANSIT')", name="sent_again"),
        Index("ix_drug_damages__booking", "policy_id", "booking_id"),
        Index(
            "uq_drug_damages__one_open",
            "policy_id",
            "booking_id",
            unique=True,
            postgresql_where=text("state = 'REPORTED'"),
        ),
    )

    booking_id: uuid.UUID
    cause: str
    description: str
    state: str
    reported_at: dt.datetime = instant()
    decided_by: str | None = None
    decided_at: dt.datetime | None = instant(nullable=True)
    re_dispatched_at: dt.datetime | None = instant(nullable=True)
