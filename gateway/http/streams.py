"""Connections that last: how many there may be, who stands at the other end, and what runs over them.

Whatever comes over them is let in, priced and answered as over HTTP. A subscription pays for each of its messages, and
waits where the bucket is empty; nothing is kept in store for a client that does not read.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from gateway.auth.viewer import Viewer
from gateway.bounds import Live
from gateway.context import Context
from gateway.execution import messages
from gateway.execution.planned import Answer
from gateway.faults import Code, Fault
from gateway.http import answering
from gateway.http.admission.gate import REFUSED, Caller
from gateway.http.asking import Asked
from gateway.http.graphql import GraphQLEndpoint, Work, note, refused
from gateway.http.negotiation import JSON
from gateway.http.reasons import why
from gateway.http.requests import HttpFault, Incoming

log = structlog.get_logger("gateway")


class LostAccess(Exception):
    """The token has expired or was revoked while its connection was open."""


@dataclass(slots=True)
class Streams:
    """One worker's lasting connections."""

    live: Live
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the gateway ends: connections are closed, and clients come back to whoever serves next."""
    _open: int = 0
    _callers: Counter[str] = field(default_factory=Counter[str])

    @contextmanager
    def connection(self) -> Generator[None]:
        if self._open >= self.live.connections:
            raise _too_many()
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    @contextmanager
    def of(self, who: str) -> Generator[None]:
        """One of the connections of a caller, or of an address as long as nobody has said who calls."""
        if self._callers[who] >= self.live.of_one_caller:
            raise _too_many()
        self._callers[who] += 1
        try:
            yield
        finally:
            self._callers[who] -= 1
            if not self._callers[who]:
                del self._callers[who]

    def __len__(self) -> int:
        return self._open


@dataclass(slots=True)
class Session:
    """A connection whose client is known."""

    endpoint: GraphQLEndpoint
    incoming: Incoming
    """The request that opened it, with the headers that were told afterwards."""
    viewer: Viewer
    caller: Caller

    @classmethod
    async def of(cls, endpoint: GraphQLEndpoint, incoming: Incoming) -> "Session":
        viewer = await endpoint.viewer(incoming)
        endpoint.clock(incoming)
        why(incoming)
        return cls(endpoint, incoming, viewer, endpoint.gate.caller(viewer, incoming))

    async def recognize(self) -> Viewer:
        """Who it is now; raises where the token is good for nothing any more."""
        until = self.viewer.expires_at
        if until is not None and until <= dt.datetime.now(dt.UTC):
            raise LostAccess
        try:
            self.viewer = await self.endpoint.viewer(self.incoming)
        except HttpFault as error:
            if error.status == 401:
                raise LostAccess from None
            raise error.fault from None
        return self.viewer

    async def watch(self, every: float) -> None:
        """Ends when the token does, which is noticed at once where a hint comes that access was taken away."""
        while True:
            await self.recognize_patiently()
            with_token = self.viewer.expires_at
            seconds = every if with_token is None else min(every, _seconds_until(with_token))
            try:
                async with asyncio.timeout(seconds):
                    await self.endpoint.services.changes.people_changed()
            except TimeoutError:
                pass

    async def recognize_patiently(self) -> None:
        """A database that cannot be asked now says nothing against a silent connection."""
        try:
            await self.recognize()
        except Fault as fault:
            log.warning("a connection could not be looked at", code=(fault.extensions or {}).get("code"))

    def context(self, request_id: str) -> Context:
        made = self.endpoint.context_of(self.viewer, self.incoming, request_id)
        made.recognize = self.recognize
        return made

    async def answers(self, asked: Asked, request_id: str, method: str = "POST") -> AsyncGenerator[bytes]:
        """The answers to one operation, each as JSON: one, or those of a subscription."""
        try:
            work = await self.endpoint.work(method, asked, self.caller)
        except Fault as fault:
            await self._spend(REFUSED)
            yield answering.executed(refused(fault), JSON, request_id, with_plan=False).body
            return
        context = self.context(request_id)
        context.viewer = await self.recognize()
        context.unit = context.reading_unit()
        if work.is_subscription:
            async with aclosing(self._messages(work, asked, context)) as found:
                async for body in found:
                    yield body
        else:
            yield await self._once(work, asked, context)

    async def _once(self, work: Work, asked: Asked, context: Context) -> bytes:
        """A query or a mutation, with the deadline that it has over HTTP."""
        endpoint = self.endpoint
        with endpoint.gate.within(self.incoming):
            spent = await endpoint.gate.spend(self.caller, work.cost, is_returnable=work.is_query)
            result = await endpoint.observed(work, asked, context, self.caller)
        if isinstance(result, Answer):
            return answering.ready(result, JSON, context.request_id, spent, with_plan=False).body
        return answering.executed(result, JSON, context.request_id, spent, with_plan=False).body

    async def _messages(self, work: Work, asked: Asked, context: Context) -> AsyncGenerator[bytes]:
        endpoint = self.endpoint
        found = messages.of(
            endpoint.plans,
            endpoint.schema,
            work.document,
            work.operation,
            variables=asked.variables,
            context=context,
        )
        await self._spend(1)
        async with aclosing(found) as results:
            async for result in results:
                spent = await self._spend(work.cost)
                await note(context, result)
                if isinstance(result, Answer):
                    yield answering.ready(result, JSON, context.request_id, spent, with_plan=False).body
                else:
                    yield answering.executed(result, JSON, context.request_id, spent, with_plan=False).body

    async def _spend(self, cost: int) -> Any:
        """A message that cannot be paid for now waits until it can."""
        while True:
            try:
                return await self.endpoint.gate.spend(self.caller, cost, is_returnable=True)
            except HttpFault as error:
                wait = (error.fault.extensions or {}).get("retryAfterMs")
                if wait is None:
                    raise
                await asyncio.sleep(wait / 1000)


def _too_many() -> Fault:
    return Fault(Code.THROTTLED, "Too many connections are open: close one of them.", retryAfterMs=1000)


def told(incoming: Incoming, payload: Any) -> Incoming:
    """The opening request with what a client says in its first message, since a browser sets no headers on a socket."""
    if not isinstance(payload, dict):
        return incoming
    headers = dict(incoming.headers)
    for name, value in payload.items():
        if isinstance(name, str) and name.lower() in TOLD and isinstance(value, str):
            headers[name.lower().encode()] = value.encode("latin-1", "replace")
    return replace(incoming, headers=headers)


TOLD = frozenset(
    {
        "authorization",
        "accept-language",
        "x-dev-now",
        "x-client-name",
        "x-client-version",
        "x-purpose",
        "x-on-behalf-of",
    }
)


def abort(send: Any) -> None:
    """Drops a connection whose client reads nothing: a farewell would only wait behind the rest."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()


def _seconds_until(instant: dt.datetime) -> float:
    return max(0.0, (instant - dt.datetime.now(dt.UTC)).total_seconds())
