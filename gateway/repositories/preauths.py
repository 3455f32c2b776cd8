"""Pre-authorizations and their letters: facts that rules need, locks in their order, and conditional writes."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.timed import BATCH, REAL
from gateway.repositories.writes import changed_meanwhile
from models.base import new_id

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


async def past_approvals(connection: Any, today: dt.date, *, with_rehearsals: bool) -> Sequence[Record]:
    """Authorizations whose last day is over."""
    return await connection.fetch(
        f"""
        select a.policy_id, a.id, a.state_seq from preauths a
        where a.state in ('APPROVED', 'PARTIALLY_APPROVED') and a.valid_until < $1
          and {"true" if with_rehearsals else REAL.format(row="a")}
        order by a.valid_until, a.id limit {BATCH}
        """,
        today,
    )


# Letters of guarantee

LINE = """
  with recursive line as (
    select policy_id, id, supersedes_id from preauths where policy_id = $1 and id = $2
    union all
    select p.policy_id, p.id, p.supersedes_id from preauths p
    join line on p.policy_id = line.policy_id and p.id = line.supersedes_id)
"""
"""A request and those whose place it takes."""


async def drawn_so_far(
    connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID, claim_id: uuid.UUID | None = None
) -> Decimal:
    """What has been drawn on all letters of a request and of those whose place it takes, by all claims or by one."""
    return await connection.fetchval(
        LINE
        + """
        select coalesce(sum(case d.kind when 'DRAW' then d.amount else -d.amount end), 0.00)
        from line
        join guarantee_letters l on l.policy_id = line.policy_id and l.preauth_id = line.id
        join guarantee_draws d on d.policy_id = l.policy_id and d.letter_id = l.id
          and ($3::uuid is null or d.claim_id = $3)
        """,
        policy_id,
        preauth_id,
        claim_id,
    )


async def is_in_line(connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether a request is the other one, or takes its place."""
    return await connection.fetchval(
        LINE + "select exists (select from line where id = $3)", policy_id, preauth_id, other
    )


async def lock_letters(connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID) -> Sequence[Record]:
    """Letters of a request that are not at an end, locked in one order."""
    return await connection.fetch(
        """
        select * from guarantee_letters
        where policy_id = $1 and preauth_id = $2 and ended_at is null order by id for update
        """,
        policy_id,
        preauth_id,
    )


async def preauth_of_letter(connection: Any, policy_id: uuid.UUID, letter_id: uuid.UUID) -> uuid.UUID | None:
    return await connection.fetchval(
        "select preauth_id from guarantee_letters where policy_id = $1 and id = $2", policy_id, letter_id
    )


async def lock_letter(connection: Any, policy_id: uuid.UUID, letter_id: uuid.UUID) -> Record | None:
    """With the state of its request, which was locked before."""
    return await connection.fetchrow(
        """
        select l.*, a.state as preauth_state from guarantee_letters l
        join preauths a on a.policy_id = l.policy_id and a.id = l.preauth_id
        where l.policy_id = $1 and l.id = $2 for update of l
        """,
        policy_id,
        letter_id,
    )


async def lock_claim(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> Record | None:
    """A claim that draws: locked before the letter, as everywhere, so that none that has ended draws."""
    return await connection.fetchrow(
        """
        select c.policy_id, c.id, c.kind, c.hospital_code, c.preauth_id, c.vendor_code, c.state,
               (select d.paid from claim_decisions d
                where d.policy_id = c.policy_id and d.claim_id = c.id and d.revision = c.revision) as paid
        from claims c where c.policy_id = $1 and c.id = $2 for update
        """,
        policy_id,
        claim_id,
    )


async def last_drawn(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> Record | None:
    """The last letter of the line on which a claim has drawn, with the request that it belongs to, and what the claim
    has drawn on all of them."""
    return await connection.fetchrow(
        """
        with recursive line as (
          select l.policy_id, l.preauth_id as id from guarantee_draws d
          join guarantee_letters l on l.policy_id = d.policy_id and l.id = d.letter_id
          where d.policy_id = $1 and d.claim_id = $2
          union
          select p.policy_id, p.id from preauths p
          join line on p.policy_id = line.policy_id and p.supersedes_id = line.id)
        select l.id, l.preauth_id,
               (select sum(case d.kind when 'DRAW' then d.amount else -d.amount end)
                from guarantee_draws d where d.policy_id = $1 and d.claim_id = $2) as drawn
        from line join guarantee_letters l on l.policy_id = line.policy_id and l.preauth_id = line.id
        order by l.id desc limit 1
        """,
        policy_id,
        claim_id,
    )


async def draw(
    writes: Any,
    letter: Mapping[str, Any],
    *,
    claim_id: uuid.UUID,
    amount: Decimal,
    state: str,
    actor: str,
    now: dt.datetime,
    refusal: Exception,
) -> None:
    """Take an amount from a letter. Where it would be too much, or the letter has moved on, `refusal` is raised when
    the writes are sent."""
    await writes.execute_all(
        {
            "drawn_letter": """
              update guarantee_letters set drawn = drawn + $3::numeric, state = $4::text, state_seq = state_seq + 1,
                ended_at = case when $4::text = 'EXHAUSTED' then $5::timestamptz end
              where policy_id = $1 and id = $2 and state_seq = $6 and ended_at is null
                and drawn + $3::numeric <= ceiling
              returning id""",
            "draw_entry": """
              insert into guarantee_draws (policy_id, id, letter_id, claim_id, command_id, kind, amount, actor, at)
              select $1, $7, id, $8, $9, 'DRAW', $3::numeric, $10, $5::timestamptz from drawn_letter""",
        },
        letter["policy_id"],
        letter["id"],
        amount,
        state,
        now,
        letter["state_seq"],
        new_id(),
        claim_id,
        new_id(),
        actor,
        expecting={"drawn_letter": refusal},
    )


async def give_back(
    writes: Any,
    letter: Mapping[str, Any],
    *,
    claim_id: uuid.UUID,
    amount: Decimal,
    state: str,
    actor: str,
    now: dt.datetime,
) -> None:
    """Put an amount back to a letter, whose lock is held. What was carried to it shrinks only when all else is back."""
    await writes.execute_all(
        {
            "refilled_letter": """
              update guarantee_letters set drawn = drawn - $3::numeric, carried = least(carried, drawn - $3::numeric),
                state = $4::text, state_seq = state_seq + 1,
                ended_at = case when state <> 'EXHAUSTED' then ended_at end
              where policy_id = $1 and id = $2 and state_seq = $5 and drawn >= $3::numeric
              returning id""",
            "return_entry": """
              insert into guarantee_draws (policy_id, id, letter_id, claim_id, command_id, kind, amount, actor, at)
              select $1, $6, id, $7, $8, 'RETURN', $3::numeric, $9, $10::timestamptz from refilled_letter""",
        },
        letter["policy_id"],
        letter["id"],
        amount,
        state,
        letter["state_seq"],
        new_id(),
        claim_id,
        new_id(),
        actor,
        now,
        expecting={"refilled_letter": changed_meanwhile()},
    )


async def letter_of_code(connection: Any, number: str, code_hash: bytes) -> Record | None:
    """The letter that a number and its code belong to, with the name of the insured."""
    return await connection.fetchrow(
        """
        select l.number, l.hospital_code, l.state, l.ceiling, l.drawn, l.period, l.ended_at, a.vendor_code,
               a.product_code, m.name
        from guarantee_letters l
        join preauths a on a.policy_id = l.policy_id and a.id = l.preauth_id
        join policy_members m on m.policy_id = a.policy_id and m.id = a.insured_id
        where l.number = $1 and l.code_hash = $2
        """,
        number,
        code_hash,
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
