"""Companies that deliver services or handle papers for a product."""

import uuid

from sqlmodel import Field, SQLModel

from models.base import text_list


class Vendor(SQLModel, table=True):
    __tablename__ = "vendors"

    code: str = Field(primary_key=True)
    id: uuid.UUID = Field(unique=True)
    name_zh: str
    name_en: str
    is_demo: bool = False


class ProductVendor(SQLModel, table=True):
    """What a vendor does for a product: the contract that its tokens are cut from."""

    __tablename__ = "product_vendors"

    product_code: str = Field(primary_key=True, foreign_key="products.code")
    vendor_code: str = Field(primary_key=True, foreign_key="vendors.code", index=True)
    role: str
    services: list[str] = text_list()
