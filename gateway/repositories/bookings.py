"""Bookings: facts that rules need, locks in their order, and writes."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.clocks import NAME
from gateway.repositories.overrides import OF_BOOKING, OF_REQUESTS
from models.bookings import NO_DEADLINE

SLOT_MINUTES = 15
FIRST_DUE = """(select min(c.due_at) from sla_clocks c
  where c.policy_id = bookings.policy_id and c.subject_id = bookings.id
    and c.stopped_at is null and c.cancelled_at is null"""


async def find(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record | None:
    """Where a booking belongs, without locking it: enough to lock in order."""
    return await connection.fetchrow(
        """
        select policy_id, id, insured_id, product_code, service, machine, vendor_code, hospital_code, created_at,
               visit_on
        from bookings where policy_id = $1 and id = $2
        """,
        policy_id,
        booking_id,
    )


async def step(
    writes: Any,
    key: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    ended: Sequence[str] | None,
    begun: dt.datetime | None,
) -> None:
    """Change a booking by its key, and say which deadline ends first: of those that run, but for the rules that have
    `ended` (None: all of them), and of those that have just begun. What is written beside this, this does not see.
    """
    sets = ", ".join(f'"{name}" = ${place}' for place, name in enumerate(changes, 3))
    wheres = " and ".join(f'"{name}" = ${place}' for place, name in enumerate(key, 3 + len(changes)))
    running = f"{FIRST_DUE} and {NAME} <> all($2::text[]))"
    await writes.execute(
        f"""
        update bookings set {sets},
          due_at = coalesce(least($1, case when $2::text[] is not null then {running} end), '{NO_DEADLINE}')
        where {wheres}
        """,
        begun,
        None if ended is None else list(ended),
        *changes.values(),
        *key.values(),
    )


async def see_deadlines(writes: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> None:
    """Say anew which deadline ends first, after something other than a step has changed them."""
    await writes.execute(
        f"update bookings set due_at = coalesce({FIRST_DUE}), '{NO_DEADLINE}') where policy_id = $1 and id = $2",
        policy_id,
        booking_id,
    )


async def account_of(
    connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID, *, locking: bool = True
) -> Record | None:
    """The account that the booking's use is, or was last, set aside in; locked until the end."""
    return await connection.fetchrow(
        f"""
        select a.* from entitlement_accounts a
        where a.policy_id = $1 and a.id = (
          select account_id from entitlement_holds
          where policy_id = $1 and subject_type = 'BOOKING' and subject_id = $2 order by id desc limit 1)
        {"for update" if locking else ""}
        """,
        policy_id,
        booking_id,
    )


async def load(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID, *, locking: bool = True) -> Record | None:
    """The booking with its details, hospital and insured, locked until the end."""
    return await connection.fetchrow(
        f"""
        select b.*, d.patient_birth_on, d.companion_relation, d.checked_in_at, d.escort_code, d.checklist,
               m.birth_on as insured_birth_on, p.effective_at, p.cover,
               h.name as hospital_name, h.level as hospital_level, h.ownership as hospital_ownership,
               c.name as city_name, c.province as city_province,
               exists (select from service_cities s where s.product_code = b.product_code
                       and s.service = b.service and s.city_code = h.city_code) as is_city_served,
               {OF_BOOKING}
        from bookings b
        join policies p on p.policy_id = b.policy_id
        join policy_members m on m.policy_id = b.policy_id and m.id = b.insured_id
        left join escort_details d on d.policy_id = b.policy_id and d.booking_id = b.id
        left join hospitals h on h.code = b.hospital_code
        left join cities c on c.code = h.city_code
        where b.policy_id = $1 and b.id = $2
        {"for update of b" if locking else ""}
        """,
        policy_id,
        booking_id,
    )


async def asked_for(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    service: str,
    hospital: str | None,
    department: str | None,
    vendor: str | None,
) -> Record | None:
    """All that a request names, in one look: the policy with its insured, the service's terms, hospital, department."""
    return await connection.fetchrow(
        f"""
        select p.policy_id, p.product_code, p.effective_at, p.cover, p.is_demo,
               s.kind is not null as has_service, s.vendor_code,
               h.code, h.name, h.level, h.ownership, h.has_onsite_service, c.name as city, c.province,
               exists (select from service_cities r where r.product_code = p.product_code and r.service = $2
                       and r.city_code = h.city_code) as is_city_served,
               d.code as department_code,
               exists (select from product_vendors v
                       where v.product_code = p.product_code and v.vendor_code = $5) as is_contracted,
               array(select (m.id, m.name, m.gender, m.birth_on) from policy_members m
                     where m.policy_id = p.policy_id and m.role = 'INSURED' order by m.position) as insured,
               {OF_REQUESTS}
        from policies p
        left join product_services s on s.product_code = p.product_code and s.kind = $2
        left join hospitals h on h.code = $3
        left join cities c on c.code = h.city_code
        left join departments d on $4 in (d.code, d.name_zh) or lower($4) = lower(d.name_en)
        where p.policy_id = $1
        """,
        policy_id,
        service,
        hospital,
        department,
        vendor,
    )


async def hospital(connection: Any, code: str, *, product: str, service: str) -> Record | None:
    """A hospital as the rules of a service see it."""
    return await connection.fetchrow(
        """
        select h.code, h.name, h.level, h.ownership, c.name as city, c.province,
               exists (select from service_cities s where s.product_code = $2 and s.service = $3
                       and s.city_code = h.city_code) as is_city_served
        from hospitals h join cities c on c.code = h.city_code where h.code = $1
        """,
        code,
        product,
        service,
    )


async def department(connection: Any, code_or_name: str) -> str | None:
    return await connection.fetchval(
        "select code from departments where code = $1 or name_zh = $1 or lower(name_en) = lower($1)", code_or_name
    )


async def was_changed_by_client_on_visit_day(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> bool:
    """Whether the client put the visit off on the very day for which it stood."""
    return await connection.fetchval(
        """
        select exists (select from booking_events
          where policy_id = $1 and booking_id = $2 and command = 'reschedule' and role = 'CUSTOMER'
            and (details->>'changedOnVisitDay')::boolean)
        """,
        policy_id,
        booking_id,
    )


async def link_papers(writes: Any, policy_id: uuid.UUID, ids: Sequence[uuid.UUID], subject_id: uuid.UUID) -> None:
    """Documents that were handed in for a case belong to it; one that belongs to another case stays there."""
    await writes.execute(
        "update documents set subject_id = $3 where policy_id = $1 and id = any($2::uuid[]) and subject_id is null",
        policy_id,
        list(ids),
        subject_id,
    )


async def papers(connection: Any, policy_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> list[Record]:
    """Documents of the policy that are fit to be used."""
    return await connection.fetch(
        """
        select id, kind, issued_on, media_type, has_color, dots_per_inch, least(width, height) as shorter_side
        from documents
        where policy_id = $1 and id = any($2::uuid[])
          and state not in ('RESERVED', 'INFECTED', 'UNSUPPORTED', 'REJECTED')
        """,
        policy_id,
        list(ids),
    )


async def keep_escort_to(connection: Any, *, vendor: str, escort: str, on: dt.date, hospital: str) -> bool:
    """Bind an escort's day to one hospital. False when the escort serves another one that day."""
    served = await connection.fetchval(
        """
        insert into escort_days (vendor_code, escort_code, "on", hospital_code) values ($1, $2, $3, $4)
        on conflict (vendor_code, escort_code, "on") do update set hospital_code = escort_days.hospital_code
        returning hospital_code
        """,
        vendor,
        escort,
        on,
        hospital,
    )
    if served == hospital:
        return True
    # The day is locked by now, and only a new statement sees what its last holder has committed.
    moved = await connection.fetchval(
        """
        update escort_days set hospital_code = $4
        where vendor_code = $1 and escort_code = $2 and "on" = $3 and not exists (
          select from escort_slots s where s.vendor_code = $1 and s.escort_code = $2 and s."on" = $3)
        returning true
        """,
        vendor,
        escort,
        on,
        hospital,
    )
    return bool(moved)


async def take_escort(
    connection: Any,
    *,
    vendor: str,
    escort: str,
    policy_id: uuid.UUID,
    booking_id: uuid.UUID,
    quarters: Sequence[tuple[dt.date, int]],
) -> bool:
    """Set an escort's quarter-hours aside, each with its day. False when some of them are taken."""
    taken = await connection.fetch(
        """
        insert into escort_slots (vendor_code, escort_code, "on", slot, policy_id, booking_id)
        select $1, $2, "on", slot, $5, $6 from unnest($3::date[], $4::int[]) quarter("on", slot)
        on conflict do nothing returning slot
        """,
        vendor,
        escort,
        [day for day, _ in quarters],
        [slot for _, slot in quarters],
        policy_id,
        booking_id,
    )
    return len(taken) == len(quarters)


async def free_escort(connection: Any, booking_id: uuid.UUID) -> None:
    await connection.execute("delete from escort_slots where booking_id = $1", booking_id)


async def deduction(
    connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID, *, locking: bool = True
) -> Record | None:
    lock = "for update" if locking else ""
    return await connection.fetchrow(
        f"select * from booking_deductions where policy_id = $1 and booking_id = $2 {lock}", policy_id, booking_id
    )


async def upsert_rating(
    connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID, score: int, comment: str | None, now: dt.datetime
) -> None:
    """The client's last word on the service."""
    await connection.execute(
        """
        insert into booking_ratings (policy_id, booking_id, score, comment, at) values ($1, $2, $3, $4, $5)
        on conflict (policy_id, booking_id) do update set score = $3, comment = $4, at = $5
        """,
        policy_id,
        booking_id,
        score,
        comment,
        now,
    )
