"""Deadlines and reminders of bookings, by the rules that state them."""

import datetime as dt
from collections.abc import Sequence

from gateway.context import Context
from gateway.execution import ids
from gateway.repositories import clocks as clock_rows
from gateway.repositories import outbox
from gateway.resolvers.bookings import Case
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation import clocks
from gateway.validation.facts.cases import Visit

REMINDER = "booking.reminder"


async def keep_time(case: Case, to_state: str, taken: Sequence[str], visit: Visit | None) -> None:
    """Stop what waited for this step; end everything with the case; else start what this step sets running."""
    met = waited_for(case)
    if met:
        await clock_rows.stop(
            case.transaction.writes,
            policy_id=case.policy_id,
            subject_id=case.booking_id,
            rules=met,
            now=case.context.now,
        )
    if ends_all(case, to_state):
        await _stop_all(case, met)
    for command in taken:
        await start_clocks(
            case.transaction,
            product=case.row["product_code"],
            service=case.row["service"],
            command=command,
            subject=case.subject,
            visit=visit,
            sequence=case.row["state_seq"] + 1,
            into=to_state,
        )


async def _stop_all(case: Case, met: Sequence[str]) -> None:
    waiting, now = case.transaction.writes, case.context.now
    await clock_rows.cancel(waiting, policy_id=case.policy_id, subject_id=case.booking_id, but=met, now=now)
    await outbox.cancel_pending(waiting, policy_id=case.policy_id, subject_id=case.booking_id, topic=REMINDER, now=now)


async def start_clocks(
    transaction: Transaction,
    *,
    product: str,
    service: str,
    command: str,
    subject: Subject,
    visit: Visit | None,
    sequence: int,
    into: str | None = None,
) -> None:
    """Deadlines and reminders that a command sets running, by the rules that state them."""
    context = transaction.context
    calendar = context.services.calendar
    for rule in clocks.begun_by(context.services.rulebook.of(product, service), command, into):
        due = clocks.due_at(rule, start=context.now, visit=visit, calendar=calendar)
        if due is not None:
            await clock_rows.start(
                transaction.writes,
                policy_id=subject.policy_id,
                subject_type="BOOKING",
                subject_id=subject.id,
                rule=rule.code,
                started_at=context.now,
                due_at=due,
                is_estimated=clocks.is_estimated(rule, start=context.now, calendar=calendar),
                part=clocks.part_of(rule),
                working_days=clocks.working_days(rule),
            )
        send = clocks.send_at(rule, now=context.now, visit=visit, calendar=calendar)
        if send is not None:
            await outbox.post(
                transaction.writes,
                policy_id=subject.policy_id,
                subject_id=subject.id,
                topic=REMINDER,
                audience=clocks.reminded(rule),
                dedupe_key=f"{rule.code}:{subject.id.hex}:{sequence}",
                now=context.now,
                available_at=send,
                rule=rule.code,
                payload={"booking": ids.encode("book", subject.policy_id, subject.id)},
            )


def first_due(
    context: Context,
    product: str,
    service: str,
    commands: Sequence[str],
    visit: Visit | None,
    *,
    into: str,
) -> dt.datetime | None:
    """When the first of the deadlines ends that these commands set running."""
    rules = context.services.rulebook.of(product, service)
    begun = (rule for command in commands for rule in clocks.begun_by(rules, command, into))
    due = (clocks.due_at(rule, start=context.now, visit=visit, calendar=context.services.calendar) for rule in begun)
    return min((instant for instant in due if instant is not None), default=None)


def ends_all(case: Case, to_state: str) -> bool:
    lifecycles = case.context.services.lifecycles
    return case.command == "reschedule" or lifecycles.is_terminal(case.row["machine"], to_state)


def waited_for(case: Case) -> list[str]:
    """The rules whose clocks waited for this step."""
    rulebook = case.context.services.rulebook
    ended = clocks.ended_by(rulebook.of(case.row["product_code"], case.row["service"]), case.command)
    return [clocks.name_of(rule) for rule in ended]
