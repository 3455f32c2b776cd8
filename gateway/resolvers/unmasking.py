"""Showing hidden personal data in full: to whom it belongs by role, for a stated purpose, noted and bounded."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.execution import ids
from gateway.execution.sources import PREFIXES
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import audit, personal
from gateway.repositories.audit import Why
from gateway.resolvers import inputs
from gateway.resolvers.bookings import case_facts, locked
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.calendar import due_at_end_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

SHOWING = "show"
CONTACT = "CLIENT_CONTACT"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Where a field of a subject lies sealed."""

    table: str
    name: str
    key: str = "id"


def _of_booking(name: str, *tables: str) -> tuple[Hidden, ...]:
    return tuple(Hidden(f"{table}_details", name, "booking_id") for table in tables)


HIDDEN: Mapping[str, Mapping[str, tuple[Hidden, ...]]] = {
    "policy_members": {
        "ID_NUMBER": (Hidden("policy_members", "id_number"),),
        "PHONE": (Hidden("policy_members", "phone"),),
    },
    "bookings": {
        "PATIENT_PHONE": _of_booking("patient_phone", "escort", "hospital_visit", "outpatient_green_channel"),
        "COMPANION_PHONE": _of_booking("companion_phone", "escort"),
        "CLIENT_PHONE": _of_booking("phone", "expert_call", "consultation", "drug_question", "respiratory_test"),
        "TEST_ADDRESS": _of_booking("address", "respiratory_test"),
        "DELIVERY_ADDRESS": _of_booking("address", "drug_order"),
        "DELIVERY_PHONE": _of_booking("phone", "drug_order"),
    },
    "claims": {"BANK_ACCOUNT": (Hidden("claims", "account"),)},
    "messages": {"PHONE": (Hidden("messages", "phone"),)},
}
"""Table of the subject → its fields that are hidden everywhere else, and where each may lie."""


@dataclass(frozen=True, slots=True)
class UnmaskRequest:
    subject: str
    fields: tuple[str, ...]
    purpose: str
    note: str
    on_behalf_of: str | None


async def unmask(transaction: Transaction, operation: str, request: UnmaskRequest) -> Work:
    subject, hidden = _meant(request)
    note = inputs.required(inputs.text(request.note, "input", "note"), "input", "note")
    why = Why(
        purpose=request.purpose,
        on_behalf_of=inputs.name(request.on_behalf_of, "input", "onBehalfOf"),
        details={"fields": list(hidden), "note": note},
    )
    shown = await _opened(transaction, subject, hidden)
    if not shown:
        raise _nothing_there()

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _count(transaction)
        return Subject(subject.policy_id, subject.id, shown)

    return Work(Facts(operation, transaction.context.now, "", ""), write, why)


async def show_contact(transaction: Transaction, operation: str, *, booking: str, note: str | None) -> Work:
    """What the vendor of a booking needs to reach the client and to bring something, as long as the booking runs."""
    said = inputs.text(note, "input", "note")
    context = transaction.context
    case = await locked(transaction, booking, SHOWING, locking=False, is_step=False)
    if context.services.lifecycles.is_terminal(case.row["machine"], case.row["state"]):
        raise bad_input("This booking has ended, and so has the need to know.", "input", "booking")
    shown = await _opened(transaction, case.subject, HIDDEN["bookings"])
    why = Why(purpose=CONTACT, details={"fields": list(shown), **({"note": said} if said else {})})

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return Subject(case.policy_id, case.booking_id, shown)

    return Work(case_facts(case, operation), write, why)


async def _opened(
    transaction: Transaction, subject: Subject, hidden: Mapping[str, tuple[Hidden, ...]]
) -> dict[str, str]:
    """What stands in the fields, as far as anything does."""
    places = [(field, place) for field, each in hidden.items() for place in each]
    found = await personal.sealed(
        transaction.connection,
        subject.policy_id,
        subject.id,
        [(place.table, place.name, place.key) for _, place in places],
    )
    vault = transaction.context.services.vault
    return {
        field: vault.open(value, f"{place.table}.{place.name}")
        for (field, place), value in zip(places, found, strict=True)
        if value is not None
    }


def _meant(request: UnmaskRequest) -> tuple[Subject, Mapping[str, tuple[Hidden, ...]]]:
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
    return bad_input(
        "Expected the id of a person, a booking, a claim or a message that has such data.", "input", "subject"
    )


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
