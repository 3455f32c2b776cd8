"""Claims of hospitals that bill directly: the card shown, the booking and the authorization behind them."""

import datetime as dt
import uuid
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.guarantees import LINE


async def shown(connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, *, hospital: str, on: dt.date) -> Record:
    """The insured, the card as it is now, and whether the client has a live claim for the visit."""
    return await connection.fetchrow(
        """
        select m.id_type, c.id as card_id, c.number as card_number, c.state as card_state,
               upper(v.cover) as covered_until,
               exists (select from card_suspensions s where s.policy_id = c.policy_id and s.card_id = c.id
                       and s.lifted_at is null) as is_suspended,
               exists (select from claims k join claim_visits w on w.policy_id = k.policy_id and w.claim_id = k.id
                       where k.policy_id = m.policy_id and k.insured_id = m.id and k.card_id is null
                       and k.advance_id is null and k.state not in ('WITHDRAWN', 'CLOSED_INCOMPLETE')
                       and w.hospital_code = $3 and w.visited_on = $4) as is_claimed
        from policy_members m
        left join cards c on c.policy_id = m.policy_id and c.insured_id = m.id
        left join coverages v on v.policy_id = m.policy_id and v.insured_id = m.id
        where m.policy_id = $1 and m.id = $2
        """,
        policy_id,
        insured_id,
        hospital,
        on,
    )


async def booking(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record | None:
    """The booking of the visit. It may be in other hands, so its row is only read: claims for it come one after
    another by a lock on its id, under whichever service they are billed, and the index on claims has the last word."""
    return await connection.fetchrow(
        """
        select id, state, insured_id, hospital_code, visit_on, pg_advisory_xact_lock(hashtextextended(id::text, 0))
        from bookings where policy_id = $1 and id = $2
        """,
        policy_id,
        booking_id,
    )


async def is_billed(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> bool:
    """Whether a direct claim for the booking stands already; asked once the booking is locked."""
    return await connection.fetchval(
        """
        select exists (select from claims
          where policy_id = $1 and booking_id = $2 and card_id is not null and state <> 'WITHDRAWN')
        """,
        policy_id,
        booking_id,
    )


async def authorization(connection: Any, policy_id: uuid.UUID, preauth_id: uuid.UUID) -> Record | None:
    """A request for authorization, and `granted`: for itself and those whose place it takes, the first and last day
    and since when they were approved, and when a revision took their place."""
    return await connection.fetchrow(
        LINE
        + """
        select a.state, a.insured_id, a.hospital_code,
               array(select (p.treatment_on, p.valid_until, p.decided_at, e.at)
                     from line join preauths p on p.policy_id = line.policy_id and p.id = line.id
                     left join preauth_events e on e.policy_id = p.policy_id and e.preauth_id = p.id
                       and e.to_state = 'SUPERSEDED'
                     where p.state in ('APPROVED', 'PARTIALLY_APPROVED', 'EXPIRED', 'SUPERSEDED')
                       and p.decided_at is not null) as granted,
               exists (select from emergency_notices n join line on n.policy_id = line.policy_id
                       and n.preauth_id = line.id where n.state in ('ON_TIME', 'WAIVER_GRANTED')) as is_emergency
        from preauths a where a.policy_id = $1 and a.id = $2
        """,
        policy_id,
        preauth_id,
    )


async def take_invoice(writes: Any, row: dict[str, Any], refusal: Exception) -> None:
    """An invoice, which stands in one live claim; `refusal` is raised when another one has it."""
    names = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    insert = f"""
      insert into claim_invoices ({names}) values ({places})
      on conflict (policy_id, code, number) where released_at is null do nothing returning id"""
    await writes.execute_all({"taken_invoice": insert}, *row.values(), expecting={"taken_invoice": refusal})


async def lock(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> Record | None:
    """A direct claim, locked, with the day of its visit."""
    return await connection.fetchrow(
        """
        select c.*, (select v.visited_on from claim_visits v
                     where v.policy_id = c.policy_id and v.claim_id = c.id and v.position = 1) as visited_on
        from claims c where c.policy_id = $1 and c.id = $2 and c.card_id is not null for update of c
        """,
        policy_id,
        claim_id,
    )


async def signatures(connection: Any, policy_id: uuid.UUID, claim_id: uuid.UUID) -> frozenset[str]:
    rows = await connection.fetch(
        "select paper from claim_signatures where policy_id = $1 and claim_id = $2", policy_id, claim_id
    )
    return frozenset(row["paper"] for row in rows)
