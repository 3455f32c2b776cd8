"""What time has made due. Every search begins at an index and takes a bounded batch; the next tick takes the rest."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import LATELY, free, of_policy
from models.base import new_id

BATCH = 500

REAL = """
abs(extract(epoch from {row}.created_at)
    - ('x' || substr(replace({row}.id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0) < 3600
"""
"""A row made by the real clock: its id (UUIDv7) was made in the same hour. Others were made under `x-dev-now`."""


def real(row: str, *, with_rehearsals: bool) -> str:
    return "true" if with_rehearsals else REAL.format(row=row)


# Messages


async def due_messages(connection: Any, now: dt.datetime, *, timer: str) -> Sequence[Record]:
    """Messages to be sent, of which the queue does not know."""
    return await connection.fetch(
        f"""
        select m.policy_id, m.id from outbox_messages m
        where sent_at is null and cancelled_at is null and available_at <= $1
          and (claimed_until is null or claimed_until < $1) and {free(timer, of_policy("m"))}
        order by available_at, id limit {BATCH} for update skip locked
        """,
        now,
    )


async def lend(connection: Any, messages: Sequence[Record], until: dt.datetime) -> None:
    """To the queue, until an instant: if the queue should forget one, it is found again."""
    await connection.execute(
        """
        update outbox_messages m set claimed_until = $3
        from unnest($1::uuid[], $2::uuid[]) due(policy_id, id) where m.policy_id = due.policy_id and m.id = due.id
        """,
        [message["policy_id"] for message in messages],
        [message["id"] for message in messages],
        until,
    )


async def message(connection: Any, policy_id: uuid.UUID, id: uuid.UUID, attempts: int) -> Record | None:
    """A message that still is to be sent, with the vendor of its case, and whether an earlier one goes first.

    One that has failed so many times keeps nobody waiting any more.
    """
    return await connection.fetchrow(
        """
        select m.policy_id, m.id, m.topic, m.audience, m.subject_id, m.rule_code, m.payload, m.created_at,
               b.vendor_code,
               exists (select from outbox_messages e
                       where e.policy_id = m.policy_id and e.subject_id = m.subject_id and e.audience = m.audience
                         and e.sent_at is null and e.cancelled_at is null and e.attempts < $3
                         and (e.available_at, e.id) < (m.available_at, m.id)) as has_elder
        from outbox_messages m
        left join bookings b on b.policy_id = m.policy_id and b.id = m.subject_id
        where m.policy_id = $1 and m.id = $2 and m.sent_at is null and m.cancelled_at is null
        """,
        policy_id,
        id,
        attempts,
    )


async def begin_attempt(connection: Any, policy_id: uuid.UUID, id: uuid.UUID) -> int:
    """Counted before it is made, so that one which never came back is counted too."""
    return await connection.fetchval(
        "update outbox_messages set attempts = attempts + 1 where policy_id = $1 and id = $2 returning attempts",
        policy_id,
        id,
    )


async def begin_anew(connection: Any, policy_id: uuid.UUID, id: uuid.UUID) -> None:
    await connection.execute("update outbox_messages set attempts = 0 where policy_id = $1 and id = $2", policy_id, id)


async def queue_figures(connection: Any, now: dt.datetime) -> Record:
    """How much waits, since when, and what is held for a person."""
    return await connection.fetchrow(
        f"""
        select (select count(*) from jobs.pgqueuer where status in ('queued', 'picked')) as queued,
               (select count(*) from jobs.pgqueuer where status = 'failed') as failed,
               (select count(*) from stuck_rows where again_at > now() - {LATELY}) as stuck,
               (select coalesce(extract(epoch from $1 - min(available_at)), 0)::float8 from outbox_messages
                where sent_at is null and cancelled_at is null and available_at <= $1) as oldest_seconds
        """,
        now,
    )


async def mark_sent(connection: Any, policy_id: uuid.UUID, id: uuid.UUID, now: dt.datetime) -> None:
    await connection.execute(
        "update outbox_messages set sent_at = $3 where policy_id = $1 and id = $2 and sent_at is null",
        policy_id,
        id,
        now,
    )


# Cases


async def past_bookings(
    connection: Any, command: str, now: dt.datetime, *, timer: str, with_rehearsals: bool
) -> Sequence[Record]:
    """Bookings whose visit has come while they stood in a state that time itself may end by a command."""
    return await connection.fetch(
        f"""
        select b.policy_id, b.id, b.state_seq from bookings b
        where (b.machine, b.state) in (select machine, from_state from transitions
                                       where command = $1 and role = 'SYSTEM')
          and b.state in (select from_state from transitions where command = $1 and role = 'SYSTEM')
          and b.visit_at < $2 and {real("b", with_rehearsals=with_rehearsals)} and {free(timer, of_policy("b"))}
        order by b.visit_at, b.id limit {BATCH}
        """,
        command,
        now,
    )


async def unrecorded_visits(
    connection: Any, before: dt.datetime, *, timer: str, with_rehearsals: bool
) -> Sequence[Record]:
    """Bookings whose visit is long over, of which the vendor has recorded nothing and has not been reminded."""
    return await connection.fetch(
        f"""
        select b.policy_id, b.id, b.state_seq from bookings b
        where b.state in ('CONFIRMED', 'IN_SERVICE') and b.vendor_code is not null and b.visit_at < $1
          and {real("b", with_rehearsals=with_rehearsals)} and {free(timer, of_policy("b"))}
          and not exists (
            select from outbox_messages m where m.policy_id = b.policy_id
              and m.dedupe_key = 'booking.unrecorded:' || replace(b.id::text, '-', '') || ':' || b.state_seq)
        order by b.visit_at, b.id limit {BATCH}
        """,
        before,
    )


async def late_clocks(connection: Any, now: dt.datetime, share: float, *, timer: str) -> Sequence[Record]:
    """Deadlines that most of their time has run out on, or all of it, and that nobody was told of yet."""
    return await connection.fetch(
        f"""
        select policy_id, id, subject_type, subject_id, rule_code, due_at, due_at < $1 as is_overdue
        from sla_clocks c
        where stopped_at is null and cancelled_at is null
          and (overdue_told_at is null and due_at < $1
               or amber_told_at is null and due_at >= $1 and due_at < $1 + interval '60 days'
                  and started_at + (due_at - started_at) * $2 < $1)
          and {free(timer, of_policy("c"))}
        order by due_at, id limit {BATCH} for update skip locked
        """,
        now,
        share,
    )


async def mark_told(connection: Any, clocks: Sequence[Record], now: dt.datetime) -> None:
    await connection.execute(
        """
        update sla_clocks c set amber_told_at = coalesce(c.amber_told_at, $4),
               overdue_told_at = case when told.is_overdue then $4 else c.overdue_told_at end
        from unnest($1::uuid[], $2::uuid[], $3::bool[]) told(policy_id, id, is_overdue)
        where c.policy_id = told.policy_id and c.id = told.id
        """,
        [clock["policy_id"] for clock in clocks],
        [clock["id"] for clock in clocks],
        [clock["is_overdue"] for clock in clocks],
        now,
    )


# Entitlements


async def ended_accounts(
    connection: Any, services: Sequence[tuple[str, str]], today: dt.date, *, timer: str, with_rehearsals: bool
) -> Sequence[Record]:
    """Accounts of services that forfeit what is left, whose policy year is over and which have something left."""
    return await connection.fetch(
        f"""
        select a.policy_id, a.id, a.product_code, a.service, a.remaining from entitlement_accounts a
        where (a.product_code, a.service) in (select * from unnest($1::text[], $2::text[]))
          and a.remaining > 0 and upper(a.period) <= $3 and {real("a", with_rehearsals=with_rehearsals)}
          and {free(timer, of_policy("a"))}
        order by a.policy_id, a.id limit {BATCH} for update skip locked
        """,
        [product for product, _ in services],
        [service for _, service in services],
        today,
    )


async def forfeit(connection: Any, account: Record, *, actor: str, reason: str, rule: str, now: dt.datetime) -> None:
    """Write off what nobody has used or set aside: the grant shrinks to the rest, and the ledger says so."""
    await connection.execute(
        """
        with left_over as (
          select remaining from entitlement_accounts where policy_id = $1 and id = $2 and remaining > 0 for update
        ), shrunk as (
          update entitlement_accounts set granted = held + used
          from left_over where entitlement_accounts.policy_id = $1 and entitlement_accounts.id = $2
        )
        insert into entitlement_entries
          (policy_id, id, account_id, command_id, kind, granted_change, held_change, used_change,
           actor, reason, rule_code, at)
        select $1, $3, $2, $4, 'EXPIRE', -remaining, 0, 0, $5, $6, $7, $8 from left_over
        """,
        account["policy_id"],
        account["id"],
        new_id(),
        new_id(),
        actor,
        reason,
        rule,
        now,
    )
