"""What the figures were measured on: enough to judge them, and nothing that names the machine."""

import os
import platform
import subprocess
from pathlib import Path

import asyncpg


async def describe(dsn: str, node: Path | None) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(dsn)
    try:
        postgres = await connection.fetchval("show server_version")
        names = ("shared_buffers", "synchronous_commit", "fsync")
        settings = [f"{name} {await connection.fetchval(f'show {name}')}" for name in names]
    finally:
        await connection.close()
    return [
        ("Processor", f"{_processor()}, {os.cpu_count()} cores for load generator, server and database together"),
        ("Memory", _memory()),
        ("System", f"{platform.system()} {platform.release().split('-')[0]}"),
        ("Python", platform.python_version()),
        ("Node", _said(str(node / "bin" / "node"), "--version").lstrip("v") if node else "none"),
        ("PostgreSQL", f"{postgres}; {', '.join(settings)}"),
    ]


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GiB"


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
