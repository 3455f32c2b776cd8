"""Letters of guarantee: their locks, and what claims draw on them and give back."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.writes import changed_meanwhile
from models.base import new_id

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
            "draw_entry": _entry("DRAW", "drawn_letter"),
        },
        *_values(letter, claim_id, amount, state, actor, now),
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
              where policy_id = $1 and id = $2 and state_seq = $6 and drawn >= $3::numeric
              returning id""",
            "return_entry": _entry("RETURN", "refilled_letter"),
        },
        *_values(letter, claim_id, amount, state, actor, now),
        expecting={"refilled_letter": changed_meanwhile()},
    )


def _entry(kind: str, changed: str) -> str:
    """The line of the ledger for a letter that has just been changed, over the same values."""
    return f"""
      insert into guarantee_draws (policy_id, id, letter_id, claim_id, command_id, kind, amount, actor, at)
      select $1, $7, id, $8, $9, '{kind}', $3::numeric, $10, $5::timestamptz from {changed}"""


def _values(
    letter: Mapping[str, Any], claim_id: uuid.UUID, amount: Decimal, state: str, actor: str, now: dt.datetime
) -> tuple[Any, ...]:
    key = (letter["policy_id"], letter["id"])
    return (*key, amount, state, now, letter["state_seq"], new_id(), claim_id, new_id(), actor)


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
