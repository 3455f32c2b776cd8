"""From a request to what it asks: a document, its variables, and which of its operations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from gateway.bounds import Bounds
from gateway.execution.texts import over
from gateway.faults import Code, Fault
from gateway.http import negotiation
from gateway.http.negotiation import JSON
from gateway.http.requests import HttpFault, Incoming

SHA256 = re.compile(r"(?:sha256:)?([0-9A-Fa-f]{64})")
ESCAPED_NUL = b"\\u0000"
"""The one way in which JSON can bring a character that no text column holds: a half of a character is no JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: a document, its variables, and which of its operations."""

    query: str | None
    """None where an id stands for the document."""
    variables: Mapping[str, Any]
    operation_name: str | None
    may_hold_nul: bool
    """Whether a text among the variables may be one that cannot be stored."""
    digest: str | None = None
    """SHA-256 of the document, where the request names it by that."""
    is_persisted_query: bool = False
    """Whether it does so in the way of Apollo's clients, which send the whole document when it is not known."""


def with_variables(asked: Asked, variables: Mapping[str, Any]) -> Asked:
    return replace(asked, variables=variables)


async def asked(incoming: Incoming, bounds: Bounds) -> Asked:
    if incoming.method == "GET":
        return _asked_by_get(incoming, bounds)
    if not negotiation.is_utf8_json(incoming.headers.get(b"content-type", b"")):
        raise HttpFault(415, Fault(Code.BAD_USER_INPUT, f"Send the request as {JSON} in UTF-8."))
    if b"content-encoding" in incoming.headers:
        _refuse_compressed(incoming)
    raw = await incoming.body(bounds.body)
    return checked(parsed(raw, bounds), raw)


def _refuse_compressed(incoming: Incoming) -> None:
    if incoming.header(b"content-encoding").strip().lower() != "identity":
        raise HttpFault(415, Fault(Code.BAD_USER_INPUT, "Send the request uncompressed."))


def _asked_by_get(incoming: Incoming, bounds: Bounds) -> Asked:
    given = incoming.parameters()
    raw = given.get("variables", "").encode()
    asked = {
        "query": given.get("query"),
        "variables": parsed(raw, bounds) if raw else None,
        "operationName": given.get("operationName") or None,
        "documentId": given.get("documentId"),
        "extensions": parsed(given["extensions"].encode(), bounds) if given.get("extensions") else None,
    }
    return checked(asked, raw)


def parsed(raw: bytes, bounds: Bounds) -> Any:
    """A megabyte of brackets takes half a second to read, and the signs in it a thousandth to count."""
    signs = raw.count(b",") + raw.count(b"[") + raw.count(b"{")
    if signs > bounds.signs:
        message = "The JSON of a request may have {limit} commas and opening brackets, not {value}."
        raise HttpFault(413, over("signs", bounds.signs, signs, message))
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, f"This is not JSON: {error}.")) from None


def checked(given: Any, raw: bytes) -> Asked:
    if not isinstance(given, dict):
        raise _bad("Expected one JSON object with `query`; batches are off.")
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if query is not None and not isinstance(query, str):
        raise _bad("Expected `query` to be a GraphQL document as a string.")
    if variables is not None and not isinstance(variables, dict):
        raise _bad("Expected `variables` to be an object.")
    extensions, document_id = given.get("extensions"), given.get("documentId")
    if extensions is not None and not isinstance(extensions, dict):
        raise _bad("Expected `extensions` to be an object.")
    if name is not None and not isinstance(name, str):
        raise _bad("Expected `operationName` to be a string.")
    persisted = extensions.get("persistedQuery") if extensions else None
    if document_id is None and persisted is None:
        if not query or not query.strip():
            raise _bad("Expected `query`, a GraphQL document as a string, or `documentId`.")
        return Asked(query, variables or {}, name, ESCAPED_NUL in raw)
    digest = _digest(document_id, persisted)
    return Asked(query or None, variables or {}, name, ESCAPED_NUL in raw, digest, persisted is not None)


def _digest(document_id: Any, persisted: Any) -> str:
    """What both ways of naming a document say; where both are used they agree."""
    named = set[str]()
    if document_id is not None:
        named.add(_sha256("documentId", document_id))
    if persisted is not None:
        if not isinstance(persisted, dict) or persisted.get("version") != 1:
            raise _bad("Expected `extensions.persistedQuery` to be an object of version 1.")
        named.add(_sha256("extensions.persistedQuery.sha256Hash", persisted.get("sha256Hash")))
    if len(named) > 1:
        raise _bad("`documentId` and `extensions.persistedQuery` name different documents.")
    return named.pop()


def _sha256(name: str, given: Any) -> str:
    found = SHA256.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise _bad(f"Expected `{name}` to be a SHA-256 in 64 hexadecimal digits.")
    return found[1].lower()


def _bad(message: str) -> HttpFault:
    return HttpFault(400, Fault(Code.BAD_USER_INPUT, message))
