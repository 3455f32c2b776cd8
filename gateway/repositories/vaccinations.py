"""The schedule of vaccinations in a child's health record: put down, told of, and crossed off."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.stuck import free, of_policy
from gateway.repositories.timed import BATCH, real
from models.base import new_id


async def plan(
    writes: Any,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    doses: Sequence[Mapping[str, Any]],
    *,
    product: str,
    vendor: str | None,
    by: str,
    now: dt.datetime,
) -> None:
    """Each dose as it is planned now. One whose day has moved is told of again."""
    await writes.execute(
        """
        insert into vaccination_reminders
          (policy_id, id, insured_id, vaccine, dose, due_on, guidance, done_on, planned_by, created_at,
           product_code, vendor_code)
        select $1, d.id, $2, d.vaccine, d.dose, d.due_on, d.guidance, d.done_on, $9, $10, $11, $12
        from unnest($3::uuid[], $4::text[], $5::int[], $6::date[], $7::text[], $8::date[])
          d(id, vaccine, dose, due_on, guidance, done_on)
        on conflict (policy_id, insured_id, vaccine, dose) do update set
          due_on = excluded.due_on, guidance = excluded.guidance, planned_by = excluded.planned_by,
          done_on = coalesce(excluded.done_on, vaccination_reminders.done_on),
          reminded_at = case when vaccination_reminders.due_on = excluded.due_on
                        then vaccination_reminders.reminded_at end
        """,
        policy_id,
        insured_id,
        [new_id() for _ in doses],
        *([dose[name] for dose in doses] for name in ("vaccine", "dose", "due_on", "guidance", "done_on")),
        by,
        now,
        product,
        vendor,
    )


async def done(writes: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> None:
    """The dose of a booking that is over is crossed off, if the schedule has it."""
    await writes.execute(
        """
        update vaccination_reminders r set done_on = b.visit_on
        from bookings b join hospital_visit_details d on d.policy_id = b.policy_id and d.booking_id = b.id
        where b.policy_id = $1 and b.id = $2 and r.policy_id = $1 and r.insured_id = b.insured_id
          and r.vaccine = d.vaccine and r.dose = d.dose and r.done_on is null
        """,
        policy_id,
        booking_id,
    )


async def due(
    connection: Any, products: Mapping[str, int], today: dt.date, *, timer: str, with_rehearsals: bool
) -> Sequence[Record]:
    """Doses that fall due within the product's days, of policies in force, and that nobody was told of."""
    return await connection.fetch(
        f"""
        select r.policy_id, r.id, r.due_on, p.product_code
        from vaccination_reminders r
        join policies p on p.policy_id = r.policy_id
        join unnest($1::text[], $2::int[]) s(product, days) on s.product = p.product_code
        where r.reminded_at is null and r.done_on is null and r.due_on <= $3::date + s.days
          and p.cover @> $3::date and {real("r", with_rehearsals=with_rehearsals)}
          and {free(timer, of_policy("r"))}
        order by r.due_on, r.policy_id, r.id limit {BATCH} for update of r skip locked
        """,
        list(products),
        list(products.values()),
        today,
    )


async def mark_told(connection: Any, rows: Sequence[Record], now: dt.datetime) -> None:
    await connection.execute(
        """
        update vaccination_reminders r set reminded_at = $3
        from unnest($1::uuid[], $2::uuid[]) t(policy_id, id) where r.policy_id = t.policy_id and r.id = t.id
        """,
        [row["policy_id"] for row in rows],
        [row["id"] for row in rows],
        now,
    )
