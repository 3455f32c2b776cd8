"""Keyset pages: an ordering ends with the id, and a cursor says where the last page stopped, signed."""

import base64
import datetime as dt
import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, func, tuple_

from gateway.auth.secrets import load_or_make
from gateway.execution.scalars import as_text, print_instant
from gateway.faults import bad_input

DEFAULT_SIZE = 20
MAXIMUM_SIZE = 100
MAC_BYTES = 10
DIVIDER = "\x1f"


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

    def key(self, purpose: bytes) -> bytes:
        """The key of one purpose. It may leave for the database, which signs cursors of this purpose with it."""
        return hmac.digest(self._secret, purpose, hashlib.sha256)

    def encode(self, purpose: bytes, values: Sequence[Any]) -> str:
        body = DIVIDER.join(map(_text, values)).encode()
        return _closed(self._mac(purpose, body) + body)

    def decode(self, purpose: bytes, cursor: str, kinds: Sequence[Any], argument: str) -> tuple[Any, ...]:
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
            if _closed(raw) != cursor or not hmac.compare_digest(mac, self._mac(purpose, body)):
                raise ValueError
            return tuple(_typed(text, kind) for text, kind in zip(body.decode().split(DIVIDER), kinds, strict=True))
        except ValueError:
            raise bad_input(
                "This cursor is not of this list: use one from the same field with the same where and orderBy.",
                argument,
            ) from None

    def _mac(self, purpose: bytes, body: bytes) -> bytes:
        return hashlib.sha256(self.key(purpose) + body).digest()[:MAC_BYTES]


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


def beyond(
    row: Any, keys: Sequence[Key], bounds: Sequence[ColumnElement[Any]], *, backward: bool
) -> ColumnElement[bool]:
    """Rows that come after the bounds in the ordering, or before them. Its columns all run one way, so that rows are
    compared as a whole and an index begins right at the bound."""
    (descending,) = {key.descending for key in keys}
    place, bound = tuple_(*(getattr(row, key.column) for key in keys)), tuple_(*bounds)
    return place < bound if descending != backward else place > bound


def signed_cursor(row: Any, keys: Sequence[Key], key: ColumnElement[bytes]) -> ColumnElement[str]:
    """What `CursorSigner.encode` gives for a row, made where the row is."""
    texts = [as_text(getattr(row, item.column)) for item in keys]
    body = func.convert_to(reduce(lambda head, text: head.concat(DIVIDER).concat(text), texts), "UTF8")
    mac = func.substr(func.sha256(key.op("||", return_type=LargeBinary)(body)), 1, MAC_BYTES, type_=LargeBinary)
    plain = func.encode(mac.op("||", return_type=LargeBinary)(body), "base64")
    return func.translate(plain, "+/=\n", "-_")


def order_by(row: Any, keys: Sequence[Key], *, backward: bool) -> list[ColumnElement[Any]]:
    return [
        getattr(row, key.column).desc() if key.descending != backward else getattr(row, key.column).asc()
        for key in keys
    ]


def _closed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _text(value: Any) -> str:
    return print_instant(value) if isinstance(value, dt.datetime) else str(value)


def _typed(text: str, kind: Any) -> Any:
    return kind.fromisoformat(text) if kind in (dt.datetime, dt.date) else kind(text)
