"""Asking a contender, and comparing what all of them answer."""

import http.client
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from benchmarks.contenders.roster import Contender, Request
from benchmarks.processes import Process
from benchmarks.queries import DRUG_PAGE, FRESH, Q5, Query, Sample

PAGE = 20
GREATEST_PAGE = 100


class Different(Exception):
    """Two contenders gave different answers, so that comparing their speed would mean nothing."""


def ask(process: Process, request: Request, *, fresh: int = 0) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
    try:
        body = request.body.replace(FRESH.encode(), b"%012d" % fresh)
        connection.request("POST", request.path, body, dict(request.headers))
        answer = connection.getresponse()
        return _data(process.name, request, answer.status, answer.read())
    finally:
        connection.close()


def _data(name: str, request: Request, status: int, body: bytes) -> Any:
    found = orjson.loads(body) if body.startswith(b"{") else {}
    if status != 200 or "errors" in found:
        raise Different(f"{name} answers {status} to {request.body.decode()}: {body.decode()[:2000]}")
    return found["data"]


def compare(query: Query, answers: Mapping[str, Any]) -> None:
    """Byte for byte, keys sorted. Cursors are opaque and each contender's own, so they alone are left out."""
    texts = {
        name: orjson.dumps(_without_cursors(answer), option=orjson.OPT_SORT_KEYS) for name, answer in answers.items()
    }
    first, expected = next(iter(texts.items()))
    for name, text in texts.items():
        if text != expected:
            raise Different(f"{query.key}: {name} differs from {first}\n{_apart(expected, text)}")


def _without_cursors(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_cursors(item) for name, item in value.items() if name != "endCursor"}
    return [_without_cursors(item) for item in value] if isinstance(value, list) else value


def _apart(expected: bytes, text: bytes) -> str:
    place = next((at for at, pair in enumerate(zip(expected, text, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, place - 80)
    return "\n".join(side[start : place + 160].decode(errors="replace") for side in (expected, text))


def drugs_sample(contender: Contender, process: Process, asking: Sample) -> Sample:
    """The second page of drugs, with the contender's own cursor."""
    request = contender.request(DRUG_PAGE, Sample({}, asking.token, asking.vendor))
    if contender.name == "floor":
        request = Request("/", request.headers, b"{}")
    cursor = ask(process, request)["drugs"]["pageInfo"]["endCursor"]
    return Sample({"after": cursor}, asking.token, asking.vendor)


def descend(contender: Contender, process: Process, asking: Sample, depth: int) -> str | None:
    """The contender's own cursor so many rows down the vendor's list; none for its head."""
    cursor: str | None = None
    for _ in range(depth // GREATEST_PAGE):
        cursor = _next(contender, process, asking, cursor, GREATEST_PAGE)
    return cursor


def walk(
    contender: Contender, process: Process, asking: Sample, cursor: str | None, *, pages: int, size: int = PAGE
) -> list[Sample]:
    """Neighboring pages of the vendor's list from a cursor on, one sample for each."""
    samples: list[Sample] = []
    for _ in range(pages):
        samples.append(_page(asking, cursor, size))
        cursor = _next(contender, process, asking, cursor, PAGE)
    return samples


def _next(contender: Contender, process: Process, asking: Sample, cursor: str | None, size: int) -> str:
    return ask(process, contender.request(Q5, _page(asking, cursor, size)))["bookings"]["pageInfo"]["endCursor"]


def _page(asking: Sample, cursor: str | None, size: int) -> Sample:
    return Sample({"first": size, "after": cursor}, asking.token, asking.vendor)


def check(query: Query, asked: Mapping[Contender, tuple[Process, Sequence[Sample]]], count: int) -> None:
    """The first samples of a query, put to everybody."""
    samples = [samples for _, samples in asked.values()]
    for place in range(min(count, *map(len, samples))):
        compare(
            query,
            {
                contender.name: ask(process, contender.request(query, own[place]), fresh=place)
                for contender, (process, own) in asked.items()
            },
        )
