"""Policies of several products in one life, what may be asked for on them, and what the steps of their bookings say."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gateway.execution import ids
from tests.stateful.looking import Eyes
from tests.support import consultations, drugs, escorts, expert_calls, visits
from tests.support.client import Client, Gateway, new_key
from tests.support.mutations import sample

START = dt.datetime.fromisoformat("2026-03-09T09:00:00+08:00")
"""A Monday morning; every waiting period is over."""

OWN, FOREIGN = "customer", "foreign customer"
ROLES = (OWN, "vendor", "staff", "supervisor", FOREIGN, "foreign vendor")
SERVICES = ("escort", "visit", "vaccination", "test", "question", "drug", "expert")
POLICIES: dict[str, Callable[[Gateway], str]] = {
    "ZYB": lambda gateway: escorts.register(gateway, "ZYB"),
    "CY26": lambda gateway: visits.policy(gateway, "CY26"),
    "ZAWX": drugs.new_policy,
    "VAS": expert_calls.policy,
}
PRODUCTS = {"escort": "ZYB", "question": "ZAWX", "drug": "ZAWX", "expert": "VAS"}
OPERATIONS = {
    "escort": "escortBook",
    "visit": "hospitalVisitBook",
    "vaccination": "vaccinationBook",
    "test": "respiratoryTestOrder",
    "question": "consultationStart",
    "drug": "drugPurchaseRequest",
    "expert": "expertCallBook",
}
COMMANDS = {
    "accept": "bookingAccept",
    "assign": "bookingAssign",
    "attemptCall": "bookingCallAttemptRecord",
    "cancel": "bookingCancel",
    "checkIn": "bookingCheckIn",
    "checkOut": "bookingCheckOut",
    "chooseFulfillment": "drugFulfillmentChoose",
    "close": "consultationClose",
    "complete": "bookingComplete",
    "confirm": "bookingConfirm",
    "confirmDelivery": "drugDeliveryConfirm",
    "decideDamage": "drugDamageDecide",
    "decideDeduction": "bookingDeductionDecide",
    "decline": "bookingDecline",
    "followUp": "bookingFollowUpRecord",
    "issueVoucher": "drugVoucherIssue",
    "noShow": "bookingNoShowRecord",
    "proposeDeduction": "bookingDeductionPropose",
    "rate": "bookingRate",
    "reply": "consultationReply",
    "reportDamage": "drugDamageReport",
    "reschedule": "bookingReschedule",
    "reviewPrescription": "drugPrescriptionReview",
    "share": "testReportShare",
    "terminate": "bookingTerminate",
}
CLINICS = (visits.CLINIC, visits.SAME_BRAND, visits.OTHER_BRAND)
HOSPITALS = (visits.PUBLIC, "DEMO-SH-002", visits.PRIVATE)


@dataclass
class World:
    """The numbers of one life: each test run begins with policies that nobody has used."""

    gateway: Gateway
    eyes: Eyes
    policies: dict[str, str] = field(default_factory=dict[str, str])
    callers: dict[str, Client] = field(default_factory=dict[str, Client])
    escorts: tuple[str, str] = field(default_factory=lambda: (f"E-{new_key()[:8]}", f"E-{new_key()[:8]}"))

    def policy(self, service: str) -> str:
        product = PRODUCTS.get(service, "CY26")
        if product not in self.policies:
            self.policies[product] = POLICIES[product](self.gateway)
        return self.policies[product]

    @cached_property
    def drug(self) -> str:
        return drugs.drug(self.gateway)

    @cached_property
    def expert(self) -> str:
        slots = [f"2026-03-{day:02} {hour}:00" for day in range(9, 29) for hour in (10, 15)]
        return expert_calls.expert_with(self.gateway, *slots)

    def caller(self, role: str, number: str, vendor: str | None = None) -> Client:
        """Somebody of a role, who has to do with the policy or, a foreigner, has not."""
        name = f"{role}/{number}/{vendor}"
        if name not in self.callers:
            self.callers[name] = self._caller(role, number, vendor)
        return self.callers[name]

    def _caller(self, role: str, number: str, vendor: str | None) -> Client:
        if role in (OWN, FOREIGN):
            return self.gateway.customer(number if role == OWN else "nobody's number")
        if role == "vendor":
            return self.gateway.vendor(vendor or "JDHEALTH")
        if role == "foreign vendor":
            return self.gateway.vendor("HUANQIU" if vendor != "HUANQIU" else "QITAI")
        return self.gateway.staff("adjuster" if role == "staff" else role)

    # What is sent

    def request(self, service: str, now: dt.datetime, dice: random.Random) -> dict[str, Any]:
        """Mostly one that is agreed to."""
        number, at = self.policy(service), visit_time(now, dice)
        given: dict[str, Callable[[], dict[str, Any]]] = {
            "escort": lambda: escorts.request(number, visitAt=at, hospital=dice.choice(HOSPITALS), plannedMinutes=60),
            "visit": lambda: visits.visit(number, visitAt=at, hospital=dice.choice(HOSPITALS)),
            "vaccination": lambda: visits.vaccination(number, visitAt=at, hospital=dice.choice(CLINICS)),
            "test": lambda: visits.test_order(number),
            "question": lambda: consultations.question("ZAWX", number),
            "drug": lambda: drugs.request(self.gateway, number, drug=self.drug),
            "expert": lambda: expert_calls.wanted(number, self.expert, startsAt=at),
        }
        return given[service]() | {"idempotencyKey": new_key()}

    def step(self, mutation: str, booking: str, now: dt.datetime, dice: random.Random) -> dict[str, Any]:
        """Every field that must be filled in, and those that decide what becomes of the booking."""
        decided: dict[str, dict[str, Any]] = {
            "bookingAssign": {"escort": dice.choice(self.escorts), "visitAt": visit_time(now, dice)},
            "bookingCallAttemptRecord": {
                "caller": "EXPERT",
                "isAnswered": dice.random() < 0.4,
                "callReference": new_key(),
            },
            "bookingCancel": {"acceptDeduction": dice.random() < 0.7},
            "bookingConfirm": {"isClientConfirming": True},
            "bookingDeductionDecide": {"decision": dice.choice(("APPROVE", "REJECT"))},
            "bookingNoShowRecord": {"cause": dice.choice(("CLIENT", "HOSPITAL", "VENDOR", "PATIENT_EXCLUDED"))},
            "bookingReschedule": {"visitAt": visit_time(now, dice)},
            "consultationReply": {"doctor": consultations.DOCTOR},
            "drugDamageReport": {"cause": dice.choice(("TRANSIT", "CLIENT"))},
            "drugFulfillmentChoose": dice.choice((drugs.DELIVERY, drugs.PICKUP)),
            "drugPrescriptionReview": {"outcome": dice.choice(("APPROVED", "APPROVED", "REJECTED")), "reason": "words"},
        }
        if mutation == "bookingAssign" and dice.random() < 0.8:
            del decided[mutation]["visitAt"]
        return sample(mutation, **{"booking": booking} | decided.get(mutation, {}))

    def row(self, booking: str) -> dict[str, Any]:
        policy, key = ids.decode_as("book", booking, 2)
        (found,) = self.eyes.rows(
            "select policy_id, id, state, vendor_code, visit_at from bookings where policy_id = $1 and id = $2",
            policy,
            key,
        )
        return found


def visit_time(now: dt.datetime, dice: random.Random) -> str:
    day = now.date() + dt.timedelta(days=dice.choice((0, 1, 2, 3, 5, 9)))
    return f"{day.isoformat()}T{dice.choice(('09:30', '15:00'))}:00+08:00"
