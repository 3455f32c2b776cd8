"""Documents that apps have registered: in production these are all that customers' apps may send."""

import datetime as dt

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import instant, text_list


class TrustedDocument(SQLModel, table=True):
    """One document of one app. Two apps may share it, and each retires it for itself."""

    __tablename__ = "trusted_documents"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="digest"),
        CheckConstraint("cardinality(operations) > 0 and cost > 0", name="measured"),
        CheckConstraint("(retired_at is null) = (retired_by is null)", name="retired_whole"),
    )

    sha256: str = Field(primary_key=True)  # of the text
    app: str = Field(primary_key=True)
    operations: list[str] = text_list()  # their names
    text: str
    cost: int  # of the dearest operation, with the dearest variables
    scopes: list[str] = text_list()
    tables: list[str] = text_list()
    schema_sha256: str  # of the SDL that it was checked against
    registered_by: str
    registered_at: dt.datetime = instant()
    retired_by: str | None = None
    retired_at: dt.datetime | None = instant(nullable=True)
