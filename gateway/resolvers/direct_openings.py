"""A visit as a hospital opens it to bill it directly, and what it names: policy, booking and authorization."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import direct_claims as rows
from gateway.repositories import policies
from gateway.repositories import preauths as asked_rows
from gateway.resolvers import inputs
from gateway.resolvers.requests import no_such_hospital, no_such_policy, paths_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts.authorizations import Item

PATHS = paths_of(
    "policyNumber",
    "hospital",
    "kind",
    "departmentClass",
    "visitedOn",
    "cardNumber",
    "shownIdType",
    "booking",
    "preAuth",
    "lines",
    "documents",
    "papers",
    "confirmations",
) | {"visitAt": ("input", "visitedOn"), "visitType": ("input", "kind"), "patientName": ("input", "insured")}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of direct claim is billed under."""

    visit_type: str
    liability: str
    service: str


KINDS: Mapping[str, Kind] = {
    "DIRECT_OUTPATIENT": Kind("OUTPATIENT", "OUTPATIENT_INPATIENT", "HOSPITAL_VISIT"),
    "DIRECT_INPATIENT": Kind("INPATIENT", "OUTPATIENT_INPATIENT", "HOSPITAL_VISIT"),
    "DIRECT_DENTAL": Kind("OUTPATIENT", "DENTAL", "HOSPITAL_VISIT"),
    "DIRECT_EYE": Kind("OUTPATIENT", "EYE", "HOSPITAL_VISIT"),
    "DIRECT_VACCINE": Kind("OUTPATIENT", "VACCINE", "VACCINATION"),
    "DIRECT_HEALTH_CHECK": Kind("OUTPATIENT", "HEALTH_CHECK", "HEALTH_CHECK"),
}


@dataclass(frozen=True, slots=True)
class Line:
    category: str
    name: str
    amount: Decimal
    unit_price: Decimal | None = None
    is_large_exam: bool = False
    is_rental: bool = False
    is_approved_vaccine: bool | None = None
    is_experimental: bool | None = None

    def cleaned(self, *path: str) -> "Line":
        amount = inputs.amount(self.amount, *path, "amount")
        if not amount:
            raise bad_input("Expected an amount above 0.", *path, "amount")
        name = inputs.required(inputs.name(self.name, *path, "name"), *path, "name")
        price = inputs.amount(self.unit_price, *path, "unitPrice")
        flags = (self.is_large_exam, self.is_rental, self.is_approved_vaccine, self.is_experimental)
        return Line(self.category, name, amount, price, *flags)

    @property
    def item(self) -> Item:
        """As the lists of what needs authorization see it; without a price the whole line is one unit."""
        price = self.amount if self.unit_price is None else self.unit_price
        return Item(self.category, self.name, price, self.amount, self.is_large_exam, self.is_rental)


@dataclass(frozen=True, slots=True)
class Opening:
    """A visit as the hospital opens it."""

    policy_number: str
    insured: str | None
    hospital: str
    kind: str
    department_class: str | None
    visited_on: dt.date
    discharged_on: dt.date | None
    is_emergency: bool
    card_number: str
    shown_id_type: str | None
    booking: str | None
    preauth: str | None
    lines: tuple[Line, ...]
    invoice: tuple[str, str] | None
    documents: tuple[str, ...]

    @property
    def terms(self) -> Kind:
        return KINDS[self.kind]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def items(self) -> tuple[Item, ...]:
        """What was done; a stay is listed by itself, whatever its lines are."""
        stay = Item("INPATIENT", "住院", self.amount, self.amount)
        return (*(line.item for line in self.lines), *([stay] if self.terms.visit_type == "INPATIENT" else []))


# What it names


async def asked_for(context: Context, connection: Any, operation: str, opening: Opening) -> Mapping[str, Any]:
    """The policy and the hospital. The first thing that is not there, or not the caller's, is told."""
    viewer = context.viewer
    asked = await asked_rows.asked_for(
        connection,
        policy_id=policies.policy_id(opening.policy_number.strip()),
        hospital=opening.hospital,
        vendor=viewer.vendor,
    )
    if asked is None or (viewer.kind is ViewerKind.VENDOR and not asked["is_contracted"]):
        raise no_such_policy()
    if viewer.kind is ViewerKind.VENDOR:
        if viewer.services is not None or not viewer.covers(product=asked["product_code"]):
            raise no_such_policy()
        viewer.require_cover(hospital=opening.hospital)
    if asked["code"] is None:
        raise no_such_hospital()
    if not _is_provided(context, operation, asked["product_code"], opening.terms.service):
        raise bad_input("The handbook of this policy's product knows no such direct billing.", "input", "policyNumber")
    return asked


def _is_provided(context: Context, operation: str, product: str, service: str) -> bool:
    """Whether a clause of the product speaks of direct billing for this service itself."""
    governing = context.services.rulebook.governing(operation, product, service)
    return any(rule.service == service for rule, _ in governing)


async def booked(connection: Any, opening: Opening, policy_id: uuid.UUID, insured: uuid.UUID) -> Any:
    """The booking that is named: this person's, at this hospital, and not billed yet."""
    if opening.booking is None:
        return None
    policy, booking_id = ids.decode_as("book", opening.booking, 2, "input", "booking")
    found = await rows.booking(connection, policy_id, booking_id) if policy == policy_id else None
    if found is None or (found["insured_id"], found["hospital_code"]) != (insured, opening.hospital):
        raise ids.not_an_id("book", "input", "booking")
    if await rows.is_billed(connection, policy_id, booking_id):
        raise bad_input("This booking has a direct claim already.", "input", "booking")
    return found


async def authorized(
    connection: Any, opening: Opening, policy_id: uuid.UUID, insured: uuid.UUID
) -> tuple[uuid.UUID | None, str | None]:
    """The authorization that is named, and what it is worth on the day of the treatment."""
    if opening.preauth is None:
        return None, None
    policy, preauth = ids.decode_as("preauth", opening.preauth, 2, "input", "preAuth")
    found = await rows.authorization(connection, policy_id, preauth) if policy == policy_id else None
    if found is None or (found["insured_id"], found["hospital_code"]) != (insured, opening.hospital):
        raise ids.not_an_id("preauth", "input", "preAuth")
    return preauth, _worth(found, opening.visited_on)


def _worth(preauth: Mapping[str, Any], day: dt.date) -> str | None:
    """What was granted holds for the days of its period, also when they are billed later, or under the revision that
    has taken its place since."""
    if any(_held(day, *period) for period in preauth["granted"]):
        return "GRANTED"
    is_alive = preauth["state"] not in ("REFUSED", "WITHDRAWN", "SUPERSEDED")
    return "EMERGENCY" if preauth["is_emergency"] and is_alive else None


def _held(
    day: dt.date, begins: dt.date, ends: dt.date | None, decided_at: dt.datetime, superseded_at: dt.datetime | None
) -> bool:
    last = min(end for end in (ends, superseded_at and civil_day(superseded_at), dt.date.max) if end is not None)
    return max(begins, civil_day(decided_at)) <= day <= last
