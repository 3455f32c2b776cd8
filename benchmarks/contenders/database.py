"""The database alone: the statements of the floor over kept connections, prepared, from one process without HTTP."""

import asyncio
import itertools
import json
import os
import sys
import time
from dataclasses import asdict
from typing import Any

import asyncpg
import orjson
import uvloop

from benchmarks.contenders.floor import SQL, book, keep_bytes
from benchmarks.load import figures


async def drive(query: str, arguments: list[list[Any]], seconds: float, connections: int) -> list[float]:
    """Durations of all that was done in the time, in seconds."""
    pool = await asyncpg.create_pool(
        os.environ["BENCH_DSN"], min_size=connections, max_size=connections, init=keep_bytes
    )
    turns = itertools.cycle(arguments)
    run = _write if query == "M1" else _read
    try:
        await asyncio.gather(*(run(pool, query, turns, time.perf_counter() + 0.2, []) for _ in range(connections)))
        until = time.perf_counter() + seconds
        done: list[float] = []
        await asyncio.gather(*(run(pool, query, turns, until, done) for _ in range(connections)))
        return done
    finally:
        pool.terminate()


async def _read(pool: Any, query: str, turns: Any, until: float, done: list[float]) -> None:
    async with pool.acquire() as connection:
        statement = await connection.prepare(SQL[query.lower()])
        began = time.perf_counter()
        while began < until:
            await statement.fetchval(*next(turns))
            ended = time.perf_counter()
            done.append(ended - began)
            began = ended


async def _write(pool: Any, query: str, turns: Any, until: float, done: list[float]) -> None:
    began = time.perf_counter()
    while began < until:
        await book(pool, next(turns)[0])
        ended = time.perf_counter()
        done.append(ended - began)
        began = ended


def main() -> None:
    """Reads what to do as JSON from standard input, and prints what was reached."""
    task = orjson.loads(sys.stdin.buffer.read())
    times = uvloop.run(drive(**task))
    print(json.dumps(asdict(figures(times, task["seconds"]))))


if __name__ == "__main__":
    main()
