"""From a bearer token to the viewer behind it: our own, an identity provider's, or a vendor's."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog

from gateway.auth import vendor_tokens
from gateway.auth.issuers import Issuers, SignedIn
from gateway.auth.tokens import TokenKey, ends_at, expired, invalid
from gateway.auth.vendor_tokens import VendorKey
from gateway.auth.viewer import Access, Viewer, ViewerKind
from gateway.faults import Code, Fault
from gateway.repositories import grants, tokens

LONGEST_TOKEN = 16_384
LOOK_UP_SECONDS = 5.0
UNREACHABLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
log = structlog.get_logger("gateway")


class Identities:
    """One worker's way to recognize callers.

    Signed tokens are verified once and remembered until they end. A vendor's token and a customer's grants are looked
    up at every request, by one probe of an index: nothing about them is remembered, so that what was taken back is
    refused by every worker from the next request on, through any pooler.

    Tokens that the gateway has signed itself are for development; in production `own` is None, and they open nothing.
    """

    def __init__(self, pool: Any, *, own: TokenKey | None, issuers: Issuers, vendors: VendorKey) -> None:
        self._pool = pool
        self._own = own
        self._issuers = issuers
        self._vendors = vendors
        self._marking: dict[uuid.UUID, asyncio.Task[None]] = {}

    async def viewer(self, token: str) -> Viewer:
        if len(token) > LONGEST_TOKEN:
            raise invalid()
        if vendor_tokens.is_meant(token):
            return await self._vendor(token)
        person = await self._issuers.verify(token)
        if person is not None:
            return await self._customer(person) if person.role is None else _staff(person, person.role)
        if self._own is None:
            raise invalid()
        return self._own.verify(token)

    async def close(self) -> None:
        """Let what was noted on the side reach the database, as long as it is there."""
        await self._issuers.close()
        await asyncio.gather(*self._marking.values(), return_exceptions=True)

    async def _customer(self, customer: SignedIn) -> Viewer:
        look_up = grants.of_subject(self._pool, customer.issuer, customer.subject, dt.datetime.now(dt.UTC))
        access = tuple(Access(**row) for row in await _reached(look_up))
        return Viewer(
            ViewerKind.CUSTOMER,
            f"customer:{customer.issuer}#{customer.subject}",
            "customer",
            customer.scopes,
            policies=tuple(dict.fromkeys(each.policy_id for each in access if each.insured_id is None)),
            login=(customer.issuer, customer.subject),
            access=access,
            expires_at=ends_at(customer.expires),
        )

    async def _vendor(self, token: str) -> Viewer:
        if not vendor_tokens.is_well_written(token):
            raise Fault(Code.UNAUTHENTICATED, "The token is not complete or has a slip in it: copy it again.")
        now = dt.datetime.now(dt.UTC)
        secret = self._vendors.hash(token)
        row = await _reached(tokens.find(self._pool, secret))
        if row is None or row["revoked_at"] is not None:
            raise invalid()
        if row["expires_at"] <= now:
            raise expired()
        self._note_use(row, secret, now)
        return _vendor_viewer(row)

    def _note_use(self, row: Mapping[str, Any], secret: bytes, now: dt.datetime) -> None:
        """Beside the request, which does not wait for it."""
        is_due = row["last_used_at"] is None or now - row["last_used_at"] >= tokens.USED_EVERY
        if is_due and row["id"] not in self._marking:
            task = asyncio.create_task(self._mark_used(secret, now))
            self._marking[row["id"]] = task
            task.add_done_callback(lambda _: self._marking.pop(row["id"], None))

    async def _mark_used(self, secret: bytes, now: dt.datetime) -> None:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                await tokens.mark_used(self._pool, secret, now)
        except UNREACHABLE as error:
            log.warning("the last use of a vendor's token was not noted", kind=type(error).__name__)


async def _reached(look_up: Any) -> Any:
    """What the database says; a caller is told when it cannot be asked, since nobody can be recognized then."""
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            return await look_up
    except UNREACHABLE as error:
        log.error("a caller could not be looked up", kind=type(error).__name__)
        raise Fault(Code.UNAVAILABLE, "Callers cannot be recognized now: try again in a moment.") from None


def _staff(person: SignedIn, role: str) -> Viewer:
    return Viewer(
        ViewerKind.STAFF,
        f"staff:{person.issuer}#{person.subject}",
        role,
        person.scopes,
        role=role,
        expires_at=ends_at(person.expires),
    )


def _vendor_viewer(row: Mapping[str, Any]) -> Viewer:
    return Viewer(
        ViewerKind.VENDOR,
        f"vendor:{row['vendor_code']}",
        row["vendor_name"],
        frozenset(row["scopes"]) | {"catalogue:read"},
        vendor=row["vendor_code"],
        products=tuple(row["products"]),
        services=tuple(row["services"]) or None,
        hospitals=tuple(row["hospital_codes"]) or None,
        expires_at=row["expires_at"],
    )
