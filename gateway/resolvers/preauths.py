"""Asking for authorization before treatment, and telling of an emergency."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import bookings as paper_rows
from gateway.repositories import preauths as rows
from gateway.repositories import writes
from gateway.resolvers import cases, inputs, preauth_revisions
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.resolvers.preauth_asking import (
    MOST_ITEMS,
    Asking,
    asked_for,
    clean,
    clean_items,
    common_facts,
    cumulative_of,
    facts_of,
    insured_meant,
    usable_from,
)
from gateway.resolvers.preauth_requirements import lists
from gateway.validation.authorization import Match, matching
from gateway.validation.civil_time import civil_day
from gateway.validation.facts.authorizations import Authorization, Item
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

EMERGENCY_CARE = Item("OTHER", "急诊治疗")
"""What an emergency is about as long as nobody says more."""


@dataclass(frozen=True, slots=True)
class Emergency:
    policy_number: str
    insured: str | None
    hospital: str
    emergency_at: dt.datetime
    channel: str
    diagnosis: str | None
    items: tuple[Item, ...]
    documents: tuple[str, ...]


async def submit(transaction: Transaction, operation: str, asking: Asking) -> Work:
    """Count what is expected under the lock of the insured's cover, and gather the facts."""
    asking = clean(asking)
    diagnosis = inputs.required(asking.diagnosis, "input", "diagnosis")
    context, connection = transaction.context, transaction.connection
    asked = await asked_for(context, connection, operation, asking.policy_number, asking.hospital)
    insured = insured_meant(context, asked, asking.insured)
    cited = await cases.papers(connection, asked["policy_id"], asking.documents)
    await rows.lock_cover(connection, asked["policy_id"], insured)
    earlier = await preauth_revisions.earlier(transaction, asked, insured, asking.supersedes)
    cumulative = await cumulative_of(connection, asked["policy_id"], insured, asking, earlier)
    goes_on = preauth_revisions.goes_on(earlier, asking.treatment_on)
    found = facts_of(context, operation, asked, asking, cumulative, goes_on=goes_on)
    matches = matching(lists(context, asked["product_code"]), asking.items, cumulative)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(asked["policy_id"], new_id())
        row = _row(context, asked, insured, subject) | {
            "channel": asking.channel,
            "diagnosis": diagnosis,
            "treatment_on": asking.treatment_on,
            "expected_cumulative": asking.expected_cumulative,
        }
        if earlier is not None:
            row |= {"supersedes_id": earlier["id"], "vendor_code": earlier["vendor_code"]}
        await cases.begin(transaction, cases.PREAUTH, row, "submit", reason=asking.late_reason)
        await preauth_revisions.replace_undecided(transaction, earlier, subject)
        await _write_items(transaction, subject, asking.items, matches)
        await paper_rows.link_papers(transaction.writes, subject.policy_id, cited, subject.id)
        await _tell_staff(transaction, "preauth.submitted", subject)
        return subject

    return Work(found, write)


async def notify_emergency(transaction: Transaction, operation: str, emergency: Emergency) -> Work:
    """An emergency leaves no time to ask: the notice, and with it a request that is decided afterwards."""
    context, connection = transaction.context, transaction.connection
    diagnosis = inputs.text(emergency.diagnosis, "input", "diagnosis")
    if len(emergency.items) > MOST_ITEMS:
        raise bad_input(f"Expected 0 to {MOST_ITEMS} items.", "input", "items")
    items = clean_items(emergency.items) or (EMERGENCY_CARE,)
    if emergency.emergency_at > context.now:
        raise bad_input("An emergency cannot lie in the future.", "input", "emergencyAt")
    asked = await asked_for(context, connection, operation, emergency.policy_number, emergency.hospital.strip())
    insured = insured_meant(context, asked, emergency.insured)
    cited = await cases.papers(connection, asked["policy_id"], emergency.documents)
    began_on = civil_day(emergency.emergency_at)
    asking = Authorization(
        treatment_on=began_on,
        channel=emergency.channel,
        usable_from=usable_from(asked),
        emergency_at=emergency.emergency_at,
    )
    found = common_facts(context, operation, asked, asking)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(asked["policy_id"], new_id())
        row = _row(context, asked, insured, subject) | {
            "channel": emergency.channel,
            "diagnosis": diagnosis,
            "treatment_on": began_on,
        }
        await cases.begin(transaction, cases.PREAUTH, row, "submit", reason="emergency")
        matches = matching(lists(context, asked["product_code"]), items, None)
        await _write_items(transaction, subject, items, matches)
        is_late = any(item.check == "emergency_told_in_time" and item.status is not Status.PASSED for item in verdicts)
        notice = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "insured_id": insured,
            "preauth_id": subject.id,
            "hospital_code": asked["code"],
            "channel": emergency.channel,
            "diagnosis": diagnosis,
            "emergency_at": emergency.emergency_at,
            "received_at": context.now,
            "state": "LATE" if is_late else "ON_TIME",
        }
        await writes.insert(transaction.writes, "emergency_notices", notice)
        await paper_rows.link_papers(transaction.writes, subject.policy_id, cited, subject.id)
        await _tell_staff(transaction, "preauth.emergency", subject)
        return subject

    return Work(found, write)


def _row(context: Context, asked: Mapping[str, Any], insured: uuid.UUID, subject: Subject) -> dict[str, Any]:
    return {
        "policy_id": subject.policy_id,
        "id": subject.id,
        "number": new_number("PA", context.now),
        "product_code": asked["product_code"],
        "plan_code": asked["plan_code"],
        "state": "SUBMITTED",
        "insured_id": insured,
        "vendor_code": context.viewer.vendor,
        "hospital_code": asked["code"],
        "submitter": context.viewer.kind.value,
        "is_demo": asked["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
    }


async def _write_items(
    transaction: Transaction, subject: Subject, items: Sequence[Item], matches: Sequence[Match]
) -> None:
    for position, item in enumerate(items, 1):
        row = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "preauth_id": subject.id,
            "position": position,
            "category": item.category,
            "name": item.name,
            "unit_price": item.unit_price,
            "per_treatment": item.per_treatment,
            "is_large_exam": item.is_large_exam,
            "is_rental": item.is_rental,
            "matched_rules": [match.rule for match in matches if match.position == position],
        }
        await writes.insert(transaction.writes, "preauth_items", row)


async def _tell_staff(transaction: Transaction, topic: str, subject: Subject) -> None:
    payload = {"preAuth": ids.encode("preauth", subject.policy_id, subject.id)}
    await cases.tell(transaction, topic, "STAFF", subject, 1, payload)
