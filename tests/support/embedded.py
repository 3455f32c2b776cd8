"""Embedded servers of this process, and gateways in processes of their own that start or join one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import asyncpg

from gateway.postgres import embedded
from gateway.postgres.embedded import Server

ROOT = Path(__file__).parents[2]
QUICK = {"fsync": "off", "shared_buffers": "16MB"}
NOBODY = pwd.getpwnam("nobody")

OWNER = """
import os, sys
from pathlib import Path
from gateway.postgres import embedded
from gateway.postgres.embedded import processes
processes.ON_LINUX = processes.ON_LINUX and sys.argv[2] == "kernel"
if int(sys.argv[3]) != os.getuid():  # only now: the interpreter itself may lie where that user cannot go
    os.setgroups([])
    os.setgid(int(sys.argv[4]))
    os.setuid(int(sys.argv[3]))
server = embedded.start(Path(sys.argv[1]), settings={"fsync": "off", "shared_buffers": "16MB"})
print(server.pid or "joined", server.dsn(), flush=True)
sys.stdin.read()
server.stop()
"""


@contextlib.contextmanager
def running(folder: Path) -> Generator[Server]:
    server = embedded.start(folder, settings=QUICK)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def owner(folder: Path, *, guard: str = "kernel", uid: int = os.getuid()) -> Generator[subprocess.Popen[str]]:
    """Another gateway: starts or joins, says so in one line, and stops when its input ends."""
    command = [sys.executable, "-c", OWNER, str(folder), guard, str(uid), str(NOBODY.pw_gid)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=ROOT) as process:
        yield process


def announced(process: subprocess.Popen[str]) -> tuple[str, str]:
    assert process.stdout
    assert process.stderr
    line = process.stdout.readline()
    assert line, process.stderr.read()
    pid, dsn = line.split()
    return pid, dsn


def sql(dsn: str, *statements: str) -> Any:
    async def last_value() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(last_value())
