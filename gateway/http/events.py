"""GraphQL over server-sent events: each operation a request of its own, as graphql-sse's distinct connections are."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import orjson
import structlog
from starlette.types import Receive, Scope, Send

from gateway.faults import Code, Fault
from gateway.http import answering, asking, clients, negotiation
from gateway.http.departure import Departure
from gateway.http.graphql import GraphQLEndpoint
from gateway.http.negotiation import GRAPHQL_JSON, JSON
from gateway.http.requests import HttpFault, Incoming
from gateway.http.streams import LostAccess, Session, Streams, abort

EVENT_STREAM = "text/event-stream"
ALIVE = b":\n\n"
log = structlog.get_logger("gateway")


def wants_events(incoming: Incoming) -> bool:
    """Who takes JSON as well, as some clients say of every request, gets JSON."""
    accept = incoming.header(b"accept")
    if EVENT_STREAM not in accept:
        return False
    taken = {kind for kind, weight in negotiation.weighted(accept) if weight > 0}
    return EVENT_STREAM in taken and taken.isdisjoint((JSON, GRAPHQL_JSON))


class Events:
    """The ASGI callable of requests that ask for a stream of events."""

    def __init__(self, endpoint: GraphQLEndpoint, streams: Streams) -> None:
        self._endpoint = endpoint
        self._streams = streams

    @property
    def _departure(self) -> Departure:
        return self._endpoint.departure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = Incoming.of(scope, receive)
        request_id = incoming.request_id()
        clients.introduce(incoming)
        try:
            if incoming.method not in ("GET", "POST"):
                raise HttpFault(405, Fault(Code.BAD_USER_INPUT, "Use POST or GET."), allow="GET, POST")
            with self._endpoint.gate.within(incoming):
                asked = _resumed(await asking.asked(incoming, self._endpoint.gate.bounds), incoming)
                session = await Session.of(self._endpoint, incoming)
            with self._streams.connection(), self._streams.of(session.caller.who):
                answers = session.answers(asked, request_id, incoming.method)
                await self._stream(session, answers, incoming, request_id, send)
        except HttpFault as fault:
            await self._departure.send(answering.refusal(fault, JSON, request_id), incoming, send)
        except Fault as fault:
            refusal = HttpFault(429, fault, **{"retry-after": "1"})
            await self._departure.send(answering.refusal(refusal, JSON, request_id), incoming, send)

    async def _stream(
        self, session: Session, answers: AsyncGenerator[bytes], incoming: Incoming, request_id: str, send: Send
    ) -> None:
        """Begins only when there is something to say or to wait for; what is wrong with the request comes before."""
        line = _Line(send, self._streams.live.stall_ms / 1000)
        async with aclosing(answers):
            headers = self._headers(incoming, request_id)
            await line.put({"type": "http.response.start", "status": 200, "headers": headers})
            await line.write(ALIVE)
            telling = asyncio.create_task(_tell(line, answers, request_id))
            others = [
                asyncio.create_task(work)
                for work in (
                    _beat(line, self._streams.live.heartbeat_ms / 1000),
                    _gone(incoming.receive),
                    self._streams.ending.wait(),
                    _token_ends(session, self._streams.live.recheck_ms / 1000),
                )
            ]
            try:
                await asyncio.wait([telling, *others], return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (telling, *others):
                    task.cancel()
                await asyncio.wait([telling, *others])
            if not line.is_broken:
                with contextlib.suppress(OSError, _TooSlow):
                    await line.put({"type": "http.response.body", "body": b""})

    def _headers(self, incoming: Incoming, request_id: str) -> Sequence[tuple[bytes, bytes]]:
        origins = self._departure.origins.of(incoming) if b"origin" in incoming.headers else ()
        return [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"private, no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-request-id", request_id.encode()),
            self._departure.vary,
            *self._departure.safe,
            *origins,
        ]


class _TooSlow(Exception):
    """The client leaves unread what it is sent."""


class _Line:
    """What goes out, one after the other, and within a time."""

    def __init__(self, send: Send, seconds: float) -> None:
        self._send, self._seconds = send, seconds
        self._turn = asyncio.Lock()
        self.is_broken = False

    async def write(self, data: bytes) -> None:
        await self.put({"type": "http.response.body", "body": data, "more_body": True})

    async def put(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(self._seconds), self._turn:
                await self._send(message)
        except TimeoutError:
            log.warning("a client reads too slowly and was dropped")
            self.is_broken = True
            abort(self._send)
            raise _TooSlow from None


async def _tell(line: _Line, answers: AsyncGenerator[bytes], request_id: str) -> None:
    """Ends with `complete` where the operation has ended, and without where only this connection has."""
    with contextlib.suppress(LostAccess, _TooSlow, OSError):
        async for body in _without_raising(answers, request_id):
            await line.write(b"event: next\n%bdata: %b\n\n" % (_id_of(body), body))
        await line.write(b"event: complete\ndata:\n\n")


async def _without_raising(answers: AsyncGenerator[bytes], request_id: str) -> AsyncGenerator[bytes]:
    """What goes wrong is told as the last answer, but for the loss of access, which ends the connection."""
    try:
        async for body in answers:
            yield body
    except (HttpFault, Fault) as error:
        yield _error(error.fault if isinstance(error, HttpFault) else error, request_id)
    except LostAccess:
        raise
    except Exception as error:
        yield _error(answering.masking(error, request_id), request_id)


def _error(fault: Fault, request_id: str) -> bytes:
    return answering.refusal(HttpFault(500, fault), JSON, request_id).body


def _id_of(body: bytes) -> bytes:
    """The message's own cursor, where the client selects it: browsers send it again when they come back."""
    if b'"cursor"' not in body:
        return b""
    data = orjson.loads(body).get("data") or {}
    cursor = next((item.get("cursor") for item in data.values() if isinstance(item, dict)), None)
    return b"id: %b\n" % cursor.encode() if isinstance(cursor, str) and cursor.isalnum() else b""


def _resumed(asked: asking.Asked, incoming: Incoming) -> asking.Asked:
    """A browser that comes back says after which message, in a header; it goes before the variable `after`."""
    last = incoming.header(b"last-event-id")
    if not last:
        return asked
    return asking.with_variables(asked, {**asked.variables, "after": last})


async def _beat(line: _Line, pause: float) -> None:
    with contextlib.suppress(_TooSlow, OSError):
        while True:
            await asyncio.sleep(pause)
            await line.write(ALIVE)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _token_ends(session: Session, every: float) -> None:
    with contextlib.suppress(LostAccess):
        await session.watch(every)
