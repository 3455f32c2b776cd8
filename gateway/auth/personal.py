"""Personal numbers at rest: encrypted with AES-GCM, searchable by a keyed hash, shown by their last digits."""

import hashlib
import hmac
import os
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.auth.secrets import load_or_make

KEY_BYTES = 64
NONCE_BYTES = 12


class PersonalVault:
    """Seals numbers that identify a person. `place` (table.column) is bound into each sealed value."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"the personal-data key must have {KEY_BYTES} bytes, not {len(secret)}")
        self._cipher = AESGCM(secret[:32])
        self._hash_key = secret[32:]

    @classmethod
    def load(cls, path: Path) -> "PersonalVault":
        return cls(load_or_make(path, lambda: os.urandom(KEY_BYTES)))

    def seal(self, number: str, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, number.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()

    def fingerprint(self, kind: str, number: str) -> bytes:
        """Equal for equal numbers of a kind, and of no use to anyone without the key."""
        return hmac.digest(self._hash_key, f"{kind}:{normal(number)}".encode(), hashlib.sha256)


def normal(number: str) -> str:
    """Full-width digits, blanks and case do not make another number."""
    return unicodedata.normalize("NFKC", number).replace(" ", "").replace("-", "").upper()
