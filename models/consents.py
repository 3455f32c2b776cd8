"""What people have agreed to and been told, and what they tell us."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Sharded, instant, one_of, text_list


class Consent(Sharded, table=True):
    """Agreement to one use of personal data, by the hash of the text that was shown. Withdrawing stops new use."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        one_of("kind", ["SENSITIVE_DATA", "VENDOR_SHARING", "THIRD_PARTY_SHARING", "REPORT_SHARING", "CROSS_BORDER"]),
        one_of("given_by", ["INSURED", "GUARDIAN", "AGENT"]),
        CheckConstraint(
            "kind <> 'CROSS_BORDER' or (recipient <> '' and num_nulls(recipient_contact, method) = 0)",
            name="cross_border_whole",
        ),
        CheckConstraint("(withdrawn_at is null) = (withdrawn_by is null)", name="withdrawn_whole"),
        CheckConstraint("text_sha256 ~ '^[0-9a-f]{64}$'", name="text_sha256_shaped"),
        Index(
            "uq_consents__one_live",
            "policy_id",
            "insured_id",
            "kind",
            "recipient",
            "purpose",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
    )

    insured_id: uuid.UUID
    kind: str
    recipient: str = ""  # a vendor's code, or a name; '' where there is none
    recipient_contact: str | None = None
    purpose: str
    method: str | None = None
    data_kinds: list[str] = text_list()
    given_by: str
    principal: str
    text_version: str
    text_sha256: str
    language: str
    granted_at: dt.datetime = instant()
    withdrawn_by: str | None = None
    withdrawn_at: dt.datetime | None = instant(nullable=True)


class DisclosureAcknowledgement(Sharded, table=True):
    """A disclosure that was shown and acknowledged, by the hash of the text in the language that was shown."""

    __tablename__ = "disclosure_acknowledgements"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        UniqueConstraint("policy_id", "subject_id", "operation", "rule_code"),
    )

    rule_code: str = Field(foreign_key="rules.code")
    operation: str
    subject_id: uuid.UUID
    principal: str
    text_sha256: str
    language: str
    at: dt.datetime = instant()


class Complaint(Sharded, table=True):
    """A complaint; whoever it is about does not handle it."""

    __tablename__ = "complaints"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        UniqueConstraint("policy_id", "number"),
        one_of("state", ["RECEIVED", "IN_REVIEW", "ANSWERED"]),
        CheckConstraint("(state = 'ANSWERED') = (answered_at is not null)", name="answered_whole"),
        Index("ix_complaints__policy_created", "policy_id", "created_at", "id"),
        Index("ix_complaints__created", "created_at", "id"),
        Index("ix_complaints__waiting", text("(answered_at IS NOT NULL)"), "created_at", "id"),
        Index("ix_complaints__queue", "id", postgresql_where=text("answered_at is null")),
    )

    number: str
    product_code: str = Field(foreign_key="products.code")
    subject_id: uuid.UUID | None = None
    principal: str
    content: str
    state: str
    handler: str | None = None
    answer: str | None = None
    answered_at: dt.datetime | None = instant(nullable=True)
    created_at: dt.datetime = instant()


class Message(Sharded, table=True):
    """A question that was left for customer service."""

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id"], ["policies.policy_id"]),
        ForeignKeyConstraint(["product_code", "service"], ["product_services.product_code", "product_services.kind"]),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered_whole"),
        Index("ix_messages__policy_created", "policy_id", "created_at", "id"),
        Index("ix_messages__created", "created_at", "id"),
        Index("ix_messages__waiting", text("(answered_at IS NOT NULL)"), "created_at", "id"),
        Index("ix_messages__queue", "id", postgresql_where=text("answered_at is null")),
    )

    product_code: str = Field(foreign_key="products.code")
    service: str | None = None
    principal: str
    content: str
    phone_encrypted: bytes | None = None
    phone_last4: str | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_at: dt.datetime | None = instant(nullable=True)
    created_at: dt.datetime = instant()
