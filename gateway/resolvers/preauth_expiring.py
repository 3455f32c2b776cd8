"""An authorization whose last day is over: time ends it, and its letters of guarantee with it."""

import uuid
from collections.abc import Sequence

from gateway.execution import ids
from gateway.repositories import guarantees as letter_rows
from gateway.repositories import preauths as rows
from gateway.resolvers import cases, guarantees
from gateway.resolvers.booking_steps.expiring import EXPIRE, NotDue
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

STATE = "EXPIRED"


async def expire(transaction: Transaction, operation: str, policy_id: uuid.UUID, preauth_id: uuid.UUID) -> Work:
    context, connection = transaction.context, transaction.connection
    row = await rows.lock(connection, policy_id, preauth_id)
    if row is None or STATE not in cases.step_of(context, row, EXPIRE).leads_to:
        raise NotDue
    if row["valid_until"] is None or row["valid_until"] >= civil_day(context.now):
        raise NotDue
    letters = await letter_rows.lock_letters(connection, policy_id, preauth_id)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(policy_id, preauth_id)
        for letter in letters:
            await guarantees.end(transaction, letter, EXPIRE, STATE, "its period is over")
        await cases.move(transaction, cases.PREAUTH, row, EXPIRE, STATE)
        payload = {"preAuth": ids.encode("preauth", *subject.key)}
        await cases.tell(transaction, "preauth.expired", "CUSTOMER", subject, row["state_seq"] + 1, payload)
        return subject

    return Work(Facts(operation, context.now, row["product_code"], ""), write)
