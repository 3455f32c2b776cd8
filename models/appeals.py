"""Appeals against decisions, and every step of theirs."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from models.base import Sharded, instant, key, one_of
from models.steps import JudgedStep, history_of


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


class AppealEvent(JudgedStep, table=True):
    """One step in an appeal's life, checked against `transitions`."""

    __tablename__ = "appeal_events"
    __table_args__ = history_of("appeals", "appeal_id", name="appeal_events")

    policy_id: uuid.UUID = key()
    appeal_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
