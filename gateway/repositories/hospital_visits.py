"""Visits that are billed directly: networks, restrictions after missed visits, and the brand of a series."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record
from models.base import new_id


async def billing(
    connection: Any, *, policy_id: uuid.UUID, insured_id: uuid.UUID, hospital: str, liability: str
) -> Record:
    """All that decides whether a hospital bills this insured's care directly."""
    return await connection.fetchrow(
        """
        select h.is_popular, h.is_direct_billing, h.brand_code,
               array(select (n.liability, n.valid_from, n.valid_to) from hospital_networks n
                     where n.hospital_code = h.code and n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability <> 'ADVANCE') as memberships,
               array(select liability from unnest(array['OUTPATIENT_INPATIENT', 'VACCINE', 'EYE', 'DENTAL']) liability
                     where exists (select from hospital_networks n where n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability = liability.liability)) as lists,
               array(select rider_code from policy_riders r where r.policy_id = p.policy_id) as riders,
               array(select kind from visit_restrictions r
                     where r.policy_id = p.policy_id and r.insured_id = $2 and r.lifted_at is null
                       and (r.kind <> 'HOSPITAL' or r.hospital_code = h.code)) as restrictions,
               (select brand_code from brand_locks l
                where l.policy_id = p.policy_id and l.insured_id = $2 and l.liability = $4
                  and l.released_at is null) as locked_brand,
               exists (select from cards c
                       join card_suspensions s on s.policy_id = c.policy_id and s.card_id = c.id
                       where c.policy_id = p.policy_id and c.insured_id = $2
                         and s.lifted_at is null) as is_card_greyed
        from policies p join hospitals h on h.code = $3
        where p.policy_id = $1
        """,
        policy_id,
        insured_id,
        hospital,
        liability,
    )


async def details(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        "select * from hospital_visit_details where policy_id = $1 and booking_id = $2", policy_id, booking_id
    )


async def is_contracted(connection: Any, product: str, vendor: str) -> bool:
    return await connection.fetchval(
        "select exists (select from product_vendors where product_code = $1 and vendor_code = $2)", product, vendor
    )


async def restrict(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    kind: str,
    hospital: str | None,
    reason: str,
    by: str,
    now: dt.datetime,
) -> None:
    """Shut somebody out; who is shut out already stays so, by the first decision."""
    await connection.execute(
        """
        insert into visit_restrictions
          (policy_id, id, insured_id, kind, hospital_code, reason, imposed_by, imposed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (policy_id, insured_id, kind, hospital_code) where lifted_at is null do nothing
        """,
        policy_id,
        new_id(),
        insured_id,
        kind,
        hospital,
        reason,
        by,
        now,
    )


async def lock_restriction(connection: Any, policy_id: uuid.UUID, id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        """
        select r.policy_id, r.id, r.lifted_at, p.product_code from visit_restrictions r
        join policies p on p.policy_id = r.policy_id
        where r.policy_id = $1 and r.id = $2 for update of r
        """,
        policy_id,
        id,
    )


# The brand that a series stays with


async def lock_brand(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    liability: str,
    brand: str,
    booking_id: uuid.UUID | None,
    now: dt.datetime,
) -> str:
    """Bind the series to a brand, unless it is bound already; the brand that it is bound to."""
    return await connection.fetchval(
        """
        insert into brand_locks (policy_id, id, insured_id, liability, brand_code, booking_id, locked_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (policy_id, insured_id, liability) where released_at is null
          do update set brand_code = brand_locks.brand_code
        returning brand_code
        """,
        policy_id,
        new_id(),
        insured_id,
        liability,
        brand,
        booking_id,
        now,
    )


async def live_locks(connection: Any, policy_id: uuid.UUID, liability: str) -> Sequence[Record]:
    """The live locks of a policy, in the order of its people, locked until the end."""
    return await connection.fetch(
        """
        select l.*, b.closed_on from brand_locks l
        join clinic_brands b on b.code = l.brand_code
        join policy_members m on m.policy_id = l.policy_id and m.id = l.insured_id
        where l.policy_id = $1 and l.liability = $2 and l.released_at is null
        order by m.position for update of l
        """,
        policy_id,
        liability,
    )


async def open_transfer(connection: Any, policy_id: uuid.UUID, transfer_id: uuid.UUID) -> Record | None:
    """A request for a transfer with its lock and policy, locked until the end."""
    return await connection.fetchrow(
        """
        select t.*, l.insured_id, l.liability, l.brand_code, l.released_at, b.closed_on,
               p.product_code
        from brand_transfer_requests t
        join brand_locks l on l.policy_id = t.policy_id and l.id = t.lock_id
        join clinic_brands b on b.code = l.brand_code
        join policies p on p.policy_id = t.policy_id
        where t.policy_id = $1 and t.id = $2 for update of t, l
        """,
        policy_id,
        transfer_id,
    )


async def ask_transfer(
    connection: Any, *, policy_id: uuid.UUID, lock_id: uuid.UUID, reason: str | None, by: str, now: dt.datetime
) -> uuid.UUID | None:
    """A new request; None where one waits for its decision already."""
    return await connection.fetchval(
        """
        insert into brand_transfer_requests (policy_id, id, lock_id, state, reason, requested_by, requested_at)
        values ($1, $2, $3, 'REQUESTED', $4, $5, $6)
        on conflict (policy_id, lock_id) where state = 'REQUESTED' do nothing returning id
        """,
        policy_id,
        new_id(),
        lock_id,
        reason,
        by,
        now,
    )


async def release_lock(connection: Any, policy_id: uuid.UUID, lock_id: uuid.UUID, now: dt.datetime) -> None:
    await connection.execute(
        "update brand_locks set released_at = $3 where policy_id = $1 and id = $2 and released_at is null",
        policy_id,
        lock_id,
        now,
    )


async def brand(connection: Any, code: str) -> Record | None:
    return await connection.fetchrow("select code, closed_on from clinic_brands where code = $1", code)
