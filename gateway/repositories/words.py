"""What clients have told customer service, locked for an answer."""

import uuid
from typing import Any

from gateway.postgres.pool import Record


async def lock_message(connection: Any, policy_id: uuid.UUID, id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        "select policy_id, id, product_code, answered_at from messages where policy_id = $1 and id = $2 for update",
        policy_id,
        id,
    )


async def lock_complaint(connection: Any, policy_id: uuid.UUID, id: uuid.UUID, actor: str) -> Record | None:
    """With whether somebody has taken a step in the booking that it is about."""
    return await connection.fetchrow(
        """
        select c.policy_id, c.id, c.product_code, c.answered_at,
               exists (select from booking_events e where e.policy_id = c.policy_id and e.booking_id = c.subject_id
                       and e.actor = $3) as is_concerned
        from complaints c where c.policy_id = $1 and c.id = $2 for update of c
        """,
        policy_id,
        id,
        actor,
    )
