"""The client's word on time, place and papers before the service, and on the service after it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.resolvers import inputs
from gateway.resolvers.billing import MACHINE as VISIT
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps import admitting
from gateway.resolvers.booking_steps.uses import details, is_escort
from gateway.resolvers.bookings import case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.green_channels import INPATIENT as INPATIENT_GREEN
from gateway.validation.verdict import Verdict


async def confirm(
    transaction: Transaction,
    operation: str,
    *,
    booking: str,
    is_client_confirming: bool,
    checklist: Mapping[str, Any],
    admission: admitting.Admission | None = None,
) -> Work:
    """The client agrees to time, place and papers; a vendor may record the word it was given on the phone."""
    case = await locked(transaction, booking, "confirm")
    if case.row["machine"] == INPATIENT_GREEN:
        return await admitting.arrange(case, operation, admission)
    if admission is not None:
        raise bad_input("Only a stay is confirmed with an admission: leave it out.", "input", "admission")
    is_client = case.context.viewer.kind is ViewerKind.CUSTOMER
    given = {name: value for name, value in checklist.items() if value not in (None, "")}
    if given and not is_escort(case):
        raise bad_input("Only an escort is confirmed with a checklist: leave it out.", "input", "checklist")
    noted = {**(case.row["checklist"] or {}), **given}
    found = replace(case_facts(case, operation), is_confirming_client=is_client_confirming, form=noted)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if given:
            await details(case, checklist={**case.row["checklist"], **_plain(given)})
        if case.row["machine"] == VISIT:
            await details(case, open_rules=[])
        await move(case, only_state(found), confirmed_at=case.row["confirmed_at"] or case.context.now)
        await tell(case, "booking.confirmed", "VENDOR" if is_client else "CUSTOMER")
        return case.subject

    return Work(found, write)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()}


async def rate(transaction: Transaction, operation: str, *, booking: str, score: int, comment: str | None) -> Work:
    if not 1 <= score <= 5:
        raise bad_input("Expected a score from 1 to 5.", "input", "score")
    case = await locked(transaction, booking, "rate")
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await rows.upsert_rating(
            case.transaction.writes,
            case.policy_id,
            case.booking_id,
            score,
            inputs.text(comment, "input", "comment"),
            case.context.now,
        )
        await move(case, only_state(found))
        return case.subject

    return Work(found, write)
