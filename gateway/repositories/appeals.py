"""Appeals: found, and locked after their claim."""

import uuid
from typing import Any

from gateway.postgres.pool import Record


async def claim_of(connection: Any, policy_id: uuid.UUID, appeal_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        "select claim_id from appeals where policy_id = $1 and id = $2", policy_id, appeal_id
    )


async def lock(connection: Any, policy_id: uuid.UUID, appeal_id: uuid.UUID) -> Record:
    return await connection.fetchrow(
        "select * from appeals where policy_id = $1 and id = $2 for update", policy_id, appeal_id
    )
