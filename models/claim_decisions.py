"""What is decided of claims, by revision and line, and what is paid for it."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, json_object, key, money, one_of, text_list


class Sums(SQLModel):
    """What is asked, and what becomes of it, to the cent."""

    asked: Decimal = money()
    allowed: Decimal = money()
    deductible: Decimal = money()
    copay: Decimal = money()
    excluded: Decimal = money()
    other: Decimal = money()
    paid: Decimal = money()


def balanced() -> tuple[CheckConstraint, ...]:
    """What holds between the sums of a decision, and of each of its lines."""
    return (
        CheckConstraint("asked = paid + deductible + copay + excluded + other", name="balanced"),
        CheckConstraint("least(paid, deductible, copay, excluded, other) >= 0", name="not_negative"),
        CheckConstraint("paid <= allowed and allowed <= asked - excluded", name="allowed_possible"),
    )


class ClaimDecision(Sums, Sharded, table=True):
    """A decision, never changed: an appeal or a correction adds a revision. `facts` is what the rules were shown."""

    __tablename__ = "claim_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "claim_id"], ["claims.policy_id", "claims.id"]),
        UniqueConstraint("policy_id", "claim_id", "revision"),
        UniqueConstraint("policy_id", "id", "decided_by"),
        one_of("outcome", ["APPROVED", "PARTIALLY_APPROVED", "REFUSED"]),
        CheckConstraint("revision > 0", name="revision_positive"),
        *balanced(),
        CheckConstraint("outcome <> 'REFUSED' or paid = 0", name="refused_unpaid"),
        CheckConstraint("outcome = 'APPROVED' or reason is not null", name="refused_with_reason"),
        CheckConstraint("approved_by is null or approved_by <> decided_by", name="two_people"),
    )

    claim_id: uuid.UUID
    revision: int
    outcome: str
    reason: str | None = None
    rule_codes: list[str] = text_list()
    facts: dict[str, Any] = json_object()
    rulebook: str
    decided_by: str
    approved_by: str | None = None  # supervisor, above the limit of whoever decided
    decided_at: dt.datetime = instant()


class ClaimDecisionLine(Sums, table=True):
    """What a decision says of one line. The key to the line holds the amount, so that both speak of the same sum."""

    __tablename__ = "claim_decision_lines"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "decision_id"], ["claim_decisions.policy_id", "claim_decisions.id"]),
        ForeignKeyConstraint(
            ["policy_id", "line_id", "asked"], ["claim_lines.policy_id", "claim_lines.id", "claim_lines.asked"]
        ),
        *balanced(),
        CheckConstraint("excluded + other = 0 or reason is not null", name="excluded_with_reason"),
        Index("ix_claim_decision_lines__line", "policy_id", "line_id", "decision_id"),
    )

    policy_id: uuid.UUID = key()
    decision_id: uuid.UUID = key()
    line_id: uuid.UUID = key()
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
