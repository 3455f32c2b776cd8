"""Papers that have arrived: judged by their bytes, read by whoever may, and forgotten where no case needs them."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from gateway.auth.sight import settings_of
from gateway.auth.viewer import SYSTEM, Viewer
from gateway.context import Services
from gateway.faults import Code, Fault
from gateway.files import spool
from gateway.files.inspecting import Seen, Unfit, inspect
from gateway.files.scanning import ScannerFault
from gateway.files.storage import StorageFault
from gateway.postgres import session
from gateway.postgres.pool import Record
from gateway.repositories import audit, documents, retention
from gateway.repositories.audit import Why
from gateway.validation.civil_time import civil_day
from models.documents import READABLE

RECHECKED_AFTER = dt.timedelta(minutes=5)
BATCH = 100
FIRST = uuid.UUID(int=0)
UPLOADS = "system:uploads"
ITSELF = settings_of(SYSTEM)
"""Papers are taken in, judged and forgotten by the gateway itself; who may read one was asked before."""
log = structlog.get_logger("gateway")


# Judging


def begin_check(services: Services, policy_id: uuid.UUID, document_id: uuid.UUID, file: Path) -> "asyncio.Task[None]":
    """It goes on when the client has gone; the file is its own then."""
    own = file.with_name(f"{file.name}.check")
    file.rename(own)
    task = asyncio.create_task(_checked(services, policy_id, document_id, own))
    services.papers.checks.add(task)
    task.add_done_callback(services.papers.checks.discard)
    return task


async def _checked(services: Services, policy_id: uuid.UUID, document_id: uuid.UUID, file: Path) -> None:
    try:
        await judge(services, policy_id, document_id, file)
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)


async def judge(services: Services, policy_id: uuid.UUID, document_id: uuid.UUID, file: Path) -> None:
    """From uploaded to clean, infected or unsupported. Where the scanner is away it stays unread, for `recheck`."""
    row = await _take_up(services, policy_id, document_id)
    scanner = services.papers.scanner
    if row is None or scanner is None:
        return
    try:
        found = await scanner.finds(file)
    except ScannerFault as fault:
        log.error("a paper could not be scanned", reason=str(fault))
        return
    seen = Unfit("it is infected") if found else await inspect(file)
    await _settle(services, row, "INFECTED" if found else "UNSUPPORTED" if isinstance(seen, Unfit) else "CLEAN", seen)


async def _take_up(services: Services, policy_id: uuid.UUID, document_id: uuid.UUID) -> Record | None:
    async with transaction(services) as connection:
        row = await documents.find(connection, policy_id, document_id)
        if row is None or row["state"] not in ("UPLOADED", "CHECKING"):
            return None
        now = dt.datetime.now(dt.UTC)
        moved = await documents.move(connection, row, "check", "CHECKING", role="SYSTEM", actor=UPLOADS, at=now)
        return await documents.find(connection, policy_id, document_id) if moved else None


async def _settle(services: Services, row: Record, state: str, seen: Seen | Unfit) -> None:
    now = dt.datetime.now(dt.UTC)
    reason = seen.reason if isinstance(seen, Unfit) else None
    changes = {} if isinstance(seen, Unfit) else {name: getattr(seen, name) for name in Seen.__slots__}
    async with transaction(services) as connection:
        moved = await documents.move(
            connection,
            row,
            "judge",
            state,
            role="SYSTEM",
            actor=UPLOADS,
            at=now,
            reason=reason,
            checked_at=now,
            **changes,
        )
    if moved and state != "CLEAN":
        await services.papers.storage.delete(name_of(row["policy_id"], row["id"], row["sha256"]))


async def unchecked(services: Services, now: dt.datetime, *, timer: str) -> Sequence[Record]:
    """What was uploaded and never judged."""
    telling = session.Telling(services.pool, ITSELF)
    return await documents.unchecked(telling, now - RECHECKED_AFTER, BATCH, timer=timer)


async def recheck(services: Services, paper: Record) -> bool:
    """Take it up again. Bytes that cannot be had now are a fault of the storage."""
    row = await present(services, paper)
    name = name_of(row["policy_id"], row["id"], row["sha256"])
    with spool.spooled(services.papers.incoming) as file:
        await spool.fill(file, services.papers.storage.read(name), at_most=row["size"])
        await judge(services, row["policy_id"], row["id"], file)
    return True


# Reading


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper that the viewer may read, and the noted look at it."""

    row: Record
    content: AsyncIterator[bytes]


async def read(services: Services, document: Record, viewer: Viewer, request_id: str) -> Reading:
    """The bytes of a document that the viewer sees. Nothing is read that is not noted first."""
    if document["state"] not in READABLE:
        told = "its time is over, and it was removed" if document["state"] == "REMOVED" else document["state"]
        raise Fault(Code.CONFLICT, f"This document cannot be read: {told}.")
    async with transaction(services) as connection:
        await note(services, connection, document, "documentRead", viewer.kind.value, viewer.principal, request_id)
    name = name_of(document["policy_id"], document["id"], document["sha256"])
    content = services.papers.storage.read(name)
    try:
        first = await anext(content)
    except (StorageFault, StopAsyncIteration) as fault:
        log.error("a paper could not be read", reason=str(fault))
        raise Fault(Code.UNAVAILABLE, "The document cannot be read now: try again in a moment.") from None
    return Reading(document, _with(first, content))


async def _with(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


# Forgetting


async def unattached(services: Services, now: dt.datetime, after: Record | None, *, timer: str) -> Sequence[Record]:
    """Papers that no case has taken in their time, behind one of them."""
    telling = session.Telling(services.pool, ITSELF)
    return await documents.unattached(telling, now, _place(after), BATCH, timer=timer)


async def expire(services: Services, paper: Record, now: dt.datetime) -> bool:
    """Delete one of these, bytes and name, unless it was taken meanwhile. It may be stopped at any point."""
    async with transaction(services) as connection:
        row = await documents.lock_unattached(connection, now, _place(paper))
        if row is None:
            return False
        await services.papers.storage.clear(place_of(row["policy_id"], row["id"]))
        await documents.move(connection, row, "expire", "EXPIRED", role="SYSTEM", actor=UPLOADS, at=now, file_name=None)
        await note(services, connection, row, "documentExpire", "SYSTEM", UPLOADS, "expire")
    return True


async def sweep(services: Services) -> None:
    """What uploads that broke off have left behind."""
    await asyncio.to_thread(spool.sweep, services.papers.incoming)


async def outdated(services: Services, now: dt.datetime, after: Record | None, *, timer: str) -> Sequence[Record]:
    """Papers whose time is over, behind one of them."""
    periods, under_way = services.papers.periods, services.lifecycles.under_way
    if not periods:
        return []
    telling = session.Telling(services.pool, ITSELF)
    return await retention.due(telling, periods, under_way, civil_day(now), _place(after), BATCH, timer=timer)


async def remove(services: Services, paper: Record, now: dt.datetime) -> bool:
    """Delete its bytes and name; what is known of it, and its hash, stays."""
    periods, under_way = services.papers.periods, services.lifecycles.under_way
    async with transaction(services) as connection:
        row = await retention.lock_due(connection, periods, under_way, civil_day(now), _place(paper))
        if row is None:
            return False
        await services.papers.storage.clear(place_of(*_place(paper)))
        await documents.move(connection, row, "remove", "REMOVED", role="SYSTEM", actor=UPLOADS, at=now, file_name=None)
        await note(services, connection, row, "documentRemove", "SYSTEM", UPLOADS, "remove")
    return True


def _place(paper: Record | None) -> tuple[uuid.UUID, uuid.UUID]:
    return (paper["policy_id"], paper["id"]) if paper is not None else (FIRST, FIRST)


# Helpers


async def present(services: Services, row: Record) -> Record:
    found = await find(services, row["policy_id"], row["id"])
    assert found is not None  # rows of documents are never deleted
    return found


async def find(services: Services, policy_id: uuid.UUID, document_id: uuid.UUID) -> Record | None:
    return await documents.find(session.Telling(services.pool, ITSELF), policy_id, document_id)


@asynccontextmanager
async def transaction(services: Services) -> AsyncGenerator[Any]:
    async with session.transaction(services.pool, ITSELF) as connection:
        yield connection


async def note(
    services: Services, connection: Any, row: Record, operation: str, kind: str, actor: str, request_id: str
) -> None:
    await audit.append(
        connection,
        actor_kind=kind,
        actor=actor,
        operation=operation,
        policy_id=row["policy_id"],
        subject_id=row["id"],
        request_id=request_id,
        rulebook=services.rulebook.version,
        at=dt.datetime.now(dt.UTC),
        why=Why(details={"kind": row["kind"]}),
    )


def name_of(policy_id: uuid.UUID, document_id: uuid.UUID, sha256: str) -> str:
    """By ids and by the bytes themselves, never by what a client says."""
    return f"{place_of(policy_id, document_id)}/{sha256}"


def place_of(policy_id: uuid.UUID, document_id: uuid.UUID) -> str:
    return f"{policy_id.hex}/{document_id.hex}"
