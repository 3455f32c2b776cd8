"""Signed bearer tokens of this gateway: issued on the command line, verified on every request."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.auth.remembered import Remembered, fingerprint
from gateway.auth.secrets import load_or_make
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.faults import Code, Fault

ISSUER = "health-insurance-gateway"
AUDIENCE = "gateway"
ALGORITHM = "EdDSA"
REMEMBERED = 10_000
LAST_SECOND = 253_402_300_799  # of the year 9999

UNREADABLE = (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, RecursionError)
"""Whatever a token that somebody made up may cause while it is read."""


class TokenKey:
    """The Ed25519 key that signs tokens. It is made on first use and readable by its owner alone."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        self._verified: Remembered[Viewer] = Remembered(REMEMBERED)

    @classmethod
    def load(cls, path: Path) -> "TokenKey":
        key = serialization.load_pem_private_key(load_or_make(path, _new_key), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} holds no Ed25519 key: move it away, and a new one is made")
        return cls(key)

    def issue(self, viewer: Viewer, *, lifetime: dt.timedelta) -> str:
        now = dt.datetime.now(dt.UTC)
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": viewer.principal,
            "iat": now,
            "exp": now + lifetime,
            "kind": viewer.kind.value,
            "name": viewer.name,
            "scope": " ".join(sorted(viewer.scopes)),
        }
        optional = {
            "policies": [policy.hex for policy in viewer.policies] or None,
            "vendor": viewer.vendor,
            "products": viewer.products,
            "services": viewer.services,
            "hospitals": viewer.hospitals,
            "role": viewer.role,
        }
        claims |= {name: value for name, value in optional.items() if value is not None}
        return jwt.encode(claims, self._private, algorithm=ALGORITHM)

    def verify(self, token: str) -> Viewer:
        """The viewer behind a token. Whatever is wrong with it, the answer tells no more than how to mend it."""
        seen = fingerprint(token)
        known = self._verified.get(seen)
        if known is not None:
            return known
        viewer, expires = self._read(token)
        self._verified.put(seen, viewer, until=expires)
        return viewer

    def _read(self, token: str) -> tuple[Viewer, float]:
        try:
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "kind", "scope"]},
            )
            return _viewer(claims), float(claims["exp"])
        except jwt.ExpiredSignatureError:
            raise expired() from None
        except UNREADABLE:
            raise invalid() from None


def expired() -> Fault:
    return Fault(Code.UNAUTHENTICATED, "The token has expired: get a new one.")


def invalid() -> Fault:
    return Fault(Code.UNAUTHENTICATED, "The token is not valid here: get a new one.")


def ends_at(seconds: float) -> dt.datetime:
    """The `exp` of a token as an instant; one beyond all calendars as the last that there is."""
    return dt.datetime.fromtimestamp(min(seconds, LAST_SECOND), dt.UTC)


def _viewer(claims: dict[str, Any]) -> Viewer:
    kind = ViewerKind(_text(claims, "kind"))
    if kind in (ViewerKind.ANONYMOUS, ViewerKind.SYSTEM):
        raise ValueError("a token is somebody's")
    return Viewer(
        kind=kind,
        principal=_text(claims, "sub"),
        name=_text(claims, "name"),
        scopes=frozenset(_text(claims, "scope").split()) | {"catalogue:read"},
        policies=tuple(uuid.UUID(policy) for policy in _texts(claims, "policies")),
        vendor=_text(claims, "vendor") if kind is ViewerKind.VENDOR else None,
        products=_cut(claims, "products"),
        services=_cut(claims, "services"),
        hospitals=_cut(claims, "hospitals"),
        role=_text(claims, "role") if kind is ViewerKind.STAFF else None,
        expires_at=ends_at(float(claims["exp"])),
    )


def _cut(claims: dict[str, Any], name: str) -> tuple[str, ...] | None:
    return tuple(_texts(claims, name)) if name in claims else None


def _text(claims: dict[str, Any], name: str) -> str:
    if not isinstance(claims[name], str):
        raise TypeError(name)
    return claims[name]


def _texts(claims: dict[str, Any], name: str) -> list[str]:
    given = claims.get(name, [])
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise TypeError(name)
    return given


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
