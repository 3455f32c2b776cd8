"""Rows that a timer could not move when their time had come."""

import datetime as dt

from sqlmodel import Field, SQLModel

from models.base import instant


class StuckRow(SQLModel, table=True):
    """Named by its key, and by what kind of error it met: what the error says may tell of people."""

    __tablename__ = "stuck_rows"

    timer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    failure: str
    attempts: int
    first_at: dt.datetime = instant()
    last_at: dt.datetime = instant()
    again_at: dt.datetime = instant()
