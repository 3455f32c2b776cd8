"""Visits, vaccinations and tests at home as a client sends them: good requests, and the steps that follow."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.imports.brands import import_brands
from tests.support import escorts
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, add_hospitals, at, register, verdict_of

PATIENT = {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05", "phone": "13800138000"}
VISIT = at("2026-03-26 09:30")
"""A Thursday, more than a week after `NOW`, which is Monday 9 March."""

PUBLIC = "DEMO-SH-001"
"""Public, popular, billed directly; in the networks of both CY23 plans and of the national plan of CY26."""

PUBLIC_PLAIN = "DEMO-NJ-001"
PRIVATE = "DEMO-SH-005"
CLINIC = "DEMO-SH-008"
"""A vaccination clinic of the brand 演示禾苗."""

SAME_BRAND = "DEMO-SH-009"
OTHER_BRAND = "DEMO-KS-002"

TYPES = {
    "hospitalVisitBook": "HospitalVisitBookInput",
    "vaccinationBook": "VaccinationBookInput",
    "respiratoryTestOrder": "RespiratoryTestOrderInput",
}
BOOKED = "booking { id number status visitAt availableActions hospital { code } vendor { code } }"
DETAILS = """
query Details($id: ID!) { node(id: $id) { ... on Booking {
  service status visitAt availableActions hospital { code } vendor { code }
  timeline { command fromStatus status role reason }
  slaClocks { rule { code } status dueAt isEstimated }
  details { __typename
    ... on HospitalVisitDetails {
      visitType departmentClass liability doctor vaccine dose openRules patientName patientPhone
      strike { kind fee { amount } } }
    ... on RespiratoryTestDetails {
      city { name } isAddressRecognized idType phone voucherCode sampledAt reportedAt shares { sharedAt } } }
} } }
"""


def policy(gateway: Gateway, product: str = "CY26", **changes: Any) -> str:
    """A policy whose waiting period is over; the CY26 one has every rider."""
    terms: dict[str, Any] = {"plan": "PLUS"} if product == "CY23" else {"plan": "NATIONAL"}
    if product == "CY26":
        terms["riders"] = ["VACCINE", "EYE", "DENTAL"]
    return register(gateway, product, **({"waitingDays": 30} | terms | changes))


def visit(number: str, **changes: Any) -> dict[str, Any]:
    """A request that CY23 (in its PLUS plan) and CY26 accept."""
    good = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "hospital": PUBLIC,
        "departmentClass": "SPECIAL",
        "visitType": "OUTPATIENT",
        "visitAt": VISIT,
        "patient": PATIENT,
    }
    return good | changes


def vaccination(number: str, **changes: Any) -> dict[str, Any]:
    good = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "hospital": CLINIC,
        "visitAt": VISIT,
        "vaccine": "流感疫苗",
        "dose": 1,
        "patient": PATIENT,
    }
    return good | changes


def test_order(number: str, **changes: Any) -> dict[str, Any]:
    good = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "city": "上海",
        "address": "上海市徐汇区演示路 11 号",
        "idType": "ID_CARD",
        "phone": "13800138000",
    }
    return good | changes


test_order.__test__ = False  # type: ignore[attr-defined]
REQUESTS = {"hospitalVisitBook": visit, "vaccinationBook": vaccination, "respiratoryTestOrder": test_order}


def document(operation: str) -> str:
    return (
        f"mutation Book($input: {TYPES[operation]}!, $dryRun: Boolean! = false) {{ {operation}(input: $input, "
        f"dryRun: $dryRun) {{ isDryRun isReplay verdicts {{ ...V }} refusals {{ ...V }} {BOOKED} }} }}" + VERDICT
    )


def ask(client: Client, operation: str, number: str, *, dry_run: bool = False, **changes: Any) -> Answer:
    return client.ask(document(operation), input=REQUESTS[operation](number, **changes), dryRun=dry_run)


def tried(
    gateway: Gateway, number: str, now: str = NOW, operation: str = "hospitalVisitBook", **changes: Any
) -> dict[str, Any]:
    """The answer to a request that is only tried."""
    return ask(gateway.customer(number).at(now), operation, number, dry_run=True, **changes).data[operation]


def judged(gateway: Gateway, number: str, code: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return verdict_of(tried(gateway, number, now, **changes), code)


def only_refusal(found: dict[str, Any]) -> dict[str, Any]:
    (refusal,) = found["refusals"]
    return refusal


@dataclass(frozen=True)
class Trip(escorts.Journey):
    """One booking of these services, and those who have to do with it."""

    vendor: str = "JDHEALTH"

    def who(self, role: str, now: str = NOW) -> Client:
        if role == "vendor":
            return self.gateway.vendor(self.vendor).at(now)
        return super().who(role, now)

    def seen_by(self, role: str, now: str = NOW) -> dict[str, Any]:
        return self.who(role, now).ask(DETAILS, id=self.booking).data["node"]

    def take_all(self, *steps: tuple[Any, ...]) -> "Trip":
        """Steps as (role, mutation) or (role, mutation, now) or with fields, each of which must be agreed to."""
        for role, mutation, *rest in steps:
            now = rest[0] if rest else NOW
            fields = rest[1] if len(rest) > 1 else {}
            answer = self.take(role, mutation, now, **fields)
            assert answer["refusals"] == [], answer["refusals"]
        return self

    def confirmed(self) -> "Trip":
        return self.take_all(("staff", "bookingConfirm"))

    def visited(self, now: str = VISIT) -> "Trip":
        return self.confirmed().take_all(("staff", "bookingCheckIn", now))

    def service_account(self, service: str) -> dict[str, Any]:
        return escorts.entitlement(self.who("customer"), self.number, service)


def begin(
    gateway: Gateway,
    operation: str = "hospitalVisitBook",
    product: str = "CY26",
    *,
    now: str = NOW,
    number: str | None = None,
    **changes: Any,
) -> Trip:
    """A new booking, on a new policy unless one is named."""
    number = number or policy(gateway, product)
    booked = ask(gateway.customer(number).at(now), operation, number, **changes).data[operation]
    assert booked["refusals"] == [], booked["refusals"]
    vendor = "WINDSTONE" if product == "CY23" else "JDHEALTH"
    return Trip(gateway, number, product, booked["booking"]["id"], vendor)


def close_brand(gateway: Gateway, brand: str, closed_on: str | None = "2026-03-01") -> None:
    """By the list that the insurer loads; an empty day opens it again."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(f"code,name,closedOn\n{brand},{brand},{closed_on or ''}\n")
        file.flush()
        report = escorts.as_owner(gateway, lambda owner: import_brands(owner, Path(file.name)))
    assert report.problems == []


def add_clinic(gateway: Gateway, code: str, brand: str, **changes: str) -> None:
    """A private vaccination clinic of a brand, in the vaccine network of the national plan."""
    clinic = {
        "code": code,
        "name": f"试验诊所 {code}",
        "province": "上海",
        "city": "上海",
        "ownership": "PRIVATE",
        "level": "",
        "networks": "CY26:NATIONAL:VACCINE",
        "directBilling": "true",
        "brand": brand,
    }
    add_hospitals(gateway, clinic | changes)


def shut_out(gateway: Gateway, restriction: str = "BOOKING") -> tuple[Trip, str]:
    """A CY26 client who did not come, and what staff decided upon that: the visit, and the id of the restriction."""
    trip = begin(gateway).confirmed()
    fields = {"cause": "CLIENT", "restriction": restriction, "note": "the third time"}
    trip.take_all(("staff", "bookingNoShowRecord", at("2026-03-26 10:00"), fields))
    (found,) = trip.who("customer").ask(RESTRICTIONS, number=trip.number).data["policy"]["restrictions"]
    return trip, found["id"]


RESTRICTIONS = """
query R($number: String!) { policy(number: $number) { restrictions {
  id kind reason imposedAt liftedAt liftReason hospital { code } insured { name } } } }
"""
