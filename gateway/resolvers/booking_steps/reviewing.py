"""The vendor's review of what was handed in: it passes, it fails, or something is missing."""

from collections.abc import Sequence
from typing import Any

from gateway.faults import bad_input
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.uses import details, release
from gateway.resolvers.bookings import Case, case_facts, locked, no_such_step
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

OUTCOMES = {
    "PASSED": ("REVIEWED", "booking.reviewed"),
    "FAILED": ("TERMINATED", "booking.terminated"),
    "INCOMPLETE": ("HOSPITAL_SELECTED", "booking.documents_incomplete"),
}
"""Outcome → the state that it leads to, and what the client is told."""

SECOND_OPINION = "SECOND_OPINION"


async def review(transaction: Transaction, operation: str, *, booking: str, outcome: str, reason: str | None) -> Work:
    """What no rule could judge is judged by it. A request that fails ends, and the use goes back."""
    why = inputs.text(reason, "input", "reason")
    if outcome != "PASSED":
        inputs.required(why, "input", "reason")
    case = await locked(transaction, booking, "review")
    found = case_facts(case, operation)
    state, topic = OUTCOMES[outcome]
    _check(found, state)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if not (found.step and found.step.leads_to):
            raise no_such_step()
        if outcome == "PASSED":
            await details(case, **_passed(case))
        if outcome == "FAILED":
            await release(case, "review failed")
        await move(case, state, reason=why)
        await tell(case, topic, "CUSTOMER")
        return case.subject

    return Work(found, write)


def _check(found: Facts, state: str) -> None:
    leads_to = found.step.leads_to if found.step else frozenset[str]()
    if leads_to and state not in leads_to:
        raise bad_input("A review of this service passes or fails.", "input", "outcome")


def _passed(case: Case) -> dict[str, Any]:
    is_opinion = case.row["machine"] == SECOND_OPINION
    return {"open_rules": []} | ({"materials_approved_at": case.context.now} if is_opinion else {})
