"""What a decision on a case was shown, by which rules, and what came of it. Only added to."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index

from models.base import Sharded, instant, json_object


class Judgement(Sharded, table=True):
    """Of every decision but those on claims, which keep theirs themselves (`claim_decisions`)."""

    __tablename__ = "judgements"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        Index("ix_judgements__subject", "policy_id", "subject_id", "at"),
    )

    subject_id: uuid.UUID
    operation: str
    actor: str
    facts: dict[str, Any] = json_object()  # with the rules as they stood, what they answered, and what was decided
    rulebook: str
    at: dt.datetime = instant()
