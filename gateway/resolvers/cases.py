"""What cases with a lifecycle of their own share: the step and its event, messages, and papers that are handed in."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.repositories import bookings as papers_sql
from gateway.repositories import outbox, writes
from gateway.repositories import preauths as preauth_sql
from gateway.resolvers.bookings import ROLES, step
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation.facts.cases import Step


@dataclass(frozen=True, slots=True)
class Kind:
    """Where cases of a kind and their events are kept."""

    machine: str
    table: str
    events: str
    key: str  # column of an event that names its case
    keeps_time: bool = True  # whether the row says when it last changed


PREAUTH = Kind("PREAUTH", "preauths", "preauth_events", "preauth_id")
LETTER = Kind("GUARANTEE_LETTER", "guarantee_letters", "guarantee_letter_events", "letter_id", keeps_time=False)
ADVANCE = Kind("ADVANCE", "advances", "advance_events", "advance_id")
CLAIM = Kind("CLAIM", "claims", "claim_events", "claim_id")
APPEAL = Kind("APPEAL", "appeals", "appeal_events", "appeal_id")
CARD = Kind("CARD", "cards", "card_events", "card_id")
BILL = Kind("BILL", "bills", "bill_events", "bill_id")


def step_of(context: Context, row: Mapping[str, Any], command: str) -> Step:
    return step(context, row["machine"], row["state"], command)


async def begin(
    transaction: Transaction, kind: Kind, row: Mapping[str, Any], command: str, *, reason: str | None = None
) -> None:
    """The first step of a case, which `row` leaves in its first state."""
    await writes.insert(transaction.writes, kind.table, {**row, "machine": kind.machine, "state_seq": 1})
    await write_event(
        transaction, kind, Subject(row["policy_id"], row["id"]), 1, "", command, row["state"], reason=reason
    )


async def move(
    transaction: Transaction,
    kind: Kind,
    row: Mapping[str, Any],
    command: str,
    to_state: str,
    *,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take a step: the new state, and its event, whose foreign key knows which steps there are."""
    sequence = row["state_seq"] + 1
    if kind.keeps_time:
        changes["updated_at"] = transaction.context.now
    await writes.update(
        transaction.writes,
        kind.table,
        {"policy_id": row["policy_id"], "id": row["id"], "state_seq": row["state_seq"]},
        {"state": to_state, "state_seq": sequence, **changes},
    )
    subject = Subject(row["policy_id"], row["id"])
    await write_event(
        transaction, kind, subject, sequence, row["state"], command, to_state, reason=reason, details=details
    )


async def write_event(
    transaction: Transaction,
    kind: Kind,
    subject: Subject,
    sequence: int,
    from_state: str,
    command: str,
    to_state: str,
    *,
    role: str | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    context = transaction.context
    await writes.insert(
        transaction.writes,
        kind.events,
        {
            "policy_id": subject.policy_id,
            kind.key: subject.id,
            "seq": sequence,
            "machine": kind.machine,
            "from_state": from_state,
            "command": command,
            "role": role or ROLES[context.viewer.kind],
            "to_state": to_state,
            "actor": context.viewer.principal,
            "reason": reason,
            "details": dict(details or {}),
            "rulebook": context.services.rulebook.version,
            "at": context.now,
        },
    )


async def tell(
    transaction: Transaction, topic: str, audience: str, subject: Subject, sequence: int, payload: Mapping[str, Any]
) -> None:
    """A message about a step of a case, once."""
    await outbox.post(
        transaction.writes,
        policy_id=subject.policy_id,
        subject_id=subject.id,
        topic=topic,
        audience=audience,
        dedupe_key=f"{topic}:{subject.id.hex}:{sequence}:{audience}",
        now=transaction.context.now,
        payload=dict(payload),
    )


async def papers(connection: Any, policy_id: uuid.UUID, documents: Sequence[str]) -> list[uuid.UUID]:
    """Keys of papers of the policy that are fit to be used; one that is not is answered like one that is not there."""
    return [row["id"] for row in await papers_found(connection, policy_id, documents)]


async def papers_found(connection: Any, policy_id: uuid.UUID, documents: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """The same with what their bytes tell."""
    wanted = {ids.decode_as("doc", document, 2, "input", "documents") for document in documents}
    if not wanted:
        return []
    found = await papers_sql.papers(connection, policy_id, [key for policy, key in wanted if policy == policy_id])
    if len(found) != len(wanted):
        raise ids.not_an_id("doc", "input", "documents")
    return found


async def locked(transaction: Transaction, preauth: str, *path: str) -> dict[str, Any]:
    """The request of an id, locked. One that is foreign is answered like one that is not there."""
    where = path or ("input", "preAuth")
    policy_id, preauth_id = ids.decode_as("preauth", preauth, 2, *where)
    row = await preauth_sql.lock(transaction.connection, policy_id, preauth_id)
    if row is None or not may_touch(transaction.context, row):
        raise ids.not_an_id("preauth", *where)
    return dict(row)


def may_touch(context: Context, row: Mapping[str, Any]) -> bool:
    viewer = context.viewer
    if viewer.kind in (ViewerKind.STAFF, ViewerKind.SYSTEM):
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(row["policy_id"], row["insured_id"])
    if viewer.vendor is None or row["vendor_code"] != viewer.vendor or viewer.services is not None:
        return False
    return viewer.covers(product=row["product_code"], hospital=row["hospital_code"])
