"""Showing hidden personal data in full: to whom it belongs by role, for a stated purpose, noted and bounded."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.execution import ids
from gateway.execution.declare import PREFIXES
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import audit, personal
from gateway.repositories.audit import Why
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.calendar import due_at_end_of
from gateway.validation.facts import Facts, civil_day
from gateway.validation.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Hidden:
    """Where a field of a subject lies sealed."""

    table: str
    name: str
    key: str = "id"


HIDDEN: Mapping[str, Mapping[str, Hidden]] = {
    "policy_members": {
        "ID_NUMBER": Hidden("policy_members", "id_number"),
        "PHONE": Hidden("policy_members", "phone"),
    },
    "bookings": {
        "PATIENT_PHONE": Hidden("escort_details", "patient_phone", "booking_id"),
        "COMPANION_PHONE": Hidden("escort_details", "companion_phone", "booking_id"),
        "DELIVERY_ADDRESS": Hidden("drug_order_details", "address", "booking_id"),
        "DELIVERY_PHONE": Hidden("drug_order_details", "phone", "booking_id"),
    },
    "claims": {"BANK_ACCOUNT": Hidden("claims", "account")},
}
"""Table of the subject → its fields that are hidden everywhere else."""


@dataclass(frozen=True, slots=True)
class UnmaskRequest:
    subject: str
    fields: tuple[str, ...]
    purpose: str
    note: str
    on_behalf_of: str | None


async def unmask(transaction: Transaction, operation: str, request: UnmaskRequest) -> Work:
    context, connection = transaction.context, transaction.connection
    subject, hidden = _meant(request)
    note = inputs.required(inputs.text(request.note, "input", "note"), "input", "note")
    why = Why(
        purpose=request.purpose,
        on_behalf_of=inputs.name(request.on_behalf_of, "input", "onBehalfOf"),
        details={"fields": list(hidden), "note": note},
    )
    shown: dict[str, str] = {}
    for field, place in hidden.items():
        key = {"policy_id": subject.policy_id, place.key: subject.id}
        sealed = await personal.sealed(connection, place.table, place.name, key)
        if sealed is not None:
            shown[field] = context.services.vault.open(sealed, f"{place.table}.{place.name}")
    if not shown:
        raise _nothing_there()

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _count(transaction)
        return Subject(subject.policy_id, subject.id, shown)

    return Work(Facts(operation, context.now, "", ""), write, why)


def _meant(request: UnmaskRequest) -> tuple[Subject, Mapping[str, Hidden]]:
    found = ids.decode(request.subject)
    source = PREFIXES.get(found[0]) if found else None
    known = HIDDEN.get(source.table.__tablename__, {}) if source else {}
    if found is None or len(found[1]) != 2 or not known:
        raise _nothing_there()
    fields = tuple(dict.fromkeys(request.fields))
    if not fields or not set(fields) <= set(known):
        raise bad_input(f"Expected any of: {', '.join(known)}.", "input", "fields")
    return Subject(*found[1]), {field: known[field] for field in fields}


def _nothing_there() -> Fault:
    return bad_input("Expected the id of a person, a booking or a claim that has such data.", "input", "subject")


async def _count(transaction: Transaction) -> None:
    """One of so many a civil day, over all workers."""
    context = transaction.context
    today, limit = civil_day(context.wall_clock), context.services.unmask_per_day
    actor = context.viewer.principal
    if await audit.count_unmasking(transaction.connection, actor=actor, on=today, limit=limit):
        return
    wait = due_at_end_of(today) - context.wall_clock
    raise Fault(
        Code.THROTTLED,
        f"Personal data may be shown to you {limit} times a day; ask again tomorrow, or ask a colleague.",
        retryAfterMs=int(wait / dt.timedelta(milliseconds=1)),
    )
