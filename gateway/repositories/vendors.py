"""Vendors: who serves."""

from typing import Any


async def names(connection: Any) -> dict[str, str]:
    """English name by code."""
    return dict(await connection.fetch("select code, name_en from vendors order by code"))
