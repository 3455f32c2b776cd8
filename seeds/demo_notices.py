"""Announcements that were never made, so that a client of the demo sees where lectures, tips and knowledge stand."""

from typing import Any

from gateway.repositories.writes import insert
from models.base import derived_id
from seeds.files import read
from seeds.state import HERE

FILE = HERE / "demo_notices.yaml"


async def load_demo_notices(connection: Any) -> None:
    """Each takes the place of what an earlier loading wrote."""
    async with connection.transaction():
        await connection.execute("delete from notices where is_demo")
        for told in read(FILE.name):
            await insert(connection, "notices", _row(told))


def _row(told: dict[str, Any]) -> dict[str, Any]:
    title, body = told["title"], told["body"]
    return {
        "id": derived_id("demo", f"notice {title['zh']}"),
        "product_code": told["product"],
        "service": told["service"],
        "title_zh": title["zh"],
        "title_en": title["en"],
        "body_zh": body["zh"],
        "body_en": body["en"],
        "effective_on": told["effectiveOn"],
        "published_at": told["publishedAt"],
        "is_demo": True,
    }
