"""Green channels: an outpatient appointment for a child, a bed for the critically ill."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from models.base import instant, key, one_of, text_list


class OutpatientGreenChannelDetails(SQLModel, table=True):
    """What is needed; hospital, department and time are the booking's own."""

    __tablename__ = "outpatient_green_channel_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("patient_gender", ["MALE", "FEMALE"]),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    patient_name: str
    patient_gender: str | None = None
    patient_birth_on: dt.date | None = None
    patient_phone_encrypted: bytes | None = None
    patient_phone_last4: str | None = None
    is_diagnosed: bool | None = None
    symptom: str | None = None
    need: str | None = None
    need_confirmed_at: dt.datetime | None = instant(nullable=True)  # nothing is arranged before
    doctor_name: str | None = None  # arranged by the vendor, never asked for
    doctor_title: str | None = None
    follow_up_note: str | None = None
    open_rules: list[str] = text_list()  # what no rule could judge: the review does


class InpatientGreenChannelDetails(SQLModel, table=True):
    """The diagnosis that opens the channel, and the stay."""

    __tablename__ = "inpatient_green_channel_details"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "admission_slip_id"], ["documents.policy_id", "documents.id"]),
        CheckConstraint("discharged_on is null or discharged_on >= admitted_on", name="stay_ordered"),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    diagnosis: str
    critical_illness: str | None = None
    first_diagnosed_on: dt.date
    diagnosed_at_hospital_code: str | None = Field(default=None, foreign_key="hospitals.code")
    admission_slip_id: uuid.UUID | None = None
    doctor_name: str | None = None  # the private doctor who can be called during the stay
    doctor_contact: str | None = None  # where the vendor can be reached during the stay: shown to the client then
    admitted_on: dt.date | None = None
    discharged_on: dt.date | None = None
    open_rules: list[str] = text_list()


class GreenChannelContact(SQLModel, table=True):
    """A call or a visit that the vendor owes around a stay."""

    __tablename__ = "green_channel_contacts"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        one_of("kind", ["ADMISSION_CALL", "TRACKING", "DISCHARGE", "FOLLOW_UP"]),
    )

    policy_id: uuid.UUID = key()
    booking_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
    kind: str
    note: str | None = None
    actor: str
    at: dt.datetime = instant()
