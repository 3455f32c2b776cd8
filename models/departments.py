"""The open catalogue of hospital departments."""

from sqlmodel import Field, SQLModel


class Department(SQLModel, table=True):
    __tablename__ = "departments"

    code: str = Field(primary_key=True)
    position: int
    name_zh: str
    name_en: str
