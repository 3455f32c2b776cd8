"""The place that really holds the data: claimed, marked, locked, and with a door for the socket."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Generator
from pathlib import Path

from gateway.postgres.embedded.accounts import Account, account_for
from gateway.postgres.embedded.problems import ANOTHER_WAY, EmbeddedError

FALLBACK = Path("/var/lib/health-insurance-gateway")
PORT = 5432  # names the socket file, nothing listens on a network

LOG = "server.log"
_MARK = "health-insurance-gateway"
_LOCK = "lock"
_LONGEST_SOCKET_PATH = 99


def find_home(folder: Path) -> tuple[Path, Account]:
    """The folder itself or the fallback for it, and the account that runs the server there."""
    _claim(folder)
    account = account_for(folder / "data")
    if account.reaches(folder):
        return folder, account
    if (folder / "data").exists():
        raise EmbeddedError(
            f"User {account.name}, who runs Postgres for root, cannot enter {folder}, "
            "but there is data in it. Let that user pass through the folders above it (o+x), "
            "or move it to a place they can enter."
        )
    home = fallback() / _digest(folder)
    _claim(home)
    mark(folder, account, f"User {account.name} cannot enter this folder; its data is in {home}.")
    return home, account_for(home / "data")


def _claim(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # The mark is written before anything but the lock, so this holds while another process is at work here.
    strangers = {entry.name for entry in folder.iterdir()} - {_LOCK}
    if strangers and not (folder / _MARK).exists():
        raise EmbeddedError(
            f"{folder} is a foreign data folder: it is not empty and the gateway did not make it. "
            f"Nothing was changed. Name an empty or new folder for the embedded Postgres. {ANOTHER_WAY}"
        )
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def mark(folder: Path, account: Account, text: str) -> None:
    account.write(folder / _MARK, f"This folder belongs to the health insurance gateway.\n{text}\n")


@contextlib.contextmanager
def locked(home: Path, account: Account) -> Generator[None]:
    handle = account.open(home / _LOCK, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def fallback() -> Path:
    FALLBACK.mkdir(parents=True, exist_ok=True)
    FALLBACK.chmod(0o711)
    return FALLBACK


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


# The socket


def socket_folder(home: Path, account: Account) -> Path:
    name = f"gateway-postgres-{account.uid}-{_digest(home)}"
    for folder in (home / "run", Path(tempfile.gettempdir()) / name, Path("/tmp") / name):  # noqa: S108
        if len(os.fsencode(socket_in(folder))) <= _LONGEST_SOCKET_PATH and account.reaches(folder.parent):
            return _private(folder, account)
    raise EmbeddedError(f"There is no folder for the socket of {home}: every path is too long or closed. {ANOTHER_WAY}")


def socket_in(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def _private(folder: Path, account: Account) -> Path:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    account.own(folder)
    status = folder.lstat()
    # Anybody can have made a folder of this name under the temporary folder, and would then hold the door.
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
        raise EmbeddedError(
            f"{folder} must be a folder of user {account.name} that is closed to others "
            "(mode 0700): it guards the database. Remove it or correct it, then start again."
        )
    return folder
