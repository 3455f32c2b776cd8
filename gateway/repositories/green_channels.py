"""Green channels: whether the vendor's list has a hospital, and the contacts around a stay."""

import datetime as dt
import uuid
from typing import Any

from gateway.postgres.pool import Record


async def place(connection: Any, product: str, hospital: str | None, department: str | None, today: dt.date) -> Record:
    """Whether the vendor's list of hospitals is loaded and has this one today, and whether it is for children."""
    return await connection.fetchrow(
        """
        select exists (select from hospital_networks n where n.product_code = $1 and n.liability <> 'ADVANCE')
                 as is_list_loaded,
               exists (select from hospital_networks n
                 where n.product_code = $1 and n.liability <> 'ADVANCE' and n.hospital_code = $2
                   and (n.valid_from is null or n.valid_from <= $4) and (n.valid_to is null or $4 < n.valid_to))
                 as is_listed,
               $3::text as department
        """,
        product,
        hospital,
        department,
        today,
    )


async def next_contact(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> int:
    return await connection.fetchval(
        "select count(*) + 1 from green_channel_contacts where policy_id = $1 and booking_id = $2",
        policy_id,
        booking_id,
    )
