"""Tokens of vendors: found by their hash, issued, rotated and revoked."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.sight import SECRET
from gateway.auth.vendor_tokens import Minted
from gateway.postgres import session
from gateway.postgres.pool import Record

USED_EVERY = dt.timedelta(minutes=1)
"""How exactly it is known when a token was last used."""


@dataclass(frozen=True, slots=True)
class TokenDraft:
    """A token to be issued. What it covers has been checked against the vendor's contracts."""

    vendor: str
    name: str
    scopes: tuple[str, ...]
    products: tuple[str, ...]
    services: tuple[str, ...]
    hospitals: tuple[str, ...]
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Contract:
    """What a vendor may be given a token for."""

    products: frozenset[str]
    services: Mapping[str, frozenset[str]]  # product → what the vendor delivers of it


async def find(pool: Any, secret_hash: bytes) -> Record | None:
    """The token of a hash with its vendor's name: one probe of a unique index."""
    return await session.Telling(pool, {SECRET.name: secret_hash.hex()}).fetchrow(
        """
        select t.id, t.vendor_code, t.name, t.scopes, t.products, t.services, t.hospital_codes,
               t.expires_at, t.last_used_at, t.revoked_at, v.name_en as vendor_name
        from vendor_tokens t join vendors v on v.code = t.vendor_code
        where t.secret_hash = $1
        """,
        secret_hash,
    )


async def mark_used(pool: Any, secret_hash: bytes, now: dt.datetime) -> None:
    """Of many workers that say so at the same time, one writes."""
    async with session.transaction(pool, {SECRET.name: secret_hash.hex()}) as connection:
        await connection.execute(
            """
            update vendor_tokens set last_used_at = $2
            where secret_hash = $1 and (last_used_at is null or last_used_at <= $3)
            """,
            secret_hash,
            now,
            now - USED_EVERY,
        )


async def contract(connection: Any, vendor: str) -> Contract | None:
    """None where there is no such vendor."""
    if not await connection.fetchval("select exists (select from vendors where code = $1)", vendor):
        return None
    rows = await connection.fetch(
        "select product_code, services from product_vendors where vendor_code = $1 order by product_code", vendor
    )
    services = {row["product_code"]: frozenset(row["services"]) for row in rows}
    return Contract(frozenset(services), services)


async def unknown_hospitals(connection: Any, codes: Sequence[str]) -> list[str]:
    rows = await connection.fetch(
        "select code from unnest($1::text[]) as given (code) where code not in (select code from hospitals)", codes
    )
    return [row["code"] for row in rows]


async def issue(
    connection: Any, draft: TokenDraft, minted: Minted, *, token: uuid.UUID, actor: str, now: dt.datetime
) -> None:
    await connection.execute(
        """
        insert into vendor_tokens
          (id, vendor_code, name, prefix, secret_hash, scopes, products, services, hospital_codes,
           issued_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        token,
        draft.vendor,
        draft.name,
        minted.prefix,
        minted.hash,
        draft.scopes,
        draft.products,
        draft.services,
        draft.hospitals,
        actor,
        now,
        draft.expires_at,
    )


async def lock(connection: Any, token: uuid.UUID) -> Record | None:
    return await connection.fetchrow("select * from vendor_tokens where id = $1 for update", token)


async def succeed(connection: Any, token: uuid.UUID, successor: uuid.UUID, *, until: dt.datetime) -> None:
    """The old token of a rotation: it ends after the overlap, or when it would have ended anyway."""
    await connection.execute(
        "update vendor_tokens set successor_id = $2, expires_at = least(expires_at, $3) where id = $1",
        token,
        successor,
        until,
    )


async def revoke(connection: Any, token: uuid.UUID, *, actor: str, now: dt.datetime) -> None:
    """A token that was revoked before stays as it was."""
    await connection.execute(
        "update vendor_tokens set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null",
        token,
        now,
        actor,
    )


async def listed(connection: Any, vendor: str | None) -> list[Record]:
    """Tokens, newest first, without anything that could be used as one."""
    return await connection.fetch(
        """
        select id, vendor_code, name, prefix, scopes, products, services, hospital_codes,
               created_at, expires_at, last_used_at, revoked_at, successor_id
        from vendor_tokens where $1::text is null or vendor_code = $1 order by created_at desc, id desc
        """,
        vendor,
    )
