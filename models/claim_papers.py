"""Papers of claims: what is there and what is lacking, parcels of originals, and what was signed."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Sharded, instant, key, one_of, text_list


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
