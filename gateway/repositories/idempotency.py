"""Keys of requests: claimed first of all, in the same transaction as the effect."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import asyncpg

from gateway.faults import Code, Fault


async def claim(
    connection: Any, *, principal: str, operation: str, key: str, digest: str, now: dt.datetime
) -> Mapping[str, Any] | None:
    """Take the key; or what was answered to it before. Another request under the same key is a fault.

    While the first request runs, the second waits here for its row, as long as the connections' lock timeout lets it;
    if the first is refused, its key is free again.
    """
    try:
        taken = await connection.fetchval(
            """
            insert into idempotency_keys (principal, operation, key, request_sha256, verdicts, created_at)
            values ($1, $2, $3, $4, '[]', $5) on conflict do nothing returning true
            """,
            principal,
            operation,
            key,
            digest,
            now,
        )
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
