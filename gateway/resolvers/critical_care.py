"""What services for critical illnesses ask first: who it is, which illness, diagnosed when and where, by what shown."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import illnesses
from gateway.resolvers import asking, inputs
from gateway.resolvers.asking import Ask, PersonInfo
from gateway.resolvers.commands import Subject, Transaction
from gateway.resolvers.placing import Placing, open_rules
from gateway.resolvers.requests import HandedIn, handed_in, paths_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts.illnesses import Illness
from gateway.validation.verdict import Verdict

PATHS = asking.PATHS | paths_of("criticalIllness", "firstDiagnosedOn", "isDiagnosedBySpecialist", "documents")
PATHS["hospital"] = ("input", "diagnosedAt")


@dataclass(frozen=True, slots=True)
class CareRequest:
    policy_number: str
    insured: str | None
    person: PersonInfo | None
    diagnosis: str
    critical_illness: str | None
    first_diagnosed_on: dt.date | None
    diagnosed_at: str | None
    is_diagnosed_by_specialist: bool | None
    documents: tuple[HandedIn, ...]
    acknowledged: tuple[str, ...]


async def begin(
    transaction: Transaction, operation: str, request: CareRequest, *, service: str, machine: str, prefix: str
) -> Placing:
    """The account locked and all that the rules look at; the hospital is the one that made the diagnosis."""
    inputs.required(inputs.text(request.diagnosis, "input", "diagnosis"), "input", "diagnosis")
    _check_day(request, civil_day(transaction.context.now))
    placing = await asking.begin(
        transaction,
        operation,
        Ask(
            service=service,
            machine=machine,
            prefix=prefix,
            policy_number=request.policy_number,
            patient=asking.patient_of(request.person),
            insured=request.insured,
            hospital=request.diagnosed_at and request.diagnosed_at.strip(),
            hospital_at=PATHS["hospital"],
            acknowledged=request.acknowledged,
        ),
        paths=PATHS,
        form={"isDiagnosedBySpecialist": request.is_diagnosed_by_specialist},
    )
    placing = asking.knowing(placing, **await _found(placing, request))
    return asking.reviewed(placing)


async def _found(placing: Placing, request: CareRequest) -> dict[str, Any]:
    connection, name = placing.transaction.connection, _illness(request)
    is_listed = await illnesses.is_listed(connection, placing.facts.product, name)
    return {
        "is_person_known": await asking.is_person_known(placing, request.person),
        "papers": await handed_in(connection, placing.asked["policy_id"], request.documents),
        "illness": Illness(name, request.first_diagnosed_on, is_listed),
    }


def columns(request: CareRequest, placing: Placing, subject: Subject, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What the details of all these services keep."""
    return {
        "policy_id": subject.policy_id,
        "booking_id": subject.id,
        "diagnosis": inputs.text(request.diagnosis, "input", "diagnosis"),
        "critical_illness": _illness(request),
        "first_diagnosed_on": request.first_diagnosed_on,
        "diagnosed_at_hospital_code": placing.asked["code"],
        "open_rules": open_rules(verdicts),
    }


def _illness(request: CareRequest) -> str | None:
    return inputs.name(request.critical_illness, "input", "criticalIllness")


def _check_day(request: CareRequest, today: dt.date) -> None:
    if request.first_diagnosed_on is not None and request.first_diagnosed_on > today:
        raise bad_input("A diagnosis cannot lie in the future.", "input", "firstDiagnosedOn")
