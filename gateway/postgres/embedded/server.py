"""The server of a folder: started, or joined where it already runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from gateway.postgres.embedded import cluster
from gateway.postgres.embedded.accounts import Account, user_name
from gateway.postgres.embedded.binaries import find_binaries
from gateway.postgres.embedded.children import Child, started
from gateway.postgres.embedded.homes import LOG, PORT, find_home, locked, mark, socket_folder
from gateway.postgres.embedded.problems import ANOTHER_WAY, EmbeddedError
from gateway.postgres.embedded.running import find_running

DATABASE = "gateway"

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "128MB",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    # Statements and DETAIL lines carry people's data, and the log is a plain file.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Server:
    """A running server. `pid` is set only in the process that started it; others have joined."""

    socket_dir: Path
    data_dir: Path
    port: int = PORT
    pid: int | None = None
    _child: Child | None = field(default=None, repr=False, compare=False)

    def dsn(self, database: str = DATABASE, user: str = "postgres") -> str:
        where = f"host={quote(str(self.socket_dir))}&port={self.port}"
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?{where}"

    def stop(self) -> None:
        """Ends our own server: open transactions roll back, data is flushed. One that we joined goes on."""
        if self._child:
            self._child.stop()


def start(folder: Path, *, settings: Mapping[str, str] = NO_SETTINGS) -> Server:
    """Starts the server of `folder`, or joins the one that runs there. The database `gateway` exists then.

    `settings` are server parameters and count only for the process that starts it. Call this from the main
    thread: the kernel ends the server when the *thread* that started it ends. Blocks until the server is
    ready: about a second the first time, 50 ms later on.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedError(
            "Start the embedded Postgres from the main thread: it ends with the thread that started it."
        )
    return start_or_join(folder, settings)


def start_or_join(folder: Path, settings: Mapping[str, str] = NO_SETTINGS) -> Server:
    """The same from a thread that lives as long as the server."""
    try:
        home, account = find_home(folder.resolve())
        with locked(home, account):
            return _joined(home / "data") or _launched(home, account, settings)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(_explained(error, folder)) from error


def _explained(error: OSError | subprocess.SubprocessError, folder: Path) -> str:
    what = str(error)
    if isinstance(error, OSError) and error.filename:
        what = f"{error.filename}: {error.strerror}"
    user = user_name(os.geteuid())
    return (
        f"The embedded Postgres cannot use its folder {folder} ({what}). "
        f"Give user {user} a folder it may write to, on a disk with free space. {ANOTHER_WAY}"
    )


def _joined(data: Path) -> Server | None:
    running = find_running(data)
    return running and Server(running.socket_dir, data)


def _launched(home: Path, account: Account, settings: Mapping[str, str]) -> Server:
    data = home / "data"
    binaries = find_binaries(account)
    if data.exists():
        cluster.check_version(data, binaries)
    else:
        mark(home, account, f"It holds its PostgreSQL {binaries.major}. Stop the gateway before moving it.")
        cluster.create(home, binaries, account, database=DATABASE, durable=settings.get("fsync") != "off")
    account.own(data)
    socket_dir = socket_folder(home, account)
    cluster.clear_remains(data, socket_dir)
    command = [str(binaries.folder / "postgres"), "-D", str(data), *_options(settings, socket_dir)]
    child = started(command, account, data, _rotated(home / LOG))
    return Server(socket_dir, data, pid=child.process.pid, _child=child)


def _options(settings: Mapping[str, str], socket_dir: Path) -> Iterator[str]:
    door = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": '"{}"'.format(str(socket_dir).replace('"', '""')),
    }
    for name, value in {**SETTINGS, **settings, **door}.items():
        yield from ("-c", f"{name}={value}")


def _rotated(log: Path) -> Path:
    with contextlib.suppress(FileNotFoundError):
        log.replace(log.with_name(log.name + ".1"))
    return log
