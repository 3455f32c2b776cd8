"""Grants: who, as an identity provider knows them, is what on a policy."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.auth.sight import ISSUER, SUBJECT
from gateway.postgres.pool import Record
from gateway.postgres.session import Telling


async def of_subject(pool: Any, issuer: str, subject: str, now: dt.datetime) -> Sequence[Record]:
    """What somebody is on which policies now: one probe of an index."""
    return await Telling(pool, {SUBJECT.name: subject, ISSUER.name: issuer}).fetch(
        """
        select distinct policy_id, role, insured_id from policy_grants
        where subject = $1 and issuer = $2 and revoked_at is null and (valid_until is null or valid_until > $3)
        """,
        subject,
        issuer,
        now,
    )


async def insured(connection: Any, policy_id: uuid.UUID, member: uuid.UUID) -> Record | None:
    """An insured of the policy, and whether that is the holder too."""
    return await connection.fetchrow(
        """
        select m.id, m.birth_on, m.id_number_hash = h.id_number_hash as is_holder
        from policy_members m
        join policies p on p.policy_id = m.policy_id
        join policy_members h on h.policy_id = p.policy_id and h.id = p.holder_id
        where m.policy_id = $1 and m.id = $2 and m.role = 'INSURED'
        """,
        policy_id,
        member,
    )


async def add(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    grant: uuid.UUID,
    issuer: str,
    subject: str,
    role: str,
    insured_id: uuid.UUID | None,
    valid_until: dt.datetime | None,
    actor: str,
    now: dt.datetime,
) -> bool:
    """False where somebody is that already. One that has run out makes room for the new one."""
    await connection.execute(
        """
        update policy_grants set revoked_at = $6, revoked_by = $7
        where policy_id = $1 and issuer = $2 and subject = $3 and role = $4 and insured_id is not distinct from $5
          and revoked_at is null and valid_until <= $6
        """,
        policy_id,
        issuer,
        subject,
        role,
        insured_id,
        now,
        actor,
    )
    made = await connection.fetchval(
        """
        insert into policy_grants
          (policy_id, id, issuer, subject, role, insured_id, valid_until, granted_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict do nothing returning true
        """,
        policy_id,
        grant,
        issuer,
        subject,
        role,
        insured_id,
        valid_until,
        actor,
        now,
    )
    return made is not None


async def lock(connection: Any, policy_id: uuid.UUID, grant: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        "select * from policy_grants where policy_id = $1 and id = $2 for update", policy_id, grant
    )


async def revoke(connection: Any, policy_id: uuid.UUID, grant: uuid.UUID, *, actor: str, now: dt.datetime) -> None:
    """One that was taken back before stays as it was."""
    await connection.execute(
        """
        update policy_grants set revoked_at = $3, revoked_by = $4
        where policy_id = $1 and id = $2 and revoked_at is null
        """,
        policy_id,
        grant,
        now,
        actor,
    )
