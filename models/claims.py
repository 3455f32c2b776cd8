"""Claims: visits, invoices and lines, and every step of theirs."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Sharded, instant, key, money, one_of, pairs_index
from models.steps import JudgedStep, history_of

KINDS = [
    "PUBLIC_OUTPATIENT",
    "PUBLIC_INPATIENT",
    "INTERNET_PRESCRIPTION",
    "VACCINE",
    "DIRECT_OUTPATIENT",
    "DIRECT_INPATIENT",
    "DIRECT_VACCINE",
    "DIRECT_DENTAL",
    "DIRECT_EYE",
    "DIRECT_HEALTH_CHECK",
    "ADVANCE_SETTLEMENT",
]


class Claim(Sharded, table=True):
    """A claim by the client, by a hospital that bills directly, or by a vendor that has paid in advance."""

    __tablename__ = "claims"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        ForeignKeyConstraint(["policy_id", "card_id"], ["cards.policy_id", "cards.id"]),
        ForeignKeyConstraint(["policy_id", "preauth_id"], ["preauths.policy_id", "preauths.id"]),
        ForeignKeyConstraint(["policy_id", "advance_id"], ["advances.policy_id", "advances.id"]),
        UniqueConstraint("policy_id", "number"),
        one_of("kind", KINDS),
        one_of("channel", ["ONLINE", "MAIL_ORIGINALS", "HOTLINE", "EMAIL"]),
        CheckConstraint("asked_amount > 0", name="asked_amount_positive"),
        CheckConstraint("revision >= 0", name="revision_not_negative"),
        CheckConstraint("(kind = 'ADVANCE_SETTLEMENT') = (advance_id is not null)", name="advance_named"),
        CheckConstraint("(starts_with(kind, 'DIRECT_')) = (card_id is not null)", name="card_shown"),
        CheckConstraint("not starts_with(kind, 'DIRECT_') or hospital_code is not null", name="direct_by_a_hospital"),
        CheckConstraint(
            "num_nonnulls(bank_name, account_holder, account_encrypted, account_hash, account_last4) in (0, 5)",
            name="account_whole",
        ),
        Index("ix_claims__policy_created", "policy_id", "created_at", "id"),
        Index("ix_claims__vendor_created", "vendor_code", "created_at", "id"),
        Index("ix_claims__created", "created_at", "id"),
        Index("ix_claims__number", "number", "id"),
        pairs_index("claims", "number"),
        Index("ix_claims__state", "state", "created_at", "id"),
        Index("ix_claims__kind", "kind", "created_at", "id"),
        Index("ix_claims__booking", "policy_id", "booking_id"),
        Index(
            "uq_claims__one_direct_per_booking",
            "policy_id",
            "booking_id",
            unique=True,
            postgresql_where=text("card_id is not null and state <> 'WITHDRAWN'"),
        ),
        Index("ix_claims__preauth", "policy_id", "preauth_id"),
        Index("ix_claims__advance", "policy_id", "advance_id"),
    )

    number: str
    product_code: str = Field(foreign_key="products.code")
    kind: str
    channel: str | None = None  # NULL: a hospital or a vendor filed it
    machine: str
    state: str
    state_seq: int
    insured_id: uuid.UUID
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    booking_id: uuid.UUID | None = None
    hospital_code: str | None = Field(default=None, foreign_key="hospitals.code")  # that bills directly
    card_id: uuid.UUID | None = None
    preauth_id: uuid.UUID | None = None
    advance_id: uuid.UUID | None = None
    shown_id_type: str | None = None  # identity paper shown at a direct visit
    asked_amount: Decimal = money()
    is_emergency: bool = False
    is_follow_up: bool | None = None
    has_surgery: bool = False
    third_party_settled: bool = False
    is_preauth_missing: bool = False  # a ground on which people may refuse; never one for the machine
    bank_name: str | None = None
    account_holder: str | None = None
    account_encrypted: bytes | None = None
    account_hash: bytes | None = None
    account_last4: str | None = None
    originals_received_at: dt.datetime | None = instant(nullable=True)
    documents_complete_at: dt.datetime | None = instant(nullable=True)
    revision: int = 0  # of the decision in force; 0: not decided
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class ClaimVisit(Sharded, table=True):
    """One visit on one day; the boundary between online and posted papers is drawn on its amount."""

    __tablename__ = "claim_visits"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        UniqueConstraint("policy_id", "claim_id", "position"),
        one_of("department_class", ["GENERAL", "SPECIAL", "INTERNATIONAL"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("discharged_on is null or discharged_on >= visited_on", name="stay_ordered"),
    )

    claim_id: uuid.UUID
    position: int
    hospital_code: str = Field(foreign_key="hospitals.code")
    department_class: str | None = None
    visited_on: dt.date
    discharged_on: dt.date | None = None
    amount: Decimal = money()


class ClaimInvoice(Sharded, table=True):
    """An invoice belongs to one live claim; a claim that is withdrawn or closed unpaid sets it free."""

    __tablename__ = "claim_invoices"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(["policy_id", "visit_id"], ["claim_visits.policy_id", "claim_visits.id"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "uq_claim_invoices__one_live_claim",
            "policy_id",
            "code",
            "number",
            unique=True,
            postgresql_where=text("released_at is null"),
        ),
        Index("ix_claim_invoices__claim", "policy_id", "claim_id"),
        Index("ix_claim_invoices__number", "number"),
        Index("ix_claim_invoices__visit", "policy_id", "visit_id", "id"),
    )

    claim_id: uuid.UUID
    visit_id: uuid.UUID
    code: str = ""  # electronic invoices have a code besides the number
    number: str
    amount: Decimal = money()
    is_marked: bool = False
    released_at: dt.datetime | None = instant(nullable=True)


class ClaimLine(Sharded, table=True):
    """What is asked for, item by item, as the itemised bill has it."""

    __tablename__ = "claim_lines"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(["policy_id", "visit_id"], ["claim_visits.policy_id", "claim_visits.id"]),
        UniqueConstraint("policy_id", "claim_id", "position"),
        UniqueConstraint("policy_id", "id", "asked"),
        Index("ix_claim_lines__visit", "policy_id", "visit_id", "position"),
        CheckConstraint("asked > 0", name="asked_positive"),
    )

    claim_id: uuid.UUID
    visit_id: uuid.UUID
    position: int
    category: str
    name: str
    asked: Decimal = money()
    is_approved_vaccine: bool | None = None  # NULL: not a vaccine
    is_experimental: bool | None = None


class ClaimEvent(JudgedStep, table=True):
    """One step in a claim's life, checked against `transitions`."""

    __tablename__ = "claim_events"
    __table_args__ = history_of("claims", "claim_id", name="claim_events")

    policy_id: uuid.UUID = key()
    claim_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
