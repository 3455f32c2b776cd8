"""The end of a service that needs no follow-up: it is complete, or it was broken off."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import expert_calls, vaccinations
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.uses import consume, details, free, release
from gateway.resolvers.bookings import Case, case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.expert_calls import MACHINE as EXPERT_CALL
from gateway.resolvers.respiratory_tests import MACHINE as TEST
from gateway.validation.facts import Facts
from gateway.validation.facts.calls import Call
from gateway.validation.verdict import Verdict

VACCINATION = "VACCINATION"


async def complete(
    transaction: Transaction, operation: str, *, booking: str, note: str | None, report: str | None
) -> Work:
    """The use is spent; a test ends with its report."""
    case = await locked(transaction, booking, "complete")
    found = await with_call(case, case_facts(case, operation))
    reported = await _report(case, report)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await consume(case, "service completed")
        if reported is not None:
            await details(case, report_id=reported, reported_at=case.context.now)
            await rows.link_papers(case.transaction.writes, case.policy_id, [reported], case.booking_id)
        if found.call is not None:
            await details(case, call_ended_at=case.context.now)
            await expert_calls.leave_queue(case.transaction.writes, case.booking_id)
        if case.row["service"] == VACCINATION:
            await vaccinations.done(case.transaction.writes, case.policy_id, case.booking_id)
        await move(case, only_state(found), reason=inputs.text(note, "input", "note"))
        await tell(case, "booking.completed", "CUSTOMER")
        return case.subject

    return Work(found, write)


async def with_call(case: Case, found: Facts) -> Facts:
    """The same facts, with the call that ends now where the service is one. Begun minutes count in full."""
    if case.row["machine"] != EXPERT_CALL:
        return found
    known = await expert_calls.details(case.transaction.connection, case.policy_id, case.booking_id)
    if known["call_started_at"] is None:
        return found
    seconds = int((case.context.now - known["call_started_at"]).total_seconds())
    return replace(found, call=Call(-(-seconds // 60), is_another=False))


async def _report(case: Case, report: str | None) -> Any:
    """The report's key: a test must have one, nothing else may."""
    if case.row["machine"] != TEST:
        if report is not None:
            raise bad_input("Only a test ends with a report: leave the field out.", "input", "report")
        return None
    policy, document = ids.decode_as("doc", inputs.required(report, "input", "report"), 2, "input", "report")
    found = await rows.papers(case.transaction.connection, case.policy_id, [document])
    if policy != case.policy_id or not found:
        raise ids.not_an_id("doc", "input", "report")
    return document


IMPERSONATION = "IMPERSONATION"


async def terminate(
    transaction: Transaction, operation: str, *, booking: str, reason: str, cause: str | None = None
) -> Work:
    """Broken off after it had begun: nobody's fault is presumed, so that the use goes back. Where somebody posed as
    the insured, the insurer is told, who may claim costs back."""
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    case = await locked(transaction, booking, "terminate")
    found = replace(case_facts(case, operation), ended_for=cause, paths={"cause": ("input", "cause")})
    is_impersonation = cause == IMPERSONATION

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await release(case, "broken off")
        await free(case)
        state = "TERMINATED_IMPERSONATION" if is_impersonation else "TERMINATED"
        noted = {"cause": cause, "isRecoverable": True} if is_impersonation else None
        await move(case, state, reason=why, details=noted)
        await tell(case, "booking.terminated", "STAFF" if is_impersonation else "CUSTOMER")
        return case.subject

    return Work(found, write)
