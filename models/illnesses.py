"""Critical illnesses that the terms of a product name. No handbook prints the list: it is loaded from a file."""

from sqlmodel import Field, SQLModel


class CriticalIllness(SQLModel, table=True):
    __tablename__ = "critical_illnesses"

    product_code: str = Field(primary_key=True, foreign_key="products.code")
    name: str = Field(primary_key=True)
