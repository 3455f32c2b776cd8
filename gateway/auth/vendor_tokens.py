"""Opaque tokens of vendors: `hgv_<43 signs>_<6 signs>`, recognisable anywhere and worth nothing in the database.

The last six signs are a checksum: a slip of the keyboard, or half a token, is told from a real one without asking
anybody. It keeps no secret; the 256 random bits do.
"""

import binascii
import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.auth.secrets import load_or_make

PREFIX: Final = "hgv_"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET_BYTES = 32
SECRET_SIGNS = 43
CHECK_SIGNS = 6
SHOWN_SIGNS = len(PREFIX) + 8
KEY_BYTES = 32
SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{SECRET_SIGNS}}}_[0-9A-Za-z]{{{CHECK_SIGNS}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token. Its text is shown once; the prefix and the hash are what stays."""

    text: str = field(repr=False)
    prefix: str
    hash: bytes


class VendorKey:
    """The installation's key under which tokens are hashed: without it, a copy of the database tests no guess."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key of vendors' tokens must have {KEY_BYTES} bytes, not {len(key)}")
        self._key = key

    @classmethod
    def load(cls, path: Path) -> "VendorKey":
        return cls(load_or_make(path, lambda: os.urandom(KEY_BYTES)))

    def mint(self) -> Minted:
        body = PREFIX + _base62(int.from_bytes(os.urandom(SECRET_BYTES)), SECRET_SIGNS)
        text = f"{body}_{_checksum(body)}"
        return Minted(text, text[:SHOWN_SIGNS], self.hash(text))

    def hash(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), hashlib.sha256)


def is_meant(token: str) -> bool:
    """Whether somebody means a vendor's token, well written or not."""
    return token.startswith(PREFIX)


def is_well_written(token: str) -> bool:
    return SHAPE.fullmatch(token) is not None and _checksum(token[: -CHECK_SIGNS - 1]) == token[-CHECK_SIGNS:]


def _checksum(body: str) -> str:
    return _base62(binascii.crc32(body.encode()), CHECK_SIGNS)


def _base62(number: int, length: int) -> str:
    signs: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        signs.append(DIGITS[digit])
    return "".join(reversed(signs))
