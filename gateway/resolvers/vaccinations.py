"""The schedule of vaccinations: whoever keeps the child's health record puts it down."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import vaccinations
from gateway.resolvers import health_records, inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.civil_time import civil_day
from gateway.validation.verdict import Verdict

PREFIX = "vac"
SERVICE = "VACCINATION_REMINDER"
MOST_DOSES = 100
HIGHEST_DOSE = 99


@dataclass(frozen=True, slots=True)
class Dose:
    vaccine: str
    dose: int
    due_on: dt.date
    guidance: str | None
    done_on: dt.date | None


async def plan(
    transaction: Transaction, operation: str, *, policy_number: str, insured: str | None, doses: Sequence[Dose]
) -> Work:
    """Doses that are named anew are replaced; what is not named stays as it stands."""
    keeping = await health_records.begin(
        transaction, operation, service=SERVICE, policy_number=policy_number, insured=insured
    )
    rows = _checked(doses, civil_day(transaction.context.now))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await keeping.keep()
        await vaccinations.plan(
            transaction.writes,
            keeping.subject.policy_id,
            keeping.insured_id,
            rows,
            product=keeping.asked["product_code"],
            vendor=keeping.asked["vendor_code"],
            by=transaction.context.viewer.principal,
            now=transaction.context.now,
        )
        return keeping.subject

    return Work(keeping.facts, write)


def _checked(doses: Sequence[Dose], today: dt.date) -> list[dict[str, Any]]:
    if not 1 <= len(doses) <= MOST_DOSES:
        raise bad_input(f"Expected 1 to {MOST_DOSES} doses.", "input", "doses")
    rows = [_row(dose, today, "input", "doses", str(place)) for place, dose in enumerate(doses)]
    if len({(row["vaccine"], row["dose"]) for row in rows}) < len(rows):
        raise bad_input("Each dose of a vaccine stands here once.", "input", "doses")
    return rows


def _row(dose: Dose, today: dt.date, *path: str) -> dict[str, Any]:
    if not 1 <= dose.dose <= HIGHEST_DOSE:
        raise bad_input(f"Expected the number of the dose: 1 to {HIGHEST_DOSE}.", *path, "dose")
    if dose.done_on is not None and dose.done_on > today:
        raise bad_input("A dose that was given lies in the past.", *path, "doneOn")
    return {
        "vaccine": inputs.required(inputs.name(dose.vaccine, *path, "vaccine"), *path, "vaccine"),
        "dose": dose.dose,
        "due_on": dose.due_on,
        "guidance": inputs.text(dose.guidance, *path, "guidance"),
        "done_on": dose.done_on,
    }
