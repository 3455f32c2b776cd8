"""Working days, day by day, each with where it comes from."""

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import instant, instant_key, one_of


class CalendarDay(SQLModel, table=True):
    __tablename__ = "calendar_days"
    __table_args__ = (one_of("status", ["OFFICIAL", "ESTIMATED"]),)

    on: dt.date = Field(primary_key=True)
    is_workday: bool
    status: str
    source: str
    name: str | None = None


class CalendarCorrection(SQLModel, table=True):
    """What a day was taken for until a notice said otherwise: a client keeps what the calendar promised then."""

    __tablename__ = "calendar_corrections"
    __table_args__ = (
        one_of("status", ["OFFICIAL", "ESTIMATED"]),
        Index("ix_calendar_corrections__pending", "on", postgresql_where=text("applied_at is null")),
    )

    on: dt.date = Field(primary_key=True)
    replaced_at: dt.datetime = instant_key()
    is_workday: bool
    status: str
    applied_at: dt.datetime | None = instant(nullable=True)  # the deadlines that count this day were reckoned anew
