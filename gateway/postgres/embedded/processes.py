"""What the operating system knows of processes, and how ours are started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gateway.postgres.embedded.accounts import Account
from gateway.postgres.embedded.problems import EmbeddedError
from gateway.processes import bound_to_us

ON_LINUX = sys.platform == "linux"


class Process(NamedTuple):
    name: str
    state: str
    parent: str


def process(pid: int) -> Process:
    """Raises ProcessLookupError or FileNotFoundError where there is none."""
    if ON_LINUX:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition(" (")[2].rpartition(") ")
        return Process(name, *rest.split()[:2])
    ask = ["ps", "-o", "stat=,ppid=,comm=", "-p", str(pid)]
    said = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    if not said.strip():
        raise ProcessLookupError(pid)
    state, parent, command = said.split(maxsplit=2)
    return Process(Path(command.strip()).name, state[0], parent)


def works_in(pid: int, folder: Path) -> bool:
    """Whether it is the process's folder. Only Linux tells; elsewhere it is taken to be."""
    return not ON_LINUX or Path(f"/proc/{pid}/cwd").samefile(folder)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def popen(
    command: Sequence[str],
    account: Account,
    *,
    stdin: int = subprocess.DEVNULL,
    out: int = subprocess.DEVNULL,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """A child of our account that gets `farewell` when we die (on Linux), and no Ctrl-C from our terminal."""
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=out,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=_environment(),
        start_new_session=True,
        user=account.uid if account.borrowed else None,
        group=account.gid if account.borrowed else None,
        extra_groups=[] if account.borrowed else None,
        # Runs after the change of user, which would undo it.
        preexec_fn=bound_to_us(farewell) if ON_LINUX else None,
    )


def watchdog(pid: int, account: Account) -> subprocess.Popen[bytes] | None:
    """Where the kernel does not tell: waits for the end of a pipe that only we hold open, however we end."""
    if ON_LINUX:
        return None
    return popen(["/bin/sh", "-c", 'read -r _; kill -INT "$0"', str(pid)], account, stdin=subprocess.PIPE)


def run(command: Sequence[str], account: Account, *, said: str = "") -> str:
    with tempfile.TemporaryFile() as stdin:
        stdin.write(said.encode())
        stdin.seek(0)
        child = popen(command, account, stdin=stdin.fileno(), out=subprocess.PIPE)
    answer = child.communicate()[0].decode(errors="replace").strip()
    if child.returncode:
        raise EmbeddedError(f"The embedded Postgres could not be set up: {command[0]} said:\n{answer[-2000:]}")
    return answer


def _environment() -> dict[str, str]:
    """Nothing of ours that is secret, and no PG* or locale variable that would bend what we ask for."""
    kept = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}
