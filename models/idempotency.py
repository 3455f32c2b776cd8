"""What was answered to which key, so that a repeated request changes nothing and is answered the same."""

import datetime as dt
import uuid
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import instant, json_object


class IdempotencyKey(SQLModel, table=True):
    """Keyed by the caller, not by a policy: a key that was used for one policy is refused for another."""

    __tablename__ = "idempotency_keys"

    principal: str = Field(primary_key=True)
    operation: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_sha256: str
    policy_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None
    verdicts: list[Any] = json_object()
    created_at: dt.datetime = instant(index=True)
