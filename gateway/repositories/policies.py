"""Policies and their people: found by number, registered whole."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from dateutil.relativedelta import relativedelta

from gateway.auth.personal import PersonalVault, normal
from gateway.postgres.pool import Record
from gateway.repositories import entitlements
from gateway.repositories.bookings import insert
from models.base import derived_id, new_id

PHONE = "policy_members.phone"
ID_NUMBER = "policy_members.id_number"


@dataclass(frozen=True, slots=True)
class PersonDraft:
    name: str
    gender: str
    birth_on: dt.date
    phone: str | None
    id_type: str
    id_number: str


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy to be registered. Its codes have been checked against the catalogue."""

    number: str
    product: str
    plan: str | None
    riders: tuple[str, ...]
    effective_on: dt.date
    effective_at: dt.datetime
    waiting_days: int | None
    channel: str
    advance_limit: Decimal | None
    holder: PersonDraft
    insured: tuple[PersonDraft, ...]
    is_demo: bool = False


def policy_id(number: str) -> uuid.UUID:
    """A policy's key is derived from its number, so that a number leads to one shard and can be taken only once."""
    return derived_id("policy", number)


async def find(connection: Any, number: str) -> Record | None:
    return await connection.fetchrow("select * from policies where policy_id = $1", policy_id(number))


async def insured(connection: Any, policy: uuid.UUID) -> list[Record]:
    return await connection.fetch(
        """
        select id, name, gender, birth_on from policy_members
        where policy_id = $1 and role = 'INSURED' order by position
        """,
        policy,
    )


async def plans_and_riders(connection: Any, product: str) -> tuple[list[str], list[str]]:
    row = await connection.fetchrow(
        """
        select array(select code from plans where product_code = $1 order by position) as plans,
               array(select code from riders where product_code = $1 order by position) as riders
        """,
        product,
    )
    return row["plans"], row["riders"]


async def terms(connection: Any, product: str, service: str) -> Record | None:
    """The service's terms with the vendor that the product's contract names; none where the product lacks the service."""
    return await connection.fetchrow(
        "select * from product_services where product_code = $1 and kind = $2", product, service
    )


async def is_contracted(connection: Any, vendor: str, product: str, service: str | None) -> bool:
    return await connection.fetchval(
        """
        select exists (select from product_vendors
          where vendor_code = $1 and product_code = $2 and ($3::text is null or $3 = any(services)))
        """,
        vendor,
        product,
        service,
    )


async def register(
    connection: Any, draft: PolicyDraft, *, vault: PersonalVault, actor: str, now: dt.datetime
) -> uuid.UUID | None:
    """Write a policy with its people, coverage and entitlement accounts; None when the number is taken."""
    policy = policy_id(draft.number)
    cover = asyncpg.Range(draft.effective_on, draft.effective_on + relativedelta(years=1))
    holder_id = new_id()
    taken = await connection.fetchval(
        """
        insert into policies (policy_id, number, product_code, plan_code, channel, status, effective_at, cover,
          waiting_days, holder_id, advance_limit, is_demo, created_at)
        values ($1, $2, $3, $4, $5, 'IN_FORCE', $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning true
        """,
        policy,
        draft.number,
        draft.product,
        draft.plan,
        draft.channel,
        draft.effective_at,
        cover,
        draft.waiting_days,
        holder_id,
        draft.advance_limit,
        draft.is_demo,
        now,
    )
    if not taken:
        return None
    for rider in draft.riders:
        await insert(
            connection, "policy_riders", {"policy_id": policy, "product_code": draft.product, "rider_code": rider}
        )
    await _add_member(connection, policy, holder_id, "HOLDER", 0, draft.holder, vault)
    services = await _granted_services(connection, draft)
    for position, person in enumerate(draft.insured, 1):
        member = new_id()
        await _add_member(connection, policy, member, "INSURED", position, person, vault)
        await insert(connection, "coverages", {"policy_id": policy, "insured_id": member, "cover": cover})
        for service in services:
            await entitlements.open_account(
                connection,
                policy_id=policy,
                insured_id=member,
                product=draft.product,
                service=service["kind"],
                position=service["position"],
                period=cover,
                granted=service["quota"],
                usable_from=_usable_from(draft, service["waiting_days"]),
                actor=actor,
                now=now,
            )
    return policy


async def _granted_services(connection: Any, draft: PolicyDraft) -> Sequence[Record]:
    return await connection.fetch(
        """
        select kind, position, quota, waiting_days from product_services
        where product_code = $1 and (rider_code is null or rider_code = any($2::text[])) order by position
        """,
        draft.product,
        list(draft.riders),
    )


def _usable_from(draft: PolicyDraft, handbook_days: int | None) -> dt.date | None:
    """First day after the waiting period (GEN-10): the handbook's where it states one, else the policy's, else unknown."""
    days = handbook_days if handbook_days is not None else draft.waiting_days
    return None if days is None else draft.effective_on + dt.timedelta(days=days)


async def _add_member(
    connection: Any,
    policy: uuid.UUID,
    member: uuid.UUID,
    role: str,
    position: int,
    person: PersonDraft,
    vault: PersonalVault,
) -> None:
    number = normal(person.id_number)
    row = {
        "policy_id": policy,
        "id": member,
        "role": role,
        "position": position,
        "name": person.name,
        "gender": person.gender,
        "birth_on": person.birth_on,
        "id_type": person.id_type,
        "id_number_encrypted": vault.seal(number, ID_NUMBER),
        "id_number_hash": vault.fingerprint(person.id_type, number),
        "id_number_last4": number[-4:],
    }
    if person.phone is not None:
        phone = normal(person.phone)
        row |= {
            "phone_encrypted": vault.seal(phone, PHONE),
            "phone_hash": vault.fingerprint("PHONE", phone),
            "phone_last4": phone[-4:],
        }
    await insert(connection, "policy_members", row)
