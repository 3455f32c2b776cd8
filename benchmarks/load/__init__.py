"""Who sends requests: `wrk` where it is at hand, else a client of our own. Both read the same file of raw requests."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SEPARATOR = b"\0"
COUNTER = 10_000_000
"""Each run counts its fresh numbers from a multiple of this, so that none comes twice."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run gave; times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    errors: int


def figures(times: Sequence[float], seconds: float, errors: int = 0) -> Figures:
    """From the durations of all requests, in seconds."""
    ordered = sorted(times) or [0.0]
    p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
    return Figures(len(times) / seconds, p50, p99, errors)


@dataclass(slots=True)
class Load:
    """Sends requests over kept connections for some seconds. `wrk` is its program, or None."""

    wrk: Path | None
    libraries: Path | None
    folder: Path
    _runs: int = 0

    def write(self, name: str, requests: Sequence[bytes]) -> Path:
        path = self.folder / f"{name}.requests"
        path.write_bytes(SEPARATOR.join(requests) + SEPARATOR)
        return path

    def run(self, port: int, requests: Path, *, connections: int, seconds: float) -> Figures:
        self._runs += 1
        first = str(self._runs * COUNTER)
        sent = self._wrk if self.wrk else self._own
        command = sent(port, requests, connections, seconds, first)
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"the load generator failed: {done.stderr[-2000:]}{done.stdout[-2000:]}")
        return Figures(**json.loads(done.stdout.strip().splitlines()[-1]))

    def _wrk(self, port: int, requests: Path, connections: int, seconds: float, first: str) -> list[str]:
        """wrk takes whole seconds only."""
        limits = ["-t", "1", "-c", str(connections), "-d", f"{max(1, round(seconds))}s", "--timeout", "30s"]
        script = ["-s", str(HERE / "wrk.lua"), f"http://127.0.0.1:{port}"]
        return [str(self.wrk), *limits, *script, "--", str(requests), first]

    def _own(self, port: int, requests: Path, connections: int, seconds: float, first: str) -> list[str]:
        given = [str(port), str(requests), str(connections), str(seconds), first]
        return [sys.executable, "-m", "benchmarks.load.client", *given]

    def _environment(self) -> dict[str, str]:
        return os.environ | ({"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {})
