"""Answers of customer service to messages and complaints: each is given once, and the client is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import outbox, words, writes
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Kind:
    """Where such words lie, and how they are named in inputs, ids and messages."""

    table: str
    name: str
    prefix: str


MESSAGE = Kind("messages", "message", "msg")
COMPLAINT = Kind("complaints", "complaint", "cmpl")


async def answer_message(transaction: Transaction, operation: str, *, message: str, content: str) -> Work:
    said = inputs.required(inputs.text(content, "input", "content"), "input", "content")
    policy_id, id = ids.decode_as(MESSAGE.prefix, message, 2, "input", "message")
    row = _open(await words.lock_message(transaction.connection, policy_id, id), MESSAGE)
    context = transaction.context
    changes = {"answer": said, "answered_by": context.viewer.principal, "answered_at": context.now}
    return _answering(transaction, operation, MESSAGE, row, changes, topic="message.answered")


async def answer_complaint(
    transaction: Transaction, operation: str, *, complaint: str, content: str, is_final: bool
) -> Work:
    """Until the final answer, what is answered keeps the complaint under review. Nobody answers for themselves."""
    said = inputs.required(inputs.text(content, "input", "content"), "input", "content")
    context = transaction.context
    policy_id, id = ids.decode_as(COMPLAINT.prefix, complaint, 2, "input", "complaint")
    actor = context.viewer.principal
    row = _open(await words.lock_complaint(transaction.connection, policy_id, id, actor), COMPLAINT)
    if row["is_concerned"]:
        raise Fault(Code.FORBIDDEN, "Somebody else answers: you took a step in the case that this is about.")
    changes = {
        "answer": said,
        "handler": actor,
        "state": "ANSWERED" if is_final else "IN_REVIEW",
        "answered_at": context.now if is_final else None,
    }
    topic = "complaint.answered" if is_final else "complaint.reviewed"
    return _answering(transaction, operation, COMPLAINT, row, changes, topic=topic)


def _open(row: Mapping[str, Any] | None, kind: Kind) -> Mapping[str, Any]:
    if row is None:
        raise ids.not_an_id(kind.prefix, "input", kind.name)
    if row["answered_at"] is not None:
        raise bad_input("It has been answered already.", "input", kind.name)
    return row


def _answering(
    transaction: Transaction,
    operation: str,
    kind: Kind,
    row: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    topic: str,
) -> Work:
    context = transaction.context
    subject = Subject(row["policy_id"], row["id"])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        key = {"policy_id": subject.policy_id, "id": subject.id}
        await writes.update(transaction.writes, kind.table, key, changes)
        await outbox.post(
            transaction.writes,
            policy_id=subject.policy_id,
            subject_id=subject.id,
            topic=topic,
            audience="CUSTOMER",
            dedupe_key=f"{topic}:{subject.id.hex}:{context.now.isoformat()}",
            now=context.now,
            payload={kind.name: ids.encode(kind.prefix, subject.policy_id, subject.id)},
        )
        return subject

    return Work(Facts(operation, context.now, row["product_code"], ""), write)
