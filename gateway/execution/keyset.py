"""Keyset pages: an ordering ends with the id, and a cursor says where the last page stopped, signed."""

import base64
import datetime as dt
import hashlib
import hmac
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, or_

from gateway.auth.secrets import load_or_make
from gateway.faults import bad_input

DEFAULT_SIZE = 20
MAXIMUM_SIZE = 100
MAC_BYTES = 10


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an ordering. It is never null, so that every row has its place."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """How much of a list is asked for, and from where."""

    size: int
    is_backward: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None


class CursorSigner:
    """Makes cursors that hold for one list, one filter and one ordering only."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def load(cls, path: Path) -> "CursorSigner":
        """The key of all workers of this installation, made on first use."""
        return cls(load_or_make(path, lambda: os.urandom(32)))

    def encode(self, purpose: bytes, values: Sequence[Any]) -> str:
        body = orjson.dumps([_plain(value) for value in values])
        return base64.urlsafe_b64encode(self._mac(purpose, body) + body).decode().rstrip("=")

    def decode(self, purpose: bytes, cursor: str, kinds: Sequence[Any], argument: str) -> tuple[Any, ...]:
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
            if not hmac.compare_digest(mac, self._mac(purpose, body)):
                raise ValueError
            return tuple(_typed(value, kind) for value, kind in zip(orjson.loads(body), kinds, strict=True))
        except ValueError:
            raise bad_input(
                "This cursor is not of this list: use one from the same field with the same where and orderBy.",
                argument,
            ) from None

    def _mac(self, purpose: bytes, body: bytes) -> bytes:
        return hmac.digest(self._secret, hashlib.sha256(purpose).digest() + body, hashlib.sha256)[:MAC_BYTES]


def page_of(first: int | None, after: Any, last: int | None, before: Any) -> Page:
    """The page that the arguments ask for; contradictions and sizes out of bounds are the caller's error."""
    if first is not None and last is not None:
        raise bad_input("Ask for `first` or for `last`, not for both.", "last")
    if last is not None and after is not None:
        raise bad_input("`after` goes with `first`; `last` goes with `before`.", "after")
    if before is not None and last is None:
        raise bad_input("`before` goes with `last`.", "before")
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= MAXIMUM_SIZE:
            raise bad_input(f"`{name}` may be 0 to {MAXIMUM_SIZE}, not {size}.", name)
    if last is not None:
        return Page(last, is_backward=True, before=before)
    return Page(DEFAULT_SIZE if first is None else first, after=after)


def beyond(row: Any, keys: Sequence[Key], values: Sequence[Any], *, backward: bool) -> ColumnElement[bool]:
    """Rows that come after the values in the ordering, or before them."""
    steps: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        item = getattr(row, key.column)
        steps.append(and_(*equal, item < value if key.descending != backward else item > value))
        equal.append(item == value)
    return or_(*steps)


def order_by(row: Any, keys: Sequence[Key], *, backward: bool) -> list[ColumnElement[Any]]:
    return [
        getattr(row, key.column).desc() if key.descending != backward else getattr(row, key.column).asc()
        for key in keys
    ]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (Decimal, uuid.UUID)) else value


def _typed(value: Any, kind: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if kind is dt.datetime or kind is dt.date or kind is dt.time:
        return kind.fromisoformat(value)
    return kind(value) if kind in (uuid.UUID, Decimal) else value
