"""Calling a booking off, and what that would mean now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.context import Context
from gateway.postgres import session
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.strikes import strike
from gateway.resolvers.booking_steps.uses import cancel_free, consume, free, is_deduction_pending, is_escort, release
from gateway.resolvers.bookings import case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.telling import of_id, told_by
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Visit
from gateway.validation.rule import Rule
from gateway.validation.rules import speaks_of
from gateway.validation.verdict import Status, Verdict


async def cancel(
    transaction: Transaction, operation: str, *, booking: str, reason: str | None, accept_deduction: bool
) -> Work:
    """Free of charge where the rules say so; else only for a client who accepts that it counts as used. A deduction
    that was proposed before is decided all the same: until then the use stays set aside.
    """
    case = await locked(transaction, booking, "cancel")
    is_pending = await is_deduction_pending(case)
    found = replace(
        case_facts(case, operation),
        accepts_deduction=accept_deduction,
        paths={"acceptDeduction": ("input", "acceptDeduction")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        late = _late(verdicts)
        if late is None and not is_pending:
            await cancel_free(case)
        elif late is None:
            await tell(case, "booking.cancelled_before_decision", "STAFF")
        elif is_escort(case):
            await consume(case, "cancelled late", late.rule)
        else:
            await release(case, "cancelled late", late.rule)
            await strike(case, "LATE_CANCELLED")
        await free(case)
        free_state = "DEDUCTION_PENDING" if is_pending else "CANCELLED_FREE"
        state = free_state if late is None else "CANCELLED_LATE"
        await move(case, only_state(found, otherwise=state), reason=inputs.text(reason, "input", "reason"))
        await tell(case, "booking.cancelled", "VENDOR")
        return case.subject

    return Work(found, write)


def _late(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict that makes it a late cancellation. A day that only an estimated calendar misses is not late."""
    warnings = (verdict for verdict in verdicts if verdict.status is Status.WARNED)
    return next((verdict for verdict in warnings if verdict.values.get("is_late", 1)), None)


@dataclass(frozen=True, slots=True)
class Quote:
    """What cancelling now would mean."""

    outcome: str
    free_until: dt.datetime | None
    verdicts: tuple[Verdict, ...]


async def cancellation_quote(context: Context, booking: str) -> Quote:
    """The verdicts of a cancellation that is not made, without a lock."""
    found, is_pending = await _quoted(context, booking)
    verdicts = tuple(context.services.rulebook.check(found))
    refusing = {verdict.check for verdict in verdicts if verdict.is_refusal}
    if refusing & {"step_allowed", "before_cutoff", "before_visit"}:
        return Quote("REFUSED", None, verdicts)
    if any(verdict.check == "before_cutoff" for verdict in verdicts) and _late(verdicts) is not None:
        return Quote("DISCRETIONARY", None, verdicts)
    if "cancellations_left" in refusing:
        return Quote("COUNTS_AS_USED", None, verdicts)
    if refusing:
        return Quote("COUNTS_AS_USED", _deadline(context, found), verdicts)
    if is_pending:
        return Quote("DISCRETIONARY", None, verdicts)
    return Quote("FREE", _free_until(context, found), verdicts)


async def _quoted(context: Context, booking: str) -> tuple[Facts, bool]:
    """Facts of a cancellation, and whether a deduction waits for its decision; read in a transaction of their own
    beside whatever else the query reads.
    """
    told = told_by(context.viewer, of_id(booking))
    async with session.transaction(context.services.pool, told, reads_only=True) as connection:
        glance = Transaction.beside(context, connection)
        case = await locked(glance, booking, "cancel", path=("booking",), locking=False)
        return case_facts(case, "cancellationQuote"), await is_deduction_pending(case, locking=False)


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
        if check.__name__ == "before_cutoff" and speaks_of(rule, found) is not False:
            return _cutoff(context, found.booked, found.booked_since, rule)
    return None


def _cutoff(context: Context, booked: Visit, since: dt.datetime | None, rule: Rule) -> dt.datetime:
    """The clock time of the handbook; once it has passed by an estimated calendar alone, the latest that may hold."""
    time = dt.time.fromisoformat(rule.parameters["cutoffTime"])
    cutoff = context.services.calendar.cutoff(booked.on, time, rule.parameters["minLeadWorkingDays"], since=since)
    return cutoff.expected if context.now < cutoff.expected else cutoff.lenient
