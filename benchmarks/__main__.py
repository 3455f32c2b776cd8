"""`python -m benchmarks`: build what is missing, measure, and write RESULTS.md with its picture."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import bench, data, install, machine, queries, report
from benchmarks.bench import Plan, Results
from benchmarks.contenders.roster import Place, gateway_dsn
from benchmarks.load import Load
from gateway.postgres.embedded import Server, start

HERE = Path(__file__).parent
FOLDER = HERE.parent / ".gateway" / "bench"
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    # What the bench builds it vacuums and analyzes itself; nothing shall start in the middle of a round.
    "autovacuum": "off",
}
BEGAN = time.monotonic()


def main(given: Sequence[str] | None = None) -> None:
    options = _options(given)
    plan = _plan(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the contenders are stopped then too
    folder: Path = options.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # as root, the database runs as an account of its own
    server = start(folder / "postgres", settings=SETTINGS)
    try:
        results, described, sender = _run(server, plan, folder)
    finally:
        server.stop()
    output = options.output or (HERE if plan.scale == 1 else folder)
    _say(f"written: {report.write(output, results, described, _command(options), sender)}")


def _run(server: Server, plan: Plan, folder: Path) -> tuple[Results, list[tuple[str, str]], str]:
    small, large = asyncio.run(data.prepare(server.dsn, plan.scale, _say))
    node = install.contenders(_say)
    wrk, libraries = install.wrk(_say)
    dsn = server.dsn(small)
    asking = asyncio.run(queries.draw(dsn, folder))
    counts = asyncio.run(data.counts(dsn))
    deep = bench.deep_enough(asyncio.run(queries.listed(dsn, asking.vendor.vendor)))
    results = Results(plan, counts, deep)
    places = [Place(gateway_dsn(server.dsn(name)), server.dsn(name), folder, node) for name in (small, large)]
    with tempfile.TemporaryDirectory(dir=folder, prefix="requests-") as written:  # they hold tokens
        _measure(places, asking, Load(wrk, libraries, Path(written)), deep, plan, results)
    described = asyncio.run(machine.describe(dsn, node))
    return results, described, "wrk" if wrk else "a client of our own"


def _measure(
    places: Sequence[Place], asking: queries.Asking, load: Load, deep: int, plan: Plan, results: Results
) -> None:
    """All that needs the contenders, over the database and over its twin with more hospitals."""
    first, second = places

    def forget() -> None:
        asyncio.run(data.forget_bookings(first.owner_dsn))

    forget()
    with bench.running(first, asking, load, deep, _say) as made:
        made.prepare(queries.QUERIES)
        for query in queries.QUERIES:
            made.check(query)
            _say(f"{query.key}: {len(made.processes)} contenders answer alike")
        bench.compare_all(made, plan, forget, results, _say)
        with bench.running(second, asking, load, deep, _say) as more:
            more.prepare([queries.Q2])
            more.check(queries.Q2)
            sizes = [asyncio.run(data.counts(place.owner_dsn))["hospitals"] for place in places]
            bench.grow_hospitals(made, more, plan, sizes, results, _say)
        bench.grow_rows_and_depth(made, plan, results, _say)
        bench.two_workers(made, plan, results, _say)
        contenders = list(made.processes)
    bench.start_again(first, plan, contenders, results, _say)


def _options(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data and short rounds: to try it, not for figures")
    parser.add_argument("--scale", type=float, help="share of the whole data, such as 0.1")
    parser.add_argument("--rounds", type=int, help="rounds of every comparison")
    parser.add_argument("--seconds", type=float, help="length of a contender's turn in a round")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the database and the keys are kept")
    parser.add_argument("--output", type=Path, help="where RESULTS.md goes; smaller scales do not replace the real one")
    return parser.parse_args(given)


def _plan(options: argparse.Namespace) -> Plan:
    plan = Plan.quick() if options.quick else Plan()
    named = {name: getattr(options, name) for name in ("scale", "rounds", "seconds")}
    return replace(plan, **{name: value for name, value in named.items() if value is not None})


def _command(options: argparse.Namespace) -> str:
    """What to type for the same again; folders are nobody else's business."""
    named = {name: getattr(options, name) for name in ("scale", "rounds", "seconds")}
    given = [f"--{name} {value:g}" for name, value in named.items() if value is not None]
    return " ".join(["python -m benchmarks", *(["--quick"] if options.quick else []), *given])


def _say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.0f} s  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
