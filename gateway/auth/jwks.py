"""Public keys of an identity provider: read in the background, and read again when a token names an unknown one.

What a key may verify follows from the key alone. A token's own word about its algorithm is never taken.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from gateway.partners import Issuer

ALGORITHMS = {"OKP": "EdDSA", "RSA": "RS256", "EC": "ES256"}
SHORTEST_RSA = 2048
MAXIMUM_BYTES = 262_144
CHUNK = 16_384
FETCH_SECONDS = 5.0
log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that keys live by."""

    patience: float = 2.0  # a request waits this long for keys that are being read
    cool_down: float = 10.0  # between two readings, however many tokens name unknown keys
    fresh: float = 300.0  # after this, keys are read again while the old ones go on serving
    trusted: float = 86_400.0  # after this without a reading that succeeded, nobody can tell which keys still hold


PACE = Pace()


@dataclass(frozen=True, slots=True)
class VerificationKey:
    algorithm: str
    key: Any


class KeysUnknown(Exception):
    """No keys have been read yet, or none for too long."""


class KeySet:
    """The keys that one issuer publishes. Of many requests that want them read, one reading serves all."""

    def __init__(self, name: str, read: Callable[[], bytes], pace: Pace = PACE) -> None:
        self.generation = 0  # grows whenever other keys are published, and what was verified before no longer counts
        self._name = name
        self._read = read
        self._pace = pace
        self._keys: Mapping[str, VerificationKey] = {}
        self._raw = b""
        self._read_at = self._tried_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> VerificationKey | None:
        """The key of a name. An unknown one is looked for at the provider, within the request's patience."""
        self.keep_fresh()
        found = self._trusted().get(kid)
        if found is None:
            await self._read_again()
            found = self._trusted().get(kid)
        if found is None and not self._is_trusted():
            raise KeysUnknown(self._name)
        return found

    def keep_fresh(self) -> None:
        """Read the keys again, without waiting, once they are no longer fresh."""
        if time.monotonic() - self._read_at > self._pace.fresh:
            self._begin()

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _trusted(self) -> Mapping[str, VerificationKey]:
        return self._keys if self._is_trusted() else {}

    def _is_trusted(self) -> bool:
        return time.monotonic() - self._read_at <= self._pace.trusted

    async def _read_again(self) -> None:
        self._begin()
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=self._pace.patience)

    def _begin(self) -> None:
        is_running = self._reading is not None and not self._reading.done()
        if not is_running and time.monotonic() - self._tried_at > self._pace.cool_down:
            self._tried_at = time.monotonic()
            self._reading = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        """Keys that cannot be read leave the old ones in place, as long as those are trusted."""
        try:
            raw = await asyncio.to_thread(self._read)
            keys = parse(raw)
        except Exception as error:  # whatever a server somewhere answers, this one goes on
            log.warning("keys of an identity provider cannot be read", issuer=self._name, kind=type(error).__name__)
            return
        if raw != self._raw:
            self._keys, self._raw = keys, raw
            self.generation += 1
        self._read_at = time.monotonic()


def parse(raw: bytes) -> dict[str, VerificationKey]:
    """Usable keys by name. Others, such as keys for encryption or of other kinds, are left out."""
    items = orjson.loads(raw)["keys"]
    found = {
        item["kid"]: _usable(item) for item in items if isinstance(item, dict) and isinstance(item.get("kid"), str)
    }
    return {kid: key for kid, key in found.items() if key is not None}


def _usable(item: dict[str, Any]) -> VerificationKey | None:
    algorithm = ALGORITHMS.get(str(item.get("kty")))
    is_for_signatures = item.get("use", "sig") == "sig" and "verify" in item.get("key_ops", ["verify"])
    if algorithm is None or not is_for_signatures or item.get("alg", algorithm) != algorithm:
        return None
    try:
        key = jwt.PyJWK(item, algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return VerificationKey(algorithm, key) if _is_strong(key) else None


def _is_strong(key: Any) -> bool:
    """A public key of the kind that its algorithm demands; a private one, published by mistake, is none."""
    if isinstance(key, RSAPublicKey):
        return key.key_size >= SHORTEST_RSA
    if isinstance(key, EllipticCurvePublicKey):
        return isinstance(key.curve, SECP256R1)
    return isinstance(key, Ed25519PublicKey)


# Where keys are read; both block, and run in a thread.


def reader(issuer: Issuer) -> Callable[[], bytes]:
    if issuer.jwks_file is not None:
        return issuer.jwks_file.read_bytes
    url = str(issuer.jwks_url)
    return lambda: fetch(url)


class _NoRedirect(HTTPRedirectHandler):
    """The address was checked when the gateway started; where an answer points to was not."""

    def redirect_request(self, *details: Any, **named: Any) -> None:
        return None


def fetch(url: str) -> bytes:
    deadline = time.monotonic() + FETCH_SECONDS
    request = Request(url, headers={"accept": "application/json"})  # noqa: S310 - the settings allow https only
    with build_opener(_NoRedirect).open(request, timeout=FETCH_SECONDS) as response:
        parts: list[bytes] = []
        while part := response.read1(CHUNK):
            parts.append(part)
            if sum(map(len, parts)) > MAXIMUM_BYTES or time.monotonic() > deadline:
                raise ValueError("the keys are too large or come too slowly")
    return b"".join(parts)
