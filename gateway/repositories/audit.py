"""The audit trail: one line for every write, in the transaction of the write, and for every look at what is hidden."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.auth.sight import KIND, PRINCIPAL
from gateway.postgres.pool import Record
from gateway.postgres.session import opened_write
from models.audit import ARCHIVED, FIELDS_READ, NO_POLICY, READS
from models.base import new_id


@dataclass(frozen=True, slots=True)
class Why:
    """What somebody says about the reason. Details name fields, never what stands in them."""

    purpose: str | None = None
    on_behalf_of: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def or_else(self, other: "Why") -> "Why":
        return Why(self.purpose or other.purpose, self.on_behalf_of or other.on_behalf_of, self.details)


UNSAID = Why()


async def record(
    writes: Any,
    context: Any,
    operation: str,
    policy_id: uuid.UUID | None,
    subject_id: uuid.UUID,
    why: Why = UNSAID,
) -> None:
    """What the viewer of a request did. What the input says of the reason goes before what the request says."""
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
        why=why.or_else(context.why),
    )


async def record_shown(context: Any, shown: Mapping[str, Mapping[str, Collection[str]]]) -> None:
    """Which fields of which cases the viewer of a request was shown: a line for each policy, all in one statement,
    which stands by itself, since a command may be undone and still have shown them.

    It does not wait for the disk: whoever looks finds the line from now on, and what a crash of the server could take
    is the last fraction of a second.
    """
    viewer = context.viewer
    told = {setting.name: setting.text(viewer) for setting in (KIND, PRINCIPAL)} | {"synchronous_commit": "off"}
    given = (
        list(shown),
        [new_id() for _ in shown],
        [_only(cases) for cases in shown.values()],
        [{"shown": {case: sorted(names) for case, names in cases.items()}} for cases in shown.values()],
        viewer.kind.value,
        viewer.principal,
        FIELDS_READ,
        context.request_id,
        context.services.rulebook.version,
        context.wall_clock,
        context.why.purpose,
        context.why.on_behalf_of,
    )
    await context.services.pool.execute(opened_write(_SHOWN, list(told), len(given)), *given, *told.values())


def _only(cases: Mapping[str, Any]) -> str | None:
    return next(iter(cases)) if len(cases) == 1 else None


_SHOWN = """
    insert into audit_entries
      (policy_id, id, subject_id, details, actor_kind, actor, operation, request_id, rulebook, at,
       purpose, on_behalf_of)
    select row.policy_id, row.id, row.subject_id, row.details, $5, $6, $7, $8, $9, $10, $11, $12
    from viewer cross join unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[])
      as row (policy_id, id, subject_id, details)
    where viewer.ready is not null
"""


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
    why: Why = UNSAID,
) -> None:
    await writes.execute(
        """
        insert into audit_entries
          (policy_id, id, actor_kind, actor, operation, subject_id, request_id, rulebook, at,
           purpose, on_behalf_of, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
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
        why.purpose,
        why.on_behalf_of,
        dict(why.details),
    )


async def reads(connection: Any, policy_id: uuid.UUID) -> list[Record]:
    """Who has read something of the people of a policy, the first reader first: a line for each case."""
    return await connection.fetch(
        """
        select at, actor_kind, actor, operation, coalesce(shown.key::uuid, subject_id) as subject_id,
          coalesce(jsonb_build_object('fields', shown.value), details) as details,
          purpose, on_behalf_of, request_id
        from audit_entries left join lateral jsonb_each(details -> 'shown') as shown on true
        where policy_id = $1 and operation = any($2) order by id, shown.key
        """,
        policy_id,
        READS,
    )


async def archived_reads(connection: Any) -> list[str]:
    """Files of the archive that have lines about reads."""
    found = await connection.fetch(
        """
        select details ->> 'file' as file from audit_entries
        where policy_id = $1 and operation = $2 and details ->> 'chosen' <> 'writes' order by id
        """,
        NO_POLICY,
        ARCHIVED,
    )
    return [row["file"] for row in found]


async def count_unmasking(connection: Any, *, actor: str, on: dt.date, limit: int) -> bool:
    """One more of the day's; False where there were so many already. Of many at once, only as many as may pass."""
    counted = await connection.fetchval(
        """
        insert into unmasking_counts as counted (actor, "on", count) select $1, $2, 1 where $3 > 0
        on conflict (actor, "on") do update set count = counted.count + 1 where counted.count < $3
        returning count
        """,
        actor,
        on,
        limit,
    )
    return counted is not None
