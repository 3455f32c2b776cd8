"""Pre-authorizations by item, the guarantee letters they yield, and notices of emergencies."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Sharded, date_range, instant, key, money, one_of, pairs_index, text_list
from models.steps import JudgedStep, history_of

CATEGORIES = [
    "INPATIENT",
    "OBSERVATION_WARD",
    "SURGERY",
    "SURGERY_UNDER_GENERAL_ANESTHESIA",
    "CHEMOTHERAPY",
    "RADIOTHERAPY",
    "TUMOR_IMMUNOTHERAPY",
    "TUMOR_ENDOCRINE_THERAPY",
    "PROTON_OR_HEAVY_ION",
    "DIALYSIS",
    "SPECIAL_OUTPATIENT",
    "CRITICAL_ILLNESS",
    "EXAMINATION",
    "TREATMENT",
    "INJECTION_OR_DRUG",
    "DURABLE_EQUIPMENT",
    "OTHER",
]
CHANNELS = ["MINI_PROGRAM", "OFFICIAL_ACCOUNT", "HOTLINE", "EMAIL", "HOSPITAL"]


class PreAuth(Sharded, table=True):
    """A request to have treatment approved beforehand. A revision is a new row that supersedes the old one."""

    __tablename__ = "preauths"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "supersedes_id"], ["preauths.policy_id", "preauths.id"]),
        UniqueConstraint("policy_id", "number"),
        one_of("submitter", ["CUSTOMER", "VENDOR", "STAFF"]),
        one_of("channel", CHANNELS),
        CheckConstraint("expected_cumulative >= 0", name="expected_cumulative_not_negative"),
        CheckConstraint("approved_by is null or approved_by <> decided_by", name="two_people"),
        Index("ix_preauths__insured", "policy_id", "insured_id"),
        Index(
            "uq_preauths__one_live_revision",
            "policy_id",
            "supersedes_id",
            unique=True,
            postgresql_where=text("state not in ('REFUSED', 'NOT_REQUIRED', 'WITHDRAWN')"),
        ),
        Index(
            "ix_preauths__ending",
            "valid_until",
            "id",
            postgresql_where=text("state in ('APPROVED', 'PARTIALLY_APPROVED')"),
        ),
        Index("ix_preauths__policy_created", "policy_id", "created_at", "id"),
        Index("ix_preauths__vendor_created", "vendor_code", "created_at", "id"),
        Index("ix_preauths__created", "created_at", "id"),
        Index("ix_preauths__number", "number", "id"),
        pairs_index("preauths", "number"),
        Index("ix_preauths__state", "state", "created_at", "id"),
        Index("ix_preauths__treatment", "treatment_on", "id"),
    )

    number: str
    product_code: str = Field(foreign_key="products.code")
    plan_code: str | None = None
    machine: str
    state: str
    state_seq: int
    insured_id: uuid.UUID
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")  # who handles the papers
    hospital_code: str = Field(foreign_key="hospitals.code")
    submitter: str
    channel: str
    diagnosis: str | None = None  # an emergency may come before one
    treatment_on: dt.date
    expected_cumulative: Decimal | None = money(nullable=True)
    supersedes_id: uuid.UUID | None = None
    valid_until: dt.date | None = None  # last day on which an approval may be used
    decided_by: str | None = None
    approved_by: str | None = None  # supervisor, above the limit of whoever decided
    decided_at: dt.datetime | None = instant(nullable=True)
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class PreAuthItem(Sharded, table=True):
    """One treatment asked for; each is decided by itself."""

    __tablename__ = "preauth_items"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "preauth_id"], ["preauths.policy_id", "preauths.id"]),
        UniqueConstraint("policy_id", "preauth_id", "position"),
        one_of("category", CATEGORIES),
        one_of("decision", ["APPROVED", "MODIFIED", "PARTIALLY_APPROVED", "DENIED", "NOT_REQUIRED"]),
        CheckConstraint("unit_price >= 0 and per_treatment >= 0", name="prices_not_negative"),
        CheckConstraint("approved_amount >= 0", name="approved_amount_not_negative"),
        CheckConstraint("(decision is null) = (decided_at is null)", name="decided_whole"),
        CheckConstraint("decision is null or decision <> 'DENIED' or reason is not null", name="denied_with_reason"),
    )

    preauth_id: uuid.UUID
    position: int
    category: str
    name: str
    unit_price: Decimal | None = money(nullable=True)
    per_treatment: Decimal | None = money(nullable=True)
    is_large_exam: bool = False
    is_rental: bool = False
    matched_rules: list[str] = text_list()  # codes of the rules that ask for it
    decision: str | None = None
    approved_amount: Decimal | None = money(nullable=True)
    reason: str | None = None
    decided_at: dt.datetime | None = instant(nullable=True)
    cancelled_at: dt.datetime | None = instant(nullable=True)


class PreAuthInquiry(Sharded, table=True):
    """What the insurer still asks to know. One is open at a time, and the clock rests until it is answered."""

    __tablename__ = "preauth_inquiries"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "preauth_id"], ["preauths.policy_id", "preauths.id"]),
        Index(
            "uq_preauth_inquiries__one_open",
            "policy_id",
            "preauth_id",
            unique=True,
            postgresql_where=text("answered_at is null"),
        ),
        Index("ix_preauth_inquiries__preauth", "policy_id", "preauth_id", "asked_at"),
    )

    preauth_id: uuid.UUID
    question: str
    asked_by: str
    asked_at: dt.datetime = instant()
    answer: str | None = None
    answered_at: dt.datetime | None = instant(nullable=True)


class PreAuthEvent(JudgedStep, table=True):
    """One step in a pre-authorization's life, checked against `transitions`."""

    __tablename__ = "preauth_events"
    __table_args__ = history_of("preauths", "preauth_id", name="preauth_events")

    policy_id: uuid.UUID = key()
    preauth_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)


class GuaranteeLetter(Sharded, table=True):
    """The insurer's written promise to a hospital, up to a ceiling and for a period."""

    __tablename__ = "guarantee_letters"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "preauth_id"], ["preauths.policy_id", "preauths.id"]),
        UniqueConstraint("policy_id", "number"),
        Index(
            "uq_guarantee_letters__one_active_per_provider",
            "policy_id",
            "preauth_id",
            "hospital_code",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        CheckConstraint("ceiling > 0", name="ceiling_positive"),
        CheckConstraint("drawn between carried and ceiling", name="not_overdrawn"),
        CheckConstraint(
            "(state in ('EXHAUSTED', 'EXPIRED', 'REVOKED', 'SUPERSEDED')) = (ended_at is not null)", name="ended_whole"
        ),
        CheckConstraint("carried >= 0", name="carried_not_negative"),
        CheckConstraint(
            "not isempty(period) and lower_inc(period) and not upper_inc(period) and upper(period) is not null",
            name="period_half_open",
        ),
        Index("ix_guarantee_letters__hospital", "hospital_code", "issued_at", "id"),
        Index("ix_guarantee_letters__number", "number"),
    )

    preauth_id: uuid.UUID
    number: str
    hospital_code: str = Field(foreign_key="hospitals.code")
    plan_code: str | None = None
    machine: str
    state: str
    state_seq: int
    ceiling: Decimal = money()
    drawn: Decimal = money()  # what was carried included
    carried: Decimal = money()  # drawn on the letters whose place this one takes
    period: Any = date_range()
    code_hash: bytes  # of the code by which a hospital verifies the letter
    issued_by: str
    issued_at: dt.datetime = instant()
    delivered_at: dt.datetime | None = instant(nullable=True)
    ended_at: dt.datetime | None = instant(nullable=True)  # exhausted, expired, revoked or superseded


class GuaranteeLetterEvent(JudgedStep, table=True):
    """One step in a letter's life, checked against `transitions`."""

    __tablename__ = "guarantee_letter_events"
    __table_args__ = history_of("guarantee_letters", "letter_id", name="guarantee_letter_events")

    policy_id: uuid.UUID = key()
    letter_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)


class GuaranteeDraw(Sharded, table=True):
    """What a direct claim takes from a letter, or gives back. Only added to."""

    __tablename__ = "guarantee_draws"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "letter_id"], ["guarantee_letters.policy_id", "guarantee_letters.id"]),
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        UniqueConstraint("policy_id", "command_id"),
        one_of("kind", ["DRAW", "RETURN"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_guarantee_draws__letter", "policy_id", "letter_id", "id"),
    )

    letter_id: uuid.UUID
    claim_id: uuid.UUID
    command_id: uuid.UUID
    kind: str
    amount: Decimal = money()
    actor: str
    at: dt.datetime = instant()


class EmergencyNotice(Sharded, table=True):
    """An emergency told to the insurer. A late one waits for a person, who may waive the delay."""

    __tablename__ = "emergency_notices"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "preauth_id"], ["preauths.policy_id", "preauths.id"]),
        one_of("channel", CHANNELS),
        one_of("state", ["ON_TIME", "LATE", "WAIVER_GRANTED", "WAIVER_REFUSED"]),
        CheckConstraint("received_at >= emergency_at", name="received_after_emergency"),
        CheckConstraint(
            "(state in ('WAIVER_GRANTED', 'WAIVER_REFUSED')) = (decided_at is not null)", name="decided_whole"
        ),
        CheckConstraint(
            "decided_at is null or (decided_by is not null and reason is not null)", name="decided_by_someone"
        ),
        Index("ix_emergency_notices__preauth", "policy_id", "preauth_id"),
        Index("ix_emergency_notices__late", "received_at", "id", postgresql_where=text("state = 'LATE'")),
    )

    insured_id: uuid.UUID
    preauth_id: uuid.UUID | None = None
    hospital_code: str = Field(foreign_key="hospitals.code")
    channel: str
    diagnosis: str | None = None
    emergency_at: dt.datetime = instant()
    received_at: dt.datetime = instant()
    state: str
    decided_by: str | None = None
    decided_at: dt.datetime | None = instant(nullable=True)
    reason: str | None = None
