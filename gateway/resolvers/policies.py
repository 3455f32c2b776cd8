"""Registering policies, and verifying that a policy entitles its insured to a service."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import policies
from gateway.repositories.policies import PersonDraft, PolicyDraft
from gateway.resolvers import inputs
from gateway.resolvers.bookings import cover
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import policy_to_act_for
from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class PersonRequest:
    name: str
    gender: str
    birth_on: dt.date
    phone: str | None
    id_type: str
    id_number: str


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    number: str
    product: str
    plan: str | None
    riders: tuple[str, ...]
    effective_on: dt.date
    waiting_days: int | None
    channel: str
    advance_limit: Decimal | None
    holder: PersonRequest
    insured: tuple[PersonRequest, ...]


async def register(transaction: Transaction, operation: str, request: PolicyRequest) -> Work:
    """A policy as the insurer's own system knows it, with an entitlement account for every service it grants."""
    context, connection = transaction.context, transaction.connection
    await _check_catalogue(connection, request)
    draft = _draft(request, civil_day(context.now))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        policy = await policies.register(
            connection, draft, vault=context.services.vault, actor=context.viewer.principal, now=context.now
        )
        if policy is None:
            raise bad_input("A policy with this number exists already.", "input", "number")
        return Subject(policy, policy)

    return Work(Facts(operation, context.now, request.product, ""), write)


async def verify(transaction: Transaction, operation: str, *, policy_number: str, service: str | None) -> Work:
    """Whether the number is that of a policy in force: what a vendor asks before it serves."""
    transaction.context.viewer.require_cover(service=service)
    policy = await policy_to_act_for(transaction.context, transaction.connection, policy_number)
    found = Facts(
        operation,
        transaction.context.now,
        policy["product_code"],
        service or "",
        is_service_in_product=service is None
        or await policies.has_service(transaction.connection, policy["product_code"], service),
        cover=cover(policy["effective_at"], policy["cover"]),
        paths={"policyNumber": ("input", "policyNumber")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return Subject(policy["policy_id"], policy["policy_id"])

    return Work(found, write)


async def _check_catalogue(connection: Any, request: PolicyRequest) -> None:
    plans, riders = await policies.plans_and_riders(connection, request.product)
    if plans and request.plan not in plans:
        raise bad_input(f"Expected one of the product's plans: {', '.join(plans)}.", "input", "plan")
    if not plans and request.plan is not None:
        raise bad_input("This product has no plans: leave the field out.", "input", "plan")
    for rider in request.riders:
        if rider not in riders:
            known = ", ".join(riders) or "none"
            raise bad_input(f"Expected riders of the product: {known}.", "input", "riders")


def _draft(request: PolicyRequest, today: dt.date) -> PolicyDraft:
    number = inputs.required(inputs.text(request.number, "input", "number"), "input", "number")
    if len(number) > LONGEST_NUMBER:
        raise bad_input(f"At most {LONGEST_NUMBER} characters.", "input", "number")
    if request.waiting_days is not None and not 0 <= request.waiting_days <= 3650:
        raise bad_input("Expected 0 to 3650 days.", "input", "waitingDays")
    if request.advance_limit is not None and not 0 <= request.advance_limit < Decimal("1e12"):
        raise bad_input("Expected an amount of 0 or more.", "input", "advanceLimit")
    if not request.insured:
        raise bad_input("A policy insures at least one person.", "input", "insured")
    return PolicyDraft(
        number=number,
        product=request.product,
        plan=request.plan,
        riders=tuple(dict.fromkeys(request.riders)),
        effective_on=request.effective_on,
        effective_at=start_of(request.effective_on),
        waiting_days=request.waiting_days,
        channel=request.channel,
        advance_limit=request.advance_limit,
        holder=_person(request.holder, today, "input", "holder"),
        insured=_different(
            [_person(person, today, "input", "insured", str(place)) for place, person in enumerate(request.insured)]
        ),
    )


def _person(person: PersonRequest, today: dt.date, *path: str) -> PersonDraft:
    return PersonDraft(
        name=inputs.required(inputs.name(person.name, *path, "name"), *path, "name"),
        gender=person.gender,
        birth_on=inputs.birth_on(person.birth_on, today, *path, "birthOn") or person.birth_on,
        phone=inputs.phone(person.phone, *path, "phone"),
        id_type=person.id_type,
        id_number=inputs.id_number(person.id_type, person.id_number, *path, "idNumber"),
    )


def _different(people: list[PersonDraft]) -> tuple[PersonDraft, ...]:
    seen: Mapping[tuple[str, str], PersonDraft] = {(person.id_type, person.id_number): person for person in people}
    if len(seen) != len(people):
        raise bad_input("The same person is insured twice on this policy.", "input", "insured")
    return tuple(people)
