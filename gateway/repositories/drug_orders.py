"""Orders of listed drugs: what a request names, the order with its drug, pharmacies, and damage that was told."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.writes import insert, update

DETAILS = "drug_order_details"


async def named(connection: Any, drug_id: uuid.UUID, policy_id: uuid.UUID, insured_id: uuid.UUID) -> Record | None:
    """The drug of an id, whatever list it is on, and whether the insured has a phone on the policy."""
    return await connection.fetchrow(
        """
        select d.id, d.seq, d.product_code, d.listed_from, d.listed_until,
               exists (select from policy_members
                       where policy_id = $2 and id = $3 and phone_last4 is not null) as has_phone
        from drugs d where d.id = $1
        """,
        drug_id,
        policy_id,
        insured_id,
    )


async def details(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record:
    """Of an order that is locked already: with the number of its drug, and damage that waits to be looked into."""
    return await connection.fetchrow(
        """
        select o.*, d.seq, m.id as damage_id, m.cause as damage_cause
        from drug_order_details o
        join drugs d on d.id = o.drug_id
        left join drug_damages m
          on m.policy_id = o.policy_id and m.booking_id = o.booking_id and m.state = 'REPORTED'
        where o.policy_id = $1 and o.booking_id = $2
        """,
        policy_id,
        booking_id,
    )


async def pharmacy(connection: Any, vendor: str | None, code: str | None) -> Record:
    """Whether the vendor has a list of pharmacies, whether there is one of this code at all, and whose it is."""
    return await connection.fetchrow(
        """
        select exists (select from pharmacies where vendor_code = $1) as has_list,
               exists (select from pharmacies where code = $2) as is_known,
               exists (select from pharmacies where code = $2 and vendor_code = $1) as is_designated
        """,
        vendor,
        code,
    )


async def report(writes: Any, row: Mapping[str, Any]) -> None:
    await insert(writes, "drug_damages", row)


async def decide(
    writes: Any, policy_id: uuid.UUID, damage_id: uuid.UUID, *, is_verified: bool, by: str, now: dt.datetime
) -> None:
    """What somebody found; a drug that was damaged on its way is sent again."""
    found = {"state": "VERIFIED" if is_verified else "REJECTED", "decided_by": by, "decided_at": now}
    key = {"policy_id": policy_id, "id": damage_id}
    await update(writes, "drug_damages", key, {**found, "re_dispatched_at": now if is_verified else None})
