"""Messages that leave with the transaction that they tell about."""

import datetime as dt
import uuid
from typing import Any

from models.base import new_id


async def post(
    writes: Any,
    *,
    policy_id: uuid.UUID,
    subject_id: uuid.UUID,
    topic: str,
    audience: str,
    dedupe_key: str,
    now: dt.datetime,
    available_at: dt.datetime | None = None,
    rule: str | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """One message. The same `dedupe_key` in a policy is posted once, whatever happens."""
    await writes.execute(
        """
        insert into outbox_messages
          (policy_id, id, topic, audience, subject_id, rule_code, payload, dedupe_key, available_at, created_at,
           attempts)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
        on conflict (policy_id, dedupe_key) do nothing
        """,
        policy_id,
        new_id(),
        topic,
        audience,
        subject_id,
        rule,
        payload or {},
        dedupe_key,
        available_at or now,
        now,
    )


async def cancel_pending(
    writes: Any, *, policy_id: uuid.UUID, subject_id: uuid.UUID, topic: str, now: dt.datetime
) -> None:
    """Reminders of something that will not happen, or not then."""
    await writes.execute(
        """
        update outbox_messages set cancelled_at = $4
        where policy_id = $1 and subject_id = $2 and topic = $3 and sent_at is null and cancelled_at is null
        """,
        policy_id,
        subject_id,
        topic,
        now,
    )
