"""A deadline that nobody could have met: staff excuse it where the handbook says that they may."""

from collections.abc import Sequence

from gateway.faults import bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import clocks
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import tell
from gateway.resolvers.bookings import Case, case_facts, locked
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.verdict import Verdict

COMMAND = "excuse"
EFFECT = "EXCUSED"


async def excuse(transaction: Transaction, operation: str, *, booking: str, rule: str, reason: str) -> Work:
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    case = await locked(transaction, booking, COMMAND, is_step=False)
    _require_excusable(case)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        by, now = case.context.viewer.principal, case.context.now
        if not await clocks.excuse(
            transaction.connection,
            policy_id=case.policy_id,
            subject_id=case.booking_id,
            rule=rule,
            by=by,
            reason=why,
            now=now,
        ):
            raise bad_input("This booking has no such deadline, or it is excused already.", "input", "rule")
        await rows.see_deadlines(transaction.writes, case.policy_id, case.booking_id)
        await tell(case, "sla.excused", "VENDOR", rule=rule)
        return case.subject

    return Work(case_facts(case, operation), write)


def _require_excusable(case: Case) -> None:
    """Events beyond control excuse a deadline only under a handbook that says so."""
    rulebook = case.context.services.rulebook
    if not any(
        rule.parameters.get("slaEffect") == EFFECT
        for rule in rulebook.of(case.row["product_code"], case.row["service"])
    ):
        raise bad_input("The handbook of this service excuses no deadline.", "input", "booking")
