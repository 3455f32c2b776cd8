"""Consultations, messages for customer service and complaints: rows that facts need, and rows that are left."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories.writes import insert
from models.base import new_id


async def details(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record:
    """Of a consultation that is locked already."""
    return await connection.fetchrow(
        "select * from consultation_details where policy_id = $1 and booking_id = $2", policy_id, booking_id
    )


async def add_message(
    writes: Any, *, policy_id: uuid.UUID, booking_id: uuid.UUID, author: str, content: str, now: dt.datetime
) -> None:
    row = {"policy_id": policy_id, "id": new_id(), "booking_id": booking_id, "author": author}
    await insert(writes, "consultation_messages", {**row, "content": content, "at": now})


async def has_vendor_consent(connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, vendor: str | None) -> bool:
    """Whether a consent to share with the vendor is on record and has not been withdrawn."""
    return await connection.fetchval(
        """
        select exists (select from consents
          where policy_id = $1 and insured_id = $2 and kind = 'VENDOR_SHARING' and recipient = $3
            and withdrawn_at is null)
        """,
        policy_id,
        insured_id,
        vendor,
    )


async def is_person_known(
    connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, *, name: str | None, fingerprints: Sequence[bytes]
) -> bool:
    """Whether name and number of a paper are those of the insured."""
    return await connection.fetchval(
        """
        select exists (select from policy_members
          where policy_id = $1 and id = $2 and role = 'INSURED' and name = $3 and id_number_hash = any ($4))
        """,
        policy_id,
        insured_id,
        name,
        fingerprints,
    )


async def drug(connection: Any, drug_id: uuid.UUID, product: str) -> uuid.UUID | None:
    """The drug of an id, if the product's list has it."""
    return await connection.fetchval("select id from drugs where id = $1 and product_code = $2", drug_id, product)
