"""One run of the bench: everybody started, asked for the same answers, measured, and stopped."""

import contextlib
import statistics
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks import answers, queries
from benchmarks.contenders.roster import ALL, FLOOR, OURS, Contender, Place
from benchmarks.load import Load
from benchmarks.processes import NotStarted, Process
from benchmarks.queries import Q1, Q2, Q4, Q5, Asking, Query, Sample
from benchmarks.rounds import Cells, Database, Entrant, Say, Server, arguments, measure

CONCURRENCIES = (1, 32)
CHECKED = 10
WALK_PAGES = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how much; `quick` is for trying the bench out, not for figures."""

    scale: float = 1.0
    rounds: int = 5
    seconds: float = 2.0
    warm_up: float = 2.0
    growth_rounds: int = 3
    growth_seconds: float = 2.0
    starts: int = 3

    @classmethod
    def quick(cls) -> "Plan":
        return cls(scale=0.02, rounds=1, seconds=1, warm_up=0, growth_rounds=1, growth_seconds=1, starts=2)


@dataclass(slots=True)
class Running:
    """The contenders that run over one database, with their samples."""

    place: Place
    asking: Asking
    load: Load
    deep: int
    processes: dict[Contender, Process] = field(default_factory=dict)
    samples: dict[tuple[str, str], Sequence[Sample]] = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)
    _cursors: dict[tuple[str, int], str | None] = field(default_factory=dict)

    def prepare(self, asked: Sequence[Query]) -> None:
        """Samples for everybody, cursors being each contender's own, written down as requests."""
        for contender, process in self.processes.items():
            server = Server(contender.name, process.port, self.load)
            self.servers[contender.name] = server
            for query in asked:
                own = self._samples(contender, process, query)
                self.samples[contender.name, query.key] = own
                self.write(contender, process, query, own)

    def write(self, contender: Contender, process: Process, query: Query, own: Sequence[Sample]) -> None:
        raw = [contender.request(query, sample).raw(process.port) for sample in queries.shuffled(own)]
        name = f"{contender.name}-{process.port}-{query.key}"
        self.servers[contender.name].requests[query.key] = self.load.write(name, raw)

    def _samples(self, contender: Contender, process: Process, query: Query) -> Sequence[Sample]:
        if query is Q4:
            return [answers.drugs_sample(contender, process, self.asking.vendor)]
        if query is Q5:
            return self.walk(contender, process, self.deep, pages=WALK_PAGES)
        return self.asking.samples[query.key]

    def walk(
        self, contender: Contender, process: Process, depth: int, *, pages: int, size: int = answers.PAGE
    ) -> Sequence[Sample]:
        """Pages from a depth on, to which every contender descends once: the slow ones need a minute for it."""
        place = contender.name, depth
        if place not in self._cursors:
            self._cursors[place] = answers.descend(contender, process, self.asking.vendor, depth)
        return answers.walk(contender, process, self.asking.vendor, self._cursors[place], pages=pages, size=size)

    def check(self, query: Query, count: int = CHECKED) -> None:
        asked = {
            contender: (process, self.samples[contender.name, query.key])
            for contender, process in self.processes.items()
        }
        answers.check(query, asked, count)

    def database(self, asked: Sequence[Query]) -> Database:
        samples = {query.key: self.samples[FLOOR.name, query.key] for query in asked}
        drawn = {
            query.key: [arguments(query, sample) for sample in queries.shuffled(samples[query.key])] for query in asked
        }
        return Database(self.place, drawn)

    def entrants(self) -> list[Entrant]:
        return [*self.servers.values()]


@contextlib.contextmanager
def running(
    place: Place, asking: Asking, load: Load, deep: int, say: Say, only: Sequence[Contender] = ALL
) -> Generator[Running]:
    """Every contender that can be started, the floor first; all of them end with the block."""
    made = Running(place, asking, load, deep)
    try:
        for contender in only:
            reason = contender.missing(place)
            if reason is not None:
                say(f"skipped: {contender.title}, since {reason}")
                continue
            try:
                made.processes[contender] = contender.start(place)
            except NotStarted as failed:
                if contender in (FLOOR, OURS):
                    raise
                say(f"skipped: {contender.title}. {failed}")
        yield made
    finally:
        for process in made.processes.values():
            process.stop()


@dataclass(frozen=True, slots=True)
class Growth:
    """One thing that grows, in its steps: for each step a label and what was measured."""

    title: str
    steps: Sequence[tuple[str, Cells]]


@dataclass(slots=True)
class Results:
    plan: Plan
    counts: Mapping[str, int]
    deep: int
    cells: dict[tuple[str, int], Cells] = field(default_factory=dict)
    growth: list[Growth] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    workers: dict[str, Cells] = field(default_factory=dict)


def compare_all(made: Running, plan: Plan, forget: Callable[[], None], results: Results, say: Say) -> None:
    """The table: every query, at every concurrency, everybody beside the floor."""
    for query in queries.QUERIES:
        entrants = [*made.entrants(), made.database([query])]
        for entrant in entrants if plan.warm_up else ():
            entrant.run(query, connections=max(CONCURRENCIES), seconds=plan.warm_up)
        for connections in CONCURRENCIES:
            if query.is_write:
                forget()
            results.cells[query.key, connections] = measure(
                entrants, query, connections=connections, rounds=plan.rounds, seconds=plan.seconds, say=say
            )
        made.check(query, 1)
        if query.is_write:
            forget()
    results.memory = {contender.name: process.memory_mb()[0] for contender, process in made.processes.items()}


def grow_rows_and_depth(made: Running, plan: Plan, results: Results, say: Say) -> None:
    """More rows of one page, and the same page deeper in its list."""
    results.growth.append(
        Growth("rows of a page", [(str(size), _pages(made, plan, made.deep, size, say)) for size in (20, 100)])
    )
    depths = (0, _hundreds(made.deep // 10), made.deep)
    results.growth.append(
        Growth("depth of a page of 20", [(f"{depth:,}", _pages(made, plan, depth, 20, say)) for depth in depths])
    )


def _pages(made: Running, plan: Plan, depth: int, size: int, say: Say) -> Cells:
    for contender, process in made.processes.items():
        made.write(contender, process, Q5, made.walk(contender, process, depth, pages=10, size=size))
    return _grown(made, plan, Q5, say)


def grow_hospitals(
    small: Running, large: Running, plan: Plan, counts: Sequence[int], results: Results, say: Say
) -> None:
    """Ten times the hospitals, none of them in the cities that are asked for."""
    steps = [(f"{count:,}", _grown(made, plan, Q2, say)) for count, made in zip(counts, (small, large), strict=True)]
    results.growth.append(Growth("hospitals in the table", steps))


def _grown(made: Running, plan: Plan, query: Query, say: Say) -> Cells:
    return measure(
        made.entrants(), query, connections=8, rounds=plan.growth_rounds, seconds=plan.growth_seconds, say=say
    )


def _hundreds(number: int) -> int:
    return number // 100 * 100


def deep_enough(total: int) -> int:
    """How far down the vendor's list the walk begins, so that the whole walk lies in the list."""
    return max(100, _hundreds(min(50_000, total * 2 // 3)))


def start_again(place: Place, plan: Plan, contenders: Sequence[Contender], results: Results, say: Say) -> None:
    """From the command to the first answer, on a database that runs and is up to date; the median of several."""
    for contender in contenders:
        times = [_time_to_ready(contender, place) for _ in range(plan.starts)]
        results.starts[contender.name] = statistics.median(times)
        say(f"start of {contender.name}: {results.starts[contender.name]:.2f} s")


def _time_to_ready(contender: Contender, place: Place) -> float:
    process = contender.start(place)
    process.stop()
    return process.seconds_to_ready


def two_workers(made: Running, plan: Plan, results: Results, say: Say) -> None:
    """The same under two workers; both sorts of servers run, and one at a time is put under load."""
    with contextlib.ExitStack() as stack:
        for contender in (OURS, FLOOR):
            one = made.servers[contender.name]
            process = contender.start(made.place, workers=2)
            stack.callback(process.stop)
            two = Server(f"{contender.name} x 2", process.port, made.load)
            for query in (Q1, Q4):
                raw = [
                    contender.request(query, sample).raw(process.port)
                    for sample in made.samples[contender.name, query.key]
                ]
                two.requests[query.key] = made.load.write(f"{contender.name}-two-{query.key}", raw)
                cells = measure(
                    [one, two], query, connections=32, rounds=plan.growth_rounds, seconds=plan.growth_seconds, say=say
                )
                results.workers[f"{contender.title}, {query.key}"] = {"one": cells[one.name], "two": cells[two.name]}
