"""Consultations by text and phone, what was said in them, and questions about drugs."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key, one_of


class ConsultationDetails(SQLModel, table=True):
    """What is asked and who answers. The doctor's standing is what the vendor states of them."""

    __tablename__ = "consultation_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("mode", ["TEXT", "PHONE", "FAMILY_DOCTOR"]),
        one_of("doctor_title", ["RESIDENT", "ATTENDING", "ASSOCIATE_CHIEF", "CHIEF"]),
        one_of("doctor_employment", ["FULL_TIME", "IN_SERVICE_AT_HOSPITAL", "OTHER"]),
        CheckConstraint("doctor_years >= 0", name="doctor_years_not_negative"),
        CheckConstraint("call_ended_at is null or call_ended_at >= call_started_at", name="call_ordered"),
        CheckConstraint("(summary is null) = (summary_sent_at is null)", name="summary_whole"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    mode: str
    topic: str
    question: str
    phone_encrypted: bytes | None = None
    phone_last4: str | None = None
    is_by_phone: bool = False
    is_after_hours: bool = False
    doctor_name: str | None = None
    doctor_title: str | None = None
    doctor_years: int | None = None  # of clinical work
    doctor_hospital: str | None = None
    doctor_employment: str | None = None
    is_doctor_licensed: bool | None = None
    is_doctor_of_top_hospital: bool | None = None  # of class 3A
    first_replied_at: dt.datetime | None = instant(nullable=True)
    call_started_at: dt.datetime | None = instant(nullable=True)
    call_ended_at: dt.datetime | None = instant(nullable=True)
    summary: str | None = None
    summary_sent_at: dt.datetime | None = instant(nullable=True)


class ConsultationMessage(Sharded, table=True):
    __tablename__ = "consultation_messages"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "document_id"], ["documents.policy_id", "documents.id"]),
        one_of("author", ["CUSTOMER", "DOCTOR", "SYSTEM"]),
        Index("ix_consultation_messages__booking", "policy_id", "booking_id", "at", "id"),
    )

    booking_id: uuid.UUID
    author: str
    content: str
    document_id: uuid.UUID | None = None
    at: dt.datetime = instant()


class DrugQuestionDetails(SQLModel, table=True):
    """A question about a drug: logged first, then answered by a call back."""

    __tablename__ = "drug_question_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of(
            "category",
            [
                "ADVERSE_REACTION",
                "GENERAL_INFORMATION",
                "CONTRAINDICATION",
                "INDICATION",
                "PHARMACY_LOCATION",
                "PURCHASE_ROUTE",
                "NEW_DRUG_INFORMATION",
                "CHARITY_PROGRAM",
                "OTHER",
            ],
        ),
        CheckConstraint("called_back_at is null or logged_at is not null", name="logged_first"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    category: str
    drug_id: uuid.UUID | None = Field(default=None, foreign_key="drugs.id")
    question: str
    phone_encrypted: bytes
    phone_last4: str
    logged_by: str | None = None
    logged_at: dt.datetime | None = instant(nullable=True)
    called_back_at: dt.datetime | None = instant(nullable=True)
    answer: str | None = None
