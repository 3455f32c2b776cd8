"""Sums to be paid back: locked, and lessened by lines that are only added to."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.postgres.pool import Record
from models.base import new_id


async def lock(connection: Any, policy_id: uuid.UUID, repayment_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        """
        select r.*, p.product_code from repayments r join policies p on p.policy_id = r.policy_id
        where r.policy_id = $1 and r.id = $2 for update of r
        """,
        policy_id,
        repayment_id,
    )


async def lock_all(connection: Any, policy_id: uuid.UUID, advance_id: uuid.UUID) -> Sequence[Record]:
    """All that is or was owed back of an advance, locked, the newest first; and what of it was written off. Lines are
    read once the locks are held."""
    locked = await connection.fetch(
        "select id from repayments where policy_id = $1 and advance_id = $2 order by id for update",
        policy_id,
        advance_id,
    )
    return await connection.fetch(
        """
        select r.*, coalesce((select sum(e.amount) from repayment_entries e
                              where e.policy_id = r.policy_id and e.repayment_id = r.id
                                and e.kind = 'WRITE_OFF'), 0) as written_off
        from repayments r where r.policy_id = $1 and r.id = any($2) order by r.id desc
        """,
        policy_id,
        [row["id"] for row in locked],
    )


async def is_reference_used(connection: Any, policy_id: uuid.UUID, reference: str) -> bool:
    return await connection.fetchval(
        "select exists (select from repayment_entries where policy_id = $1 and reference = $2)", policy_id, reference
    )


async def lessen(
    writes: Any,
    row: Mapping[str, Any],
    *,
    kind: str,
    amount: Decimal,
    state: str,
    reference: str | None,
    reason: str | None,
    actor: str,
    now: dt.datetime,
) -> None:
    """A line, and the sum that it lessens; the row is locked, and its CHECK has the last word."""
    await writes.execute_all(
        {
            "lessened": """
              update repayments set state = $4, updated_at = $5,
                paid_amount = paid_amount + case when $6::text = 'PAYMENT' then $3::numeric else 0 end,
                waived_amount = waived_amount + case when $6::text = 'PAYMENT' then 0 else $3::numeric end
              where policy_id = $1 and id = $2 returning id""",
            "lessened_by": """
              insert into repayment_entries
                (policy_id, id, repayment_id, command_id, kind, amount, reference, actor, reason, at)
              select $1, $7, id, $8, $6::text, $3::numeric, $9, $10, $11, $5 from lessened""",
        },
        row["policy_id"],
        row["id"],
        amount,
        state,
        now,
        kind,
        new_id(),
        new_id(),
        reference,
        actor,
        reason,
    )
