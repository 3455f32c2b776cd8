"""Asking for somebody who is stationed at a hospital to help on a visit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.faults import bad_input
from gateway.resolvers import asking
from gateway.resolvers.asking import Ask
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import Patient
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Verdict

MACHINE = "ONSITE_ASSISTANCE"


@dataclass(frozen=True, slots=True)
class OnsiteRequest:
    policy_number: str
    hospital: str
    visit_at: dt.datetime
    patient: Patient | None


async def request(transaction: Transaction, operation: str, given: OnsiteRequest) -> Work:
    if given.visit_at < transaction.context.now:
        raise bad_input("The visit lies in the past.", "input", "visitAt")
    ask = Ask("ONSITE_ASSISTANCE", MACHINE, "ONS", given.policy_number, given.patient, given.hospital.strip())
    visit = Visit(given.visit_at, minutes=0)  # nobody says how long it takes
    placing = await asking.begin(transaction, operation, ask, visit=visit)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return await placing.write(verdicts, hospital_code=ask.hospital)

    return Work(placing.facts, write)
