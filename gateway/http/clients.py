"""What clients tell of themselves, for logs; and figures of registered operations, whose names are ours to trust."""

import re
from typing import Any

import structlog
from prometheus_client import Histogram

from gateway.http.requests import Incoming

PLAIN = re.compile(r"[A-Za-z0-9 ._/@+-]{1,64}")
TRACE_PARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
NO_TRACE = "0" * 32
MOST_OPERATIONS = 2_000
OTHER = ("other", "other")
SECONDS = Histogram(
    "gateway_operation_seconds",
    "Requests of registered documents, by app and operation.",
    ("app", "operation"),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
_known: dict[tuple[str, str], Any] = {}


def introduce(incoming: Incoming) -> None:
    """Put what the client says of itself onto every log line of its request. What is odd is left out."""
    headers = incoming.headers
    if b"x-client-name" in headers or b"x-client-version" in headers or b"traceparent" in headers:
        told = {"client": _plain(incoming, b"x-client-name"), "version": _plain(incoming, b"x-client-version")}
        told["trace"] = _trace(incoming)
        structlog.contextvars.bind_contextvars(**{name: value for name, value in told.items() if value})


def observe(app: str, operation: str, seconds: float) -> None:
    """Only for registered documents: whatever else callers name would make figures without number."""
    key = (app, operation)
    child = _known.get(key)
    if child is None:
        if len(_known) >= MOST_OPERATIONS:
            key = OTHER
        child = _known[key] = SECONDS.labels(*key)
    child.observe(seconds)


def _plain(incoming: Incoming, name: bytes) -> str | None:
    given = incoming.header(name)
    return given if PLAIN.fullmatch(given) else None


def _trace(incoming: Incoming) -> str | None:
    """By W3C's Trace Context."""
    found = TRACE_PARENT.fullmatch(incoming.header(b"traceparent"))
    return found[1] if found and found[1] != NO_TRACE else None
