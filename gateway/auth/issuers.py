"""Tokens of identity providers: who a customer or a member of staff is, as a provider of the settings has signed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt

from gateway.auth.jwks import PACE, KeySet, KeysUnknown, Pace, reader
from gateway.auth.remembered import Remembered, fingerprint
from gateway.auth.tokens import REMEMBERED, UNREADABLE, expired, invalid
from gateway.auth.viewer import CUSTOMER_SCOPES, STAFF_ROLES
from gateway.faults import Code, Fault
from gateway.partners import Issuer

SKEW_SECONDS = 60
LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a provider says: whom it means, and which scopes the token carries. Only staff have a role."""

    issuer: str
    subject: str
    scopes: frozenset[str]
    expires: float
    role: str | None = None


@dataclass(frozen=True, slots=True)
class _Provider:
    settings: Issuer
    keys: KeySet


class Issuers:
    """All configured identity providers."""

    def __init__(self, configured: Iterable[Issuer], pace: Pace = PACE) -> None:
        self._providers = {
            settings.issuer: _Provider(settings, KeySet(settings.issuer, reader(settings), pace))
            for settings in configured
        }
        self._verified: Remembered[SignedIn] = Remembered(REMEMBERED)

    def begin(self) -> None:
        """Read all keys, before anybody needs them and without anybody waiting."""
        for provider in self._providers.values():
            provider.keys.keep_fresh()

    async def close(self) -> None:
        for provider in self._providers.values():
            await provider.keys.close()

    async def verify(self, token: str) -> SignedIn | None:
        """Whoever is behind a token; None where the token names none of these issuers."""
        provider = self._named_by(token) if self._providers else None
        if provider is None:
            return None
        provider.keys.keep_fresh()
        seen = (fingerprint(token), provider.keys.generation)
        known = self._verified.get(seen)
        if known is None:
            known = await _verified(provider, token)
            self._verified.put((seen[0], provider.keys.generation), known, until=known.expires)
        return known

    def _named_by(self, token: str) -> _Provider | None:
        """Whom the token claims to be from: only a choice of the keys that it must then hold against."""
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
            return self._providers.get(claims["iss"])
        except UNREADABLE:
            return None


async def _verified(provider: _Provider, token: str) -> SignedIn:
    try:
        key = await provider.keys.find(_key_name(token))
        if key is None:
            raise invalid()
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            issuer=provider.settings.issuer,
            audience=provider.settings.audience,
            leeway=SKEW_SECONDS,
            options={"require": ["exp", "iat"]},
        )
        return _signed_in(claims, provider.settings)
    except jwt.ExpiredSignatureError:
        raise expired() from None
    except UNREADABLE:
        raise invalid() from None
    except KeysUnknown:
        raise Fault(
            Code.UNAVAILABLE, "The identity provider's keys cannot be read now: try again in a moment."
        ) from None


def _key_name(token: str) -> str:
    name = jwt.get_unverified_header(token)["kid"]
    if not isinstance(name, str):
        raise TypeError(name)
    return name


def _signed_in(claims: dict[str, Any], settings: Issuer) -> SignedIn:
    subject = claims[settings.subject_claim]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise ValueError(settings.subject_claim)
    role = claims[settings.role_claim] if settings.is_of_staff else None
    most = CUSTOMER_SCOPES if role is None else STAFF_ROLES[role]
    return SignedIn(settings.issuer, subject, _scopes(claims, frozenset(most)), float(claims["exp"]), role)


def _scopes(claims: dict[str, Any], most: frozenset[str]) -> frozenset[str]:
    """Those of the kind or the role, cut to those that the token names where it names any; letter case counts."""
    wanted = claims.get("scope")
    if wanted is None:
        return most
    if not isinstance(wanted, str):
        raise TypeError("scope")
    return frozenset(wanted.split()) & most | {"catalogue:read"}
