"""What a worker needs to take papers in and to give them out; built once, in `gateway.app`."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.auth.upload_tickets import TicketKey
from gateway.files.scanning import Scanner, scanner_at
from gateway.files.storage import Storage, storage_at
from gateway.settings import Settings


@dataclass(slots=True)
class Papers:
    storage: Storage
    scanner: Scanner | None  # None: nothing can be called clean, so nothing is taken in
    tickets: TicketKey
    incoming: Path
    largest: int
    keep: dt.timedelta
    public_url: str
    periods: Mapping[str, int] = field(default_factory=dict[str, int])  # days after the policy has ended, by kind
    arriving: set[uuid.UUID] = field(default_factory=set[uuid.UUID])
    checks: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]])

    @classmethod
    def of(cls, settings: Settings) -> "Papers":
        return cls(
            storage=storage_at(settings.storage_url, settings.folder / "documents"),
            scanner=scanner_at(settings.scanner, is_development=settings.is_development),
            tickets=TicketKey.load(settings.upload_key),
            incoming=settings.folder / "incoming",
            largest=settings.largest_upload,
            keep=dt.timedelta(days=settings.keep_uploads_days),
            public_url=settings.public_url,
            periods=settings.keep_papers,
        )

    async def close(self) -> None:
        """Checks that are under way come to their end; one that is cut off is taken up again later."""
        await asyncio.gather(*self.checks, return_exceptions=True)
