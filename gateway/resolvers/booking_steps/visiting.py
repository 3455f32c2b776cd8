"""The day of the visit: arrival, end, follow-up, or nobody came."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from gateway.resolvers import inputs
from gateway.resolvers.billing import MACHINE as VISIT
from gateway.resolvers.billing import with_billing
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps import admitting
from gateway.resolvers.booking_steps.strikes import (
    NO_CONSEQUENCES,
    Consequences,
    check_consequences,
    shut_out,
    strike,
)
from gateway.resolvers.booking_steps.uses import consume, details, free, is_escort, release
from gateway.resolvers.bookings import case_facts, locked, only_state
from gateway.resolvers.brands import keep_to_brand
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.respiratory_tests import MACHINE as TEST
from gateway.validation.facts.cases import Visit
from gateway.validation.rules.green_channels import SPENT
from gateway.validation.verdict import Status, Verdict


async def check_in(
    transaction: Transaction,
    operation: str,
    *,
    booking: str,
    client_is_late: bool,
    client_expected_at: dt.datetime | None,
) -> Work:
    case = await locked(transaction, booking, "checkIn")
    found = replace(
        case_facts(case, operation),
        client_is_late=client_is_late,
        client_expected_at=client_expected_at,
        paths={"clientExpectedAt": ("input", "clientExpectedAt")},
    )
    found = await with_billing(case, found)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if is_escort(case):
            await details(case, checked_in_at=case.context.now, client_expected_at=client_expected_at)
        await admitting.admitted(case)
        await keep_to_brand(case, found, verdicts)
        await move(case, only_state(found))
        return case.subject

    return Work(found, write)


async def check_out(
    transaction: Transaction, operation: str, *, booking: str, is_accompanied: bool | None = None
) -> Work:
    """The service ends now; an over-run is recorded with a warning, since a fact cannot be refused."""
    case = await locked(transaction, booking, "checkOut")
    minutes = _minutes_since(case.row["checked_in_at"], case.context.now)
    known = case_facts(case, operation)
    found = replace(
        known,
        visit=Visit(case.row["checked_in_at"] or case.context.now, minutes),
        form={"isAccompanied": is_accompanied},
        paths={"isAccompanied": ("input", "isAccompanied")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if is_escort(case):
            await details(case, checked_out_at=case.context.now, actual_minutes=minutes)
        if case.row["machine"] == TEST:
            await consume(case, "sample taken")
            await details(case, sampled_at=case.context.now)
        await admitting.discharged(case, is_accompanied=is_accompanied)
        await move(case, only_state(found))
        return case.subject

    return Work(found, write)


def _minutes_since(start: dt.datetime | None, now: dt.datetime) -> int:
    """Begun minutes count in full, so that a second over four hours is over four hours."""
    seconds = 0 if start is None else max(0, int((now - start).total_seconds()))
    return -(-seconds // 60)


async def follow_up(transaction: Transaction, operation: str, *, booking: str, note: str | None) -> Work:
    """The follow-up completes the service, and the use is spent."""
    case = await locked(transaction, booking, "followUp")
    if admitting.is_under_way(case):
        return admitting.contact(case, operation, note)
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await consume(case, "service completed")
        said = inputs.text(note, "input", "note")
        if is_escort(case):
            await details(case, follow_up_note=said)
        await admitting.followed_up(case, said)
        await move(case, only_state(found), reason=said)
        await tell(case, "booking.completed", "CUSTOMER")
        return case.subject

    return Work(found, write)


NO_SHOW_STATES = {
    "CLIENT": "NO_SHOW",
    "HOSPITAL": "VENDOR_CANCELLED",
    "VENDOR": "VENDOR_CANCELLED",
    "PATIENT_EXCLUDED": "SERVICE_REFUSED",
}


async def no_show(
    transaction: Transaction,
    operation: str,
    *,
    booking: str,
    cause: str,
    note: str | None,
    strikes: Consequences = NO_CONSEQUENCES,
) -> Work:
    """The visit did not happen. It counts as used only for the client's own reasons and where the handbook says so."""
    case = await locked(transaction, booking, "noShow")
    check_consequences(case, strikes, cause=cause, note=note)
    found = replace(case_facts(case, operation), form={"cause": cause}, paths={"cause": ("input", "cause")})

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        spent = _spent(verdicts)
        counts = next((verdict for verdict in verdicts if verdict.check == "no_show_after_visit_time"), None)
        if spent is not None:
            await consume(case, "failed for the client's own reasons", spent.rule)
        elif cause == "CLIENT" and counts is not None and is_escort(case):
            await consume(case, "client did not come", counts.rule)
        else:
            await release(case, f"visit did not happen: {cause.lower()}")
        if cause == "CLIENT" and case.row["machine"] == VISIT:
            await strike(case, "NO_SHOW", strikes.fee)
            await shut_out(case, strikes, note)
        await free(case)
        state = NO_SHOW_STATES[cause] if spent is None else "DEEMED_COMPLETED"
        await move(case, state, reason=inputs.text(note, "input", "note"), details={"cause": cause})
        await tell(case, "booking.not_served", "CUSTOMER")
        return case.subject

    return Work(found, write)


def _spent(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict that spends the use although nothing was delivered."""
    return next((each for each in verdicts if each.check == SPENT and each.status is Status.WARNED), None)
