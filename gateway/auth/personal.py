"""Personal numbers at rest: encrypted with AES-GCM, searchable by a keyed hash, shown by their last digits.

The key file holds one key or several, the newest last: the newest seals, and all of them open. Each sealed value begins
with the mark of its key, so that the database can tell what an older one has sealed.
"""

import hashlib
import hmac
import os
import unicodedata
import uuid
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.auth.secrets import load_or_make

KEY_BYTES = 64
NONCE_BYTES = 12
MARK_BYTES = 4


class Key:
    """One key: half of it seals, the other half hashes. Its mark tells it from others and nothing about it."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(secret[:32])
        self._hash_key = secret[32:]
        self.mark = hashlib.sha256(b"mark:" + secret).digest()[:MARK_BYTES]

    def seal(self, number: str, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self.mark + nonce + self._cipher.encrypt(nonce, number.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        nonce, text = sealed[MARK_BYTES : MARK_BYTES + NONCE_BYTES], sealed[MARK_BYTES + NONCE_BYTES :]
        return self._cipher.decrypt(nonce, text, place.encode()).decode()

    def fingerprint(self, kind: str, number: str) -> bytes:
        return hmac.digest(self._hash_key, f"{kind}:{normal(number)}".encode(), hashlib.sha256)


class PersonalVault:
    """Seals numbers that identify a person. `place` (table.column) is bound into each sealed value.

    A key that is added to the file is taken up by running workers at once: the file is looked at before each use.
    """

    def __init__(self, secret: bytes, path: Path | None = None) -> None:
        self._path = path
        self._stamp = None if path is None else _stamp(path)
        self._keys = _keys(secret)

    @classmethod
    def load(cls, path: Path) -> "PersonalVault":
        return cls(load_or_make(path, lambda: os.urandom(KEY_BYTES)), path)

    @property
    def mark(self) -> bytes:
        """That of the newest key."""
        return self._fresh()[-1].mark

    @property
    def all_marks(self) -> tuple[bytes, ...]:
        return tuple(key.mark for key in self._fresh())

    def seal(self, number: str, place: str) -> bytes:
        return self._fresh()[-1].seal(number, place)

    def open(self, sealed: bytes, place: str) -> str:
        for key in self._fresh():
            if hmac.compare_digest(key.mark, sealed[:MARK_BYTES]):
                return key.open(sealed, place)
        raise InvalidTag

    def fingerprint(self, kind: str, number: str) -> bytes:
        """Equal for equal numbers of a kind under the newest key, and of no use to anyone without it."""
        return self._fresh()[-1].fingerprint(kind, number)

    def fingerprints(self, kind: str, number: str) -> list[bytes]:
        """What to search for: while keys change, rows are hashed by one or another of them."""
        return [key.fingerprint(kind, number) for key in self._fresh()]

    def _fresh(self) -> tuple[Key, ...]:
        if self._path is not None:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._keys, self._stamp = _keys(self._path.read_bytes()), stamp
        return self._keys


def add_key(path: Path) -> None:
    """A new key behind those that are there."""
    _replace(path, path.read_bytes() + os.urandom(KEY_BYTES))


def keep_keys(path: Path, marks: frozenset[bytes]) -> int:
    """Forget the keys whose marks are not among these, but never the newest; how many."""
    secret = path.read_bytes()
    secrets = [secret[at : at + KEY_BYTES] for at in range(0, len(secret), KEY_BYTES)]
    kept = [each for place, each in enumerate(secrets, 1) if place == len(secrets) or Key(each).mark in marks]
    _replace(path, b"".join(kept))
    return len(secrets) - len(kept)


def normal(number: str) -> str:
    """Full-width digits, blanks and case do not make another number."""
    return unicodedata.normalize("NFKC", number).replace(" ", "").replace("-", "").upper()


def _keys(secret: bytes) -> tuple[Key, ...]:
    if not secret or len(secret) % KEY_BYTES:
        raise ValueError(f"the personal-data keys must have {KEY_BYTES} bytes each, not {len(secret)} together")
    return tuple(Key(secret[at : at + KEY_BYTES]) for at in range(0, len(secret), KEY_BYTES))


def _stamp(path: Path) -> tuple[int, int, int]:
    seen = path.stat()
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    draft.touch(mode=0o600)
    try:
        with draft.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
