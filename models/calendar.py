"""Working days, day by day, each with where it comes from."""

import datetime as dt

from sqlmodel import Field, SQLModel

from models.base import one_of


class CalendarDay(SQLModel, table=True):
    __tablename__ = "calendar_days"
    __table_args__ = (one_of("status", ["OFFICIAL", "ESTIMATED"]),)

    on: dt.date = Field(primary_key=True)
    is_workday: bool
    status: str
    source: str
    name: str | None = None
