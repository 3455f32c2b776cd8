"""A lead time or a cut-off that the hotline sets aside for one request (GEN-18)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import outbox, overrides
from gateway.resolvers import inputs
from gateway.resolvers.bookings import locked
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import asked_for, named_insured
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules.timing import SET_ASIDE_BY_HOTLINE
from gateway.validation.verdict import Verdict
from models.base import new_id

PREFIX = "ovr"
TOPIC = "override.given"


@dataclass(frozen=True, slots=True)
class OverrideRequest:
    policy_number: str
    rule: str
    reason: str
    insured: str | None
    booking: str | None
    visit_on: dt.date | None


async def give(transaction: Transaction, operation: str, request: OverrideRequest) -> Work:
    """For a booking that stands, or for a day on which one is to be asked for."""
    context = transaction.context
    why = inputs.required(inputs.text(request.reason, "input", "reason"), "input", "reason")
    policy = await asked_for(
        context, transaction.connection, number=request.policy_number, service="", hospital=None, department=None
    )
    subject = Subject(policy["policy_id"], new_id())
    about = await _about(transaction, policy, request)
    rule = _rule(transaction, request.rule, policy["product_code"], about.pop("service"))
    row: dict[str, Any] = {
        "policy_id": subject.policy_id,
        "id": subject.id,
        **about,
        "rule_code": rule.code,
        "reason": why,
        "given_by": context.viewer.principal,
        "given_at": context.now,
    }

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if not await overrides.give(transaction.connection, row):
            raise Fault(Code.CONFLICT, "This is set aside already, and not used yet.", inputPath=["input", "rule"])
        await _tell(transaction, subject, rule)
        return subject

    return Work(Facts(operation, context.now, policy["product_code"], ""), write)


async def _about(transaction: Transaction, policy: Mapping[str, Any], request: OverrideRequest) -> dict[str, Any]:
    """The insured and the day of the visit; and the booking with its service, where it is about one."""
    today = civil_day(transaction.context.now)
    if request.booking is None:
        insured = named_insured(policy, request.insured)
        return {"insured_id": insured, "booking_id": None, "visit_on": _day(request.visit_on, today), "service": None}
    case = await locked(transaction, request.booking, "override", is_step=False)
    if case.policy_id != policy["policy_id"]:
        raise ids.not_an_id("book", "input", "booking")
    return {
        "insured_id": case.row["insured_id"],
        "booking_id": case.booking_id,
        "visit_on": _day(request.visit_on or case.row["visit_on"], today),
        "service": case.row["service"],
    }


def _rule(transaction: Transaction, code: str, product: str, service: str | None) -> Rule:
    found = transaction.context.services.rulebook.rules.get(code.strip())
    if (
        found is None
        or found.product != product
        or service not in (None, found.service)
        or not found.checks & SET_ASIDE_BY_HOTLINE
    ):
        raise bad_input("Expected the code of a lead time or cut-off of this product and service.", "input", "rule")
    return found


def _day(visit_on: dt.date | None, today: dt.date) -> dt.date:
    if visit_on is None:
        raise bad_input("Name the day of the visit, or a booking that has one.", "input", "visitOn")
    if visit_on < today:
        raise bad_input("Expected today or a later day.", "input", "visitOn")
    return visit_on


async def _tell(transaction: Transaction, subject: Subject, rule: Rule) -> None:
    await outbox.post(
        transaction.writes,
        policy_id=subject.policy_id,
        subject_id=subject.id,
        topic=TOPIC,
        audience="CUSTOMER",
        dedupe_key=f"{TOPIC}:{subject.id.hex}",
        now=transaction.context.now,
        rule=rule.code,
        payload={"override": ids.encode(PREFIX, subject.policy_id, subject.id)},
    )
