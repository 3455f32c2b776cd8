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
from gateway.postgres.statements import DIALECT
from gateway.repositories.writes import Writes
from models import metadata
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


async def find(connection: Any, number: str, vendor: str | None = None) -> Record | None:
    """The policy of a number, and whether a vendor has a contract for its product."""
    return await connection.fetchrow(
        """
        select p.*, exists (select from product_vendors v
                            where v.product_code = p.product_code and v.vendor_code = $2) as is_contracted
        from policies p where p.policy_id = $1
        """,
        policy_id(number),
        vendor,
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


async def has_service(connection: Any, product: str, service: str) -> bool:
    return await connection.fetchval(
        "select exists (select from product_services where product_code = $1 and kind = $2)", product, service
    )


async def register(
    connection: Any, draft: PolicyDraft, *, vault: PersonalVault, actor: str, now: dt.datetime
) -> uuid.UUID | None:
    """Write a policy with its people, coverage and entitlement accounts; None when the number is taken."""
    written = await register_all(connection, [draft], vault=vault, actor=actor, now=now)
    return policy_id(draft.number) if written else None


@dataclass(frozen=True, slots=True)
class _Enrolment:
    """A draft with the keys and the cover that its rows share."""

    draft: PolicyDraft
    policy: uuid.UUID
    cover: Any
    holder: uuid.UUID
    insured: tuple[uuid.UUID, ...]


async def register_all(
    connection: Any, drafts: Sequence[PolicyDraft], *, vault: PersonalVault, actor: str, now: dt.datetime
) -> set[str]:
    """Policies with their people, coverage, entitlement accounts and first ledger lines, in a handful of statements.

    Answers with the numbers written: the others are taken. Each number stands once. The transaction is the caller's.
    """
    enrolments = [_enrol(draft) for draft in drafts]
    numbers = await _write_policies(connection, enrolments, now)
    enrolled = [enrolment for enrolment in enrolments if enrolment.draft.number in numbers]
    accounts = await _account_rows(connection, enrolled, now)
    parts = Writes(connection)
    await _add(parts, "policy_riders", [row for each in enrolled for row in _rider_rows(each)])
    await _add(parts, "policy_members", [row for each in enrolled for row in _member_rows(each, vault)])
    await _add(parts, "coverages", [row for each in enrolled for row in _coverage_rows(each)])
    await _add(parts, "entitlement_accounts", accounts)
    await _add(parts, "entitlement_entries", [_grant_row(account, actor) for account in accounts])
    await parts.flush()
    return numbers


def _enrol(draft: PolicyDraft) -> _Enrolment:
    cover = asyncpg.Range(draft.effective_on, draft.effective_on + relativedelta(years=1))
    return _Enrolment(draft, policy_id(draft.number), cover, new_id(), tuple(new_id() for _ in draft.insured))


async def _write_policies(connection: Any, enrolments: Sequence[_Enrolment], now: dt.datetime) -> set[str]:
    if not enrolments:
        return set()
    rows = [
        (
            each.policy,
            each.draft.number,
            each.draft.product,
            each.draft.plan,
            each.draft.channel,
            each.draft.effective_at,
            each.cover,
            each.draft.waiting_days,
            each.holder,
            each.draft.advance_limit,
            each.draft.is_demo,
        )
        for each in enrolments
    ]
    written = await connection.fetch(
        """
        insert into policies (policy_id, number, product_code, plan_code, channel, effective_at, cover, waiting_days,
          holder_id, advance_limit, is_demo, status, created_at)
        select policy.*, 'IN_FORCE', $12
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::daterange[],
          $8::int[], $9::uuid[], $10::numeric[], $11::boolean[]) as policy
        on conflict do nothing returning number
        """,
        *zip(*rows, strict=True),
        now,
    )
    return {row["number"] for row in written}


def _rider_rows(enrolment: _Enrolment) -> list[Record]:
    draft = enrolment.draft
    return [
        {"policy_id": enrolment.policy, "product_code": draft.product, "rider_code": rider} for rider in draft.riders
    ]


def _member_rows(enrolment: _Enrolment, vault: PersonalVault) -> list[Record]:
    holder = _member_row(enrolment.policy, enrolment.holder, "HOLDER", 0, enrolment.draft.holder, vault)
    people = zip(enrolment.insured, enrolment.draft.insured, strict=True)
    return [
        holder,
        *(
            _member_row(enrolment.policy, member, "INSURED", position, person, vault)
            for position, (member, person) in enumerate(people, 1)
        ),
    ]


def _member_row(
    policy: uuid.UUID, member: uuid.UUID, role: str, position: int, person: PersonDraft, vault: PersonalVault
) -> Record:
    number = normal(person.id_number)
    phone = None if person.phone is None else normal(person.phone)
    return {
        "policy_id": policy,
        "id": member,
        "role": role,
        "position": position,
        "name": person.name,
        "gender": person.gender,
        "birth_on": person.birth_on,
        "phone_encrypted": phone and vault.seal(phone, PHONE),
        "phone_hash": phone and vault.fingerprint("PHONE", phone),
        "phone_last4": phone and phone[-4:],
        "id_type": person.id_type,
        "id_number_encrypted": vault.seal(number, ID_NUMBER),
        "id_number_hash": vault.fingerprint(person.id_type, number),
        "id_number_last4": number[-4:],
    }


def _coverage_rows(enrolment: _Enrolment) -> list[Record]:
    return [
        {"policy_id": enrolment.policy, "insured_id": member, "cover": enrolment.cover} for member in enrolment.insured
    ]


async def _account_rows(connection: Any, enrolments: Sequence[_Enrolment], now: dt.datetime) -> list[Record]:
    """An account for every insured and service; what a product grants with its riders is asked for once."""
    granted: dict[tuple[str, frozenset[str]], Sequence[Record]] = {}
    rows: list[Record] = []
    for each in enrolments:
        terms = (each.draft.product, frozenset(each.draft.riders))
        if terms not in granted:
            granted[terms] = await _granted_services(connection, each.draft)
        rows += [_account_row(each, member, service, now) for member in each.insured for service in granted[terms]]
    return rows


def _account_row(enrolment: _Enrolment, member: uuid.UUID, service: Record, now: dt.datetime) -> Record:
    return {
        "policy_id": enrolment.policy,
        "id": new_id(),
        "insured_id": member,
        "product_code": enrolment.draft.product,
        "service": service["kind"],
        "position": service["position"],
        "period": enrolment.cover,
        "granted": service["quota"],
        "held": 0,
        "used": 0,
        "cancellations": 0,
        "usable_from": _usable_from(enrolment.draft, service["waiting_days"]),
        "created_at": now,
    }


def _grant_row(account: Record, actor: str) -> Record:
    return {
        "policy_id": account["policy_id"],
        "id": new_id(),
        "account_id": account["id"],
        "command_id": new_id(),
        "kind": "GRANT",
        "granted_change": account["granted"] or 0,
        "held_change": 0,
        "used_change": 0,
        "actor": actor,
        "at": account["created_at"],
    }


async def _add(parts: Writes, table: str, rows: Sequence[Record]) -> None:
    """Many rows at once. COPY, which is a little faster, does not take part in row security."""
    if not rows:
        return
    columns = metadata.tables[table].c
    arrays = ", ".join(
        f"${place}::{columns[name].type.compile(dialect=DIALECT)}[]" for place, name in enumerate(rows[0], 1)
    )
    names = ", ".join(rows[0])
    values = zip(*(row.values() for row in rows), strict=True)
    await parts.execute(f"insert into {table} ({names}) select * from unnest({arrays})", *map(list, values))


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
    """First day after the waiting period (GEN-10): the handbook's if it states one, else the policy's, else unknown."""
    days = handbook_days if handbook_days is not None else draft.waiting_days
    return None if days is None else draft.effective_on + dt.timedelta(days=days)
