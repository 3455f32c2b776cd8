"""The pages of `docs/services` tell what the gateway answers today."""

import os
import re
from pathlib import Path

import pytest

from gateway.schema.enums import ServiceKind
from tests.support.client import Gateway
from tests.walks import cy, cy_cards, cy_claims, cy_doctors, vas, zawx, zyb  # noqa: F401  (each module adds its walks)
from tests.walks.walk import FOOT, WALKS, Description

PAGES = Path(__file__).parents[2] / "docs" / "services"
MADE = re.compile(r"\b[0-9a-f]{32,}\b(?<!0{64})")
INTRODUCTION = """# The services, each from the first query to the rating

Every page is made of real requests and the answers to them: who sends what, what comes back, a dry run, a refusal with
its clause, and what the vendor does. Keys, ids and numbers that differ from run to run stand as placeholders.
Each walk has a policy of its own that began on 1 January 2026; the times are those of Shanghai, and in development
the header `x-dev-now` sets them. What every document has in common (tokens, dry runs, verdicts, keys) is told in the
schema itself and in [the architecture](../architecture.md)."""
WITHOUT_BOOKING = {"HEALTH_LECTURE", "HEALTH_TIPS", "VIP_SERVICE"}
"""Services that clients are told of and that nothing is booked for."""
UNRATED = {"ADVANCE_PAYMENT", "HEALTH_CHECK", "HEALTH_MANAGER", "HEALTH_RECORD", "VACCINATION_REMINDER"}
"""Cases of their own, and what nobody books: clients rate bookings."""

WRITES = os.environ.get("WRITE_WALKS") == "1"


def same(page: str, text: str) -> None:
    file = PAGES / page
    if WRITES:
        file.write_text(text, encoding="utf-8")
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    assert written == text, f"docs/services/{page} tells of other answers; `make walks` writes the pages anew"


def index() -> str:
    """The list of all pages, by the services of the schema."""
    lines = [f"- [{item.title}]({item.page}.md): {item.about}" for item in WALKS]
    return "\n\n".join((INTRODUCTION, "\n".join(lines), FOOT)) + "\n"


@pytest.mark.parametrize("description", WALKS, ids=lambda description: description.page)
def test_a_page_tells_what_the_gateway_answers(gateway: Gateway, description: Description) -> None:
    same(f"{description.page}.md", description.write(gateway))


def test_the_index_names_every_page() -> None:
    same("README.md", index())
    assert {file.stem for file in PAGES.glob("*.md")} - {"README"} == {item.page for item in WALKS}


def test_every_service_that_is_booked_has_a_walk() -> None:
    walked = {service for item in WALKS for service in item.services}
    assert {kind.value for kind in ServiceKind} - walked == WITHOUT_BOOKING


@pytest.mark.parametrize("description", WALKS, ids=lambda description: description.page)
def test_a_page_goes_from_a_query_over_a_dry_run_and_a_refusal_to_the_end(description: Description) -> None:
    page = (PAGES / f"{description.page}.md").read_text(encoding="utf-8")
    first = page.split("## 2.", maxsplit=1)[0]
    assert "mutation" not in first, "the first step is a query"
    assert "dryRun: true" in page
    assert ('"remedy"' in page and '"refusals": [\n' in page) == description.refuses
    assert description.refuses or '"code": "BAD_USER_INPUT"' in page
    assert ("bookingRate" in page) == bool(description.services - UNRATED)


def test_a_page_holds_nothing_that_another_run_would_not() -> None:
    """Keys, ids and secrets of this run have left no trace on the pages."""
    found = {file.name: MADE.findall(file.read_text(encoding="utf-8")) for file in PAGES.glob("*.md")}
    assert {name: left for name, left in found.items() if left} == {}
