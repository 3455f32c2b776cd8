"""Folders of embedded servers, each test its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.postgres import embedded
from tests.support.embedded import QUICK
from tests.support.processes import open_folder


@pytest.fixture(scope="module")
def pristine() -> Iterator[Path]:
    """A stopped server's folder, to be copied by tests that change it: making one takes most of a second."""
    with open_folder() as place:
        embedded.start(place / "state", settings=QUICK).stop()
        yield place / "state"


@pytest.fixture
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture
def home(place: Path, pristine: Path) -> Path:
    subprocess.run(["cp", "-a", pristine, place / "state"], check=True)
    return place / "state"
