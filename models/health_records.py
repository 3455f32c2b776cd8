"""A child's health record, and what the family doctor's team makes of it."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key, one_of, text_list


class HealthRecord(SQLModel, table=True):
    """What is known of the child once and for all; the rest is in its entries."""

    __tablename__ = "health_records"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        Index("ix_health_records__created", "created_at", "policy_id", "insured_id"),
        Index("ix_health_records__vendor_created", "vendor_code", "created_at", "policy_id", "insured_id"),
    )

    policy_id: uuid.UUID = key()
    insured_id: uuid.UUID = key()
    product_code: str = Field(foreign_key="products.code")
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")  # who keeps it
    basics: list[str] = text_list()
    family_history: list[str] = text_list()
    habits: list[str] = text_list()
    updated_by: str
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class Retractable(Sharded):
    """A row of the record that stays as it was put down; one that is wrong is taken back, with a reason."""

    is_retracted: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    retracted_at: dt.datetime | None = instant(nullable=True)
    retracted_by: str | None = None
    retraction_reason: str | None = None


def retracted_whole() -> CheckConstraint:
    told = "num_nonnulls(retracted_at, retracted_by, retraction_reason)"
    return CheckConstraint(f"{told} = case when is_retracted then 3 else 0 end", name="retracted_whole")


class HealthRecordEntry(Retractable, table=True):
    """Something that happened on a day. Doses of vaccines stand in the schedule, as given."""

    __tablename__ = "health_record_entries"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["health_records.policy_id", "health_records.insured_id"]),
        ForeignKeyConstraint(["policy_id", "document_id"], ["documents.policy_id", "documents.id"]),
        ForeignKeyConstraint(
            ["policy_id", "replaced_by"], ["health_record_entries.policy_id", "health_record_entries.id"]
        ),
        one_of("kind", ["CHECKUP_REPORT", "VISIT", "GROWTH_MEASUREMENT", "REPORT_EXPLANATION", "HEALTH_PLAN"]),
        retracted_whole(),
        CheckConstraint("is_retracted or replaced_by is null", name="replaced_if_retracted"),
        CheckConstraint(
            "(kind = 'GROWTH_MEASUREMENT') = (num_nonnulls(height_cm, weight_kg) > 0)", name="measurement_whole"
        ),
        CheckConstraint("(kind = 'GROWTH_MEASUREMENT') = (title is null)", name="title_known"),
        CheckConstraint("height_cm > 0 and weight_kg > 0", name="measures_positive"),
        Index("ix_health_record_entries__insured", "policy_id", "insured_id", "on", "id"),
    )

    insured_id: uuid.UUID
    product_code: str = Field(foreign_key="products.code")
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    kind: str
    on: dt.date
    title: str | None = None
    height_cm: Decimal | None = Field(default=None, sa_type=Numeric(4, 1))
    weight_kg: Decimal | None = Field(default=None, sa_type=Numeric(5, 2))
    note: str | None = None
    document_id: uuid.UUID | None = None
    replaced_by: uuid.UUID | None = None  # the entry that stands in its place
    recorded_by: str
    at: dt.datetime = instant()


class GrowthAssessment(Retractable, table=True):
    """What people think of how a child grows: their judgment, with their names, and no computed figure."""

    __tablename__ = "growth_assessments"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["health_records.policy_id", "health_records.insured_id"]),
        one_of("mode", ["PHONE", "TEXT", "OTHER"]),
        retracted_whole(),
        Index("ix_growth_assessments__insured", "policy_id", "insured_id", "assessed_on", "id"),
    )

    insured_id: uuid.UUID
    product_code: str = Field(foreign_key="products.code")
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    assessed_on: dt.date
    mode: str
    pediatrician: str | None = None
    health_manager: str | None = None
    nutritionist: str | None = None
    rehabilitation_therapist: str | None = None
    assessment: str
    diet_plan: str | None = None
    measures_retracted_at: dt.datetime | None = instant(nullable=True)  # of those that it could build on
    recorded_by: str
    at: dt.datetime = instant()


class CheckupPlan(Sharded, table=True):
    """What to have examined, from age, gender, family history and habits as they were told."""

    __tablename__ = "checkup_plans"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        UniqueConstraint("policy_id", "booking_id"),
        one_of("gender", ["MALE", "FEMALE"]),
        CheckConstraint("age_years >= 0", name="age_not_negative"),
        Index("ix_checkup_plans__insured", "policy_id", "insured_id", "created_at", "id"),
    )

    insured_id: uuid.UUID
    booking_id: uuid.UUID | None = None
    age_years: int
    gender: str
    family_history: list[str] = text_list()
    habits: list[str] = text_list()
    suggestions: list[str] = text_list()
    advice: str | None = None
    created_at: dt.datetime = instant()
    suggested_at: dt.datetime | None = instant(nullable=True)


class VaccinationReminder(Sharded, table=True):
    """A dose that the health record's schedule has, told to the parents once when it falls due."""

    __tablename__ = "vaccination_reminders"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        UniqueConstraint("policy_id", "insured_id", "vaccine", "dose"),
        CheckConstraint("dose > 0", name="dose_positive"),
        Index("ix_vaccination_reminders__insured", "policy_id", "insured_id", "due_on", "id"),
        Index(
            "ix_vaccination_reminders__due",
            "due_on",
            postgresql_where=text("reminded_at is null and done_on is null"),
        ),
    )

    insured_id: uuid.UUID
    vaccine: str
    dose: int
    due_on: dt.date
    guidance: str | None = None  # what to mind before and after
    product_code: str = Field(foreign_key="products.code")
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")  # who keeps the record
    planned_by: str
    created_at: dt.datetime = instant()
    reminded_at: dt.datetime | None = instant(nullable=True)
    done_on: dt.date | None = None


class ManagerContact(Sharded, table=True):
    """What the health manager and the policyholder talked about, and when the next talk is agreed for."""

    __tablename__ = "manager_contacts"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        one_of("channel", ["PHONE", "WECHAT_WORK", "SMS", "OTHER"]),
        one_of("topic", ["CONSULTATION", "PREVENTION", "CHRONIC_DISEASE", "REHABILITATION", "OTHER"]),
        CheckConstraint("is_reached = (content is not null)", name="said_if_reached"),
        CheckConstraint("next_contact_at > contacted_at", name="next_is_later"),
        Index("ix_manager_contacts__insured", "policy_id", "insured_id", "contacted_at", "id"),
        Index("ix_manager_contacts__policy_contacted", "policy_id", "contacted_at", "id"),
        Index("ix_manager_contacts__contacted", "contacted_at", "id"),
        Index("ix_manager_contacts__vendor_contacted", "vendor_code", "contacted_at", "id"),
        Index(
            "ix_manager_contacts__queue",
            "vendor_code",
            "next_contact_at",
            "id",
            postgresql_where=text("next_contact_at is not null and followed_at is null"),
        ),
    )

    insured_id: uuid.UUID
    product_code: str = Field(foreign_key="products.code")
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    policy_number: str
    manager: str
    channel: str
    topic: str
    contacted_at: dt.datetime = instant()
    is_reached: bool
    content: str | None = None
    next_contact_at: dt.datetime | None = instant(nullable=True)
    followed_at: dt.datetime | None = instant(nullable=True)  # when a later contact was put down
    recorded_by: str
    at: dt.datetime = instant()
