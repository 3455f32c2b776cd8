"""Claims: visits, invoices and lines, papers and parcels, decisions by revision, payments and appeals."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, json_object, key, money, one_of, pairs_index, text_list

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


class ClaimDocument(Sharded, table=True):
    """A line of the checklist: a paper that the claim needs or was given."""

    __tablename__ = "claim_documents"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(["policy_id", "document_id"], ["documents.policy_id", "documents.id"]),
        UniqueConstraint("policy_id", "claim_id", "kind", "document_id", postgresql_nulls_not_distinct=True),
        one_of("state", ["MISSING", "PROVIDED", "ACCEPTED", "REJECTED"]),
        CheckConstraint("(state = 'MISSING') = (document_id is null)", name="provided_whole"),
        CheckConstraint("state <> 'REJECTED' or reason is not null", name="rejected_with_reason"),
    )

    claim_id: uuid.UUID
    kind: str
    is_required: bool
    rule_code: str | None = Field(default=None, foreign_key="rules.code")
    document_id: uuid.UUID | None = None
    state: str
    reason: str | None = None
    checked_by: str | None = None
    checked_at: dt.datetime | None = instant(nullable=True)


class ClaimSignature(SQLModel, table=True):
    """What the client has signed at a direct visit: the bill, or the form and the receipt."""

    __tablename__ = "claim_signatures"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        one_of("paper", ["BILL", "FORM", "RECEIPT"]),
    )

    policy_id: uuid.UUID = key()
    claim_id: uuid.UUID = key()
    paper: str = Field(primary_key=True)
    signed_by: str
    signed_at: dt.datetime = instant()


class ClaimShipment(Sharded, table=True):
    """A parcel of originals; one that is to be paid on arrival is not taken in."""

    __tablename__ = "claim_shipments"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        UniqueConstraint("policy_id", "claim_id", "tracking_number"),
        CheckConstraint("is_prepaid", name="prepaid"),
        Index("ix_claim_shipments__tracking_number", "tracking_number"),
    )

    claim_id: uuid.UUID
    carrier: str | None = None
    tracking_number: str
    is_prepaid: bool
    contact_name: str
    id_number_encrypted: bytes
    id_number_hash: bytes
    id_number_last4: str
    phone_encrypted: bytes
    phone_last4: str
    registered_at: dt.datetime = instant()
    received_at: dt.datetime | None = instant(nullable=True)


class ClaimSupplement(Sharded, table=True):
    """Papers asked for in one go. The clock rests from the request to the answer."""

    __tablename__ = "claim_supplements"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        one_of("state", ["OPEN", "ANSWERED", "OVERDUE", "WITHDRAWN"]),
        CheckConstraint("(state = 'OPEN') = (closed_at is null)", name="closed_whole"),
        CheckConstraint("cardinality(kinds) > 0", name="something_asked"),
        Index(
            "uq_claim_supplements__one_open",
            "policy_id",
            "claim_id",
            unique=True,
            postgresql_where=text("state = 'OPEN'"),
        ),
        Index("ix_claim_supplements__claim", "policy_id", "claim_id", "requested_at"),
        Index("ix_claim_supplements__due", "due_at", postgresql_where=text("state = 'OPEN'")),
    )

    claim_id: uuid.UUID
    kinds: list[str] = text_list()
    note: str | None = None
    state: str
    requested_by: str
    requested_at: dt.datetime = instant()
    due_at: dt.datetime | None = instant(nullable=True)  # NULL: no handbook states one
    closed_at: dt.datetime | None = instant(nullable=True)


class ClaimDecision(Sharded, table=True):
    """A decision, never changed: an appeal or a correction adds a revision. `facts` is what the rules were shown."""

    __tablename__ = "claim_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        UniqueConstraint("policy_id", "claim_id", "revision"),
        UniqueConstraint("policy_id", "id", "decided_by"),
        one_of("outcome", ["APPROVED", "PARTIALLY_APPROVED", "REFUSED"]),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("asked = paid + deductible + copay + excluded + other", name="balanced"),
        CheckConstraint("least(paid, deductible, copay, excluded, other) >= 0", name="not_negative"),
        CheckConstraint("paid <= allowed and allowed <= asked - excluded", name="allowed_possible"),
        CheckConstraint("outcome <> 'REFUSED' or paid = 0", name="refused_unpaid"),
        CheckConstraint("outcome = 'APPROVED' or reason is not null", name="refused_with_reason"),
        CheckConstraint("approved_by is null or approved_by <> decided_by", name="two_people"),
    )

    claim_id: uuid.UUID
    revision: int
    outcome: str
    asked: Decimal = money()
    allowed: Decimal = money()
    deductible: Decimal = money()
    copay: Decimal = money()
    excluded: Decimal = money()
    other: Decimal = money()
    paid: Decimal = money()
    reason: str | None = None
    rule_codes: list[str] = text_list()
    facts: dict[str, Any] = json_object()
    rulebook: str
    decided_by: str
    approved_by: str | None = None  # supervisor, above the limit of whoever decided
    decided_at: dt.datetime = instant()


class ClaimDecisionLine(SQLModel, table=True):
    """What a decision says of one line. The key to the line holds the amount, so that both speak of the same sum."""

    __tablename__ = "claim_decision_lines"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "decision_id"], ["claim_decisions.policy_id", "claim_decisions.id"]),
        ForeignKeyConstraint(
            ["policy_id", "line_id", "asked"], ["claim_lines.policy_id", "claim_lines.id", "claim_lines.asked"]
        ),
        CheckConstraint("asked = paid + deductible + copay + excluded + other", name="balanced"),
        CheckConstraint("least(paid, deductible, copay, excluded, other) >= 0", name="not_negative"),
        CheckConstraint("paid <= allowed and allowed <= asked - excluded", name="allowed_possible"),
        CheckConstraint("excluded + other = 0 or reason is not null", name="excluded_with_reason"),
        Index("ix_claim_decision_lines__line", "policy_id", "line_id", "decision_id"),
    )

    policy_id: uuid.UUID = key()
    decision_id: uuid.UUID = key()
    line_id: uuid.UUID = key()
    asked: Decimal = money()
    allowed: Decimal = money()
    deductible: Decimal = money()
    copay: Decimal = money()
    excluded: Decimal = money()
    other: Decimal = money()
    paid: Decimal = money()
    reason: str | None = None
    rule_codes: list[str] = text_list()


class ClaimPayment(Sharded, table=True):
    """An order to pay what a decision grants. One that failed makes room for the next."""

    __tablename__ = "claim_payments"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(["policy_id", "decision_id"], ["claim_decisions.policy_id", "claim_decisions.id"]),
        UniqueConstraint("policy_id", "reference"),
        one_of("payee", ["CUSTOMER", "HOSPITAL", "VENDOR"]),
        one_of("state", ["ORDERED", "PAID", "FAILED"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(state = 'ORDERED') = (resolved_at is null)", name="resolved_whole"),
        CheckConstraint("(state = 'FAILED') = (failure is not null)", name="failure_told"),
        Index(
            "uq_claim_payments__one_live_per_payee",
            "policy_id",
            "decision_id",
            "payee",
            unique=True,
            postgresql_where=text("state in ('ORDERED', 'PAID')"),
        ),
        Index("ix_claim_payments__claim", "policy_id", "claim_id", "ordered_at"),
        Index("ix_claim_payments__reference", "reference"),
    )

    claim_id: uuid.UUID
    decision_id: uuid.UUID
    payee: str
    hospital_code: str | None = Field(default=None, foreign_key="hospitals.code")
    vendor_code: str | None = Field(default=None, foreign_key="vendors.code")
    account_last4: str | None = None  # of the account at the time of the order
    amount: Decimal = money()
    state: str
    reference: str
    failure: str | None = None
    ordered_by: str
    ordered_at: dt.datetime = instant()
    resolved_at: dt.datetime | None = instant(nullable=True)


class ClaimEvent(SQLModel, table=True):
    """One step in a claim's life, checked against `transitions`."""

    __tablename__ = "claim_events"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [f"transitions.{column}" for column in ("machine", "from_state", "command", "role", "to_state")],
            name="fk_claim_events__transition",
        ),
    )

    policy_id: uuid.UUID = key()
    claim_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
    machine: str
    from_state: str
    command: str
    role: str
    to_state: str
    actor: str
    reason: str | None = None
    details: dict[str, Any] = json_object()
    rulebook: str  # version of the rulebook that judged the step
    at: dt.datetime = instant()


class Appeal(Sharded, table=True):
    """A decision looked at again by someone else. The key to the decision holds who made it."""

    __tablename__ = "appeals"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        ForeignKeyConstraint(
            ["policy_id", "decision_id", "decider"],
            ["claim_decisions.policy_id", "claim_decisions.id", "claim_decisions.decided_by"],
        ),
        ForeignKeyConstraint(["policy_id", "new_decision_id"], ["claim_decisions.policy_id", "claim_decisions.id"]),
        UniqueConstraint("policy_id", "number"),
        UniqueConstraint("policy_id", "decision_id", "level"),
        one_of("outcome", ["UPHELD", "PARTIALLY_OVERTURNED", "OVERTURNED"]),
        CheckConstraint("level > 0", name="level_positive"),
        CheckConstraint("reviewer is null or reviewer <> decider", name="two_people"),
        CheckConstraint("extended_by is null or extended_by <> decider", name="extended_by_another"),
        CheckConstraint(
            "(extended_at is null) = (extended_by is null) and (extended_at is null) = (answer_by is null)",
            name="extended_whole",
        ),
        CheckConstraint("(outcome is null) = (decided_at is null)", name="decided_whole"),
        CheckConstraint("outcome is null or (reviewer is not null and reason is not null)", name="decided_by_someone"),
        CheckConstraint(
            "coalesce(outcome in ('PARTIALLY_OVERTURNED', 'OVERTURNED'), false) = (new_decision_id is not null)",
            name="overturned_by_revision",
        ),
        Index("ix_appeals__claim", "policy_id", "claim_id", "level"),
        Index("ix_appeals__created", "created_at", "id"),
        Index("ix_appeals__number", "number"),
    )

    number: str
    claim_id: uuid.UUID
    decision_id: uuid.UUID
    decider: str
    level: int
    machine: str
    state: str
    state_seq: int
    grounds: str
    extended_by: str | None = None
    extended_at: dt.datetime | None = instant(nullable=True)
    answer_by: dt.date | None = None  # the day that was promised with it
    reviewer: str | None = None
    outcome: str | None = None
    reason: str | None = None
    new_decision_id: uuid.UUID | None = None
    decided_at: dt.datetime | None = instant(nullable=True)
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class AppealEvent(SQLModel, table=True):
    """One step in an appeal's life, checked against `transitions`."""

    __tablename__ = "appeal_events"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "appeal_id"], ["appeals.policy_id", "appeals.id"]),
        ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [f"transitions.{column}" for column in ("machine", "from_state", "command", "role", "to_state")],
            name="fk_appeal_events__transition",
        ),
    )

    policy_id: uuid.UUID = key()
    appeal_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
    machine: str
    from_state: str
    command: str
    role: str
    to_state: str
    actor: str
    reason: str | None = None
    details: dict[str, Any] = json_object()
    rulebook: str  # version of the rulebook that judged the step
    at: dt.datetime = instant()
