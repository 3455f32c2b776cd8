"""Tickets for uploads: signed, good for one document until an instant, and kept nowhere.

Since the same document and instant give the same ticket, a client whose answer was lost gets it again under its
idempotency key.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from gateway.auth.secrets import load_or_make

KEY_BYTES = 32
SECONDS_BYTES = 6
BODY_BYTES = 16 + 16 + SECONDS_BYTES
MAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    policy_id: uuid.UUID
    document_id: uuid.UUID
    until: dt.datetime


class TicketKey:
    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key of upload tickets must have {KEY_BYTES} bytes, not {len(key)}")
        self._key = key

    @classmethod
    def load(cls, path: Path) -> "TicketKey":
        return cls(load_or_make(path, lambda: os.urandom(KEY_BYTES)))

    def write(self, ticket: Ticket) -> str:
        seconds = int(ticket.until.timestamp()).to_bytes(SECONDS_BYTES)
        body = ticket.policy_id.bytes + ticket.document_id.bytes + seconds
        return base64.urlsafe_b64encode(body + self._mac(body)).rstrip(b"=").decode()

    def read(self, text: str) -> Ticket | None:
        """None for what this key has not signed."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        body, mac = raw[:BODY_BYTES], raw[BODY_BYTES:]
        if len(raw) != BODY_BYTES + MAC_BYTES or not hmac.compare_digest(mac, self._mac(body)):
            return None
        until = dt.datetime.fromtimestamp(int.from_bytes(body[32:]), dt.UTC)
        return Ticket(uuid.UUID(bytes=body[:16]), uuid.UUID(bytes=body[16:32]), until)

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)
