"""The lists of critical illnesses."""

from collections.abc import Sequence
from typing import Any


async def is_listed(connection: Any, product: str, name: str | None) -> bool | None:
    """Whether the product's list has the illness; none while no list is loaded, or none is named."""
    if name is None:
        return None
    return await connection.fetchval(
        """
        select bool_or(lower(name) = lower($2)) from critical_illnesses where product_code = $1
        """,
        product,
        name,
    )


async def products(connection: Any) -> list[str]:
    return [row["code"] for row in await connection.fetch("select code from products order by position")]


async def replace(connection: Any, listed: Sequence[tuple[str, str]]) -> None:
    """The whole list of every product that is named."""
    await connection.execute(
        "delete from critical_illnesses where product_code = any($1::text[])",
        sorted({product for product, _ in listed}),
    )
    await connection.executemany("insert into critical_illnesses (product_code, name) values ($1, $2)", listed)
