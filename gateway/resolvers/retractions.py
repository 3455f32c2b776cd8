"""What was put into a health record in error is taken back: it stays, with who took it back, when and why."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import Viewer, ViewerKind
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import health_records as rows
from gateway.repositories import outbox, writes
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

MEASUREMENT = "GROWTH_MEASUREMENT"


@dataclass(frozen=True, slots=True)
class Kind:
    """Where such parts of a record lie, the service that they belong to, and how they are named."""

    table: str
    prefix: str
    service: str
    name: str


ENTRY = Kind("health_record_entries", "hent", "HEALTH_RECORD", "entry")
ASSESSMENT = Kind("growth_assessments", "grow", "GROWTH_ASSESSMENT", "growthAssessment")


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry that is taken back for another one, and why."""

    entry: str
    reason: str


async def retract(transaction: Transaction, operation: str, kind: Kind, *, id: str, reason: str) -> Work:
    """No rule speaks against it: less is kept afterwards, and whoever may not see a part cannot name it."""
    why = _reason(reason, "input")
    row = await _found(transaction, kind, id, "input", kind.name)
    context = transaction.context

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return await _retract(transaction, kind, row, why)

    return Work(Facts(operation, context.now, row["product_code"], kind.service, vendor=row["vendor_code"]), write)


async def wrong_entry(
    transaction: Transaction, policy_id: uuid.UUID, insured_id: uuid.UUID, corrects: Wrong
) -> Mapping[str, Any]:
    """The entry that another one is to stand in the place of, of the same record."""
    path = ("input", "corrects")
    why = _reason(corrects.reason, *path)
    row = await _found(transaction, ENTRY, corrects.entry, *path, "entry")
    if (row["policy_id"], row["insured_id"]) != (policy_id, insured_id):
        raise ids.not_an_id(ENTRY.prefix, *path, "entry")
    return {**row, "reason": why}


async def replace(transaction: Transaction, wrong: Mapping[str, Any], by: uuid.UUID) -> None:
    await _retract(transaction, ENTRY, wrong, wrong["reason"], replaced_by=by)


def _reason(given: str, *path: str) -> str:
    return inputs.required(inputs.text(given, *path, "reason"), *path, "reason")


async def _found(transaction: Transaction, kind: Kind, id: str, *path: str) -> Mapping[str, Any]:
    viewer = transaction.context.viewer
    viewer.require_cover(service=kind.service)
    row = await rows.lock(transaction.connection, kind.table, *ids.decode_as(kind.prefix, id, 2, *path))
    if row is None or not _may_see(viewer, row):
        raise ids.not_an_id(kind.prefix, *path)
    if row["is_retracted"]:
        raise bad_input("It has been taken back already.", *path)
    return row


def _may_see(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    """Of vendors, the one that keeps it, while the client agrees: naming a policy opens more than that."""
    if viewer.kind is not ViewerKind.VENDOR:
        return True
    return row["vendor_code"] == viewer.vendor and row["has_consent"] and viewer.covers(product=row["product_code"])


async def _retract(
    transaction: Transaction, kind: Kind, row: Mapping[str, Any], reason: str, **more: uuid.UUID
) -> Subject:
    context, subject = transaction.context, Subject(row["policy_id"], row["id"])
    by = {"retracted_by": context.viewer.principal, "retracted_at": context.now, "retraction_reason": reason}
    key = {"policy_id": subject.policy_id, "id": subject.id}
    await writes.update(transaction.writes, kind.table, key, {"is_retracted": True, **by, **more})
    if kind is ENTRY and row["kind"] == MEASUREMENT:
        await rows.doubt_growth(transaction.writes, row, context.now)
    topic = f"healthRecord.{kind.name}Retracted"
    await outbox.post(
        transaction.writes,
        policy_id=subject.policy_id,
        subject_id=subject.id,
        topic=topic,
        audience="CUSTOMER",
        dedupe_key=f"{topic}:{subject.id.hex}",
        now=context.now,
        payload={kind.name: ids.encode(kind.prefix, subject.policy_id, subject.id)},
    )
    return subject
