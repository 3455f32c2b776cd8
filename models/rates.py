"""How much callers may still ask for, where several workers count together."""

import datetime as dt

from sqlmodel import Field, SQLModel

from models.base import instant


class RateBucket(SQLModel, table=True):
    """One caller's bucket. It holds nothing that must outlive a crash, so no log is written for it."""

    __tablename__ = "rate_buckets"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    holder: str = Field(primary_key=True)  # a digest: an address or a principal is personal data
    level: float
    granted: float  # by the last statement
    refilled_at: dt.datetime = instant(index=True)
