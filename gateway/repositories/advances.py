"""Advances: facts that rules need, locks in their order, and writes."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record

SERVICE = "ADVANCE_PAYMENT"
SUBJECT = "ADVANCE"
OPEN = ("REQUESTED", "APPROVED")
"""States of a payment that is still to be made."""


async def asked_for(
    connection: Any, *, policy_id: uuid.UUID, hospital: str, admitted_on: dt.date, vendor: str | None
) -> Record | None:
    """All that a request names, in one look: the policy with its insured, the service, the hospital and its lists."""
    return await connection.fetchrow(
        """
        select p.policy_id, p.product_code, p.effective_at, p.cover, p.waiting_days, p.is_demo, p.advance_limit,
               s.kind is not null as has_service, s.vendor_code,
               h.code, h.name, h.level, h.ownership, h.is_direct_billing, c.name as city, c.province,
               array(select (m.id) from policy_members m
                     where m.policy_id = p.policy_id and m.role = 'INSURED' order by m.position) as insured,
               array(select (n.valid_from, n.valid_to) from hospital_networks n
                     where n.hospital_code = h.code and n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability <> 'ADVANCE') as memberships,
               exists (select from hospital_networks n where n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability <> 'ADVANCE') as is_network_loaded,
               exists (select from hospital_networks n where n.hospital_code = h.code
                       and n.product_code = p.product_code and n.plan_code = coalesce(p.plan_code, '')
                       and n.liability = 'ADVANCE' and (n.valid_from is null or n.valid_from <= $4)
                       and (n.valid_to is null or $4 < n.valid_to)) as is_in_list,
               exists (select from hospital_networks n where n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability = 'ADVANCE') as is_list_loaded,
               exists (select from product_vendors v
                       where v.product_code = p.product_code and v.vendor_code = $3) as is_contracted
        from policies p
        left join product_services s on s.product_code = p.product_code and s.kind = $5
        left join hospitals h on h.code = $2
        left join cities c on c.code = h.city_code
        where p.policy_id = $1
        """,
        policy_id,
        hospital,
        vendor,
        admitted_on,
        SERVICE,
    )


async def has_stay(
    connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, hospital: str, admitted_on: dt.date
) -> bool:
    """Whether the stay has an advance already that was neither refused nor cancelled."""
    return await connection.fetchval(
        """
        select exists (select from advances
          where policy_id = $1 and insured_id = $2 and hospital_code = $3 and admitted_on = $4 and released_at is null)
        """,
        policy_id,
        insured_id,
        hospital,
        admitted_on,
    )


async def account_of(connection: Any, policy_id: uuid.UUID, advance_id: uuid.UUID) -> Record | None:
    """The account that the use of the stay was set aside in; locked until the end."""
    return await connection.fetchrow(
        """
        select a.* from entitlement_accounts a
        where a.policy_id = $1 and a.id = (
          select account_id from entitlement_holds
          where policy_id = $1 and subject_type = $3 and subject_id = $2 order by id desc limit 1)
        for update
        """,
        policy_id,
        advance_id,
        SUBJECT,
    )


async def lock(connection: Any, policy_id: uuid.UUID, advance_id: uuid.UUID) -> Record | None:
    """The advance alone, locked until the end: what hangs on it is read only then, by `details`."""
    return await connection.fetchrow(
        "select * from advances where policy_id = $1 and id = $2 for update", policy_id, advance_id
    )


async def details(connection: Any, policy_id: uuid.UUID, advance_id: uuid.UUID) -> Record:
    return await connection.fetchrow(
        """
        select p.cover, p.effective_at, p.advance_limit, h.name as hospital_name, h.level, h.ownership,
               c.name as city, c.province,
               exists (select from hospital_networks n where n.hospital_code = h.code
                       and n.product_code = p.product_code and n.plan_code = coalesce(p.plan_code, '')
                       and n.liability = 'ADVANCE' and (n.valid_from is null or n.valid_from <= a.admitted_on)
                       and (n.valid_to is null or a.admitted_on < n.valid_to)) as is_in_list,
               exists (select from hospital_networks n where n.product_code = p.product_code
                       and n.plan_code = coalesce(p.plan_code, '') and n.liability = 'ADVANCE') as is_list_loaded,
               array(select (x.id, x.kind, x.state, x.requested_amount, x.approved_amount) from advance_payments x
                     where x.policy_id = a.policy_id and x.advance_id = a.id and x.state = any($3::text[])) as payments,
               array(select (r.stage, r.reviewer, r.approved_amount) from advance_reviews r
                     join advance_payments x on x.policy_id = r.policy_id and x.id = r.payment_id
                     where r.policy_id = a.policy_id and r.advance_id = a.id and r.outcome = 'APPROVED'
                       and x.state = any($3::text[])) as approvals,
               (select max(seq) from advance_payments x
                where x.policy_id = a.policy_id and x.advance_id = a.id) as last_seq,
               array(select (d.id, d.kind, d.issued_on) from documents d
                     where d.policy_id = a.policy_id and d.subject_id = a.id
                       and d.state not in ('RESERVED', 'INFECTED', 'UNSUPPORTED', 'REJECTED', 'EXPIRED')) as papers,
               array(select k.rule_code from disclosure_acknowledgements k
                     where k.policy_id = a.policy_id and k.subject_id = a.id) as acknowledged
        from advances a
        join policies p on p.policy_id = a.policy_id
        join hospitals h on h.code = a.hospital_code
        join cities c on c.code = h.city_code
        where a.policy_id = $1 and a.id = $2
        """,
        policy_id,
        advance_id,
        list(OPEN),
    )


# Papers


async def link_papers(
    writes: Any, policy_id: uuid.UUID, papers: Sequence[tuple[uuid.UUID, str]], subject_id: uuid.UUID
) -> None:
    """Papers that were handed in belong to the case, as what they were handed in for; one of another case stays."""
    if not papers:
        return
    await writes.execute(
        """
        update documents set subject_id = $4, kind = given.kind
        from unnest($2::uuid[], $3::text[]) given(id, kind)
        where documents.policy_id = $1 and documents.id = given.id and documents.subject_id is null
        """,
        policy_id,
        [paper for paper, _ in papers],
        [kind for _, kind in papers],
        subject_id,
    )


# Payments and the settlement


async def is_reference_used(connection: Any, policy_id: uuid.UUID, reference: str) -> bool:
    return await connection.fetchval(
        "select exists (select from advance_payments where policy_id = $1 and reference = $2)", policy_id, reference
    )


async def claim_of(connection: Any, policy_id: uuid.UUID, advance_id: uuid.UUID) -> Record | None:
    """The live claim that settles a stay, with what its decision in force pays."""
    return await connection.fetchrow(
        """
        select c.id, c.number, d.outcome, d.paid from claims c
        left join claim_decisions d on d.policy_id = c.policy_id and d.claim_id = c.id and d.revision = c.revision
        where c.policy_id = $1 and c.advance_id = $2 and c.state not in ('WITHDRAWN', 'CLOSED_INCOMPLETE')
        order by c.created_at desc limit 1
        """,
        policy_id,
        advance_id,
    )


async def is_invoice_claimed(connection: Any, policy_id: uuid.UUID, code: str, number: str) -> bool:
    return await connection.fetchval(
        """
        select exists (select from claim_invoices
          where policy_id = $1 and code = $2 and number = $3 and released_at is null)
        """,
        policy_id,
        code,
        number,
    )
