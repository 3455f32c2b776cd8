"""Papers that belong to a case: reserved by a ticket, uploaded, checked, and only then readable."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from models.base import Sharded, instant, one_of


class Document(Sharded, table=True):
    __tablename__ = "documents"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        one_of("state", ["RESERVED", "UPLOADED", "CLEAN", "INFECTED", "UNSUPPORTED", "ACCEPTED", "REJECTED"]),
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_documents__subject", "policy_id", "subject_id"),
    )

    kind: str
    state: str
    media_type: str
    size: int
    sha256: str
    issued_on: dt.date | None = None  # date printed on the paper, where a rule asks how old it is
    subject_id: uuid.UUID | None = None
    created_at: dt.datetime = instant()
    uploaded_at: dt.datetime | None = instant(nullable=True)
