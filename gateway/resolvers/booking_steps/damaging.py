"""A drug that arrived damaged: told, looked into, and sent again where it happened on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.repositories import drug_orders as rows
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, other_side, tell
from gateway.resolvers.booking_steps.dispensing import PATHS, Details, note, ordered
from gateway.resolvers.booking_steps.uses import consume
from gateway.resolvers.bookings import Case, case_facts
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts.drugs import Damage
from gateway.validation.verdict import Verdict
from models.base import new_id

STATES = {"PICKUP": "PICKUP_READY", "DELIVERY": "SHIPPING"}
"""Where an order stands while the drug is on its way."""


@dataclass(frozen=True, slots=True)
class Told:
    cause: str  # TRANSIT or CLIENT
    description: str
    is_paid: bool


async def report(transaction: Transaction, operation: str, *, booking: str, told: Told) -> Work:
    """Damage on the way waits until somebody has looked into it; any other counts as delivered."""
    described = inputs.required(inputs.text(told.description, "input", "description"), "input", "description")
    case, details = await ordered(transaction, booking, "reportDamage")
    damage = Damage(told.cause, told.is_paid, is_delivered=details["delivered_at"] is not None)
    found = replace(case_facts(case, operation), damage=damage, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if told.cause == "TRANSIT" and not told.is_paid:
            await _report(case, told.cause, described)
            await move(case, "DAMAGE_REPORTED", reason=described)
        else:
            await _count_as_delivered(case, described)
        await tell(case, "drug.damage_reported", other_side(case))
        return case.subject

    return Work(found, write)


async def _report(case: Case, cause: str, described: str, **decided: object) -> None:
    row = {"policy_id": case.policy_id, "id": new_id(), "booking_id": case.booking_id, "cause": cause}
    await rows.report(
        case.transaction.writes,
        {**row, "description": described, "state": "REPORTED", "reported_at": case.context.now, **decided},
    )


async def _count_as_delivered(case: Case, described: str) -> None:
    """Nothing is sent again, and the use is spent as by a delivery."""
    now = case.context.now
    await _report(case, "CLIENT", described, state="VERIFIED", decided_by=case.context.viewer.principal, decided_at=now)
    await consume(case, "counts as delivered")
    await note(case, delivered_at=now)
    await move(case, "COMPLETED", reason=described)


async def decide(
    transaction: Transaction, operation: str, *, booking: str, is_verified: bool, reason: str | None
) -> Work:
    """What was found of damage on the way. Where it was none, the order goes on as it stood."""
    why = inputs.text(reason, "input", "reason")
    if not is_verified:
        inputs.required(why, "input", "reason")
    case, details = await ordered(transaction, booking, "decideDamage")
    damage = Damage(details["damage_cause"] or "TRANSIT", is_verified=is_verified)
    found = replace(case_facts(case, operation), damage=damage, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await _decide(case, details, is_verified=is_verified)
        await move(case, STATES[details["fulfillment"]], reason=why, details={"isSentAgain": is_verified})
        await tell(case, "drug.sent_again" if is_verified else "drug.damage_rejected", "CUSTOMER")
        return case.subject

    return Work(found, write)


async def _decide(case: Case, details: Details, *, is_verified: bool) -> None:
    by, now = case.context.viewer.principal, case.context.now
    await rows.decide(
        case.transaction.writes, case.policy_id, details["damage_id"], is_verified=is_verified, by=by, now=now
    )
