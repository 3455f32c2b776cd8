"""Papers on their way here: reserved, and received.

A ticket opens one document once, and until an instant. Whatever is wrong with one, the answer is the same.
"""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from gateway.auth.upload_tickets import Ticket
from gateway.auth.viewer import Viewer
from gateway.context import Services
from gateway.faults import Code, Fault, bad_input
from gateway.files import spool
from gateway.files.inspecting import TYPES
from gateway.files.storage import StorageFault
from gateway.postgres.pool import Record
from gateway.repositories import consents, documents
from gateway.resolvers import inputs, papers
from gateway.resolvers.bookings import ROLES
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import policy_to_act_for
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

TICKET_LIFETIME = dt.timedelta(minutes=30)
LONGEST_FILE_NAME = 200
KIND = re.compile(r"[A-Z][A-Z0-9_]{1,59}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/x-pdf": "application/pdf"}
log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class UploadRequest:
    policy_number: str
    kind: str
    file_name: str
    content_type: str
    size: int
    sha256: str | None
    issued_on: dt.date | None


async def reserve(transaction: Transaction, operation: str, request: UploadRequest) -> Work:
    """A document that nobody has brought yet, and the ticket to bring it."""
    context, now = transaction.context, transaction.context.wall_clock
    if context.services.papers.scanner is None:
        raise Fault(Code.UNAVAILABLE, "No papers are taken in now: nothing here can check them.")
    policy = await policy_to_act_for(context, transaction.connection, request.policy_number)
    row: dict[str, Any] = {
        "policy_id": policy["policy_id"],
        "id": new_id(),
        "state": "RESERVED",
        "state_seq": 1,
        **_described(request, context.services.papers.largest),
        "reserved_by": context.viewer.principal,
        "ticket_until": now + TICKET_LIFETIME,
        "keep_until": now + TICKET_LIFETIME,
        "created_at": now,
    }
    found = Facts(
        operation,
        context.now,
        policy["product_code"],
        "",
        paths={"policyNumber": ("input", "policyNumber")},
        consents=await consents.live_kinds(transaction.connection, policy["policy_id"]),
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        role, actor = ROLES[context.viewer.kind], context.viewer.principal
        await documents.reserve(transaction.connection, row, role=role, actor=actor)
        return Subject(row["policy_id"], row["id"])

    return Work(found, write)


def _described(request: UploadRequest, largest: int) -> dict[str, Any]:
    if not KIND.fullmatch(request.kind):
        raise bad_input("Expected a kind of paper in capital letters, such as LAB_REPORT.", "input", "kind")
    content_type = request.content_type.partition(";")[0].strip().lower()
    content_type = ALIASES.get(content_type, content_type)
    if content_type not in TYPES:
        raise bad_input(f"Expected one of: {', '.join(TYPES)}.", "input", "contentType")
    if not 0 < request.size <= largest:
        raise bad_input(f"Expected 1 to {largest} bytes.", "input", "size")
    if request.sha256 is not None and not SHA256.fullmatch(request.sha256.lower()):
        raise bad_input("Expected SHA-256 as 64 hexadecimal digits.", "input", "sha256")
    return {
        "kind": request.kind,
        "file_name": _file_name(request.file_name),
        "media_type": content_type,
        "size": request.size,
        "sha256": request.sha256 and request.sha256.lower(),
        "issued_on": request.issued_on,
    }


def _file_name(given: str) -> str:
    """The last part of whatever path a client sends. It is shown to people, and never the name of a file here."""
    name = inputs.required(inputs.text(given, "input", "fileName"), "input", "fileName")
    last = re.split(r"[/\\]", name.replace("\n", " ").replace("\t", " "))[-1].strip(" .")
    return (last or "document")[-LONGEST_FILE_NAME:]


def ticket_text(services: Services, row: Record) -> str:
    """The same each time that it is asked for."""
    return services.papers.tickets.write(Ticket(row["policy_id"], row["id"], row["ticket_until"]))


# Receiving


@dataclass(frozen=True, slots=True)
class Upload:
    """A request that brings bytes. `caller` is who shows a token; the ticket alone is enough."""

    ticket: str
    caller: Viewer | None
    length: int | None  # as the request states it: believed only where it is too much
    parts: AsyncIterator[bytes]
    request_id: str


async def receive(services: Services, upload: Upload) -> Record:
    """Take the bytes in and judge them; answers with the document as it is then."""
    row = await _reserved(services, upload)
    if upload.length is not None and upload.length > row["size"]:
        raise _too_large(row["size"])
    services.papers.arriving.add(row["id"])
    try:
        with spool.spooled(services.papers.incoming) as file:
            arrived = await _arrived(file, upload, row)
            await _kept(services, file, row, arrived, upload)
            await asyncio.shield(papers.begin_check(services, row["policy_id"], row["id"], file))
    finally:
        services.papers.arriving.discard(row["id"])
    return await papers.present(services, row)


async def _reserved(services: Services, upload: Upload) -> Record:
    ticket = services.papers.tickets.read(upload.ticket)
    if ticket is None:
        raise no_such_ticket()
    row = await papers.find(services, ticket.policy_id, ticket.document_id)
    is_good = (
        row is not None
        and row["state"] == "RESERVED"
        and row["id"] not in services.papers.arriving
        and dt.datetime.now(dt.UTC) < row["ticket_until"]
        and (upload.caller is None or upload.caller.principal == row["reserved_by"])
    )
    if row is None or not is_good:
        raise no_such_ticket()
    return row


def no_such_ticket() -> Fault:
    return Fault(Code.BAD_USER_INPUT, "This ticket opens nothing: ask for a new one by `uploadTicketCreate`.")


def _too_large(size: int) -> Fault:
    return Fault(Code.LIMIT_EXCEEDED, f"The ticket is for {size} bytes, and these are more.")


async def _arrived(file: Path, upload: Upload, row: Record) -> spool.Arrived:
    try:
        arrived = await spool.fill(file, upload.parts, at_most=row["size"])
    except spool.TooLarge:
        raise _too_large(row["size"]) from None
    except StorageFault as fault:
        raise _unkept(fault) from None
    if arrived.size < row["size"]:
        raise bad_input(f"The ticket is for {row['size']} bytes, and these are {arrived.size}.")
    if row["sha256"] not in (None, arrived.sha256):
        raise bad_input("These are not the bytes that the ticket is for: their SHA-256 is another one.")
    return arrived


def _unkept(fault: StorageFault) -> Fault:
    log.error("a paper could not be stored", reason=str(fault))
    return Fault(Code.UNAVAILABLE, "The paper cannot be stored now: try again in a moment.")


async def _kept(services: Services, file: Path, row: Record, arrived: spool.Arrived, upload: Upload) -> None:
    """In the storage first, then in the database: what the database knows is there."""
    name = papers.name_of(row["policy_id"], row["id"], arrived.sha256)
    try:
        await services.papers.storage.keep(name, file)
    except StorageFault as fault:
        raise _unkept(fault) from None
    now = dt.datetime.now(dt.UTC)
    async with papers.transaction(services) as connection:
        kind = row["reserved_by"].partition(":")[0].upper()
        was_first = await documents.move(
            connection,
            row,
            "upload",
            "UPLOADED",
            role=kind,
            actor=row["reserved_by"],
            at=now,
            sha256=arrived.sha256,
            uploaded_at=now,
            keep_until=now + services.papers.keep,
        )
        if was_first:
            await papers.note(services, connection, row, "documentUpload", kind, row["reserved_by"], upload.request_id)
    if not was_first:
        await _drop_loser(services, row, name)
        raise no_such_ticket()


async def _drop_loser(services: Services, row: Record, name: str) -> None:
    """Another request was first with the same ticket. The same bytes have the same name, and stay."""
    winner = await papers.find(services, row["policy_id"], row["id"])
    if winner is None or papers.name_of(winner["policy_id"], winner["id"], winner["sha256"]) != name:
        await services.papers.storage.delete(name)
