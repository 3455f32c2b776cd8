"""The import contracts hold, and a planted violation of each breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "models", "seeds")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [tool, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(copy: Path) -> None:
    found = lint(copy)
    assert found.returncode == 0, found.stdout
    assert "0 broken" in found.stdout


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("gateway/validation/rule.py", "gateway.repositories.bookings"),
        ("gateway/validation/rules/quota.py", "sqlalchemy"),
        ("gateway/validation/facts/cases.py", "models.bookings"),
        ("gateway/validation/rulebook.py", "seeds.format"),
        ("gateway/repositories/bookings.py", "gateway.validation.facts"),
        ("gateway/execution/ids.py", "gateway.repositories.bookings"),
        ("gateway/auth/viewer.py", "gateway.context"),
        ("gateway/postgres/pool.py", "gateway.auth.viewer"),
        ("gateway/resolvers/escorts.py", "gateway.schema.bookings"),
        ("gateway/schema/hospitals.py", "gateway.http.graphql"),
        ("gateway/schema/hospitals.py", "asyncpg"),
        ("gateway/context.py", "gateway.resolvers.texts"),
        ("models/bookings.py", "gateway.validation.facts"),
    ],
)
def test_a_planted_import_breaks_them(copy: Path, module: str, forbidden: str) -> None:
    file = copy / module
    good = file.read_text(encoding="utf-8")
    head, *rest = good.splitlines(keepends=True)
    file.write_text("".join([head, f"import {forbidden}\n", *rest]), encoding="utf-8")
    try:
        found = lint(copy)
    finally:
        file.write_text(good, encoding="utf-8")
    assert found.returncode == 1, found.stdout
    assert forbidden.split(".")[0] in found.stdout
    assert "BROKEN" in found.stdout
