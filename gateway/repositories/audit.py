"""The audit trail: one line for every write, in the transaction of the write."""

import uuid
from typing import Any

from models.base import new_id


async def record(writes: Any, context: Any, operation: str, policy_id: uuid.UUID, subject_id: uuid.UUID) -> None:
    await writes.execute(
        """
        insert into audit_entries
          (policy_id, id, actor_kind, actor, operation, subject_id, request_id, rulebook, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        policy_id,
        new_id(),
        context.viewer.kind.value,
        context.viewer.principal,
        operation,
        subject_id,
        context.request_id,
        context.services.rulebook.version,
        context.wall_clock,
    )
