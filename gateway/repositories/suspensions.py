"""Cards that unpaid bills suspend, and that work again once they are settled. A bill's row is locked for either, so
that a payment and a suspension never pass each other."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import free, of_policy
from gateway.repositories.timed import BATCH, real
from models.base import new_id


async def overdue_bills(
    connection: Any,
    product: str,
    today: dt.date,
    *,
    reminded: int | None,
    grace_days: int,
    timer: str,
    with_rehearsals: bool,
) -> Sequence[Record]:
    """Unsettled bills that have not suspended their card yet: past their day, or reminded so often and so long ago.
    Days of grace begin anew when a dispute has ended.

    A bill suspends once. Whoever puts the card back into use all the same has decided on this bill.
    """
    return await connection.fetch(
        f"""
        select b.policy_id, b.id, c.id as card_id from bills b
        join cards c on c.policy_id = b.policy_id and c.insured_id = b.insured_id
        where b.product_code = $1 and b.settled_at is null and b.disputed_at is null
          and case when $3::int is null then b.due_on < $2::date
              else b.reminder_count >= $3 and $2::date > $4::int + (
                select (max(r.delivered_at) at time zone 'Asia/Shanghai')::date from bill_reminders r
                where r.policy_id = b.policy_id and r.bill_id = b.id)
              and not exists (select from bill_disputes d where d.policy_id = b.policy_id and d.bill_id = b.id
                and $2::date <= $4::int + (d.ended_at at time zone 'Asia/Shanghai')::date) end
          and not exists (select from card_suspensions s where s.policy_id = b.policy_id and s.card_id = c.id
                          and s.cause_type = 'BILL' and s.cause_id = b.id)
          and {real("b", with_rehearsals=with_rehearsals)} and {free(timer, of_policy("b"))}
        order by b.policy_id, b.id limit {BATCH} for update of b skip locked
        """,
        product,
        today,
        reminded,
        grace_days,
    )


async def suspend(connection: Any, bill: Record, *, rule: str, now: dt.datetime) -> None:
    await connection.execute(
        """
        insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, rule_code, suspended_at)
        values ($1, $2, $3, 'BILL', $4, $5, $6)
        on conflict (policy_id, card_id, cause_type, cause_id) where lifted_at is null do nothing
        """,
        bill["policy_id"],
        new_id(),
        bill["card_id"],
        bill["id"],
        rule,
        now,
    )


async def of_settled_bills(connection: Any, *, timer: str) -> Sequence[Record]:
    """What bills have suspended that are settled by now."""
    return await connection.fetch(
        f"""
        select s.policy_id, s.id, s.card_id, s.cause_id from card_suspensions s
        join bills b on b.policy_id = s.policy_id and b.id = s.cause_id
        where s.lifted_at is null and s.cause_type = 'BILL' and b.settled_at is not null
          and {free(timer, of_policy("s"))}
        order by s.policy_id, s.id limit {BATCH} for update of s skip locked
        """
    )


async def lift(connection: Any, settled: Sequence[Record], *, by: str, now: dt.datetime) -> None:
    await connection.execute(
        """
        update card_suspensions s set lifted_at = $3, lifted_by = $4, reason = 'the bill is settled'
        from unnest($1::uuid[], $2::uuid[]) t(policy_id, id) where s.policy_id = t.policy_id and s.id = t.id
        """,
        [row["policy_id"] for row in settled],
        [row["id"] for row in settled],
        now,
        by,
    )
