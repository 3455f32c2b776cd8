"""RESULTS.md: what was measured, in tables that say how far each figure can be trusted."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.bench import CONCURRENCIES, Growth, Results
from benchmarks.contenders.roster import ALL, POOL
from benchmarks.plot import bars
from benchmarks.queries import QUERIES
from benchmarks.rounds import Cell, Cells, short

TITLES = {contender.name: contender.title for contender in ALL} | {"database": "the database alone"}
NOTES = {contender.name: contender.note for contender in ALL} | {
    "database": "the floor's statements, prepared, by asyncpg from one process without HTTP"
}


def write(folder: Path, results: Results, machine: Sequence[tuple[str, str]], command: str, sender: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    busiest = max(CONCURRENCIES)
    ratios = {query.key: results.cells[query.key, busiest] for query in QUERIES}
    (folder / "results.svg").write_text(
        bars(ratios, TITLES, f"Requests per second beside the floor, {busiest} connections")
    )
    path = folder / "RESULTS.md"
    path.write_text("\n".join(_lines(results, machine, command, sender)) + "\n")
    return path


def _lines(results: Results, machine: Sequence[tuple[str, str]], command: str, sender: str) -> Iterator[str]:
    yield from ("# Results", "", f"Made by `{command}`. What the figures say: [FINDINGS.md](FINDINGS.md).", "")
    yield from _table(("", ""), [(f"**{name}**", value) for name, value in machine])
    yield from _method(results, sender)
    yield from ("## Questions", "")
    yield from (f"- **{query.key}**: {query.title}" for query in QUERIES)
    yield from ("", "## Contenders", "")
    names = list(results.cells[QUERIES[0].key, CONCURRENCIES[0]])
    yield from (f"- **{TITLES[name]}**: {NOTES[name]}" for name in names)
    yield from ("", "![Requests per second beside the floor](results.svg)", "")
    for connections in CONCURRENCIES:
        yield from _comparison(results, names, connections)
    yield from (
        "## Growth",
        "",
        "Eight connections. In each cell: milliseconds per request of one connection, and the ratio to the floor.",
        "",
    )
    for growth in results.growth:
        yield from _growth(growth)
    yield from _process(results)


def _method(results: Results, sender: str) -> Iterator[str]:
    plan = results.plan
    rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in results.counts.items())
    yield from (
        "## How",
        "",
        f"Data (scale {plan.scale:g}): {rows}.",
        "",
        "Every contender is a process of its own on the loopback interface, with one worker, kept connections and "
        f"{POOL} connections to the same server; {sender} sends the requests. Before anything is timed, all contenders "
        "answer the same samples, and their answers must be equal byte for byte with keys sorted (cursors, which are "
        "opaque, aside).",
        "",
        f"Each figure is the median of {_counted(plan.rounds, 'round')} of {plan.seconds:g} s. Rounds are interleaved, "
        "contender after contender, and a ratio is taken to the floor of the same round. Absolute figures hold for "
        "this machine in these minutes; ratios within a table can be compared.",
        "",
    )


def _comparison(results: Results, names: Sequence[str], connections: int) -> Iterator[str]:
    keys = [query.key for query in QUERIES]
    cells = {key: results.cells[key, connections] for key in keys}
    yield from (
        f"## {_counted(connections, 'connection')}",
        "",
        "Ratio to the floor: the median, and the least and greatest of all rounds.",
        "",
    )
    yield from _table(("", *keys), [(TITLES[name], *(_ratio(cells[key][name]) for key in keys)) for name in names])
    yield from ("Requests per second.", "")
    yield from _table(
        ("", *keys), [(TITLES[name], *(f"{cells[key][name].per_second:,.0f}" for key in keys)) for name in names]
    )
    yield from ("Milliseconds: p50 / p99.", "")
    yield from _table(
        ("", *keys),
        [
            (TITLES[name], *(f"{cells[key][name].p50:.1f} / {cells[key][name].p99:.1f}" for key in keys))
            for name in names
        ],
    )


def _growth(growth: Growth) -> Iterator[str]:
    steps = growth.steps
    names = [name for name in steps[0][1] if all(name in cells for _, cells in steps)]
    yield from _table(
        (growth.title, *(label for label, _ in steps)),
        [(TITLES[name], *(_cost(cells[name]) for _, cells in steps)) for name in names],
    )
    if growth.title == "rows of a page":
        yield from _slopes([cells for _, cells in steps], [int(label) for label, _ in steps], names)


def _slopes(cells: Sequence[Cells], sizes: Sequence[int], names: Iterable[str]) -> Iterator[str]:
    """What one more row costs, beside what it costs the floor."""
    slopes = {
        name: (_milliseconds(cells[-1][name]) - _milliseconds(cells[0][name])) / (sizes[-1] - sizes[0])
        for name in names
    }
    floor = slopes["floor"]
    yield "Microseconds for one more row, and the ratio to the floor's:"
    yield ""
    yield from _table(
        ("", "µs", "ratio"),
        [
            (TITLES[name], f"{slope * 1000:.1f}", f"{slope / floor:.2f}" if floor > 0 else "–")
            for name, slope in slopes.items()
        ],
    )


def _process(results: Results) -> Iterator[str]:
    yield from ("## Processes", "")
    yield from _table(
        ("", "resident memory of a worker after the run", "start to the first answer"),
        [
            (TITLES[name], f"{memory:.0f} MB", f"{results.starts[name]:.2f} s" if name in results.starts else "–")
            for name, memory in results.memory.items()
        ],
    )
    yield from ("Two workers beside one, at 32 connections; load generator and database use the same cores.", "")
    yield from _table(
        ("", "one, per second", "two, per second", "ratio"),
        [
            (title, f"{cells['one'].per_second:,.0f}", f"{cells['two'].per_second:,.0f}", _ratio(cells["two"]))
            for title, cells in results.workers.items()
        ],
    )


def _ratio(cell: Cell) -> str:
    least, greatest = cell.spread
    return f"**{short(cell.ratio)}** ({short(least)}–{short(greatest)})"


def _cost(cell: Cell) -> str:
    return f"{_milliseconds(cell):.2f} ms, {short(cell.ratio)}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _milliseconds(cell: Cell) -> float:
    return 1000 / cell.per_second


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
