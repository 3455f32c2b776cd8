"""What is generated and committed equals the code it was generated from."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.postgres.migrate import drift
from gateway.schema import sdl
from gateway.schema.access_page import access_page
from tests.support.client import Gateway

ROOT = Path(__file__).parents[2]
OTHER_MACHINES = re.compile(r"(?<![\w.\-/])/(?:work|root|Users)/\w")
NO_TEXT = {".png", ".gif", ".ico", ".woff2", ".xlsx", ".svg"}


def test_the_committed_schema_is_that_of_the_code() -> None:
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == sdl(), "`make schema` writes it anew"


def test_the_page_on_access_is_that_of_the_code() -> None:
    assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == access_page(), "`make schema` writes it anew"


@pytest.mark.anyio
async def test_the_migrations_lead_to_the_models(gateway: Gateway) -> None:
    assert await drift(gateway.owner_dsn) == []


def ours() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    paths = [ROOT / name for name in listed if name] or list(ROOT.rglob("*.py"))
    return (path for path in paths if path.is_file() and path.suffix not in NO_TEXT)


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    guilty = [path for path in ours() if OTHER_MACHINES.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert [str(path.relative_to(ROOT)) for path in guilty] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    marks = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|X{3})\b")
    guilty = [path for path in ours() if path.suffix == ".py" and marks.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in guilty] == []
