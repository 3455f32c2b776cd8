"""A booking that nobody confirmed before its visit came: time ends it, and the use goes back."""

import uuid
from collections.abc import Sequence

from gateway.execution import ids
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.uses import free, release
from gateway.resolvers.bookings import case_facts, locked
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.verdict import Verdict

EXPIRE = "expire"


class NotDue(Exception):
    """Somebody has moved the booking since it was found: there is nothing to do."""


async def expire(transaction: Transaction, operation: str, *, policy_id: uuid.UUID, booking_id: uuid.UUID) -> Work:
    case = await locked(transaction, ids.encode("book", policy_id, booking_id), EXPIRE)
    found = case_facts(case, operation)
    leads_to = found.step.leads_to if found.step else frozenset[str]()
    visit = case.booked
    if not leads_to or visit is None or visit.at > case.context.now:
        raise NotDue
    (state,) = leads_to

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await release(case, "never confirmed")
        await free(case)
        await move(case, state)
        await tell(case, "booking.expired", "CUSTOMER")
        await tell(case, "booking.expired", "VENDOR")
        return case.subject

    return Work(found, write)
