"""The audit trail: one line for every write, in the transaction of the write."""

import datetime as dt
import uuid
from typing import Any

from models.audit import NO_POLICY
from models.base import new_id


async def record(writes: Any, context: Any, operation: str, policy_id: uuid.UUID | None, subject_id: uuid.UUID) -> None:
    """What the viewer of a request did."""
    await append(
        writes,
        actor_kind=context.viewer.kind.value,
        actor=context.viewer.principal,
        operation=operation,
        policy_id=policy_id,
        subject_id=subject_id,
        request_id=context.request_id,
        rulebook=context.services.rulebook.version,
        at=context.wall_clock,
    )


async def append(
    writes: Any,
    *,
    actor_kind: str,
    actor: str,
    operation: str,
    policy_id: uuid.UUID | None,
    subject_id: uuid.UUID,
    request_id: str,
    rulebook: str,
    at: dt.datetime,
) -> None:
    await writes.execute(
        """
        insert into audit_entries
          (policy_id, id, actor_kind, actor, operation, subject_id, request_id, rulebook, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        policy_id or NO_POLICY,
        new_id(),
        actor_kind,
        actor,
        operation,
        subject_id,
        request_id,
        rulebook,
        at,
    )
