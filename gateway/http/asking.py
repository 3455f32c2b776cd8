"""From a request to what it asks: a document, its variables, and which of its operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.faults import Code, Fault
from gateway.http import negotiation
from gateway.http.negotiation import JSON
from gateway.http.requests import HttpFault, Incoming

ESCAPED_NUL = b"\\u0000"
"""The one way in which JSON can bring a character that no text column holds: a half of a character is no JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: a document, its variables, and which of its operations."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None
    may_hold_nul: bool
    """Whether a text among the variables may be one that cannot be stored."""


async def asked(incoming: Incoming, largest: int) -> Asked:
    if incoming.method == "GET":
        return _asked_by_get(incoming)
    if not negotiation.is_utf8_json(incoming.headers.get(b"content-type", b"")):
        raise HttpFault(415, Fault(Code.BAD_USER_INPUT, f"Send the request as {JSON} in UTF-8."))
    if b"content-encoding" in incoming.headers:
        _refuse_compressed(incoming)
    raw = await incoming.body(largest)
    return _checked(_parsed(raw), raw)


def _refuse_compressed(incoming: Incoming) -> None:
    if incoming.header(b"content-encoding").strip().lower() != "identity":
        raise HttpFault(415, Fault(Code.BAD_USER_INPUT, "Send the request uncompressed."))


def _asked_by_get(incoming: Incoming) -> Asked:
    given = incoming.parameters()
    raw = given.get("variables", "").encode()
    asked = {
        "query": given.get("query"),
        "variables": _parsed(raw) if raw else None,
        "operationName": given.get("operationName") or None,
    }
    return _checked(asked, raw)


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, f"This is not JSON: {error}.")) from None


def _checked(given: Any, raw: bytes) -> Asked:
    if not isinstance(given, dict):
        raise _bad("Expected one JSON object with `query`; batches are off.")
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise _bad("Expected `query`, a GraphQL document as a string.")
    if variables is not None and not isinstance(variables, dict):
        raise _bad("Expected `variables` to be an object.")
    if not isinstance(given.get("extensions", {}), dict | None):
        raise _bad("Expected `extensions` to be an object.")
    if name is not None and not isinstance(name, str):
        raise _bad("Expected `operationName` to be a string.")
    return Asked(query, variables or {}, name, ESCAPED_NUL in raw)


def _bad(message: str) -> HttpFault:
    return HttpFault(400, Fault(Code.BAD_USER_INPUT, message))
