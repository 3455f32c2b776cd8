"""A child's health record: the facts that stay, and what is added to them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any


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
