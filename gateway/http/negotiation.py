"""What a client sends and what it accepts, by the GraphQL-over-HTTP specification."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import TypeVar

from gateway.http.requests import Incoming
from gateway.language import accepted

T = TypeVar("T")
JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"
LONGEST_KNOWN = 200
"""Characters of a header that is remembered with its meaning: many clients send few different ones."""


def remembered(read: Callable[[str], T]) -> Callable[[bytes], T]:
    """The same of a header's bytes, without reading again what was read before."""

    def fresh(header: bytes) -> T:
        return read(header.decode("latin-1"))

    known = lru_cache(maxsize=256)(fresh)
    return lambda header: (known if len(header) <= LONGEST_KNOWN else fresh)(header)


accepted_language = remembered(accepted)


def media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


@remembered
def accepted_type(header: str) -> str | None:
    """The answer's type that the client wants most; None when it takes none that we have. No header: JSON."""
    if not header.strip():
        return JSON
    best: tuple[float, str] | None = None
    ranges = weighted(header)
    refused = {wanted for wanted, weight in ranges if weight <= 0}
    for wanted, weight in ranges:
        kind = _ours(wanted, refused)
        if kind is not None and weight > 0 and (best is None or weight > best[0]):
            best = (weight, kind)
    return None if best is None else best[1]


def wants_page(incoming: Incoming) -> bool:
    """A browser that opens the address: it asks for HTML before anything else."""
    accept = incoming.header(b"accept")
    return (
        incoming.method == "GET" and media_type(accept.split(",")[0]) == HTML and "query" not in incoming.parameters()
    )


@remembered
def is_utf8_json(header: str) -> bool:
    return media_type(header) == JSON and all(_is_utf8(part) for part in header.split(";")[1:])


def _is_utf8(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() != "charset" or value.strip().strip('"').lower() in ("utf-8", "utf8")


def _ours(wanted: str, refused: Collection[str]) -> str | None:
    if wanted in (GRAPHQL_JSON, JSON):
        return wanted
    if wanted in ("*/*", "application/*"):
        return next((kind for kind in (JSON, GRAPHQL_JSON) if kind not in refused), None)
    return None


def weighted(header: str) -> Sequence[tuple[str, float]]:
    """The items of a header, each with its weight."""
    return [(media_type(part), _weight(part)) for part in header.split(",")]


def _weight(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
