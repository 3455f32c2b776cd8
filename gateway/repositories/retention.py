"""Papers whose time is over, and what keeps them all the same: a case that is open, or a hold."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence, Set
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories import writes
from gateway.repositories.stuck import free, of_policy
from models.base import new_id
from models.documents import READABLE

ANY_OTHER = "*"
CASES = ("bookings", "preauths", "claims", "advances", "appeals", "bills")
UNPAID = """
  exists (
    select from claims c join claim_decisions m on m.policy_id = c.policy_id and m.claim_id = c.id
      and m.revision = c.revision
    where c.policy_id = d.policy_id and c.state = 'DECIDED' and m.paid > 0 and not exists (
      select from claim_payments x where x.policy_id = c.policy_id and x.claim_id = c.id and x.state = 'PAID'))
"""
"""A decided claim may always be revised; it is open as long as what it grants is not paid."""

OPEN = " or ".join(
    f"exists (select from {table} c join open_states o using (machine, state) where c.policy_id = d.policy_id)"
    for table in CASES
)
DUE = f"""
  with periods as (select * from unnest($1::text[], $2::int[]) p (kind, days)),
  open_states as (select * from unnest($3::text[], $4::text[]) o (machine, state))
  select d.* from documents d join policies p on p.policy_id = d.policy_id
  where d.state = any($5::text[])
    and upper(p.cover) + coalesce(
      (select days from periods where kind = d.kind), (select days from periods where kind = '{ANY_OTHER}')
    ) <= $6
    and not exists (select from retention_holds h where h.policy_id = d.policy_id and h.lifted_at is null)
    and not exists (
      select from repayments r where r.policy_id = d.policy_id and r.amount > r.paid_amount + r.waived_amount)
    and not ({OPEN}) and not {UNPAID}
"""


async def due(
    connection: Any,
    periods: Mapping[str, int],
    under_way: Set[tuple[str, str]],
    today: dt.date,
    after: tuple[uuid.UUID, uuid.UUID],
    limit: int,
    *,
    timer: str,
) -> Sequence[Record]:
    """Readable papers of policies that ended long enough ago, of which nothing is open and nothing is held."""
    given = _given(periods, under_way, today)
    behind = f"and (d.policy_id, d.id) > ($7, $8) and {free(timer, of_policy('d'))} order by d.policy_id, d.id limit $9"
    return await connection.fetch(f"{DUE} {behind}", *given, *after, limit)


async def lock_due(
    connection: Any,
    periods: Mapping[str, int],
    under_way: Set[tuple[str, str]],
    today: dt.date,
    paper: tuple[uuid.UUID, uuid.UUID],
) -> Record | None:
    """The paper, locked, where its time is still over. A hold that is being placed is waited for."""
    await connection.execute("select from policies where policy_id = $1 for update", paper[0])
    given = _given(periods, under_way, today)
    sql = f"{DUE} and d.policy_id = $7 and d.id = $8 for update of d skip locked"
    return await connection.fetchrow(sql, *given, *paper)


def _given(periods: Mapping[str, int], under_way: Set[tuple[str, str]], today: dt.date) -> tuple[Any, ...]:
    states = sorted(under_way - {("CLAIM", "DECIDED"), ("CLAIM", "PAID")})
    return (
        list(periods),
        list(periods.values()),
        [machine for machine, _ in states],
        [state for _, state in states],
        list(READABLE),
        today,
    )


# Holds


async def place_hold(connection: Any, policy_id: uuid.UUID, *, reason: str, actor: str, at: dt.datetime) -> uuid.UUID:
    await connection.execute("select from policies where policy_id = $1 for share", policy_id)
    hold = new_id()
    row = {"policy_id": policy_id, "id": hold, "reason": reason, "placed_by": actor, "placed_at": at}
    await writes.insert(connection, "retention_holds", row)
    return hold


async def lift_hold(connection: Any, hold: uuid.UUID, *, actor: str, at: dt.datetime) -> uuid.UUID | None:
    """The policy that it kept; None where no such hold stands."""
    return await connection.fetchval(
        "update retention_holds set lifted_by = $2, lifted_at = $3 where id = $1 and lifted_at is null "
        "returning policy_id",
        hold,
        actor,
        at,
    )


async def standing(connection: Any) -> Sequence[Record]:
    return await connection.fetch(
        """
        select h.id, p.number, h.reason, h.placed_by, h.placed_at
        from retention_holds h join policies p on p.policy_id = h.policy_id
        where h.lifted_at is null order by h.placed_at, h.id
        """
    )
