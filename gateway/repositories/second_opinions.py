"""Second opinions: stages that are done, hospitals that were proposed, and the consent to send records abroad."""

import datetime as dt
import uuid
from typing import Any

from gateway.postgres.pool import Record


async def hospitals(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> list[Record]:
    return await connection.fetch(
        """
        select position, name, selected_at from second_opinion_hospitals
        where policy_id = $1 and booking_id = $2 order by position
        """,
        policy_id,
        booking_id,
    )


async def consent(connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, recipient: str) -> uuid.UUID | None:
    """The insured's standing consent to send records to this recipient abroad."""
    return await connection.fetchval(
        """
        select id from consents
        where policy_id = $1 and insured_id = $2 and kind = 'CROSS_BORDER' and recipient = $3 and withdrawn_at is null
        order by granted_at desc limit 1
        """,
        policy_id,
        insured_id,
        recipient,
    )


async def select(writes: Any, policy_id: uuid.UUID, booking_id: uuid.UUID, position: int, now: dt.datetime) -> None:
    await writes.execute(
        """
        update second_opinion_hospitals set selected_at = $4
        where policy_id = $1 and booking_id = $2 and position = $3
        """,
        policy_id,
        booking_id,
        position,
        now,
    )


async def note_stage(
    writes: Any,
    *,
    policy_id: uuid.UUID,
    booking_id: uuid.UUID,
    position: int,
    stage: str,
    note: str | None,
    document_id: uuid.UUID | None,
    actor: str,
    now: dt.datetime,
) -> None:
    """A stage that is done; one that is done again, as papers were asked for again, keeps its first line."""
    await writes.execute(
        """
        insert into second_opinion_stages (policy_id, booking_id, position, stage, note, document_id, actor, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
        """,
        policy_id,
        booking_id,
        position,
        stage,
        note,
        document_id,
        actor,
        now,
    )
