"""A small HTTP client for where there is no wrk: raw requests over kept connections, in a process of its own.

It takes more of the processor than wrk does, from all contenders alike: ratios come out nearer to 1 than they are.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import uvloop

from benchmarks.load import SEPARATOR, Figures, figures

PLACE = b"@" * 12


def main() -> None:
    port, path, connections, seconds, first = sys.argv[1:6]
    requests = [part for part in Path(path).read_bytes().split(SEPARATOR) if part]
    found = uvloop.run(_run(int(port), _turns(requests, int(first)), int(connections), float(seconds)))
    print(json.dumps(asdict(found)))


def _turns(requests: list[bytes], first: int) -> Iterator[bytes]:
    for fresh, request in enumerate(itertools.cycle(requests), first):
        yield request.replace(PLACE, b"%012d" % fresh, 1)


async def _run(port: int, turns: Iterator[bytes], connections: int, seconds: float) -> Figures:
    began = time.perf_counter()
    until = began + seconds
    parts = await asyncio.gather(*(_connection(port, turns, until) for _ in range(connections)))
    spent = time.perf_counter() - began
    times = list(itertools.chain.from_iterable(times for times, _ in parts))
    return figures(times, spent, sum(wrong for _, wrong in parts))


async def _connection(port: int, turns: Iterator[bytes], until: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, wrong = [], 0
    began = time.perf_counter()
    while began < until:
        writer.write(next(turns))
        wrong += await _status(reader) != 200
        ended = time.perf_counter()
        times.append(ended - began)
        began = ended
    writer.close()
    return times, wrong


async def _status(reader: asyncio.StreamReader) -> int:
    """Reads one whole answer, by its length or in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    return int(head.split(b" ", 2)[1])


if __name__ == "__main__":
    main()
