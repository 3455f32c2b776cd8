"""The way out: what every answer carries, whoever asked, and in which form its bytes travel."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.answering import TYPES, Reply
from gateway.http.encoding import SMALLEST, accepted_encoding, packed
from gateway.http.origins import OF_PAPERS, Origins
from gateway.http.requests import Incoming
from gateway.settings import Settings

Header = tuple[bytes, bytes]
SAFE: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""An answer is data: it is never a script, never a page, and stands in no frame."""
PAPERS = ("/uploads/", "/documents/")
VARY = b"accept, accept-language, accept-encoding"
NOT_KEPT: Header = (b"cache-control", b"private, no-store")


@dataclass(frozen=True, slots=True)
class Departure:
    """How answers leave this gateway; made once from the settings."""

    origins: Origins = field(default_factory=Origins)
    safe: tuple[Header, ...] = SAFE
    vary: Header = (b"vary", VARY)
    kept: Header = (b"cache-control", b"public, max-age=60")

    @classmethod
    def of(cls, settings: Settings) -> "Departure":
        return cls(
            origins=Origins(settings.origins),
            safe=(*SAFE, *_strict_transport(settings)),
            vary=(b"vary", VARY + b", origin" if settings.origins else VARY),
            kept=(b"cache-control", b"public, max-age=%d" % settings.public_seconds),
        )

    async def send(self, reply: Reply, incoming: Incoming, send: Send) -> None:
        headers = [(b"x-request-id", reply.request_id.encode()), self.vary, *self.safe, *reply.extra]
        if b"origin" in incoming.headers:
            headers += self.origins.of(incoming)
        if reply.public is None:
            headers.append(NOT_KEPT)
        else:
            tag = _tag(reply.public, reply.kind)
            headers += (self.kept, (b"etag", tag))
            if _is_known(tag, incoming):
                await _written(send, 304, headers, b"")
                return
        body = reply.body
        if len(body) >= SMALLEST:
            encoding = accepted_encoding(incoming.headers.get(b"accept-encoding", b""))
            if encoding is not None:
                body = await packed(body, encoding)
                headers.append((b"content-encoding", encoding))
        headers += (TYPES[reply.kind], (b"content-length", b"%d" % len(body)))
        await _written(send, reply.status, headers, body)

    async def allow(self, headers: Sequence[Header], send: Send) -> None:
        """The answer to a preflight."""
        await _written(send, 204, [self.vary, *self.safe, *headers], b"")


class Safe:
    """Puts the headers of every answer onto those of another application, where it does not set its own, and lets pages
    of the origins that are named read papers."""

    def __init__(self, inner: ASGIApp, departure: Departure) -> None:
        self._inner = inner
        self._departure = departure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = list(self._departure.safe)
        if scope["type"] == "http" and scope["path"].startswith(PAPERS):
            incoming = Incoming.of(scope, receive)
            allowed = self._departure.origins.preflight(incoming, OF_PAPERS)
            if incoming.method == "OPTIONS" and allowed is not None:
                await self._departure.allow(allowed, send)
                return
            headers += [self._departure.vary, *self._departure.origins.of(incoming)]

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(item for item in headers if item[0] not in own)]
            await send(message)

        await self._inner(scope, receive, safe)


def _strict_transport(settings: Settings) -> Sequence[Header]:
    seconds = settings.hsts_seconds
    return [(b"strict-transport-security", b"max-age=%d; includeSubDomains" % seconds)] if seconds else []


def _tag(data: bytes, kind: str) -> bytes:
    """A weak one: the same data may travel compressed, and beside another cost."""
    return b'W/"%b"' % hashlib.blake2b(data, digest_size=12, person=kind.encode()[-16:]).hexdigest().encode()


def _is_known(tag: bytes, incoming: Incoming) -> bool:
    given = incoming.headers.get(b"if-none-match")
    if given is None:
        return False
    bare = tag.removeprefix(b"W/")
    return any(item.strip().removeprefix(b"W/") in (bare, b"*") for item in given.split(b","))


async def _written(send: Send, status: int, headers: Sequence[Header], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
