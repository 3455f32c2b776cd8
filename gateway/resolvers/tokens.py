"""Tokens of vendors: issued for what a contract covers, rotated with an overlap, revoked at once.

They live by the real clock. The command line and the mutations go through the same functions here.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.vendor_tokens import Minted, VendorKey
from gateway.auth.viewer import VENDOR_LIMIT
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.postgres.pool import Record
from gateway.repositories import tokens
from gateway.repositories.tokens import TokenDraft
from gateway.resolvers import inputs
from gateway.resolvers.commands import Reference, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

ID_PREFIX = "vtok"
LIFETIME = dt.timedelta(days=365)
LONGEST_LIFETIME = dt.timedelta(days=731)
OVERLAP_HOURS = 24
LONGEST_OVERLAP_HOURS = 168
LONGEST_LIST = 100


@dataclass(frozen=True, slots=True)
class TokenRequest:
    vendor: str
    name: str
    scopes: tuple[str, ...]
    products: tuple[str, ...]
    services: tuple[str, ...] = ()
    hospitals: tuple[str, ...] = ()
    expires_at: dt.datetime | None = None


async def issue(transaction: Transaction, operation: str, request: TokenRequest) -> Work:
    connection, now = transaction.connection, transaction.context.wall_clock
    draft = await checked(connection, request, now)

    async def write(verdicts: Sequence[Verdict]) -> Reference:
        token, minted = await issued(connection, draft, _key(transaction), actor=_actor(transaction), now=now)
        return Reference(token, minted.text)

    return _work(transaction, operation, write)


async def rotate(
    transaction: Transaction, operation: str, *, token: str, overlap_hours: int, expires_at: dt.datetime | None
) -> Work:
    connection, now = transaction.connection, transaction.context.wall_clock
    old = await _locked(connection, token)
    draft = successor_of(old, expires_at=expires_at, now=now)
    until = now + _overlap(overlap_hours)

    async def write(verdicts: Sequence[Verdict]) -> Reference:
        new, minted = await issued(connection, draft, _key(transaction), actor=_actor(transaction), now=now)
        await tokens.succeed(connection, old["id"], new, until=until)
        return Reference(new, minted.text)

    return _work(transaction, operation, write)


async def revoke(transaction: Transaction, operation: str, *, token: str) -> Work:
    connection = transaction.connection
    row = await _locked(connection, token)

    async def write(verdicts: Sequence[Verdict]) -> Reference:
        await tokens.revoke(connection, row["id"], actor=_actor(transaction), now=transaction.context.wall_clock)
        return Reference(row["id"])

    return _work(transaction, operation, write)


async def issued(
    connection: Any, draft: TokenDraft, key: VendorKey, *, actor: str, now: dt.datetime
) -> tuple[uuid.UUID, Minted]:
    token, minted = new_id(), key.mint()
    await tokens.issue(connection, draft, minted, token=token, actor=actor, now=now)
    return token, minted


async def checked(connection: Any, request: TokenRequest, now: dt.datetime) -> TokenDraft:
    """A token carries no more than a vendor may do, for no more than it has contracts for."""
    contract = await tokens.contract(connection, request.vendor)
    if contract is None:
        raise bad_input("Expected the code of a vendor.", "input", "vendor")
    services = frozenset[str]().union(*(contract.services.get(product, ()) for product in request.products))
    _check(request.scopes, frozenset(VENDOR_LIMIT), "scopes", at_least=1)
    _check(request.products, contract.products, "products", at_least=1)
    _check(request.services, services, "services")
    await _check_hospitals(connection, request.hospitals)
    return TokenDraft(
        vendor=request.vendor,
        name=inputs.required(inputs.name(request.name, "input", "name"), "input", "name"),
        scopes=_distinct(request.scopes),
        products=_distinct(request.products),
        services=_distinct(request.services),
        hospitals=_distinct(request.hospitals),
        expires_at=_ending(request.expires_at, now),
    )


def successor_of(old: Record, *, expires_at: dt.datetime | None, now: dt.datetime) -> TokenDraft:
    """The same in every respect but its end; what has ended or has a successor is not rotated."""
    if old["revoked_at"] is not None or old["expires_at"] <= now:
        raise Fault(Code.CONFLICT, "This token has ended: issue a new one.", inputPath=["input", "token"])
    if old["successor_id"] is not None:
        raise Fault(Code.CONFLICT, "This token was rotated before: rotate its successor.", inputPath=["input", "token"])
    return TokenDraft(
        vendor=old["vendor_code"],
        name=old["name"],
        scopes=tuple(old["scopes"]),
        products=tuple(old["products"]),
        services=tuple(old["services"]),
        hospitals=tuple(old["hospital_codes"]),
        expires_at=_ending(expires_at, now),
    )


def _work(transaction: Transaction, operation: str, write: Any) -> Work:
    """No handbook speaks of tokens, so no rule is asked."""
    return Work(Facts(operation, transaction.context.now, "", ""), write)


def _key(transaction: Transaction) -> VendorKey:
    return transaction.context.services.vendor_key


def _actor(transaction: Transaction) -> str:
    return transaction.context.viewer.principal


async def _locked(connection: Any, token: str) -> Record:
    (key,) = ids.decode_as(ID_PREFIX, token, 1, "input", "token")
    row = await tokens.lock(connection, key)
    if row is None:
        raise ids.not_an_id(ID_PREFIX, "input", "token")
    return row


def _overlap(hours: int) -> dt.timedelta:
    if not 0 <= hours <= LONGEST_OVERLAP_HOURS:
        raise bad_input(f"Expected 0 to {LONGEST_OVERLAP_HOURS} hours.", "input", "overlapHours")
    return dt.timedelta(hours=hours)


def _ending(wanted: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    if wanted is None:
        return now + LIFETIME
    if not now < wanted <= now + LONGEST_LIFETIME:
        raise bad_input(f"Expected an instant within the next {LONGEST_LIFETIME.days} days.", "input", "expiresAt")
    return wanted


def _check(given: Sequence[str], allowed: frozenset[str], field: str, *, at_least: int = 0) -> None:
    if not at_least <= len(given) <= LONGEST_LIST:
        raise bad_input(f"Expected {at_least} to {LONGEST_LIST} items.", "input", field)
    if not set(given) <= allowed:
        raise bad_input(f"Expected any of: {', '.join(sorted(allowed)) or 'none'}.", "input", field)


async def _check_hospitals(connection: Any, codes: Sequence[str]) -> None:
    if len(codes) > LONGEST_LIST:
        raise bad_input(f"Expected 0 to {LONGEST_LIST} items.", "input", "hospitals")
    if codes and await tokens.unknown_hospitals(connection, codes):
        raise bad_input("Expected codes of hospitals.", "input", "hospitals")


def _distinct(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
