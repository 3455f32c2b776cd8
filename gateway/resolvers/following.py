"""Following a case or a queue: each yields the key of what is to be shown next, for a viewer who is recognized anew.

Before anything is shown, the token is looked at again and the case must still be visible: who has lost access meanwhile
is told what one is told who never had it.
"""

import re
import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.execution.keyset import Key, Page
from gateway.execution.sources import SOURCES
from gateway.faults import bad_input
from gateway.repositories import changes as rows

AT_ONCE = 50
SEQUENCE = re.compile(r"\d{1,9}", re.ASCII)
MARK = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case: its word, the prefix of its ids, its type, that of its steps, and the steps' column of its id."""

    word: str
    prefix: str
    type: str
    step: str
    column: str


BOOKING = Kind("BOOKING", "book", "Booking", "BookingChange", "booking_id")
CLAIM = Kind("CLAIM", "claim", "Claim", "ClaimChange", "claim_id")


async def steps(context: Context, kind: Kind, id: str, after: str | None) -> AsyncGenerator[tuple[Any, ...]]:
    """Every step of a case after the one that is named, each once and in order; without one, those to come."""
    policy_id, case_id = ids.decode_as(kind.prefix, id, 2, "id")
    seen = None if after is None else _sequence(after)
    case = await _case(context, kind, policy_id, case_id)
    seen = case["state_seq"] if seen is None else seen
    with context.services.changes.case(kind.word, policy_id, case_id, seen) as watch:
        while True:
            found = await _next(context, kind, policy_id, case_id, watch.seen)
            for step in found:
                yield policy_id, case_id, step["seq"]
                watch.seen = step["seq"]
                await context.renew()
            if len(found) < AT_ONCE:
                await watch.wake.wait()
                watch.wake.clear()
                await context.renew()
                await _case(context, kind, policy_id, case_id)


async def queue(context: Context, after: str | None) -> AsyncGenerator[tuple[Any, ...]]:
    """The viewer's queue whenever it differs from what was seen; without a mark, as it is now to begin with."""
    if after is not None and not MARK.fullmatch(after):
        raise _no_cursor()
    context.viewer.require("bookings:read")
    with context.services.changes.queue(context.viewer, after or "") as watch:
        while True:
            now = await mark(context)
            if now != watch.seen:
                yield ()
                watch.seen = now
            await watch.wake.wait()
            watch.wake.clear()
            await context.renew()
            context.viewer.require("bookings:read")
            watch.viewer = context.viewer


async def _case(context: Context, kind: Kind, policy_id: uuid.UUID, case_id: uuid.UUID) -> Any:
    """A foreign one is answered like one that is not there."""
    found = await context.unit.one(SOURCES[kind.type], ("policy_id", "id"), (policy_id, case_id))
    if found is None:
        raise ids.not_an_id(kind.prefix, "id")
    return found


async def _next(context: Context, kind: Kind, policy_id: uuid.UUID, case_id: uuid.UUID, seen: int) -> list[Any]:
    bounds = {"policy_id": policy_id, kind.column: case_id}
    conditions = [lambda row, name=name, value=value: getattr(row, name) == value for name, value in bounds.items()]
    page = Page(AT_ONCE, after=(seen,))
    found, _ = await context.unit.page(SOURCES[kind.step], conditions, [Key("seq")], page)
    return found


async def mark(context: Context) -> str:
    """A digest of what waits for the viewer."""
    (found,) = await context.unit.reader.rows(rows.queue_mark(context.viewer))
    return str(next(iter(found.values())))


def _sequence(after: str) -> int:
    if not SEQUENCE.fullmatch(after):
        raise _no_cursor()
    return int(after)


def _no_cursor() -> Exception:
    return bad_input("This is no cursor of what is followed: use the `cursor` of a message, or none.", "after")
