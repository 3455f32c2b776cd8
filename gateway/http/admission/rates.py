"""Buckets of cost: what a caller may ask for in one go, refilled as time passes."""

import asyncio
import hashlib
import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.bounds import Lane
from gateway.faults import Code, Fault
from gateway.repositories import rates

REMEMBERED = 100_000
PIECES = 20
"""A worker takes a twentieth of a shared bucket at a time, and asks again when that is spent."""
LEASE_SECONDS = 2.0
"""What is not spent by then is lost to its holder, so that idle workers hoard nothing."""


class Rates(Protocol):
    def take(self, who: str, lane: Lane, cost: int) -> int | None:
        """What remains after the cost; None where only `ask` can tell."""
        ...

    async def ask(self, who: str, lane: Lane, cost: int) -> int: ...

    def give_back(self, who: str, lane: Lane, amount: int) -> None: ...


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class MemoryRates:
    """One worker's own buckets. The one that was used longest ago makes room, and by then is full again."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, who: str, lane: Lane, cost: int) -> int:
        now = time.monotonic()
        bucket = self._buckets.get(who)
        if bucket is None:
            bucket = self._new(who, lane, now)
        else:
            level = bucket.level + (now - bucket.at) * lane.per_second
            bucket.level = level if level < lane.burst else lane.burst
            bucket.at = now
            self._buckets.move_to_end(who)
        if bucket.level < cost:
            raise throttled(lane, cost - bucket.level)
        bucket.level -= cost
        return int(bucket.level)

    async def ask(self, who: str, lane: Lane, cost: int) -> int:
        return self.take(who, lane, cost)

    def give_back(self, who: str, lane: Lane, amount: int) -> None:
        bucket = self._buckets.get(who)
        if bucket is not None:
            bucket.level = min(bucket.level + amount, lane.burst)

    def _new(self, who: str, lane: Lane, now: float) -> _Bucket:
        bucket = self._buckets[who] = _Bucket(lane.burst, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket


@dataclass(slots=True)
class _Lease:
    """A piece of a shared bucket that one worker may spend without asking."""

    level: float = 0
    until: float = 0
    left: float = 0  # in the shared bucket, when it was last asked
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class SharedRates:
    """Buckets of all workers together. What a worker holds was taken out before, so all of them never exceed it."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._leases: OrderedDict[str, _Lease] = OrderedDict()

    def take(self, who: str, lane: Lane, cost: int) -> int | None:
        lease = self._leases.get(who)
        if lease is None or lease.level < cost or lease.until < time.monotonic():
            return None
        lease.level -= cost
        return int(lease.level + lease.left)

    async def ask(self, who: str, lane: Lane, cost: int) -> int:
        lease = self._lease(who)
        async with lease.turn:  # of several requests one asks, and the others spend what it brought
            remaining = self.take(who, lane, cost)
            if remaining is not None:
                return remaining
            await self._renew(lease, who, lane, cost)
            lease.level -= cost
            return int(lease.level + lease.left)

    def give_back(self, who: str, lane: Lane, amount: int) -> None:
        lease = self._leases.get(who)
        if lease is not None:
            lease.level += amount

    async def _renew(self, lease: _Lease, who: str, lane: Lane, cost: int) -> None:
        held = lease.level if lease.until >= time.monotonic() else 0
        need = cost - held
        grant = await rates.take(
            self._pool,
            hashlib.sha256(who.encode()).hexdigest(),
            need=need,
            wanted=max(need, lane.burst / PIECES),
            burst=lane.burst,
            per_second=lane.per_second,
        )
        lease.left = grant.level
        if grant.granted < need:
            raise throttled(lane, need - grant.level)
        lease.level = held + grant.granted
        lease.until = time.monotonic() + LEASE_SECONDS

    def _lease(self, who: str) -> _Lease:
        lease = self._leases.get(who)
        if lease is None:
            lease = self._leases[who] = _Lease()
            if len(self._leases) > REMEMBERED:
                self._leases.popitem(last=False)
        return lease


def throttled(lane: Lane, missing: float) -> Fault:
    wait = max(1, math.ceil(missing / lane.per_second * 1000))
    return Fault(Code.THROTTLED, f"Too much was asked for at once: try again in {wait} ms.", retryAfterMs=wait)
