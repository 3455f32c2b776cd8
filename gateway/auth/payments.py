"""Providers of online payment: where a client pays, and how word of it comes back.

A provider is asked for nothing while rows are locked: the address that the client goes to says what is to be paid and
is signed, and so is what the provider sends when it is done.
"""

import datetime as dt
import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from gateway.auth.secrets import load_or_make

SANDBOX = "sandbox"
SECRET_BYTES = 32
SHORTEST_SECRET = 16
TOLERANCE = 300
"""Seconds that a signed message may be old, or ahead of this clock."""

SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


class Provider(Protocol):
    """One more provider is one more of these."""

    @property
    def name(self) -> str: ...

    def checkout(self, reference: str, amount: Decimal) -> str:
        """The address where a client pays this amount."""
        ...

    def is_genuine(self, signature: str, body: bytes, now: dt.datetime) -> bool:
        """Whether these bytes come from the provider, and just now."""
        ...


@dataclass(frozen=True, slots=True)
class SignedProvider:
    """A provider that shares a secret with us. Both directions are signed by HMAC-SHA256."""

    name: str
    address: str
    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret of {self.name} must have at least {SHORTEST_SECRET} bytes")

    def checkout(self, reference: str, amount: Decimal) -> str:
        asked = {"reference": reference, "amount": str(amount), "currency": "CNY"}
        return f"{self.address}?{urlencode(asked | {'sign': self.sign_checkout(reference, str(amount))})}"

    def sign_checkout(self, reference: str, amount: str) -> str:
        return self._hex(f"checkout.{reference}.{amount}.CNY".encode())

    def sign(self, body: bytes, at: int) -> str:
        """`t=<unix seconds>,v1=<hex of "t.body">`, as webhooks of the gateway are signed."""
        return f"t={at},v1={self._hex(f'{at}.'.encode() + body)}"

    def is_genuine(self, signature: str, body: bytes, now: dt.datetime) -> bool:
        found = SIGNATURE.fullmatch(signature)
        if found is None or abs(int(found[1]) - now.timestamp()) > TOLERANCE:
            return False
        return hmac.compare_digest(self.sign(body, int(found[1])), signature)

    def _hex(self, message: bytes) -> str:
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Payments:
    """The providers that are known. The first one takes new payments; word from all of them is taken."""

    providers: Sequence[Provider] = ()

    @property
    def first(self) -> Provider | None:
        return self.providers[0] if self.providers else None

    def named(self, name: str) -> Provider | None:
        return next((provider for provider in self.providers if provider.name == name), None)


def sandbox(secret_file: Path, public_url: str) -> SignedProvider:
    """For development: its page stands in the gateway itself, and money is a button."""
    secret = load_or_make(secret_file, lambda: os.urandom(SECRET_BYTES))
    return SignedProvider(SANDBOX, f"{public_url}/payments/{SANDBOX}/checkout", secret)
