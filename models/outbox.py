"""Messages to be sent, written in the same transaction as what they tell about."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text

from models.base import Sharded, instant, json_object


class OutboxMessage(Sharded, table=True):
    """`payload` names things by id only: no name, phone or diagnosis travels in it."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        UniqueConstraint("policy_id", "dedupe_key"),
        Index(
            "ix_outbox_messages__due",
            "available_at",
            postgresql_where=text("sent_at is null and cancelled_at is null"),
        ),
        Index("ix_outbox_messages__subject", "policy_id", "subject_id"),
        Index("ix_outbox_messages__sent", "sent_at"),
    )

    topic: str
    audience: str
    subject_id: uuid.UUID
    rule_code: str | None = None
    payload: dict[str, Any] = json_object()
    dedupe_key: str
    available_at: dt.datetime = instant()
    created_at: dt.datetime = instant()
    claimed_until: dt.datetime | None = instant(nullable=True)
    attempts: int = 0
    sent_at: dt.datetime | None = instant(nullable=True)
    cancelled_at: dt.datetime | None = instant(nullable=True)
