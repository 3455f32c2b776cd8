"""Keys of requests: claimed first of all, in the same transaction as the effect."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import asyncpg

from gateway.faults import Code, Fault
from gateway.postgres.session import Settings, opened_write


async def claim(
    connection: Any, settings: Settings, *, principal: str, operation: str, key: str, digest: str, now: dt.datetime
) -> Mapping[str, Any] | None:
    """Take the key; or what was answered to it before. Another request under the same key is a fault.

    It is the first statement of its transaction, and makes the transaction's settings: as parameters of a statement
    that is prepared they cost less than in the script that begins.

    While the first request runs, the second waits here for its row, as long as the connections' lock timeout lets it;
    if the first is refused, its key is free again.
    """
    try:
        given = (principal, operation, key, digest, now)
        taken = await connection.fetchval(opened_write(_CLAIM, list(settings), len(given)), *given, *settings.values())
    except asyncpg.LockNotAvailableError:
        raise Fault(
            Code.IDEMPOTENCY_IN_PROGRESS, "A request with this key is still running: ask again in a moment."
        ) from None
    if taken:
        return None
    earlier = await connection.fetchrow(
        "select * from idempotency_keys where principal = $1 and operation = $2 and key = $3", principal, operation, key
    )
    if earlier["request_sha256"] != digest:
        raise Fault(
            Code.IDEMPOTENCY_KEY_REUSED,
            "This key was used for another request: take a new key for a new request.",
            inputPath=["input", "idempotencyKey"],
        )
    return earlier


_CLAIM = """
    insert into idempotency_keys (principal, operation, key, request_sha256, verdicts, created_at)
    select $1, $2, $3, $4, '[]', $5 from viewer where viewer.ready is not null
    on conflict do nothing returning true
"""


async def complete(
    writes: Any,
    *,
    principal: str,
    operation: str,
    key: str,
    policy_id: uuid.UUID | None,
    subject_id: uuid.UUID,
    verdicts: list[Any],
) -> None:
    await writes.change(
        """
        update idempotency_keys set policy_id = $4, subject_id = $5, verdicts = $6
        where principal = $1 and operation = $2 and key = $3
        """,
        principal,
        operation,
        key,
        policy_id,
        subject_id,
        verdicts,
    )
