"""Known holes of the libraries below: what they are about is not used here, and must not come to be."""

import re
from pathlib import Path

import pytest

GATEWAY = Path(__file__).parents[2] / "gateway"
HOLES = {
    "its limits of depth and aliases, exponential over fragments": r"QueryDepthLimiter|MaxAliasesLimiter",
    "its limit of tokens, which counts after parsing": r"MaxTokensLimiter",
    "its mask of errors, which lets some pass where nothing is awaited": r"MaskErrors",
    "its permissions, which are skipped where nothing is awaited": r"permission_classes|BasePermission",
    "its older protocol of sockets, which knows no authentication and no bound": r"GRAPHQL_WS_PROTOCOL|graphql_ws",
    "its views, which take forms and batches": r"strawberry\.(asgi|fastapi|django|aiohttp)",
}


def uses(pattern: str) -> list[str]:
    found = re.compile(pattern)
    return [str(file.relative_to(GATEWAY)) for file in GATEWAY.rglob("*.py") if found.search(file.read_text())]


@pytest.mark.parametrize("hole", HOLES)
def test_what_has_a_hole_is_not_used(hole: str) -> None:
    assert uses(HOLES[hole]) == []


def test_the_search_finds_what_is_there() -> None:
    assert "http/sockets.py" in uses("GRAPHQL_TRANSPORT_WS_PROTOCOL")
