"""Facts of care that the insurer settles with the hospital, for a new request and for a booking that exists."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.repositories import hospital_visits as rows
from gateway.resolvers.bookings import Case
from gateway.validation.facts import Facts
from gateway.validation.facts.visits import Billing, Membership

MACHINE = "VISIT"


@dataclass(frozen=True, slots=True)
class Care:
    """What is wanted of the hospital."""

    visit_type: str
    liability: str
    department_class: str | None = None
    doctor: str | None = None


async def billing_facts(
    connection: Any, *, policy_id: uuid.UUID, insured_id: uuid.UUID, hospital: str, care: Care
) -> Billing:
    found = await rows.billing(
        connection, policy_id=policy_id, insured_id=insured_id, hospital=hospital, liability=care.liability
    )
    return Billing(
        visit_type=care.visit_type,
        liability=care.liability,
        department_class=care.department_class,
        doctor=care.doctor,
        is_popular=found["is_popular"],
        is_direct_billing=found["is_direct_billing"],
        brand=found["brand_code"],
        memberships=tuple(Membership(*row) for row in found["memberships"]),
        lists=frozenset(found["lists"]),
        riders=frozenset(found["riders"]),
        restrictions=frozenset(found["restrictions"]),
        locked_brand=found["locked_brand"],
        is_card_greyed=found["is_card_greyed"],
    )


async def with_billing(case: Case, found: Facts) -> Facts:
    """The same facts, with what decides on direct billing where the booking is such a visit."""
    details = await details_of(case)
    if details is None or found.hospital is None:
        return found
    care = Care(details["visit_type"], details["liability"], details["department_class"], details["doctor"])
    return replace(
        found,
        billing=await billing_facts(
            case.transaction.connection,
            policy_id=case.policy_id,
            insured_id=case.row["insured_id"],
            hospital=found.hospital.code,
            care=care,
        ),
    )


async def details_of(case: Case) -> Mapping[str, Any] | None:
    if case.row["machine"] != MACHINE:
        return None
    return await rows.details(case.transaction.connection, case.policy_id, case.booking_id)
