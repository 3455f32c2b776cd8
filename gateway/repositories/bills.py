"""Bills: what they are for, their locks, and payments that count once."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import free, of_policy
from gateway.repositories.timed import BATCH, real

OF_VISIT = """
    select s.policy_id, s.insured_id, s.product_code, s.vendor_code, s.is_demo, {columns},
           p.plan_code, h.code as hospital_code, h.name as hospital_name, h.ownership,
           (select count(*) from claims c
            join claim_decisions d on d.policy_id = c.policy_id and d.claim_id = c.id and d.revision = c.revision
            where c.policy_id = s.policy_id and c.insured_id = s.insured_id and d.paid = d.asked
              and c.kind in ('PUBLIC_OUTPATIENT', 'DIRECT_OUTPATIENT')) as full_cover_visits
    from {table} s
    join policies p on p.policy_id = s.policy_id
    {more}
    where s.policy_id = $1 and s.id = $2 for update of s
"""
OF_CLAIM = OF_VISIT.format(
    table="claims",
    columns="""s.id as claim_id, s.booking_id, s.asked_amount - coalesce((
             select d.paid from claim_decisions d
             where d.policy_id = s.policy_id and d.claim_id = s.id and d.revision = s.revision), 0) as at_most,
           case when s.kind in ('DIRECT_INPATIENT', 'PUBLIC_INPATIENT') then 'INPATIENT'
                when s.is_emergency then 'EMERGENCY' else 'OUTPATIENT' end as visit_type""",
    more="""left join lateral (select v.hospital_code from claim_visits v
              where v.policy_id = s.policy_id and v.claim_id = s.id order by v.position limit 1) v on true
    left join hospitals h on h.code = coalesce(s.hospital_code, v.hospital_code)""",
)
OF_BOOKING = OF_VISIT.format(
    table="bookings",
    columns="""null::uuid as claim_id, s.id as booking_id, null::numeric as at_most,
           coalesce(d.visit_type, 'OUTPATIENT') as visit_type""",
    more="""left join hospital_visit_details d on d.policy_id = s.policy_id and d.booking_id = s.id
    left join hospitals h on h.code = s.hospital_code""",
)


async def of_claim(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> Record | None:
    """The claim that a bill is to be for, with its policy and hospital; the claim is locked."""
    return await connection.fetchrow(OF_CLAIM, policy_id, claim_id)


async def of_booking(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(OF_BOOKING, policy_id, booking_id)


async def is_billed(connection: Any, policy_id: uuid.UUID, visit: Record) -> bool:
    """Whether a bill for the visit stands already; asked once the lock of the visit is held."""
    return await connection.fetchval(
        """
        select exists (select from bills where policy_id = $1 and state <> 'WAIVED' and
                       case when $2::uuid is null then booking_id = $3 else claim_id = $2 end)
        """,
        policy_id,
        visit["claim_id"],
        visit["booking_id"],
    )


async def lock(connection: Any, policy_id: uuid.UUID, bill_id: uuid.UUID) -> Record | None:
    """The bill, locked until the end. What hangs on it is looked at afterwards, by `around`."""
    return await connection.fetchrow(
        """
        select b.*, p.plan_code, h.name as hospital_name, h.ownership from bills b
        join policies p on p.policy_id = b.policy_id
        join hospitals h on h.code = b.hospital_code
        where b.policy_id = $1 and b.id = $2 for update of b
        """,
        policy_id,
        bill_id,
    )


async def around(connection: Any, policy_id: uuid.UUID, bill_id: uuid.UUID) -> Record:
    """What hangs on a bill whose lock is held: the payment under way, the last reminders, the cards that it greys."""
    return await connection.fetchrow(
        """
        select (select max(delivered_at) from bill_reminders where policy_id = $1 and bill_id = $2) as reminded_at,
               (select coalesce(max(seq), 0) from bill_reminders where policy_id = $1 and bill_id = $2) as last_seq,
               p.id as payment_id, p.provider, p.amount as pending_amount,
               array(select card_id from card_suspensions
                     where policy_id = $1 and cause_id = $2 and cause_type = 'BILL' and lifted_at is null) as cards
        from (select 1) one
        left join bill_payments p on p.policy_id = $1 and p.bill_id = $2 and p.state = 'PENDING'
        """,
        policy_id,
        bill_id,
    )


async def bill_of_payment(connection: Any, policy_id: uuid.UUID, payment_id: uuid.UUID) -> uuid.UUID | None:
    return await connection.fetchval(
        "select bill_id from bill_payments where policy_id = $1 and id = $2", policy_id, payment_id
    )


async def payment(connection: Any, policy_id: uuid.UUID, payment_id: uuid.UUID) -> Record:
    """An attempt to pay, once the lock of its bill is held."""
    return await connection.fetchrow(
        "select * from bill_payments where policy_id = $1 and id = $2", policy_id, payment_id
    )


async def is_reference_taken(connection: Any, policy_id: uuid.UUID, provider: str, reference: str) -> bool:
    return await connection.fetchval(
        "select exists (select from bill_payments where policy_id = $1 and provider = $2 and reference = $3)",
        policy_id,
        provider,
        reference,
    )


async def lift_suspensions(writes: Any, policy_id: uuid.UUID, bill_id: uuid.UUID, *, by: str, now: dt.datetime) -> None:
    """A bill that is settled greys no card any more."""
    await writes.execute(
        """
        update card_suspensions set lifted_at = $3, lifted_by = $4, reason = 'the bill is settled'
        where policy_id = $1 and cause_id = $2 and cause_type = 'BILL' and lifted_at is null
        """,
        policy_id,
        bill_id,
        now,
        by,
    )


async def stale_payments(
    connection: Any, before: dt.datetime, *, timer: str, with_rehearsals: bool
) -> Sequence[Record]:
    """Attempts that nobody has finished; of two workers, each takes others."""
    return await connection.fetch(
        f"""
        select r.policy_id, r.id from bill_payments r
        where r.state = 'PENDING' and r.created_at < $1 and {real("r", with_rehearsals=with_rehearsals)}
          and {free(timer, of_policy("r"))}
        order by r.created_at limit {BATCH} for update skip locked
        """,
        before,
    )


async def give_up(connection: Any, payments: Sequence[Record], now: dt.datetime) -> None:
    await connection.executemany(
        """
        update bill_payments set state = 'FAILED', resolved_at = $3
        where policy_id = $1 and id = $2 and state = 'PENDING'
        """,
        [(row["policy_id"], row["id"], now) for row in payments],
    )
