"""A request as ASGI brings it: method, headers, query and body, and nothing built that nobody asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from gateway.faults import Code, Fault
from models.base import new_id

MOST_PARAMETERS = 100
REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class HttpFault(Exception):
    """A request that is refused before it is GraphQL."""

    def __init__(self, status: int, fault: Fault, **headers: str) -> None:
        super().__init__(fault.message)
        self.status = status
        self.fault = fault
        self.headers = headers


@dataclass(slots=True)
class Incoming:
    """One request. Headers are looked up by their names in bytes, as they came over the wire."""

    method: str
    headers: dict[bytes, bytes]
    query_string: bytes
    receive: Receive
    peer: str
    """The address at the other end of the socket."""
    lines: Sequence[tuple[bytes, bytes]] = ()
    """The headers one by one, as they came."""

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> "Incoming":
        headers = dict(reversed(scope["headers"]))  # of a header that came twice the first one counts
        client = scope.get("client")
        peer = client[0] if client else ""
        return cls(scope["method"], headers, scope["query_string"], receive, peer, scope["headers"])

    def header(self, name: bytes, missing: str = "") -> str:
        found = self.headers.get(name)
        return missing if found is None else found.decode("latin-1")

    def forwarded(self) -> str:
        """Who sent the request on, the last one last: a proxy may add a line of its own below what a caller made up."""
        return ",".join(value.decode("latin-1") for name, value in self.lines if name == b"x-forwarded-for")

    def parameters(self) -> dict[str, str]:
        """Of the address; the last one counts."""
        text = self.query_string.decode("latin-1")
        try:
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
        except ValueError:
            message = f"An address may have {MOST_PARAMETERS} parameters."
            raise HttpFault(400, Fault(Code.BAD_USER_INPUT, message)) from None

    def request_id(self) -> str:
        given = self.headers.get(b"x-request-id")
        if given is None or not REQUEST_ID.match(text := given.decode("latin-1")):
            return new_id().hex
        return text

    async def body(self, most: int) -> bytes:
        """The body, counted while it arrives: a length that the client states is not believed."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "The request ended before its body did."))
            part = message.get("body", b"")
            size += len(part)
            if size > most:
                message = f"A request may have {most} bytes, not {size} and more."
                fault = Fault(Code.LIMIT_EXCEEDED, message, bound="body", limit=most, value=size)
                raise HttpFault(413, fault)
            parts.append(part)
            if not message.get("more_body", False):
                return part if len(parts) == 1 else b"".join(parts)
