"""A server that already runs: what it says about itself, and whether that is still true."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from gateway.postgres.embedded.homes import LOG
from gateway.postgres.embedded.problems import EmbeddedError
from gateway.postgres.embedded.processes import process, works_in

READY_WITHIN = 120.0  # seconds; recovery after a power cut reads the whole log
POLL = 0.01
_FAREWELL_HEARD_WITHIN = 1.0


@dataclass(frozen=True)
class PidFile:
    """What a postmaster says about itself in its data folder."""

    pid: int
    socket_dir: Path
    status: str


def pid_file(data: Path) -> PidFile | None:
    try:
        text = (data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    lines = dict(enumerate(text.splitlines(), start=1))
    if not lines.get(1, "").isdigit():
        return None
    # The later lines come while the server starts.
    return PidFile(int(lines[1]), Path(lines.get(5, "")), lines.get(8, "starting").strip())


def find_running(data: Path) -> PidFile | None:
    """The server of `data`, ready for clients; None where none runs that will stay."""
    began = time.monotonic()
    while (running := pid_file(data)) and _serves(running.pid, data):
        waited = time.monotonic() - began
        # One without an owner is about to hear of it and end; if it does not, somebody started it by hand.
        if running.status == "ready" and (_has_owner(running.pid, data) or waited > _FAREWELL_HEARD_WITHIN):
            return running
        if waited > READY_WITHIN:
            raise EmbeddedError(
                f"The Postgres of {data} (process {running.pid}) is still {running.status} "
                f"after {READY_WITHIN:.0f} s. See {data.parent / LOG}; if it hangs, end it and start again."
            )
        time.sleep(POLL)
    return None


def _serves(pid: int, data: Path) -> bool:
    """Whether `pid` is a live server of `data`, not a zombie nor a stranger who was given its number."""
    try:
        found = process(pid)
        return found.state not in "ZX" and found.name == "postgres" and works_in(pid, data)
    except PermissionError:  # a container where even root may not look into other users' processes
        return True
    except (FileNotFoundError, ProcessLookupError):
        return False


def _has_owner(pid: int, data: Path) -> bool:
    """Whether its parent still is who started it: orphans are given another parent before they are told."""
    try:
        return owner_file(data).read_text() == process(pid).parent
    except (FileNotFoundError, ProcessLookupError):
        return False


def owner_file(data: Path) -> Path:
    return data.with_name("owner")
