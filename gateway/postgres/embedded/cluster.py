"""The data folder: made whole or not at all, of the right version, and free of what a dead server left."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from gateway.postgres.embedded.accounts import Account
from gateway.postgres.embedded.binaries import Binaries
from gateway.postgres.embedded.homes import socket_in
from gateway.postgres.embedded.problems import EmbeddedError
from gateway.postgres.embedded.processes import exists, run
from gateway.postgres.embedded.running import pid_file


def create(home: Path, binaries: Binaries, account: Account, *, database: str, durable: bool) -> None:
    """Beside its place first, and moved there when it is complete."""
    for remains in home.glob("data.new-*"):
        shutil.rmtree(remains, ignore_errors=True)
    staged = Path(tempfile.mkdtemp(prefix="data.new-", dir=home))
    account.own(staged)
    _initdb(staged, binaries, account, durable=durable)
    single = [str(binaries.folder / "postgres"), "--single", "-D", str(staged), "-c", "exit_on_error=on"]
    run([*single, *([] if durable else ["-F"]), "postgres"], account, said=f"CREATE DATABASE {database}\n")
    staged.rename(home / "data")
    _sync(home)


def _initdb(data: Path, binaries: Binaries, account: Account, *, durable: bool) -> None:
    command = [str(binaries.folder / "initdb"), "-D", str(data), "--username=postgres", "--encoding=UTF8"]
    command += ["--auth-local=trust", "--auth-host=reject", "--data-checksums", "--locale-provider=libc"]
    command += [] if durable else ["--no-sync"]
    try:
        run([*command, "--locale=C.UTF-8"], account)
    except EmbeddedError:
        run([*command, "--locale=C"], account)  # a system that does not know C.UTF-8


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_version(data: Path, binaries: Binaries) -> None:
    try:
        made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{data} is damaged: it has no PG_VERSION. Restore it from a backup, or move {data.parent} away "
            "to begin with an empty database."
        ) from None
    if made_by != str(binaries.major):
        raise EmbeddedError(_versions_differ(data, made_by, binaries))


def _versions_differ(data: Path, made_by: str, binaries: Binaries) -> str:
    age = "an older" if made_by.isdigit() and int(made_by) < binaries.major else "a newer"
    return (
        f"{data} has {age} data version: PostgreSQL {made_by} made it, {binaries.folder} is PostgreSQL "
        f"{binaries.major}. Nothing was changed. Set GATEWAY_POSTGRES_BIN to the bin folder of PostgreSQL "
        f"{made_by} to go on with it, or to dump it (pg_dumpall) for a new folder; "
        f"or move {data.parent} away to begin empty."
    )


def clear_remains(data: Path, socket_dir: Path) -> None:
    """Makes way after a server that died; call only when none runs."""
    socket = socket_in(socket_dir)
    for remains in (socket, socket.with_name(f"{socket.name}.lock")):
        remains.unlink(missing_ok=True)
    left = pid_file(data)
    if left and exists(left.pid):
        _name_ourselves(data / "postmaster.pid")


def _name_ourselves(file: Path) -> None:
    # A zombie or a stranger has the number in this file, and Postgres would take it for a rival. A file that
    # names its parent is no obstacle. Deleting it would drop the check for backends that outlived the server.
    handle = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "r+", encoding="utf-8", errors="surrogateescape") as opened:
        _, _, rest = opened.read().partition("\n")
        opened.seek(0)
        opened.write(f"{os.getpid()}\n{rest}")
        opened.truncate()
