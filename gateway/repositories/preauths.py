"""Pre-authorizations and their letters: facts that rules need, locks in their order, and conditional writes."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import free, of_policy
from gateway.repositories.timed import BATCH, real

LIVE = ("SUBMITTED", "UNDER_REVIEW", "INFO_REQUESTED", "AWAITING_APPROVAL", "APPROVED", "PARTIALLY_APPROVED")
"""States of a request whose cost is still expected."""


async def asked_for(
    connection: Any, *, policy_id: uuid.UUID, hospital: str | None, vendor: str | None
) -> Record | None:
    """All that a request names, in one look: the policy with its insured, the hospital, and its place in the network
    of the policy's plan."""
    return await connection.fetchrow(
        """
        select p.policy_id, p.product_code, p.plan_code, p.effective_at, p.cover, p.waiting_days, p.is_demo,
               h.code, h.name, h.level, h.ownership, h.is_direct_billing, c.name as city, c.province,
               array(select (m.id) from policy_members m
                     where m.policy_id = p.policy_id and m.role = 'INSURED' order by m.position) as insured,
               array(select (n.valid_from, n.valid_to) from hospital_networks n
                     where n.hospital_code = h.code and n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability <> 'ADVANCE') as memberships,
               exists (select from hospital_networks n where n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability <> 'ADVANCE') as is_network_loaded,
               exists (select from product_vendors v
                       where v.product_code = p.product_code and v.vendor_code = $3) as is_contracted
        from policies p left join hospitals h on h.code = $2 left join cities c on c.code = h.city_code
        where p.policy_id = $1
        """,
        policy_id,
        hospital,
        vendor,
    )


async def lock_cover(connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID) -> None:
    """Requests for one insured are counted one after another."""
    await connection.execute(
        "select from coverages where policy_id = $1 and insured_id = $2 for update", policy_id, insured_id
    )


async def expected_elsewhere(
    connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, besides: uuid.UUID | None
) -> Decimal:
    """What the insured's live requests in the policy term are expected to cost, but for the one that is revised. Of a
    request and its revision the revision counts."""
    return await connection.fetchval(
        """
        select coalesce(sum(coalesce(p.expected_cumulative, (
                 select sum(greatest(i.unit_price, i.per_treatment)) from preauth_items i
                 where i.policy_id = p.policy_id and i.preauth_id = p.id and i.cancelled_at is null))), 0)
        from preauths p where p.policy_id = $1 and p.insured_id = $2 and p.state = any($3::text[])
          and p.id is distinct from $4
          and not exists (select from preauths r where r.policy_id = p.policy_id and r.supersedes_id = p.id
                          and r.state = any($3::text[]))
        """,
        policy_id,
        insured_id,
        list(LIVE),
        besides,
    )


async def live_revision(connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID) -> str | None:
    """Number of the revision that has taken, or may still take, the place of a request."""
    return await connection.fetchval(
        """
        select number from preauths
        where policy_id = $1 and supersedes_id = $2 and state not in ('REFUSED', 'NOT_REQUIRED', 'WITHDRAWN')
        """,
        policy_id,
        preauth_id,
    )


async def look(connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID) -> Record | None:
    """The request itself, for a question that changes nothing."""
    return await connection.fetchrow("select * from preauths where policy_id = $1 and id = $2", policy_id, preauth_id)


async def lock(connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID) -> Record | None:
    """The request with its policy, hospital and items, locked until the end."""
    return await connection.fetchrow(
        """
        select a.*, p.cover, p.effective_at, h.is_direct_billing, h.ownership,
               array(select (i.id, i.position, i.unit_price, i.per_treatment, i.decision, i.approved_amount)
                     from preauth_items i
                     where i.policy_id = a.policy_id and i.preauth_id = a.id and i.cancelled_at is null
                     order by i.position) as items,
               array(select (n.valid_from, n.valid_to) from hospital_networks n
                     where n.hospital_code = a.hospital_code and n.product_code = a.product_code
                       and n.plan_code = coalesce(a.plan_code, '') and n.liability <> 'ADVANCE') as memberships,
               (select i.id from preauth_inquiries i
                where i.policy_id = a.policy_id and i.preauth_id = a.id and i.answered_at is null) as open_inquiry
        from preauths a
        join policies p on p.policy_id = a.policy_id
        join hospitals h on h.code = a.hospital_code
        where a.policy_id = $1 and a.id = $2 for update of a
        """,
        policy_id,
        preauth_id,
    )


async def past_approvals(connection: Any, today: dt.date, *, timer: str, with_rehearsals: bool) -> Sequence[Record]:
    """Authorizations whose last day is over."""
    return await connection.fetch(
        f"""
        select a.policy_id, a.id, a.state_seq from preauths a
        where a.state in ('APPROVED', 'PARTIALLY_APPROVED') and a.valid_until < $1
          and {real("a", with_rehearsals=with_rehearsals)} and {free(timer, of_policy("a"))}
        order by a.valid_until, a.id limit {BATCH}
        """,
        today,
    )


# Emergencies


async def lock_notice(connection: Any, policy_id: uuid.UUID, notice_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        """
        select n.*, p.product_code, a.vendor_code from emergency_notices n
        join policies p on p.policy_id = n.policy_id
        left join preauths a on a.policy_id = n.policy_id and a.id = n.preauth_id
        where n.policy_id = $1 and n.id = $2 for update of n
        """,
        policy_id,
        notice_id,
    )
