"""Processes of the contenders: started, waited for, weighed, and stopped with all their children."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0
GRACE = 10.0


class NotStarted(Exception):
    """A contender ended, or said nothing, before it answered."""


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    port: int
    seconds_to_ready: float
    popen: "subprocess.Popen[Any]"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def memory_mb(self) -> list[float]:
        """Resident memory of the process and of each of its children, greatest first."""
        sizes = [_resident(pid) for pid in _family(self.popen.pid)]
        return sorted((size / 1024 for size in sizes if size), reverse=True)

    def stop(self) -> None:
        """The whole group, since a supervisor that was killed would leave its workers behind."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, sent)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(GRACE)
                break


def start(
    name: str, command: Sequence[str], environment: Mapping[str, str], *, cwd: Path, port: int, log: Path, ready: str
) -> Process:
    """Start a process in a group of its own and wait until it answers HTTP at all."""
    began = time.perf_counter()
    with log.open("wb") as said:
        popen = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    process = Process(name, port, 0.0, popen)
    while not _answers(f"{process.address}{ready}"):
        if popen.poll() is not None or time.perf_counter() - began > PATIENCE:
            process.stop()
            raise NotStarted(f"{name} did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.005)
    return Process(name, port, time.perf_counter() - began, popen)


def _answers(address: str) -> bool:
    """Any answer but 503 counts: whoever refuses a GET without a query is ready to refuse it."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code != 503
    except OSError:
        return False


def _family(pid: int) -> list[int]:
    listed = _ps("-A", "-o", "pid=,ppid=")
    children: dict[int, list[int]] = {}
    for child, parent in (map(int, line.split()) for line in listed.splitlines()):
        children.setdefault(parent, []).append(child)
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += children.get(current, [])
    return found


def _resident(pid: int) -> int:
    """Kilobytes; nothing for a process that has ended meanwhile."""
    return int(_ps("-o", "rss=", "-p", str(pid)).strip() or 0)


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout
