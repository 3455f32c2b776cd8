"""Who runs the server: ourselves, or somebody with fewer rights when we are root."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gateway.postgres.embedded.problems import ANOTHER_WAY, EmbeddedError


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    borrowed: bool

    @property
    def name(self) -> str:
        return user_name(self.uid)

    def reaches(self, path: Path) -> bool:
        return not self.borrowed or all(self._enters(place.stat()) for place in (path, *path.parents))

    def _enters(self, status: os.stat_result) -> bool:
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & 0o1)

    def own(self, path: Path) -> None:
        """Hands over a folder that root made; what already belongs to somebody stays as it is."""
        if self.borrowed and path.lstat().st_uid == 0:
            subprocess.run(["chown", "-hR", f"{self.uid}:{self.gid}", str(path)], check=True)  # noqa: S607

    def open(self, path: Path, flags: int) -> int:
        # Root may be at work in somebody's folder: never write through a link, and leave files they can open.
        handle = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        if self.borrowed:
            os.fchown(handle, self.uid, self.gid)
        return handle

    def write(self, path: Path, text: str) -> None:
        with os.fdopen(self.open(path, os.O_WRONLY | os.O_TRUNC), "w", encoding="utf-8") as file:
            file.write(text)


def account_for(data: Path) -> Account:
    """Whom existing data belongs to; else ourselves, or in root's stead somebody with fewer rights."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), borrowed=False)
    with contextlib.suppress(FileNotFoundError):
        status = data.lstat()
        if status.st_uid != 0:
            return Account(status.st_uid, status.st_gid, borrowed=True)
    return _unprivileged()


def _unprivileged() -> Account:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, borrowed=True)
    raise EmbeddedError(
        "Postgres refuses to run as root, and there is no user postgres or nobody to run it as. "
        f"Start the gateway as an ordinary user. {ANOTHER_WAY}"
    )


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
