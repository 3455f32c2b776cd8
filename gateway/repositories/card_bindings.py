"""Cards in people's hands: who is insured, codes that prove a phone, and what suspends a card."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.writes import Writes
from models.base import new_id


async def asked_for(connection: Any, policy_id: uuid.UUID) -> Record | None:
    """The policy with its people: enough to tell whether somebody is one of them."""
    return await connection.fetchrow(
        """
        select p.policy_id, p.product_code, p.channel, p.effective_at, p.is_demo,
               array(select (m.id, m.name, m.id_type, m.id_number_hash, m.birth_on, m.gender) from policy_members m
                     where m.policy_id = p.policy_id and m.role = 'INSURED' order by m.position) as insured,
               array(select m.phone_hash from policy_members m
                     where m.policy_id = p.policy_id and m.phone_hash is not null) as phones
        from policies p where p.policy_id = $1
        """,
        policy_id,
    )


async def lock_of(connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, principal: str) -> Record | None:
    """The insured's card, if there is one, locked until the end; and whether this person holds it already."""
    return await connection.fetchrow(
        """
        select c.*, exists (select from card_bindings b where b.policy_id = c.policy_id and b.card_id = c.id
                            and b.principal = $3 and b.unbound_at is null) as is_held
        from cards c where c.policy_id = $1 and c.insured_id = $2 for update of c
        """,
        policy_id,
        insured_id,
        principal,
    )


async def lock(connection: Any, policy_id: uuid.UUID, card_id: uuid.UUID) -> Record | None:
    return await connection.fetchrow(
        """
        select c.*, p.product_code from cards c join policies p on p.policy_id = c.policy_id
        where c.policy_id = $1 and c.id = $2 for update of c
        """,
        policy_id,
        card_id,
    )


async def holders(connection: Any, policy_id: uuid.UUID, card_id: uuid.UUID) -> frozenset[str]:
    """Who holds a card, whose lock is held."""
    found = await connection.fetch(
        "select principal from card_bindings where policy_id = $1 and card_id = $2 and unbound_at is null",
        policy_id,
        card_id,
    )
    return frozenset(row["principal"] for row in found)


async def release(
    writes: Writes, policy_id: uuid.UUID, card_id: uuid.UUID, principals: Collection[str], now: dt.datetime
) -> None:
    """Out of the hands of these people."""
    await writes.change(
        """
        update card_bindings set unbound_at = $4
        where policy_id = $1 and card_id = $2 and principal = any($3::text[]) and unbound_at is null
        """,
        policy_id,
        card_id,
        list(principals),
        now,
    )


async def issue(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    number: str,
    is_demo: bool,
    rulebook: str,
    now: dt.datetime,
) -> None:
    """The insured's card with its first event, unless somebody made it a moment ago."""
    await connection.execute(
        """
        with made as (
          insert into cards (policy_id, id, number, insured_id, machine, state, state_seq, is_demo, created_at,
            updated_at)
          values ($1, $3, $4, $2, 'CARD', 'ISSUED', 1, $5, $7, $7)
          on conflict (policy_id, insured_id) do nothing returning policy_id, id
        )
        insert into card_events (policy_id, card_id, seq, machine, from_state, command, role, to_state, actor, details,
          rulebook, at)
        select policy_id, id, 1, 'CARD', '', 'issue', 'SYSTEM', 'ISSUED', 'system:cards', '{}', $6, $7 from made
        """,
        policy_id,
        insured_id,
        new_id(),
        number,
        is_demo,
        rulebook,
        now,
    )


# Codes that prove a phone


async def codes_since(
    connection: Any, policy_id: uuid.UUID, card_id: uuid.UUID, principal: str, since: dt.datetime
) -> int:
    return await connection.fetchval(
        """
        select count(*) from card_codes
        where policy_id = $1 and card_id = $2 and principal = $3 and sent_at > $4
        """,
        policy_id,
        card_id,
        principal,
        since,
    )


async def count_attempt(connection: Any, policy_id: uuid.UUID, principal: str, now: dt.datetime) -> None:
    """Every try costs one attempt of each code that still works, whatever becomes of the request."""
    await connection.execute(
        """
        update card_codes set attempts = attempts + 1
        where policy_id = $1 and principal = $2 and used_at is null and expires_at > $3
        """,
        policy_id,
        principal,
        now,
    )


async def code_of(
    connection: Any, policy_id: uuid.UUID, card_id: uuid.UUID, principal: str, now: dt.datetime
) -> Record | None:
    """The last code that was sent to this person for this card, if it still works."""
    return await connection.fetchrow(
        """
        select * from card_codes
        where policy_id = $1 and card_id = $2 and principal = $3 and used_at is null and expires_at > $4
        order by sent_at desc, id desc limit 1 for update
        """,
        policy_id,
        card_id,
        principal,
        now,
    )


# Suspensions


async def live_suspensions(connection: Any, policy_id: uuid.UUID, card_id: uuid.UUID) -> Sequence[Record]:
    return await connection.fetch(
        """
        select * from card_suspensions where policy_id = $1 and card_id = $2 and lifted_at is null
        order by id for update
        """,
        policy_id,
        card_id,
    )


async def lift(
    writes: Any, policy_id: uuid.UUID, suspensions: Sequence[uuid.UUID], *, by: str, reason: str, now: dt.datetime
) -> None:
    await writes.execute(
        """
        update card_suspensions set lifted_at = $3, lifted_by = $4, reason = $5
        where policy_id = $1 and id = any($2::uuid[]) and lifted_at is null
        """,
        policy_id,
        list(suspensions),
        now,
        by,
        reason,
    )
