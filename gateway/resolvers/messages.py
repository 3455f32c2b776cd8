"""What clients tell customer service: messages and complaints. Neither is a booking."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import bookings as booking_rows
from gateway.repositories import outbox, policies, writes
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.resolvers.requests import policy_to_act_for
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

PHONE = "messages.phone"


async def leave(
    transaction: Transaction,
    operation: str,
    *,
    policy_number: str,
    service: str | None,
    content: str,
    phone: str | None,
) -> Work:
    """A question that customer service answers when it has seen it."""
    context = transaction.context
    said = inputs.required(inputs.text(content, "input", "content"), "input", "content")
    number = inputs.phone(phone, "input", "phone")
    policy = await policy_to_act_for(context, transaction.connection, policy_number)
    if service is not None and not await policies.has_service(transaction.connection, policy["product_code"], service):
        raise bad_input("This policy's product does not have this service: name one of its own.", "input", "service")
    found = Facts(
        operation,
        context.now,
        policy["product_code"],
        service or "",
        form={"phone": number},
        paths={"phone": ("input", "phone")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        row = {
            **_common(context, policy, said),
            "service": service,
            "phone_encrypted": number and context.services.vault.seal(number, PHONE),
            "phone_last4": number and number[-4:],
        }
        return await _keep(transaction, "messages", row, topic="message.left", name="message", prefix="msg")

    return Work(found, write)


async def complain(
    transaction: Transaction, operation: str, *, policy_number: str, content: str, booking: str | None
) -> Work:
    """A complaint or suggestion. It goes to the insurer's staff, never to the vendor that it may be about."""
    context = transaction.context
    said = inputs.required(inputs.text(content, "input", "content"), "input", "content")
    policy = await policy_to_act_for(context, transaction.connection, policy_number)
    about = None if booking is None else await _booking_of(transaction, policy["policy_id"], booking)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        row = {
            **_common(context, policy, said),
            "number": new_number("CMP", context.now),
            "subject_id": about,
            "state": "RECEIVED",
        }
        return await _keep(transaction, "complaints", row, topic="complaint.received", name="complaint", prefix="cmpl")

    return Work(Facts(operation, context.now, policy["product_code"], ""), write)


def _common(context: Context, policy: Mapping[str, Any], content: str) -> dict[str, Any]:
    return {
        "policy_id": policy["policy_id"],
        "id": new_id(),
        "product_code": policy["product_code"],
        "principal": context.viewer.principal,
        "content": content,
        "created_at": context.now,
    }


async def _booking_of(transaction: Transaction, policy_id: uuid.UUID, booking: str) -> uuid.UUID:
    policy, key = ids.decode_as("book", booking, 2, "input", "booking")
    if policy != policy_id or await booking_rows.find(transaction.connection, policy, key) is None:
        raise ids.not_an_id("book", "input", "booking")
    return key


async def _keep(
    transaction: Transaction, table: str, row: Mapping[str, Any], *, topic: str, name: str, prefix: str
) -> Subject:
    await writes.insert(transaction.writes, table, row)
    subject = Subject(row["policy_id"], row["id"])
    await outbox.post(
        transaction.writes,
        policy_id=subject.policy_id,
        subject_id=subject.id,
        topic=topic,
        audience="STAFF",
        dedupe_key=f"{topic}:{subject.id.hex}",
        now=transaction.context.now,
        payload={name: ids.encode(prefix, subject.policy_id, subject.id)},
    )
    return subject
