"""Interleaved rounds: A B C A B C …, so that whatever slows the machine for a while slows everybody."""

import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import orjson

from benchmarks.contenders.floor import cursor, drug_cursor
from benchmarks.contenders.roster import Place
from benchmarks.load import Figures, Load
from benchmarks.queries import Query, Sample

Say = Callable[[str], None]
LONGEST = 30.0


class Entrant(Protocol):
    """Whoever can be put under load."""

    name: str

    def run(self, query: Query, *, connections: int, seconds: float) -> Figures: ...


@dataclass(slots=True)
class Server:
    """A contender's process, with its requests written down."""

    name: str
    port: int
    load: Load
    requests: dict[str, Path] = field(default_factory=dict)

    def run(self, query: Query, *, connections: int, seconds: float) -> Figures:
        return self.load.run(self.port, self.requests[query.key], connections=connections, seconds=seconds)


@dataclass(slots=True)
class Database:
    """The statements of the floor without any server before them."""

    place: Place
    arguments: Mapping[str, Sequence[Sequence[object]]]
    name: str = "database"

    def run(self, query: Query, *, connections: int, seconds: float) -> Figures:
        task = {
            "query": query.key,
            "arguments": self.arguments[query.key],
            "seconds": seconds,
            "connections": connections,
        }
        command = [sys.executable, "-m", "benchmarks.contenders.database"]
        done = subprocess.run(
            command, input=orjson.dumps(task), env=self.place.environment, capture_output=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode()[-2000:])
        return Figures(**orjson.loads(done.stdout))


def arguments(query: Query, sample: Sample) -> list[object]:
    """What the hand-written SQL of a query takes for a sample of the floor."""
    given = sample.variables
    if query.key == "M1":
        return [given["input"]]
    if query.key == "Q4":
        return [*drug_cursor(given["after"])]
    if query.key == "Q5":
        return [sample.vendor, *cursor(given["after"]), given["first"]]
    return list(sample.values)


@dataclass(frozen=True, slots=True)
class Cell:
    """All rounds of one entrant for one question, beside those of the floor."""

    figures: Sequence[Figures]
    ratios: Sequence[float]

    @property
    def per_second(self) -> float:
        return statistics.median(item.per_second for item in self.figures)

    @property
    def p50(self) -> float:
        return statistics.median(item.p50 for item in self.figures)

    @property
    def p99(self) -> float:
        return statistics.median(item.p99 for item in self.figures)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.ratios), max(self.ratios)


Cells = dict[str, Cell]


def short(ratio: float) -> str:
    """Two digits that tell something."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.3f}"


def measure(
    entrants: Sequence[Entrant], query: Query, *, connections: int, rounds: int, seconds: float, say: Say
) -> Cells:
    """The floor comes first in every round, and each ratio is to the floor of its own round."""
    taken: dict[str, list[Figures]] = {entrant.name: [] for entrant in entrants}
    for _ in range(rounds):
        for entrant in entrants:
            taken[entrant.name].append(_run(entrant, query, connections, seconds))
    floor = taken[entrants[0].name]
    cells = {
        name: Cell(figures, [own.per_second / base.per_second for own, base in zip(figures, floor, strict=True)])
        for name, figures in taken.items()
    }
    shown = "  ".join(f"{name} {short(cell.ratio)}" for name, cell in cells.items())
    say(f"{query.key} at {connections}: {entrants[0].name} {cells[entrants[0].name].per_second:,.0f}/s  {shown}")
    return cells


def _run(entrant: Entrant, query: Query, connections: int, seconds: float) -> Figures:
    figures = entrant.run(query, connections=connections, seconds=seconds)
    if figures.errors:
        raise RuntimeError(f"{entrant.name} failed {figures.errors} requests of {query.key}")
    if figures.per_second:
        return figures
    if seconds > LONGEST:
        raise RuntimeError(f"{entrant.name} answered no request of {query.key} in {seconds:g} s")
    return _run(entrant, query, connections, seconds * 3)  # so slow that nothing was finished in the time
