"""Pharmacies that vendors have designated."""

from collections.abc import Sequence
from typing import Any

from models.base import derived_id


async def vendors(connection: Any) -> list[str]:
    return [row["code"] for row in await connection.fetch("select code from vendors order by code")]


async def cities(connection: Any) -> dict[tuple[str, str], str]:
    """Province and name → code."""
    rows = await connection.fetch("select province, name, code from cities")
    return {(row["province"], row["name"]): row["code"] for row in rows}


async def upsert(connection: Any, rows: Sequence[dict[str, Any]], *, is_demo: bool) -> None:
    await connection.executemany(
        """
        insert into pharmacies (code, id, vendor_code, city_code, name, address, phone, is_demo)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (code) do update set vendor_code = excluded.vendor_code, city_code = excluded.city_code,
          name = excluded.name, address = excluded.address, phone = excluded.phone, is_demo = excluded.is_demo
        """,
        [
            (
                row["code"],
                derived_id("pharmacy", row["code"]),
                row["vendor"],
                row["city"],
                row["name"],
                row["address"],
                row["phone"],
                is_demo,
            )
            for row in rows
        ],
    )
