"""Disputes of bills: what a client says is wrong with one, and what came of it."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text

from models.base import Sharded, instant, money, one_of


class BillDispute(Sharded, table=True):
    """One at a time is open for a bill. The key to the bill holds who issued it, who decides on no dispute of it."""

    __tablename__ = "bill_disputes"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "bill_id"], ["bills.policy_id", "bills.id"]),
        ForeignKeyConstraint(
            ["policy_id", "bill_id", "issued_by"],
            ["bills.policy_id", "bills.id", "bills.issued_by"],
            name="fk_bill_disputes__issuer",
        ),
        UniqueConstraint("policy_id", "id", "taken_off"),
        one_of("state", ["OPEN", "UPHELD", "ADJUSTED", "WITHDRAWN", "LAPSED"]),
        CheckConstraint("(state = 'OPEN') = (ended_at is null)", name="ended_whole"),
        CheckConstraint("(state in ('UPHELD', 'ADJUSTED')) = (decided_by is not null)", name="decided_by_someone"),
        CheckConstraint("decided_by is null or reason is not null", name="decided_with_reason"),
        CheckConstraint("(state = 'ADJUSTED') = (taken_off is not null)", name="adjusted_by_an_amount"),
        CheckConstraint("taken_off > 0", name="taken_off_positive"),
        CheckConstraint("issued_by is null or decided_by is null or issued_by <> decided_by", name="two_people"),
        Index(
            "uq_bill_disputes__one_open", "policy_id", "bill_id", unique=True, postgresql_where=text("state = 'OPEN'")
        ),
        Index("ix_bill_disputes__bill", "policy_id", "bill_id", "opened_at"),
    )

    bill_id: uuid.UUID
    issued_by: str | None = None
    state: str
    grounds: str
    opened_by: str
    opened_at: dt.datetime = instant()
    taken_off: Decimal | None = money(nullable=True)  # what the client did not owe
    reason: str | None = None
    decided_by: str | None = None
    ended_at: dt.datetime | None = instant(nullable=True)
