"""A child's health record: the facts that stay, and what is added to them."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.postgres.pool import Record


async def keep(
    writes: Any,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    *,
    product: str,
    vendor: str | None,
    by: str,
    now: dt.datetime,
    basics: Sequence[str] | None = None,
    family_history: Sequence[str] | None = None,
    habits: Sequence[str] | None = None,
) -> None:
    """The record of an insured; it is begun where there is none. What is not said stays as it stands."""
    await writes.execute(
        """
        insert into health_records as r
          (policy_id, insured_id, product_code, vendor_code, basics, family_history, habits, updated_by, created_at,
           updated_at)
        values ($1, $2, $3, $4, coalesce($5, '{}'::text[]), coalesce($6, '{}'::text[]), coalesce($7, '{}'::text[]),
          $8, $9, $9)
        on conflict (policy_id, insured_id) do update set
          basics = coalesce($5, r.basics), family_history = coalesce($6, r.family_history),
          habits = coalesce($7, r.habits), vendor_code = $4, updated_by = $8, updated_at = $9
        """,
        policy_id,
        insured_id,
        product,
        vendor,
        basics,
        family_history,
        habits,
        by,
        now,
    )


async def lock(connection: Any, table: str, policy_id: uuid.UUID, id: uuid.UUID) -> Record | None:
    """A part of a record, and whether its client agrees to whoever keeps it. Table names come from the code."""
    return await connection.fetchrow(
        f"""
        select t.*, exists (select from consents c
            where c.policy_id = t.policy_id and c.insured_id = t.insured_id and c.kind = 'VENDOR_SHARING'
              and c.recipient = t.vendor_code and c.withdrawn_at is null) as has_consent
        from {table} t where t.policy_id = $1 and t.id = $2 for update of t
        """,
        policy_id,
        id,
    )


async def doubt_growth(writes: Any, measurement: Mapping[str, Any], now: dt.datetime) -> None:
    """Assessments that could build on a measurement that is taken back."""
    await writes.execute(
        """
        update growth_assessments set measures_retracted_at = $5
        where policy_id = $1 and insured_id = $2 and assessed_on >= $3 and at >= $4
          and not is_retracted and measures_retracted_at is null
        """,
        measurement["policy_id"],
        measurement["insured_id"],
        measurement["on"],
        measurement["at"],
        now,
    )


async def follow(
    writes: Any,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    *,
    vendor: str | None,
    contacted_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Contacts that were agreed upon before this one took place have had their next one."""
    await writes.execute(
        """
        update manager_contacts set followed_at = $5
        where policy_id = $1 and insured_id = $2 and vendor_code is not distinct from $3 and contacted_at <= $4
          and next_contact_at is not null and followed_at is null
        """,
        policy_id,
        insured_id,
        vendor,
        contacted_at,
        now,
    )
