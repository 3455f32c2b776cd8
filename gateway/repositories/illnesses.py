"""The lists of critical illnesses."""

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
