"""From the outbox to a sender, over the queue.

The relay lends what is due to the queue in one transaction; a delivery looks again whether it is still to be sent,
sends, and marks. A worker that dies in between leaves its job to another one, which sends the message again under the
same id: for the receiver it is once.
"""

import base64
import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import Any

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job

from gateway.jobs import queue
from gateway.jobs.house import House
from gateway.jobs.senders import Message, NotSent, Routes
from gateway.jobs.sweeps import sweep
from gateway.postgres.pool import Record
from gateway.repositories import timed
from gateway.resolvers.card_bindings import SEALED

LOAN = dt.timedelta(days=1)
"""After this a message that was lent and never sent is lent again, whatever became of its job."""

ATTEMPTS = 8
FIRST_DELAY = dt.timedelta(seconds=2)
LONGEST_DELAY = dt.timedelta(minutes=30)
ELDER_FIRST = dt.timedelta(seconds=2)


async def relay(house: House) -> int:
    """Queues the messages that are due. The queue holds each of them at most once."""

    async def find(connection: Any) -> Sequence[Record]:
        return await timed.due_messages(connection, house.now, timer=house.timer)

    async def lend(connection: Any, due: Sequence[Record]) -> None:
        await timed.lend(connection, due, house.now + LOAN)
        names = [f"{row['policy_id'].hex}:{row['id'].hex}" for row in due]
        await queue.queries(_Plain(connection)).enqueue(
            [queue.DELIVER] * len(names),
            [name.encode() for name in names],
            [0] * len(names),
            dedupe_key=list(names),
            on_conflict="skip",
        )

    return await sweep(house, find, lend)


async def deliver(house: House, routes: Routes, job: Job) -> None:
    """Sends one message, unless it was sent or called off meanwhile.

    One that fails is tried again after longer and longer; what still fails then is held for a person to look at.
    """
    policy_id, id = message_key(job)
    async with house.transaction() as connection:
        row = await timed.message(connection, policy_id, id, ATTEMPTS)
        if row is None:
            return
        if row["has_elder"]:  # of one case, in the order in which they were posted
            raise RetryRequested(delay=ELDER_FIRST, reason="an earlier message of this case goes first")
        attempt = await timed.begin_attempt(connection, policy_id, id)
    try:
        await routes.send(_message(house, row))
    except Exception as failed:  # a receiver that did not take it, as much as a message that cannot be made
        if attempt >= ATTEMPTS:
            raise
        reason = str(failed) if isinstance(failed, NotSent) else type(failed).__name__
        raise RetryRequested(delay=_delay(attempt), reason=reason) from None
    async with house.transaction() as connection:
        await timed.mark_sent(connection, policy_id, id, dt.datetime.now(dt.UTC))


def message_key(job: Job) -> tuple[uuid.UUID, uuid.UUID]:
    policy_id, id = (job.payload or b"").decode().split(":")
    return uuid.UUID(hex=policy_id), uuid.UUID(hex=id)


def _delay(attempt: int) -> dt.timedelta:
    """Twice as long each time, and never for all at the same moment."""
    return min(FIRST_DELAY * 2**attempt, LONGEST_DELAY) * random.uniform(0.75, 1.25)  # noqa: S311


def _message(house: House, row: Record) -> Message:
    return Message(
        id=f"msg_{row['id'].hex}",
        topic=row["topic"],
        audience=row["audience"],
        vendor=row["vendor_code"],
        rule=row["rule_code"],
        created_at=row["created_at"].isoformat(),
        payload=_payload(house, row),
    )


def _payload(house: House, row: Record) -> dict[str, Any]:
    """What only the receiver may read lies sealed in the outbox until it leaves."""
    payload = dict(row["payload"])
    sealed = payload.pop("sealed", None)
    if sealed is None:
        return payload
    phone, code = house.services.vault.open(base64.b64decode(sealed), SEALED).split(":")
    return payload | {"phone": phone, "code": code}


class _Plain(AsyncpgDriver):
    """Our connections write JSON from values; the queue hands over JSON that is written already."""

    async def fetch(self, query: str, *args: Any) -> list[dict[str, object]]:
        return await super().fetch(query.replace("::jsonb[]", "::text[]::jsonb[]"), *args)
