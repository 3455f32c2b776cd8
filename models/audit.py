"""Who did what to which case, on whose behalf, in which request, under which version of the rules. Only added to."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import instant, json_object, key, one_of

NO_POLICY = uuid.UUID(int=0)
"""Where entries stand that are about no policy, such as those of tokens: a key may not be null."""

FIELDS_READ = "fieldsRead"
"""What it is called that somebody was shown sensitive fields."""

ARCHIVED = "auditArchive"
"""What it is called that old lines were written to files and left the database."""

READS = (FIELDS_READ, "documentRead", "statementRead", "personalDataUnmask", "bookingContactShow")
"""Lines that tell who has read something of a person."""


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entries"
    __table_args__ = (
        one_of("actor_kind", ["CUSTOMER", "VENDOR", "STAFF", "SYSTEM"]),
        Index("ix_audit_entries__subject", "policy_id", "subject_id", "id"),
        {"postgresql_partition_by": "RANGE (id)"},  # by month, since an id begins with its time: `postgres.trail`
    )

    policy_id: uuid.UUID = key()  # or NO_POLICY
    id: uuid.UUID = key()
    actor_kind: str
    actor: str
    operation: str
    subject_id: uuid.UUID | None = None
    purpose: str | None = None
    on_behalf_of: str | None = None
    details: dict[str, Any] = json_object()  # which fields were shown, say; never their values
    request_id: str
    rulebook: str
    at: dt.datetime = instant()


class UnmaskingCount(SQLModel, table=True):
    """How often somebody has had personal data shown in full on a civil day: so that it can be bounded."""

    __tablename__ = "unmasking_counts"
    __table_args__ = (CheckConstraint("count > 0", name="count_positive"),)

    actor: str = Field(primary_key=True)
    on: dt.date = Field(primary_key=True)
    count: int
