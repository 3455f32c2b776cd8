"""Deadlines of an advance: which of them a step meets, ends and begins."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from gateway.context import Context
from gateway.repositories import advances as rows
from gateway.repositories import clocks as clock_rows
from gateway.resolvers import cases
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation import clocks
from gateway.validation.calendar import due_at_end_of
from gateway.validation.facts.cases import Visit


async def keep_time(
    transaction: Transaction, row: Mapping[str, Any], command: str, to_state: str, day: dt.date | None
) -> None:
    """What a step of an advance stops and starts; at its end everything that is still running."""
    context, governing = transaction.context, rules(transaction.context, row["product_code"])
    where = {"policy_id": row["policy_id"], "subject_id": row["id"]}
    met = [rule.code for rule in clocks.ended_by(governing, command)]
    if met:
        await clock_rows.stop(transaction.writes, **where, rules=met, now=context.now)
    if context.services.lifecycles.is_terminal(cases.ADVANCE.machine, to_state):
        await clock_rows.cancel(transaction.writes, **where, but=met, now=context.now)
        return
    begun = clocks.begun_by(governing, command)
    replaced = [code for rule in begun for code in (rule.code, rule.parameters.get("replaces")) if code]
    if replaced:
        await clock_rows.cancel_of(transaction.writes, **where, rules=replaced, now=context.now)
    started_at = row["documents_complete_at"] if command == "investigate" else None
    await start_clocks(transaction, row["product_code"], Subject(row["policy_id"], row["id"]), command, day, started_at)


async def start_clocks(
    transaction: Transaction,
    product: str,
    subject: Subject,
    command: str,
    day: dt.date | None = None,
    started_at: dt.datetime | None = None,
) -> None:
    """Deadlines that a command sets running; `day` is one that the client has named, and goes first."""
    context = transaction.context
    calendar, start = context.services.calendar, started_at or context.now
    visit = None if day is None else Visit(due_at_end_of(day))
    for rule in clocks.begun_by(rules(context, product), command):
        due = clocks.due_at(rule, start=start, visit=visit, calendar=calendar)
        assert due is not None
        await clock_rows.start(
            transaction.writes,
            policy_id=subject.policy_id,
            subject_type=rows.SUBJECT,
            subject_id=subject.id,
            rule=rule.code,
            started_at=start,
            due_at=due,
            is_estimated=clocks.is_estimated(rule, start=start, calendar=calendar),
            working_days=clocks.working_days(rule),
        )


def rules(context: Context, product: str) -> Any:
    return context.services.rulebook.of(product, rows.SERVICE)
