"""Second opinions from abroad, stage by stage."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import instant, json_object, key, one_of, text_list

STAGES = [
    "CONSULT",
    "ASSESSMENT",
    "RECORD_TRANSLATION",
    "HOSPITAL_MATCH",
    "HOSPITAL_SELECTION",
    "DOCUMENTS",
    "CONSULTATION",
    "RESULT_TRANSLATION",
    "INTERPRETATION",
    "FOLLOW_UP",
]


class SecondOpinionDetails(SQLModel, table=True):
    """The diagnosis, the questions put to the experts, and the consent without which no record leaves the country."""

    __tablename__ = "second_opinion_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "consent_id"], ["consents.policy_id", "consents.id"]),
        ForeignKeyConstraint(["policy_id", "report_id"], ["documents.policy_id", "documents.id"]),
        CheckConstraint("sent_abroad_at is null or consent_id is not null", name="sent_with_consent"),
        CheckConstraint("report_issued_at is null or materials_approved_at is not null", name="report_on_materials"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    diagnosis: str
    critical_illness: str | None = None
    first_diagnosed_on: dt.date
    diagnosed_at_hospital_code: str | None = Field(default=None, foreign_key="hospitals.code")
    questions: list[str] = text_list()
    open_rules: list[str] = text_list()
    not_applicable: dict[str, str] = json_object()  # kind of paper → why the patient has none
    needs_scan: bool = False  # films that the vendor turns into DICOM
    consent_id: uuid.UUID | None = None
    materials_approved_at: dt.datetime | None = instant(nullable=True)  # starts the clock of the report
    sent_abroad_at: dt.datetime | None = instant(nullable=True)
    report_id: uuid.UUID | None = None
    report_issued_at: dt.datetime | None = instant(nullable=True)


class SecondOpinionStage(SQLModel, table=True):
    """A stage that is done, with the record it leaves."""

    __tablename__ = "second_opinion_stages"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "document_id"], ["documents.policy_id", "documents.id"]),
        UniqueConstraint("policy_id", "booking_id", "stage"),
        one_of("stage", STAGES),
        CheckConstraint("position between 1 and 10", name="position_known"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    position: int = Field(primary_key=True)
    stage: str
    note: str | None = None
    document_id: uuid.UUID | None = None
    actor: str
    at: dt.datetime = instant()


class SecondOpinionHospital(SQLModel, table=True):
    """A hospital abroad that the vendor proposes; the client chooses one."""

    __tablename__ = "second_opinion_hospitals"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        UniqueConstraint("policy_id", "booking_id", "name"),
        Index(
            "uq_second_opinion_hospitals__one_selected",
            "policy_id",
            "booking_id",
            unique=True,
            postgresql_where=text("selected_at is not null"),
        ),
        CheckConstraint("position between 1 and 3", name="three_at_most"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    position: int = Field(primary_key=True)
    name: str
    country: str
    expert: str | None = None
    proposed_at: dt.datetime = instant()
    selected_at: dt.datetime | None = instant(nullable=True)
