"""Asking which examinations suit a child, from age, gender, family history and habits."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.repositories import writes
from gateway.resolvers import asking, inputs
from gateway.resolvers.asking import Ask
from gateway.resolvers.booking_steps.answering import CHECKUP_PLAN
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import Patient
from gateway.validation.calendar import completed_years
from gateway.validation.civil_time import civil_day
from gateway.validation.verdict import Verdict
from models.base import new_id


@dataclass(frozen=True, slots=True)
class CheckupPlanRequest:
    policy_number: str
    patient: Patient | None
    family_history: tuple[str, ...]
    habits: tuple[str, ...]


async def request(transaction: Transaction, operation: str, given: CheckupPlanRequest) -> Work:
    """Age and gender stand on the policy; what else is known is told, and what is missing is said."""
    family_history = inputs.points(given.family_history, "input", "familyHistory")
    habits = inputs.points(given.habits, "input", "habits")
    ask = Ask("CHECKUP_PLAN", CHECKUP_PLAN, "CHK", given.policy_number, given.patient)
    placing = await asking.begin(transaction, operation, ask)
    gender, born_on = asking.person_of(placing)
    age = max(0, completed_years(born_on, civil_day(transaction.context.now)))
    placing = asking.knowing(
        placing,
        form={"age": age, "gender": gender, "familyHistory": family_history, "habits": habits},
        paths={"familyHistory": ("input", "familyHistory"), "habits": ("input", "habits"), **asking.PATHS},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts)
        row = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "insured_id": placing.insured_id,
            "booking_id": subject.id,
            "age_years": age,
            "gender": gender,
            "family_history": family_history,
            "habits": habits,
            "suggestions": [],
            "created_at": transaction.context.now,
        }
        await writes.insert(transaction.writes, "checkup_plans", row)
        return subject

    return Work(placing.facts, write)
