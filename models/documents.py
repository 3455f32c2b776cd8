"""Papers that belong to a case: reserved by a ticket, uploaded, checked, and only then readable."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from models.base import Sharded, instant, key, one_of
from models.steps import Step, history_of

STATES = [
    "RESERVED",
    "UPLOADED",
    "CHECKING",
    "CLEAN",
    "INFECTED",
    "UNSUPPORTED",
    "ACCEPTED",
    "REJECTED",
    "EXPIRED",
    "REMOVED",
]
READABLE = ("CLEAN", "ACCEPTED", "REJECTED")
"""States in which the bytes may be read: what came after the check is people's opinion of the paper."""


class Document(Sharded, table=True):
    """A paper. Its bytes lie in the storage under its id; what the client calls the file is only shown."""

    __tablename__ = "documents"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        one_of("state", STATES),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("sha256 is not null or state in ('RESERVED', 'EXPIRED')", name="hash_known_once_uploaded"),
        Index("ix_documents__subject", "policy_id", "subject_id"),
        Index("ix_documents__created", "policy_id", "created_at", "id"),
        Index("ix_documents__unattached", "keep_until", postgresql_where=text("subject_id is null")),
        Index("ix_documents__unchecked", "uploaded_at", postgresql_where=text("state in ('UPLOADED', 'CHECKING')")),
    )

    kind: str
    state: str
    state_seq: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    file_name: str | None = None
    media_type: str  # as announced; once checked, as the bytes say
    size: int  # as announced; once uploaded, as counted
    sha256: str | None = None  # as announced, or as counted
    issued_on: dt.date | None = None  # date printed on the paper, where a rule asks how old it is
    subject_id: uuid.UUID | None = None  # the case that it was handed in for
    reserved_by: str | None = None
    ticket_until: dt.datetime | None = instant(nullable=True)
    keep_until: dt.datetime | None = instant(nullable=True)  # unless a case has it by then
    width: int | None = None  # of an image, in pixels
    height: int | None = None
    dots_per_inch: int | None = None
    has_color: bool | None = None
    page_count: int | None = None
    created_at: dt.datetime = instant()
    uploaded_at: dt.datetime | None = instant(nullable=True)
    checked_at: dt.datetime | None = instant(nullable=True)


class DocumentEvent(Step, table=True):
    """One step in a paper's life, checked against `transitions`."""

    __tablename__ = "document_events"
    __table_args__ = history_of("documents", "document_id", name="document_events")

    policy_id: uuid.UUID = key()
    document_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)


class RetentionHold(Sharded, table=True):
    """A reason, such as a lawsuit, for which no paper of a policy is removed while it stands."""

    __tablename__ = "retention_holds"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("(lifted_at is null) = (lifted_by is null)", name="lifted_whole"),
        Index("ix_retention_holds__standing", "policy_id", postgresql_where=text("lifted_at is null")),
    )

    reason: str
    placed_by: str
    placed_at: dt.datetime = instant()
    lifted_by: str | None = None
    lifted_at: dt.datetime | None = instant(nullable=True)
