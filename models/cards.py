"""Insurance cards, who has bound them, and the codes that prove a phone number."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Sharded, instant, key, one_of
from models.steps import JudgedStep, history_of


class Card(Sharded, table=True):
    """The card of one insured. Whether it opens direct billing is worked out from its suspensions, never stored."""

    __tablename__ = "cards"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "insured_id"], ["policy_members.policy_id", "policy_members.id"]),
        UniqueConstraint("policy_id", "insured_id"),
        UniqueConstraint("policy_id", "number"),
        Index("ix_cards__number", "number"),
    )

    number: str
    insured_id: uuid.UUID
    machine: str
    state: str
    state_seq: int
    is_demo: bool = False
    created_at: dt.datetime = instant()
    updated_at: dt.datetime = instant()


class CardBinding(Sharded, table=True):
    """A card in somebody's hands: several people may hold one card, and one person several."""

    __tablename__ = "card_bindings"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "card_id"], ["cards.policy_id", "cards.id"]),
        one_of("proof", ["PHONE_CODE", "IDENTITY"]),
        Index(
            "uq_card_bindings__one_live_per_person",
            "policy_id",
            "card_id",
            "principal",
            unique=True,
            postgresql_where=text("unbound_at is null"),
        ),
        Index("ix_card_bindings__principal", "principal", "policy_id", postgresql_where=text("unbound_at is null")),
    )

    card_id: uuid.UUID
    principal: str
    relation: str | None = None  # of the insured to whoever holds the card
    proof: str
    bound_at: dt.datetime = instant()
    unbound_at: dt.datetime | None = instant(nullable=True)


class CardCode(Sharded, table=True):
    """A code that was sent to the phone given at application; it serves one person once."""

    __tablename__ = "card_codes"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "card_id"], ["cards.policy_id", "cards.id"]),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("expires_at > sent_at", name="expires_later"),
        Index("ix_card_codes__principal", "policy_id", "card_id", "principal", "sent_at"),
    )

    card_id: uuid.UUID
    principal: str
    phone_hash: bytes
    code_hash: bytes
    attempts: int = 0
    sent_at: dt.datetime = instant()
    expires_at: dt.datetime = instant()
    used_at: dt.datetime | None = instant(nullable=True)


class CardEvent(JudgedStep, table=True):
    """One step in a card's life, checked against `transitions`."""

    __tablename__ = "card_events"
    __table_args__ = history_of("cards", "card_id", name="card_events")

    policy_id: uuid.UUID = key()
    card_id: uuid.UUID = key()
    seq: int = Field(primary_key=True)
