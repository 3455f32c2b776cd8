"""The way in: each request enters once, pays for what it asks, and leaves."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from gateway.auth.lanes import LaneBook
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.bounds import Bounds, Lane
from gateway.faults import Code, Fault
from gateway.http.admission.addresses import Addresses
from gateway.http.admission.rates import Rates
from gateway.http.admission.underway import Ending, Run, UnderWay
from gateway.http.requests import HttpFault, Incoming
from gateway.settings import Settings

REFUSED = 10
"""What a document costs that is refused, and a token that is wrong."""

CHARACTERS, MOST_READ = 10, 1_000
"""A new document costs 1 for so many characters, and so much at most: beyond, its tokens are too many to be read."""

STATUS: Mapping[str, int] = {Code.THROTTLED: 429, Code.UNAVAILABLE: 503, Code.DEADLINE_EXCEEDED: 504}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who pays, and in which lane."""

    who: str
    lane: Lane


@dataclass(slots=True)
class Spent:
    """What a request was priced at, and what its caller has left."""

    requested: int
    remaining: int
    caller: Caller
    rates: Rates
    is_returnable: bool

    def settle(self, data: bytes) -> dict[str, int]:
        """The cost as clients read it, once the answer is there.

        Its objects are counted by their braces in the bytes, which takes a microsecond; a brace within a text counts as
        well, never beyond the price. What was asked for and did not come is given back, up to half of the price, since
        looking for nothing is work, too.
        """
        actual = min(self.requested, max(data.count(b"{") - 1, 0)) if self.is_returnable else self.requested
        returned = min(self.requested - actual, self.requested // 2)
        if returned:
            self.rates.give_back(self.caller.who, self.caller.lane, returned)
        return {"requested": self.requested, "actual": actual, "remaining": self.remaining + returned}


@dataclass(frozen=True, slots=True)
class Gate:
    lanes: LaneBook
    addresses: Addresses
    rates: Rates
    under_way: UnderWay
    bounds: Bounds
    longest_ms: int

    @classmethod
    def of(cls, settings: Settings, rates: Rates) -> "Gate":
        under_way = UnderWay(settings.requests)
        addresses = Addresses(settings.trusted_proxies)
        return cls(LaneBook(settings), addresses, rates, under_way, settings.bounds, settings.longest_ms)

    def enter(self, incoming: Incoming) -> Run:
        try:
            return self.under_way.enter(self._milliseconds(incoming) / 1000)
        except Fault as fault:
            _refuse(fault, 1000)

    def leave(self, run: Run) -> None:
        self.under_way.leave(run)

    @contextmanager
    def within(self, incoming: Incoming) -> Generator[Run]:
        """A part of a lasting connection that has a deadline, as all of a request has."""
        run = self.enter(incoming)
        try:
            yield run
        except asyncio.CancelledError:
            if run.ending is not Ending.DEADLINE:
                raise
            run.task.uncancel()
            raise late() from None
        finally:
            self.leave(run)

    def caller(self, viewer: Viewer, incoming: Incoming) -> Caller:
        lane = self.lanes.of(viewer)
        if viewer.kind is ViewerKind.ANONYMOUS:
            return Caller(f"address:{self.address(incoming)}", lane)
        return Caller(viewer.principal, lane)

    def address(self, incoming: Incoming) -> str:
        return self.addresses.of(incoming.peer, incoming.forwarded() if self.addresses.is_believing else "")

    async def spend(self, caller: Caller, cost: int, *, is_returnable: bool = False) -> Spent:
        """Takes the cost out of the caller's bucket, or says when there will be enough in it."""
        try:
            remaining = self.rates.take(caller.who, caller.lane, cost)
            if remaining is None:
                remaining = await self.rates.ask(caller.who, caller.lane, cost)
        except Fault as fault:
            _refuse(fault, (fault.extensions or {}).get("retryAfterMs", 1000))
        return Spent(cost, remaining, caller, self.rates, is_returnable)

    def _milliseconds(self, incoming: Incoming) -> int:
        if b"x-deadline-ms" not in incoming.headers:
            return self.longest_ms
        given = incoming.header(b"x-deadline-ms")
        if not given.isascii() or not given.isdigit() or len(given) > 9 or int(given) < 1:
            fault = Fault(Code.BAD_USER_INPUT, "`x-deadline-ms` is a whole number of milliseconds from 1 on.")
            raise HttpFault(400, fault)
        return min(int(given), self.longest_ms)


def reading(text: str) -> int:
    """What it costs to read a document for the first time."""
    return min(len(text) // CHARACTERS, MOST_READ)


def late() -> HttpFault:
    message = "The deadline has passed before the answer was there. A mutation may have been done: send its key again."
    return HttpFault(504, Fault(Code.DEADLINE_EXCEEDED, message))


def _refuse(fault: Fault, milliseconds: int) -> NoReturn:
    status = STATUS[(fault.extensions or {})["code"]]
    raise HttpFault(status, fault, **{"retry-after": str(-(-milliseconds // 1000))}) from None
