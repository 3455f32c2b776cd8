"""Calling a booking off, and what that would mean now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.auth.sight import settings_of
from gateway.context import Context
from gateway.postgres import session
from gateway.resolvers import inputs
from gateway.resolvers.booking_steps.uses import consume, free_escort, release
from gateway.resolvers.bookings import (
    Case,
    case_facts,
    locked,
    move,
    only_state,
    tell,
)
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Status, Verdict


async def cancel(
    transaction: Transaction, operation: str, *, booking: str, reason: str | None, accept_deduction: bool
) -> Work:
    """Free of charge where the rules say so; else only for a client who accepts that it counts as used."""
    case = await locked(transaction, booking, "cancel")
    found = replace(
        case_facts(case, operation),
        accepts_deduction=accept_deduction,
        paths={"acceptDeduction": ("input", "acceptDeduction")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        deducting = next((verdict for verdict in verdicts if verdict.status is Status.WARNED), None)
        if deducting is None:
            await _cancel_free(case)
        else:
            await consume(case, "cancelled late", deducting.rule)
        await free_escort(case)
        state = "CANCELLED_FREE" if deducting is None else "CANCELLED_LATE"
        await move(case, only_state(found, otherwise=state), reason=inputs.text(reason, "input", "reason"))
        await tell(case, "booking.cancelled", "VENDOR")
        return case.subject

    return Work(found, write)


async def _cancel_free(case: Case) -> None:
    """Only the cancellation of a confirmed booking counts against the one that is free."""
    await release(case, "cancelled free of charge", cancellations=int(case.row["confirmed_at"] is not None))


@dataclass(frozen=True, slots=True)
class Quote:
    """What cancelling now would mean."""

    outcome: str
    free_until: dt.datetime | None
    verdicts: tuple[Verdict, ...]


async def cancellation_quote(context: Context, booking: str) -> Quote:
    """The verdicts of a cancellation that is not made, without a lock."""
    found = await _quoted(context, booking)
    verdicts = tuple(context.services.rulebook.check(found))
    refusing = {verdict.check for verdict in verdicts if verdict.is_refusal}
    if "step_allowed" in refusing:
        return Quote("REFUSED", None, verdicts)
    if "cancellations_left" in refusing:
        return Quote("COUNTS_AS_USED", None, verdicts)
    if refusing:
        return Quote("COUNTS_AS_USED", _deadline(context, found), verdicts)
    return Quote("FREE", _free_until(context, found), verdicts)


async def _quoted(context: Context, booking: str) -> Facts:
    """Facts of a cancellation, read in a transaction of their own beside whatever else the query reads."""
    async with session.transaction(context.services.pool, settings_of(context.viewer)) as connection:
        glance = Transaction.beside(context, connection)
        case = await locked(glance, booking, "cancel", path=("booking",), locking=False)
        return case_facts(case, "cancellationQuote")


def _free_until(context: Context, found: Facts) -> dt.datetime | None:
    """Until when it stays free whatever happens: the deadline; once that has passed unconfirmed, the visit itself."""
    ends = (_deadline(context, found), found.booked.at if found.booked else None)
    return next((end for end in ends if end is not None and end >= context.now), None)


def _deadline(context: Context, found: Facts) -> dt.datetime | None:
    """The last instant at which a confirmed booking is cancelled free of charge, by the rule that states the hours."""
    if found.booked is None:
        return None
    for rule, check in context.services.rulebook.governing(found.operation, found.product, found.service):
        if check.__name__ == "free_cancellation":
            return found.booked.at - dt.timedelta(hours=rule.parameters["freeCancelHours"])
    return None
