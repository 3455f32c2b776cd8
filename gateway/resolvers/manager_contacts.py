"""The log of health managers: when they talked with a policyholder, by what, about what, and when they will again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import health_records as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.health_records import Keeping, begin
from gateway.resolvers.requests import paths_of
from gateway.validation.verdict import Verdict
from models.base import new_id

PREFIX = "mcon"


@dataclass(frozen=True, slots=True)
class Contact:
    manager: str
    channel: str
    topic: str
    contacted_at: dt.datetime
    is_reached: bool
    content: str | None
    next_contact_at: dt.datetime | None


async def record(
    transaction: Transaction, operation: str, *, policy_number: str, insured: str | None, contact: Contact
) -> Work:
    """One contact. It settles what was agreed upon before; whoever was not reached is called again when it says."""
    keeping = await begin(
        transaction, operation, service="HEALTH_MANAGER", policy_number=policy_number, insured=insured
    )
    subject = Subject(keeping.subject.policy_id, new_id())
    row = {"id": subject.id, "policy_number": policy_number.strip(), **keeping.owned, **_row(keeping, contact)}
    found = replace(
        keeping.facts,
        form={"channel": contact.channel},
        paths={**keeping.facts.paths, **paths_of("channel")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await rows.follow(
            transaction.writes,
            *keeping.subject.key,
            vendor=keeping.asked["vendor_code"],
            contacted_at=contact.contacted_at,
            now=transaction.context.now,
        )
        await writes.insert(transaction.writes, "manager_contacts", row)
        return subject

    return Work(found, write)


def _row(keeping: Keeping, contact: Contact) -> dict[str, Any]:
    now, content = keeping.transaction.context.now, inputs.text(contact.content, "input", "content")
    if contact.contacted_at > now:
        raise bad_input("A contact is recorded once it has taken place.", "input", "contactedAt")
    if contact.next_contact_at is not None and contact.next_contact_at <= now:
        raise bad_input("The next contact lies ahead.", "input", "nextContactAt")
    if contact.is_reached and content is None:
        raise bad_input("Say what was discussed.", "input", "content")
    if not contact.is_reached and content is not None:
        raise bad_input("Nothing was discussed with somebody who was not reached: leave it out.", "input", "content")
    return {
        "manager": inputs.required(inputs.name(contact.manager, "input", "manager"), "input", "manager"),
        "channel": contact.channel,
        "topic": contact.topic,
        "contacted_at": contact.contacted_at,
        "is_reached": contact.is_reached,
        "content": content,
        "next_contact_at": contact.next_contact_at,
    }
