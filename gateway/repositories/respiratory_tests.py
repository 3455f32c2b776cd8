"""Tests at home: the month that is used, the city that an address names, and reports that are shared."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from gateway.postgres.pool import Record
from models.base import new_id


async def details(connection: Any, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Record | None:
    """What is known of an order, with its city."""
    return await connection.fetchrow(
        """
        select d.*, c.name as city, c.province from respiratory_test_details d
        join cities c on c.code = d.city_code where d.policy_id = $1 and d.booking_id = $2
        """,
        policy_id,
        booking_id,
    )


async def cities(connection: Any, text: str, *, product: str, service: str) -> Sequence[Record]:
    """The cities that a code, a name or an alias means, and whether the service goes there."""
    return await connection.fetch(
        """
        select c.code, c.name, c.province,
               exists (select from service_cities s where s.product_code = $2 and s.service = $3
                       and s.city_code = c.code) as is_served
        from cities c
        where $1 in (c.code, c.name, c.name || '市') or c.code in (select city_code from city_aliases where alias = $1)
        order by c.code
        """,
        text,
        product,
        service,
    )


async def city_named_in(connection: Any, address: str) -> str | None:
    """The city that an address begins with, be it after its province. A bare name may be a district, so that it says
    nothing."""
    return await connection.fetchval(
        """
        select name from cities
        where starts_with($1, name || '市')
           or starts_with($1, province || name || '市') or starts_with($1, province || '省' || name || '市')
           or starts_with($1, province || '自治区' || name || '市')
        order by length(name) desc, code limit 1
        """,
        address,
    )


async def uses_in_month(connection: Any, policy_id: uuid.UUID, account_id: uuid.UUID, month: dt.date) -> int:
    return await connection.fetchval(
        """
        select count(*) from entitlement_holds
        where policy_id = $1 and account_id = $2 and service_month = $3 and state in ('HELD', 'CONSUMED')
        """,
        policy_id,
        account_id,
        month,
    )


async def consent_to_share(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    recipient: str,
    principal: str,
    purpose: str,
    text_version: str,
    text_sha256: str,
    language: str,
    now: dt.datetime,
) -> uuid.UUID:
    """The live consent to hand reports to the recipient; sharing one is giving it. A child's is given by the holder."""
    return await connection.fetchval(
        """
        insert into consents (policy_id, id, insured_id, kind, recipient, data_kinds, given_by, principal, text_sha256,
          language, granted_at, purpose, text_version)
        select p.policy_id, $2, $3, 'REPORT_SHARING', $4, array['RESPIRATORY_TEST_REPORT'],
               case when h.id_number_hash = m.id_number_hash then 'INSURED' else 'GUARDIAN' end, $5, $6, $7, $8, $9,
               $10
        from policies p
        join policy_members h on h.policy_id = p.policy_id and h.id = p.holder_id
        join policy_members m on m.policy_id = p.policy_id and m.id = $3
        where p.policy_id = $1
        on conflict (policy_id, insured_id, kind, recipient, purpose) where withdrawn_at is null
          do update set kind = consents.kind
        returning id
        """,
        policy_id,
        new_id(),
        insured_id,
        recipient,
        principal,
        text_sha256,
        language,
        now,
        purpose,
        text_version,
    )


async def share(
    connection: Any,
    *,
    policy_id: uuid.UUID,
    booking_id: uuid.UUID,
    consultation_id: uuid.UUID | None,
    consent_id: uuid.UUID,
    now: dt.datetime,
) -> bool:
    """False where the report has been shared there already."""
    written = await connection.fetchval(
        """
        insert into report_shares (policy_id, id, booking_id, consultation_id, consent_id, shared_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (policy_id, booking_id, consultation_id) do nothing returning true
        """,
        policy_id,
        new_id(),
        booking_id,
        consultation_id,
        consent_id,
        now,
    )
    return bool(written)
