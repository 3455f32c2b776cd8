"""The server as a child of ours: started, waited for, and ended in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.postgres.embedded.accounts import Account
from gateway.postgres.embedded.problems import EmbeddedError
from gateway.postgres.embedded.processes import popen, watchdog
from gateway.postgres.embedded.running import POLL, READY_WITHIN, owner_file, pid_file

STOPPED_WITHIN = 30.0
ORPHANS_GONE_WITHIN = 10.0


@dataclass(frozen=True)
class Child:
    process: subprocess.Popen[bytes]
    watchdog: subprocess.Popen[bytes] | None
    data: Path

    @classmethod
    def spawned(cls, command: Sequence[str], account: Account, data: Path, log: Path) -> Child:
        account.write(owner_file(data), str(os.getpid()))
        handle = account.open(log, os.O_WRONLY | os.O_TRUNC)
        try:
            process = popen(command, account, out=handle, farewell=signal.SIGINT)
        finally:
            os.close(handle)
        return cls(process, watchdog(process.pid, account), data)

    def is_ready(self) -> bool:
        """Waits for the server to accept clients; false when it ended instead."""
        deadline = time.monotonic() + READY_WITHIN
        try:
            while self.process.poll() is None and time.monotonic() < deadline:
                said = pid_file(self.data)
                if said and said.pid == self.process.pid and said.status == "ready":
                    return True
                time.sleep(POLL)
        except BaseException:
            self.stop()
            raise
        self.stop()
        return False

    def stop(self) -> None:
        # In a forked worker `poll` finds no child of ours and says so: only the owner stops the server.
        if self.process.poll() is None:
            with contextlib.suppress(OSError):
                owner_file(self.data).unlink()  # so that nobody joins what is about to end
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)  # what was committed is recovered at the next start
                self.process.wait()
        if self.watchdog:
            self.watchdog.kill()
            self.watchdog.communicate()


def started(command: Sequence[str], account: Account, data: Path, log: Path) -> Child:
    give_up = time.monotonic() + ORPHANS_GONE_WITHIN
    while True:
        child = Child.spawned(command, account, data, log)
        if child.is_ready():
            return child
        said = _tail(log)
        if "pre-existing shared memory block" not in said or time.monotonic() > give_up:
            raise EmbeddedError(f"The embedded Postgres in {data.parent} did not start. It said, in {log}:\n{said}")
        time.sleep(0.1)  # backends of a killed server are still on their way out


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
