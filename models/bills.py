"""What a client still owes: bills of a hospital, sums to be paid back, and the cards that they suspend."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, Computed, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key, money, one_of, pairs_index
from models.steps import JudgedStep, history_of


def _outstanding() -> Any:
    owed = Computed("amount - paid_amount - waived_amount", persisted=True)
    return Field(default=None, sa_column=Column(Numeric(14, 2), owed, nullable=False))


class Bill(Sharded, table=True):
    """The client's own part of a visit, owed to the hospital."""

    __tablename__ = "bills"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        UniqueConstraint("policy_id", "number"),
        UniqueConstraint("policy_id", "id", "issued_by"),
        one_of("visit_type", ["OUTPATIENT", "EMERGENCY", "INPATIENT"]),
        CheckConstraint("num_nonnulls(claim_id, booking_id) > 0", name="of_a_visit"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("paid_amount >= 0 and waived_amount >= 0", name="not_negative"),
        CheckConstraint("paid_amount + waived_amount <= amount", name="not_overpaid"),
        CheckConstraint("(settled_at is not null) = (paid_amount + waived_amount = amount)", name="settled_whole"),
        CheckConstraint("reminder_count >= 0", name="reminder_count_not_negative"),
        CheckConstraint("disputed_at is null or settled_at is null", name="disputed_while_owed"),
        Index("ix_bills__policy_created", "policy_id", "created_at", "id"),
        Index("ix_bills__vendor_created", "vendor_code", "created_at", "id"),
        Index("ix_bills__created", "created_at", "id"),
        Index("ix_bills__number", "number", "id"),
        pairs_index("bills", "number"),
        Index("ix_bills__state", "state", "created_at", "id"),
        Index("ix_bills__claim", "policy_id", "claim_id"),
        Index("ix_bills__booking", "policy_id", "booking_id"),
        Index("ix_bills__disputed", "disputed_at", "id", postgresql_where=text("disputed_at is not null")),
        Index("ix_bills__unsettled", "policy_id", "insured_id", postgresql_where=text("settled_at is null")),
    )

    number: str
    product_code: str = Field(foreign_key="products.code")
    machine: str
    state: str
    state_seq: int
    insured_id: uuid.UUID
    claim_id: uuid.UUID | None = None
    booking_id: uuid.UUID | None = None
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    hospital_code: str = Field(foreign_key="hospitals.code")
    visit_type: str
    amount: Decimal = money()
    paid_amount: Decimal = money()
    waived_amount: Decimal = money()
    outstanding_amount: Decimal = _outstanding()
    reminder_count: int = 0  # delivered ones
    due_on: dt.date | None = None  # NULL: no handbook states one
    disputed_at: dt.datetime | None = instant(nullable=True)  # while a dispute is open: reminders rest
    settled_at: dt.datetime | None = instant(nullable=True)
    issued_by: str | None = None  # NULL: it came with a decision, and nobody issued it
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class BillReminder(SQLModel, table=True):
    """A reminder counts once it has been delivered."""

    __tablename__ = "bill_reminders"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "bill_id"], ["bills.policy_id", "bills.id"]),
        one_of("channel", ["PHONE", "EMAIL"]),
        CheckConstraint("seq > 0", name="seq_positive"),
    )

    policy_id: uuid.UUID = key()
    bill_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
    channel: str
    actor: str
    sent_at: dt.datetime = instant()
    delivered_at: dt.datetime | None = instant(nullable=True)


class BillPayment(Sharded, table=True):
    """An attempt to pay online, or money that the hospital has taken; its reference counts once.

    REFUND_DUE: the money came when the bill no longer owed as much. It is not set off; people give it back.
    """

    __tablename__ = "bill_payments"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "bill_id"], ["bills.policy_id", "bills.id"]),
        UniqueConstraint("policy_id", "provider", "reference"),
        one_of("state", ["PENDING", "PAID", "FAILED", "REFUND_DUE"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(state = 'PENDING') = (resolved_at is null)", name="resolved_whole"),
        Index(
            "uq_bill_payments__one_pending",
            "policy_id",
            "bill_id",
            unique=True,
            postgresql_where=text("state = 'PENDING'"),
        ),
        Index("ix_bill_payments__pending", "created_at", postgresql_where=text("state = 'PENDING'")),
        Index("ix_bill_payments__bill", "policy_id", "bill_id", "created_at"),
        Index("ix_bill_payments__reference", "provider", "reference"),
    )

    bill_id: uuid.UUID
    provider: str
    reference: str
    amount: Decimal = money()
    state: str
    principal: str
    created_at: dt.datetime = instant()
    resolved_at: dt.datetime | None = instant(nullable=True)


class BillWaiver(Sharded, table=True):
    """A part of a bill that staff let go, or took off after a dispute. Only added to. The key to the bill holds who
    issued it."""

    __tablename__ = "bill_waivers"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "bill_id"], ["bills.policy_id", "bills.id"]),
        ForeignKeyConstraint(
            ["policy_id", "bill_id", "issued_by"],
            ["bills.policy_id", "bills.id", "bills.issued_by"],
            name="fk_bill_waivers__issuer",
        ),
        ForeignKeyConstraint(
            ["policy_id", "dispute_id", "amount"],
            ["bill_disputes.policy_id", "bill_disputes.id", "bill_disputes.taken_off"],
            name="fk_bill_waivers__taken_off",
        ),
        UniqueConstraint("policy_id", "dispute_id"),
        UniqueConstraint("policy_id", "command_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("issued_by is null or issued_by <> waived_by", name="two_people"),
        Index("ix_bill_waivers__bill", "policy_id", "bill_id", "at"),
    )

    bill_id: uuid.UUID
    command_id: uuid.UUID
    dispute_id: uuid.UUID | None = None
    amount: Decimal = money()
    reason: str
    issued_by: str | None = None
    waived_by: str
    at: dt.datetime = instant()


class BillEvent(JudgedStep, table=True):
    """One step in a bill's life, checked against `transitions`."""

    __tablename__ = "bill_events"
    __table_args__ = history_of("bills", "bill_id", name="bill_events")

    policy_id: uuid.UUID = key()
    bill_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)


class Repayment(Sharded, table=True):
    """A sum to be paid back: too much advanced, or paid for what turned out not to be covered."""

    __tablename__ = "repayments"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        ForeignKeyConstraint(["policy_id", "advance_id"], ["advances.policy_id", "advances.id"]),
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(["policy_id", "booking_id"], ["bookings.policy_id", "bookings.id"]),
        UniqueConstraint("policy_id", "number"),
        UniqueConstraint(
            "policy_id",
            "advance_id",
            "claim_id",
            "booking_id",
            "revision",
            name="uq_repayments__one_per_source",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("cause", ["ADVANCE_EXCESS", "NOT_COVERED", "OVER_LIMIT", "REVISED", "IMPERSONATION"]),
        one_of("payee", ["INSURER", "VENDOR"]),
        one_of("state", ["OPEN", "PARTIALLY_PAID", "SETTLED", "WAIVED"]),
        CheckConstraint("num_nonnulls(advance_id, claim_id, booking_id) = 1", name="one_source"),
        CheckConstraint("(payee = 'VENDOR') = (vendor_code is not null)", name="payee_named"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("paid_amount >= 0 and waived_amount >= 0", name="not_negative"),
        CheckConstraint("paid_amount + waived_amount <= amount", name="not_overpaid"),
        CheckConstraint(
            "(state in ('SETTLED', 'WAIVED')) = (paid_amount + waived_amount = amount)", name="settled_whole"
        ),
        CheckConstraint("state <> 'OPEN' or paid_amount + waived_amount = 0", name="open_untouched"),
        Index("ix_repayments__policy_created", "policy_id", "created_at", "id"),
        Index("ix_repayments__vendor_created", "vendor_code", "created_at", "id"),
        Index("ix_repayments__created", "created_at", "id"),
        Index("ix_repayments__number", "number"),
    )

    number: str
    insured_id: uuid.UUID
    advance_id: uuid.UUID | None = None
    claim_id: uuid.UUID | None = None
    booking_id: uuid.UUID | None = None
    revision: int = 0  # of the claim's decision that asks the money back
    cause: str
    payee: str
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    state: str
    amount: Decimal = money()
    paid_amount: Decimal = money()
    waived_amount: Decimal = money()
    outstanding_amount: Decimal = _outstanding()
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class RepaymentEntry(Sharded, table=True):
    """A part that was paid or let go. Only added to."""

    __tablename__ = "repayment_entries"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "repayment_id"], ["repayments.policy_id", "repayments.id"]),
        UniqueConstraint("policy_id", "command_id"),
        UniqueConstraint("policy_id", "reference"),
        one_of("kind", ["PAYMENT", "WAIVER", "WRITE_OFF"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("kind = 'PAYMENT' or reason is not null", name="waived_with_reason"),
        Index("ix_repayment_entries__repayment", "policy_id", "repayment_id", "id"),
    )

    repayment_id: uuid.UUID
    command_id: uuid.UUID
    kind: str
    amount: Decimal = money()
    reference: str | None = None
    actor: str
    reason: str | None = None
    at: dt.datetime = instant()


class CardSuspension(Sharded, table=True):
    """Why a card does not open direct billing. The card works again when no cause is left."""

    __tablename__ = "card_suspensions"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "card_id"], ["cards.policy_id", "cards.id"]),
        one_of("cause_type", ["BILL", "REPAYMENT", "RESTRICTION"]),
        CheckConstraint("(lifted_at is null) = (lifted_by is null)", name="lifted_whole"),
        Index(
            "uq_card_suspensions__one_active_per_cause",
            "policy_id",
            "card_id",
            "cause_type",
            "cause_id",
            unique=True,
            postgresql_where=text("lifted_at is null"),
        ),
    )

    card_id: uuid.UUID
    cause_type: str
    cause_id: uuid.UUID
    rule_code: str | None = Field(default=None, foreign_key="rules.code")
    suspended_at: dt.datetime = instant()
    lifted_by: str | None = None
    lifted_at: dt.datetime | None = instant(nullable=True)
    reason: str | None = None
