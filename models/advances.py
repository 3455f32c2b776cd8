"""Hospital costs that are paid in advance: the case, its payments, who reviewed them, and the settlement."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Sharded, instant, key, money, one_of, pairs_index
from models.steps import JudgedStep, history_of


class Advance(Sharded, table=True):
    """One hospital stay. What was paid is either covered by the claim or owed back, to the cent."""

    __tablename__ = "advances"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        UniqueConstraint("policy_id", "number"),
        Index(
            "uq_advances__one_per_admission",
            "policy_id",
            "insured_id",
            "hospital_code",
            "admitted_on",
            unique=True,
            postgresql_where=text("released_at is null"),
        ),
        one_of("cause", ["DISEASE", "ACCIDENT"]),
        one_of("cost_type", ["INPATIENT_TREATMENT", "DEPOSIT", "OUTPATIENT"]),
        CheckConstraint("requested_amount > 0", name="requested_amount_positive"),
        CheckConstraint("paid_amount between 0 and coalesce(approved_amount, 0)", name="paid_as_approved"),
        CheckConstraint("paid_amount = 0 or signed_at is not null", name="paid_when_signed"),
        CheckConstraint("paid_amount = 0 or released_at is null", name="released_before_payment"),
        CheckConstraint("discharged_on is null or discharged_on >= admitted_on", name="stay_ordered"),
        CheckConstraint(
            "num_nonnulls(settled_at, adjudicated_amount, covered_amount, repayable_amount) in (0, 4)",
            name="settled_whole",
        ),
        CheckConstraint(
            "settled_at is null or (covered_amount between 0 and adjudicated_amount and repayable_amount >= 0"
            " and covered_amount + repayable_amount = paid_amount)",
            name="settled_to_the_cent",
        ),
        Index("ix_advances__policy_created", "policy_id", "created_at", "id"),
        Index("ix_advances__vendor_created", "vendor_code", "created_at", "id"),
        Index("ix_advances__created", "created_at", "id"),
        Index("ix_advances__number", "number", "id"),
        pairs_index("advances", "number"),
        Index("ix_advances__state", "state", "created_at", "id"),
        Index("ix_advances__admitted", "admitted_on", "id"),
    )

    number: str
    product_code: str = Field(foreign_key="products.code")
    machine: str
    state: str
    state_seq: int
    insured_id: uuid.UUID
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    hospital_code: str = Field(foreign_key="hospitals.code")
    admitted_on: dt.date
    discharged_on: dt.date | None = None
    discharge_notified_at: dt.datetime | None = instant(nullable=True)
    cause: str
    diagnosis: str
    critical_illness: str | None = None
    first_diagnosed_on: dt.date | None = None
    cost_type: str
    requested_amount: Decimal = money()
    is_traffic_accident: bool = False
    has_employer_funding: bool = False
    has_third_party_funding: bool = False
    has_litigation: bool = False
    can_hand_over_originals: bool = True
    settles_in_real_time: bool | None = None  # social insurance of another area; NULL: nobody has said
    doctor_contact_encrypted: bytes | None = None  # demanded where nobody can reach the hospital
    confirmed_at: dt.datetime | None = instant(nullable=True)  # the client agreed that the service starts
    documents_complete_at: dt.datetime | None = instant(nullable=True)
    investigated_from: dt.datetime | None = instant(nullable=True)
    signed_at: dt.datetime | None = instant(nullable=True)
    authorized_limit: Decimal | None = money(nullable=True)  # NULL: the policy's limit holds
    approved_amount: Decimal | None = money(nullable=True)
    paid_amount: Decimal = money()
    adjudicated_amount: Decimal | None = money(nullable=True)  # what the claim pays for the stay
    covered_amount: Decimal | None = money(nullable=True)
    repayable_amount: Decimal | None = money(nullable=True)
    settled_at: dt.datetime | None = instant(nullable=True)
    released_at: dt.datetime | None = instant(nullable=True)  # refused or cancelled: the stay may be asked for again
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class AdvancePayment(Sharded, table=True):
    """The first payment of a stay, or a top-up; only the first one consumes a use."""

    __tablename__ = "advance_payments"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "advance_id"], ["advances.policy_id", "advances.id"]),
        UniqueConstraint("policy_id", "advance_id", "seq"),
        UniqueConstraint("policy_id", "reference"),
        Index(
            "uq_advance_payments__one_open",
            "policy_id",
            "advance_id",
            unique=True,
            postgresql_where=text("state in ('REQUESTED', 'APPROVED')"),
        ),
        one_of("kind", ["FIRST", "TOP_UP"]),
        one_of("state", ["REQUESTED", "APPROVED", "REFUSED", "CANCELLED", "PAID"]),
        CheckConstraint("(kind = 'FIRST') = (seq = 1)", name="first_comes_first"),
        CheckConstraint("requested_amount > 0 and approved_amount > 0", name="amounts_positive"),
        CheckConstraint("state not in ('APPROVED', 'PAID') or approved_amount is not null", name="approved_whole"),
        CheckConstraint("(state = 'PAID') = (paid_at is not null)", name="paid_whole"),
    )

    advance_id: uuid.UUID
    seq: int
    kind: str
    state: str
    requested_amount: Decimal = money()
    approved_amount: Decimal | None = money(nullable=True)
    reference: str | None = None  # of the transfer
    requested_at: dt.datetime = instant()
    paid_at: dt.datetime | None = instant(nullable=True)


class AdvanceReview(Sharded, table=True):
    """A verdict on a payment by the vendor or by the insurer; nobody approves the same payment twice."""

    __tablename__ = "advance_reviews"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "advance_id"], ["advances.policy_id", "advances.id"]),
        ForeignKeyConstraint(["policy_id", "payment_id"], ["advance_payments.policy_id", "advance_payments.id"]),
        one_of("stage", ["VENDOR", "INSURER"]),
        one_of("outcome", ["APPROVED", "REFUSED", "INVESTIGATE"]),
        CheckConstraint("(outcome = 'APPROVED') = (approved_amount is not null)", name="approved_whole"),
        CheckConstraint("outcome = 'APPROVED' or reason is not null", name="refused_with_reason"),
        Index(
            "uq_advance_reviews__one_approval_per_stage",
            "policy_id",
            "payment_id",
            "stage",
            unique=True,
            postgresql_where=text("outcome = 'APPROVED'"),
        ),
        Index(
            "uq_advance_reviews__two_people",
            "policy_id",
            "payment_id",
            "reviewer",
            unique=True,
            postgresql_where=text("outcome = 'APPROVED'"),
        ),
        Index("ix_advance_reviews__advance", "policy_id", "advance_id", "at"),
        Index("ix_advance_reviews__payment", "policy_id", "payment_id", "at"),
    )

    advance_id: uuid.UUID
    payment_id: uuid.UUID
    stage: str
    outcome: str
    approved_amount: Decimal | None = money(nullable=True)
    reviewer: str
    reason: str | None = None
    at: dt.datetime = instant()


class AdvanceEvent(JudgedStep, table=True):
    """One step in an advance's life, checked against `transitions`."""

    __tablename__ = "advance_events"
    __table_args__ = history_of("advances", "advance_id", name="advance_events")

    policy_id: uuid.UUID = key()
    advance_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
