"""Papers: reserved, moved from state to state, found by who may see them, and forgotten."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories import writes as writing
from gateway.repositories.stuck import free, of_policy
from models import metadata

MACHINE = "DOCUMENT"
UNREFERRED = " and ".join(
    f"not exists (select from {key.table.name} r where r.policy_id = d.policy_id and r.{key.column_keys[-1]} = d.id)"
    for table in metadata.sorted_tables
    for key in table.foreign_key_constraints
    if key.referred_table.name == "documents" and table.name != "document_events"
)
"""No row of any table names the paper: the tables know which of them do."""


async def find(connection: Any, policy_id: uuid.UUID, document_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow("select * from documents where policy_id = $1 and id = $2", policy_id, document_id)


async def reserve(writes: Any, row: Mapping[str, Any], *, role: str, actor: str) -> None:
    await writing.insert(writes, "documents", row)
    await _tell(
        writes,
        row["policy_id"],
        row["id"],
        seq=1,
        step=("", "reserve", role, "RESERVED"),
        actor=actor,
        reason=None,
        at=row["created_at"],
    )


async def move(
    connection: Any,
    row: Record,
    command: str,
    to_state: str,
    *,
    role: str,
    actor: str,
    at: dt.datetime,
    reason: str | None = None,
    **changes: Any,
) -> bool:
    """Take a step from the state in which the row was read; False where somebody else was there first."""
    values = {"state": to_state, "state_seq": row["state_seq"] + 1, **changes}
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 4))
    moved = await connection.fetchval(
        f"update documents set {sets} where policy_id = $1 and id = $2 and state_seq = $3 returning true",
        row["policy_id"],
        row["id"],
        row["state_seq"],
        *values.values(),
    )
    if not moved:
        return False
    await _tell(
        connection,
        row["policy_id"],
        row["id"],
        seq=row["state_seq"] + 1,
        step=(row["state"], command, role, to_state),
        actor=actor,
        reason=reason,
        at=at,
    )
    return True


async def unchecked(connection: Any, before: dt.datetime, limit: int, *, timer: str) -> Sequence[Record]:
    """What was uploaded and never judged, since a worker ended or the scanner was away."""
    return await connection.fetch(
        f"""
        select policy_id, id from documents d
        where state in ('UPLOADED', 'CHECKING') and uploaded_at < $1 and {free(timer, of_policy("d"))}
        order by uploaded_at limit $2
        """,
        before,
        limit,
    )


UNATTACHED = f"""
  d.subject_id is null and d.keep_until < $1 and {UNREFERRED}
  and exists (
    select from transitions t
    where (t.machine, t.from_state, t.command, t.role) = ('{MACHINE}', d.state, 'expire', 'SYSTEM')
  )
"""
"""No case has taken it in its time; what anything refers to stays."""


async def unattached(
    connection: Any, now: dt.datetime, after: tuple[uuid.UUID, uuid.UUID], limit: int, *, timer: str
) -> Sequence[Record]:
    return await connection.fetch(
        f"""
        select d.policy_id, d.id from documents d
        where {UNATTACHED} and (d.policy_id, d.id) > ($2, $3) and {free(timer, of_policy("d"))}
        order by d.policy_id, d.id limit $4
        """,
        now,
        *after,
        limit,
    )


async def lock_unattached(connection: Any, now: dt.datetime, paper: tuple[uuid.UUID, uuid.UUID]) -> Record | None:
    return await connection.fetchrow(
        f"""
        select d.* from documents d where d.policy_id = $2 and d.id = $3 and {UNATTACHED}
        for update of d skip locked
        """,
        now,
        *paper,
    )


async def attach(connection: Any, policy_id: uuid.UUID, ids: Sequence[uuid.UUID], subject_id: uuid.UUID) -> int:
    """Clean papers that no case has yet; how many were taken."""
    taken = await connection.fetch(
        """
        update documents set subject_id = $3
        where policy_id = $1 and id = any($2::uuid[]) and subject_id is null and state in ('CLEAN', 'ACCEPTED')
        returning id
        """,
        policy_id,
        list(ids),
        subject_id,
    )
    return len(taken)


async def kinds(connection: Any, policy_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Sequence[Record]:
    """Clean papers of the policy that no case has yet."""
    return await connection.fetch(
        """
        select id, kind from documents
        where policy_id = $1 and id = any($2::uuid[]) and subject_id is null and state in ('CLEAN', 'ACCEPTED')
        """,
        policy_id,
        list(ids),
    )


async def _tell(
    writes: Any,
    policy_id: uuid.UUID,
    document_id: uuid.UUID,
    *,
    seq: int,
    step: tuple[str, str, str, str],
    actor: str,
    reason: str | None,
    at: dt.datetime,
) -> None:
    from_state, command, role, to_state = step
    await writing.insert(
        writes,
        "document_events",
        {
            "policy_id": policy_id,
            "document_id": document_id,
            "seq": seq,
            "machine": MACHINE,
            "from_state": from_state,
            "command": command,
            "role": role,
            "to_state": to_state,
            "actor": actor,
            "reason": reason,
            "details": {},
            "at": at,
        },
    )
