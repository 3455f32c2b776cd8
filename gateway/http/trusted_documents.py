"""Which document a request means: the one it brings, one that was registered, or one that its caller sent before."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import structlog

from gateway.faults import Code, Fault
from gateway.http.admission.gate import Caller
from gateway.http.asking import Asked
from gateway.repositories import trusted_documents
from gateway.resolvers.identities import UNREACHABLE
from gateway.resolvers.trusted_documents import sha256_of

FRESH_SECONDS = 10.0
"""For how long a worker goes on taking a document that was retired."""
REMEMBERED = 2_000
NOT_FOUND = "PersistedQueryNotFound"
"""Apollo's link and its likes look for this very message, and then send the whole document."""
log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class Meant:
    """A document's text, and whose registered document it is."""

    text: str
    app: str | None = None


class TrustedDocuments:
    """One worker's view of what has been registered."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._known: OrderedDict[str, tuple[Meant, float]] = OrderedDict()
        self._sent = Sent()

    async def meant(self, asked: Asked, caller: Caller) -> Meant:
        digest, text = asked.digest, asked.query
        if digest is None:
            return Meant(text or "") if caller.lane.may_ask_freely else await self._trusted(sha256_of(text or ""))
        if text is not None and sha256_of(text) != digest:
            raise Fault(Code.BAD_USER_INPUT, "The id is not the SHA-256 of the document that came with it.")
        found = await self._registered(digest)
        if found is not None:
            return found
        if text is None:
            return self._sent_before(asked, digest, caller)
        if not caller.lane.may_ask_freely:
            raise required()
        if asked.is_persisted_query:
            self._sent.keep(caller.who, digest, text)
        return Meant(text)

    async def _trusted(self, digest: str) -> Meant:
        """A caller who may send registered documents alone may also write one of them out."""
        found = await self._registered(digest)
        if found is None:
            raise required()
        return found

    def _sent_before(self, asked: Asked, digest: str, caller: Caller) -> Meant:
        text = self._sent.find(caller.who, digest) if caller.lane.may_ask_freely else None
        if text is None:
            raise unknown(is_persisted_query=asked.is_persisted_query)
        return Meant(text)

    async def _registered(self, digest: str) -> Meant | None:
        known = self._known.get(digest)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        row = await self._look_up(digest)
        if row is None:
            self._known.pop(digest, None)
            return None
        found = Meant(row["text"], row["app"])
        self._known[digest] = found, time.monotonic() + FRESH_SECONDS
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    async def _look_up(self, digest: str) -> Any:
        try:
            return await trusted_documents.find(self._pool, digest)
        except UNREACHABLE as error:
            log.warning("documents cannot be looked up", kind=type(error).__name__)
            raise Fault(Code.UNAVAILABLE, "Documents cannot be looked up now: try again in a moment.") from None


class Sent:
    """What callers sent together with its digest, so that next time the digest is enough. Each has a place of its own:
    nobody runs what another one sent, and nobody crowds out another one's."""

    def __init__(self, *, each: int = 100, callers: int = 1_000, characters: int = 8_000_000) -> None:
        self._each, self._callers, self._most = each, callers, characters
        self._texts: OrderedDict[str, OrderedDict[str, str]] = OrderedDict()
        self._characters = 0

    def find(self, who: str, digest: str) -> str | None:
        return self._texts.get(who, {}).get(digest)

    def keep(self, who: str, digest: str, text: str) -> None:
        own = self._texts.setdefault(who, OrderedDict())
        self._texts.move_to_end(who)
        if digest in own:
            return
        own[digest] = text
        self._characters += len(text)
        if len(own) > self._each:
            self._characters -= len(own.popitem(last=False)[1])
        while len(self._texts) > self._callers or (self._characters > self._most and len(self._texts) > 1):
            _, dropped = self._texts.popitem(last=False)
            self._characters -= sum(map(len, dropped.values()))


def required() -> Fault:
    message = "Send the id of a registered document: in this lane no other one is taken."
    return Fault(Code.DOCUMENT_REQUIRED, message)


def unknown(*, is_persisted_query: bool) -> Fault:
    message = NOT_FOUND if is_persisted_query else "No document is registered under this id."
    return Fault(Code.DOCUMENT_UNKNOWN, message)
