"""Pharmacies that vendors have designated."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, exists, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import any_

from gateway.postgres.given import Given
from models.base import derived_id
from models.vendors import ProductVendor

DRUGS = "ONCOLOGY_DRUG"


def of_product(row: Any, code: Given) -> ColumnElement[bool]:
    """Of a vendor that delivers the product's listed drugs."""
    contract: Any = aliased(ProductVendor)
    delivers = select(contract.vendor_code).where(
        contract.vendor_code == row.vendor_code,
        contract.product_code == code.bind(Text),
        any_(contract.services) == DRUGS,
    )
    return exists(delivers.correlate(row))


async def vendors(connection: Any) -> list[str]:
    return [row["code"] for row in await connection.fetch("select code from vendors order by code")]


async def cities(connection: Any) -> dict[tuple[str, str], str]:
    """Province and name → code."""
    rows = await connection.fetch("select province, name, code from cities")
    return {(row["province"], row["name"]): row["code"] for row in rows}


async def upsert(connection: Any, rows: Sequence[dict[str, Any]], *, is_demo: bool) -> None:
    await connection.executemany(
        """
        insert into pharmacies
          (code, id, vendor_code, city_code, name, address, phone, search_text, search_grams, sort_key, is_demo)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (code) do update set vendor_code = excluded.vendor_code, city_code = excluded.city_code,
          name = excluded.name, address = excluded.address, phone = excluded.phone, search_text = excluded.search_text,
          search_grams = excluded.search_grams, sort_key = excluded.sort_key, is_demo = excluded.is_demo
        """,
        [
            (
                row["code"],
                derived_id("pharmacy", row["code"]),
                *(row[name] for name in ("vendor", "city", "name", "address", "phone")),
                *(row[name] for name in ("search_text", "search_grams", "sort_key")),
                is_demo,
            )
            for row in rows
        ],
    )
