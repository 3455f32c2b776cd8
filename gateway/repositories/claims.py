"""Claims: what rules need to know of one, locks in their order, and conditional writes."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.postgres.pool import Record
from models.base import new_id
from models.documents import READABLE

ENDED = ("WITHDRAWN", "CLOSED_INCOMPLETE")
"""States in which a claim asks for nothing."""


async def asked_for(connection: Any, *, policy_id: uuid.UUID, vendor: str | None) -> Record | None:
    """The policy that a claim names, and its insured."""
    return await connection.fetchrow(
        """
        select p.policy_id, p.product_code, p.plan_code, p.is_demo,
               array(select (m.id, m.birth_on, m.name) from policy_members m
                     where m.policy_id = p.policy_id and m.role = 'INSURED' order by m.position) as insured,
               exists (select from product_vendors v
                       where v.product_code = p.product_code and v.vendor_code = $2) as is_contracted
        from policies p where p.policy_id = $1
        """,
        policy_id,
        vendor,
    )


async def hospitals(
    connection: Any, codes: Sequence[str], *, product: str, plan: str | None
) -> Mapping[str, Mapping[str, Any]]:
    """By code, with whether each is in the network of a plan."""
    found = await connection.fetch(
        """
        select h.code, h.name, h.ownership, h.items,
               exists (select from hospital_networks n
                       where n.hospital_code = h.code and n.product_code = $2 and n.plan_code = coalesce($3, '')
                         and n.liability <> 'ADVANCE') as is_in_network
        from hospitals h where h.code = any($1::text[])
        """,
        list(codes),
        product,
        plan,
    )
    return {row["code"]: row for row in found}


async def surroundings(
    connection: Any,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    *,
    days: Sequence[dt.date],
    invoices: Sequence[str],
) -> Record:
    """What other live claims have to do with these days and invoices."""
    return await connection.fetchrow(
        """
        select array(select (v.visited_on, sum(v.amount)) from claim_visits v
                     join claims c on c.policy_id = v.policy_id and c.id = v.claim_id
                     where v.policy_id = $1 and c.insured_id = $2 and v.visited_on = any($3::date[])
                       and c.card_id is null and c.advance_id is null and c.state <> all($5::text[])
                     group by v.visited_on) as day_sums,
               array(select (v.hospital_code, v.visited_on) from claim_visits v
                     join claims c on c.policy_id = v.policy_id and c.id = v.claim_id
                     where v.policy_id = $1 and c.insured_id = $2 and v.visited_on = any($3::date[])
                       and c.card_id is not null and c.state <> all($5::text[])) as direct,
               array(select (i.code, i.number) from claim_invoices i
                     where i.policy_id = $1 and i.number = any($4::text[]) and i.released_at is null) as taken
        """,
        policy_id,
        insured_id,
        list(days),
        list(invoices),
        list(ENDED),
    )


async def take_invoice(writes: Any, name: str, row: Mapping[str, Any], *, refusal: Exception) -> None:
    """An invoice for this claim; where a live claim has it, `refusal` is raised when the writes are sent."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    taking = f"""
        insert into claim_invoices ({columns}) values ({places})
        on conflict (policy_id, code, number) where released_at is null do nothing returning id"""
    await writes.execute_all({name: taking}, *row.values(), expecting={name: refusal})


async def release_invoices(writes: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, now: dt.datetime) -> None:
    await writes.execute(
        """
        update claim_invoices set released_at = $3
        where policy_id = $1 and claim_id = $2 and released_at is null
        """,
        policy_id,
        claim_id,
        now,
    )


async def lock(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> Record | None:
    """The claim, locked until the end. What belongs to it is read after: `parts`."""
    return await connection.fetchrow(
        "select * from claims where policy_id = $1 and id = $2 for update", policy_id, claim_id
    )


async def parts(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, insured_id: uuid.UUID) -> Record:
    """All that belongs to a claim whose lock is held."""
    return await connection.fetchrow(
        """
        select array(select (l.id, l.position, l.asked) from claim_lines l
                     where l.policy_id = $1 and l.claim_id = $2 order by l.position) as lines,
               array(select (v.visited_on, v.amount) from claim_visits v
                     where v.policy_id = $1 and v.claim_id = $2 order by v.position) as visits,
               array(select distinct d.kind from claim_documents d
                     where d.policy_id = $1 and d.claim_id = $2 and d.state in ('PROVIDED', 'ACCEPTED')) as papers,
               array(select distinct d.kind from claim_documents d
                     where d.policy_id = $1 and d.claim_id = $2 and d.state = 'REJECTED'
                       and not exists (select from claim_documents o
                         where o.policy_id = $1 and o.claim_id = $2 and o.kind = d.kind
                           and o.state in ('PROVIDED', 'ACCEPTED'))) as rejected_papers,
               array(select (d.id, d.revision, d.decided_by, d.approved_by, d.paid) from claim_decisions d
                     where d.policy_id = $1 and d.claim_id = $2 order by d.revision) as decisions,
               array(select (y.id, y.decision_id, y.amount, y.state, y.payee, y.reference) from claim_payments y
                     where y.policy_id = $1 and y.claim_id = $2 order by y.ordered_at, y.id) as payments,
               coalesce((select sum(r.amount) from repayments r
                         where r.policy_id = $1 and r.claim_id = $2), 0) as asked_back,
               (select (s.id, s.kinds, s.requested_at) from claim_supplements s
                where s.policy_id = $1 and s.claim_id = $2 and s.state = 'OPEN') as supplement,
               array(select (a.id, a.decision_id, a.state) from appeals a
                     where a.policy_id = $1 and a.claim_id = $2) as appeals,
               (select (v.settled_at is not null, v.covered_amount, v.repayable_amount,
                        coalesce((select sum(r.paid_amount) from repayments r
                                  where r.policy_id = $1 and r.advance_id = v.id), 0)) from claims c
                join advances v on v.policy_id = c.policy_id and v.id = c.advance_id
                where c.policy_id = $1 and c.id = $2) as advance,
               m.birth_on, m.name as insured_name, m.id_number_encrypted, m.phone_encrypted
        from policy_members m where m.policy_id = $1 and m.id = $3
        """,
        policy_id,
        claim_id,
        insured_id,
    )


async def proposal(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> Record:
    """The decision that waits for a supervisor, and whose it is."""
    return await connection.fetchrow(
        """
        select actor, reason, details from claim_events
        where policy_id = $1 and claim_id = $2 and command = 'decide' order by seq desc limit 1
        """,
        policy_id,
        claim_id,
    )


async def want_papers(writes: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, kinds: Mapping[str, str | None]) -> None:
    """Lines of the checklist for what is not there, by kind, with the rule that asks for it."""
    await writes.execute(
        """
        insert into claim_documents (policy_id, id, claim_id, kind, is_required, rule_code, state)
        select $1, w.id, $2, w.kind, true, w.rule, 'MISSING'
        from unnest($3::uuid[], $4::text[], $5::text[]) as w (id, kind, rule)
        on conflict (policy_id, claim_id, kind, document_id) do nothing
        """,
        policy_id,
        claim_id,
        [new_id() for _ in kinds],
        list(kinds),
        list(kinds.values()),
    )


async def clear_missing(writes: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, kinds: Sequence[str]) -> None:
    """Lines of the checklist that said that a paper was missing, once it is there."""
    await writes.execute(
        """
        delete from claim_documents
        where policy_id = $1 and claim_id = $2 and kind = any($3::text[]) and state = 'MISSING'
        """,
        policy_id,
        claim_id,
        list(kinds),
    )


async def judged_as(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, document: uuid.UUID) -> set[str]:
    """What the checklist says of a paper; nothing where it was not handed in for this claim, or cannot be read."""
    found = await connection.fetch(
        """
        select c.state from claim_documents c join documents d on d.policy_id = c.policy_id and d.id = c.document_id
        where c.policy_id = $1 and c.claim_id = $2 and c.document_id = $3 and d.state = any($4::text[])
        """,
        policy_id,
        claim_id,
        document,
        list(READABLE),
    )
    return {row["state"] for row in found}


async def judge_papers(
    writes: Any,
    policy_id: uuid.UUID,
    claim_id: uuid.UUID,
    *,
    kinds: Sequence[str] | None = None,
    document: uuid.UUID | None = None,
    state: str,
    reason: str | None,
    actor: str,
    now: dt.datetime,
) -> None:
    """One paper whatever was said of it before, or what was handed in and nobody has judged, of some kinds or of all.
    The papers themselves take the step with the line of the checklist, those that have it."""
    await writes.execute_all(
        {
            "judged_lines": """
              update claim_documents set state = $5::text, reason = $6::text, checked_by = $7::text,
                checked_at = $8::timestamptz
              where policy_id = $1 and claim_id = $2 and ($3::text[] is null or kind = any($3::text[]))
                and case when $4::uuid is null then state = 'PROVIDED' else document_id = $4::uuid end
              returning document_id""",
            "judged_papers": """
              update documents d set state = t.to_state, state_seq = d.state_seq + 1
              from (select distinct document_id from judged_lines) j, transitions t
              where d.policy_id = $1 and d.id = j.document_id and t.machine = 'DOCUMENT' and t.from_state = d.state
                and t.command = case $5::text when 'ACCEPTED' then 'accept' else 'reject' end and t.role = 'STAFF'
              returning d.id, d.state_seq, t.from_state, t.command, t.role, t.to_state""",
            "judged_steps": """
              insert into document_events (policy_id, document_id, seq, machine, from_state, command, role, to_state,
                actor, reason, details, at)
              select $1, id, state_seq, 'DOCUMENT', from_state, command, role, to_state, $7::text, $6::text, '{}',
                $8::timestamptz from judged_papers""",
        },
        policy_id,
        claim_id,
        None if kinds is None else list(kinds),
        document,
        state,
        reason,
        actor,
        now,
    )


async def close_supplement(
    writes: Any, policy_id: uuid.UUID, supplement_id: uuid.UUID, state: str, now: dt.datetime
) -> None:
    await writes.execute(
        "update claim_supplements set state = $3, closed_at = $4 where policy_id = $1 and id = $2 and state = 'OPEN'",
        policy_id,
        supplement_id,
        state,
        now,
    )


async def arrived(writes: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, now: dt.datetime) -> None:
    """Parcels of the claim that were under way have come."""
    await writes.execute(
        "update claim_shipments set received_at = $3 where policy_id = $1 and claim_id = $2 and received_at is null",
        policy_id,
        claim_id,
        now,
    )


async def rested_clocks(
    connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID, since: dt.datetime
) -> Sequence[Record]:
    """Deadlines that were put off when papers were asked for."""
    return await connection.fetch(
        """
        select rule_code, started_at, due_at from sla_clocks
        where policy_id = $1 and subject_id = $2 and cancelled_at = $3
        """,
        policy_id,
        claim_id,
        since,
    )


async def rules_of(connection: Any, product: str, codes: Sequence[str]) -> set[str]:
    found = await connection.fetch(
        "select code from rules where product_code = $1 and code = any($2::text[])", product, list(codes)
    )
    return {row["code"] for row in found}
