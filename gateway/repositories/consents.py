"""Consents: what somebody has agreed to, by the text that was shown, until it is withdrawn."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories import writes as writing


async def live_kinds(connection: Any, policy_id: uuid.UUID) -> frozenset[str]:
    """Kinds of consent that stand on a policy."""
    rows = await connection.fetch(
        "select distinct kind from consents where policy_id = $1 and withdrawn_at is null", policy_id
    )
    return frozenset(row["kind"] for row in rows)


async def replace(connection: Any, row: Mapping[str, Any]) -> None:
    """A new consent; an earlier one to the same ends with it, since another text was shown."""
    await connection.execute(
        """
        update consents set withdrawn_at = $6, withdrawn_by = $7
        where policy_id = $1 and insured_id = $2 and kind = $3 and recipient = $4 and purpose = $5
          and withdrawn_at is null
        """,
        *(row[name] for name in ("policy_id", "insured_id", "kind", "recipient", "purpose", "granted_at", "principal")),
    )
    await writing.insert(connection, "consents", row)


async def lock(connection: Any, policy_id: uuid.UUID, consent: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        "select * from consents where policy_id = $1 and id = $2 for update", policy_id, consent
    )


async def withdraw(connection: Any, row: Record, *, actor: str, now: dt.datetime) -> None:
    """One that was withdrawn before stays as it was."""
    await connection.execute(
        """
        update consents set withdrawn_at = $3, withdrawn_by = $4
        where policy_id = $1 and id = $2 and withdrawn_at is null
        """,
        row["policy_id"],
        row["id"],
        now,
        actor,
    )
