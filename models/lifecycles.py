"""Lifecycles as data: every step that a case may take, and who may take it."""

from sqlmodel import Field, SQLModel

from models.base import one_of


class Transition(SQLModel, table=True):
    """One edge: in this state, this command by this role leads to that state. `from_state` '' begins a case."""

    __tablename__ = "transitions"
    __table_args__ = (one_of("role", ["CUSTOMER", "VENDOR", "STAFF", "SYSTEM"]),)

    machine: str = Field(primary_key=True)
    from_state: str = Field(primary_key=True)
    command: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    to_state: str = Field(primary_key=True)
    position: int  # order in which a person is offered the steps
