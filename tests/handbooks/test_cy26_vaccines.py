"""The CY26 handbook on vaccinations, dental and eye care and the brand that a series stays with, clause by clause."""

from typing import Any

import pytest

from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, at, refused
from tests.support.visits import (
    CLINIC,
    OTHER_BRAND,
    PATIENT,
    PRIVATE,
    PUBLIC,
    SAME_BRAND,
    VISIT,
    Trip,
    add_clinic,
    begin,
    close_brand,
    judged,
    only_refusal,
    policy,
    tried,
)

VACCINATION = "vaccinationBook"
TRANSFER = (
    """
mutation Transfer($input: VaccineBrandTransferRequestInput!) { vaccineBrandTransferRequest(input: $input) {
  refusals { ...V } brandTransfer { id status reason lock { brand { code } } } } }
"""
    + VERDICT
)
DECIDE = (
    """
mutation Decide($input: VaccineBrandTransferDecideInput!) { vaccineBrandTransferDecide(input: $input) {
  refusals { ...V } brandTransfer { id status designatedBrand { code } decisionReason } } }
"""
    + VERDICT
)
LOCKS = """
query Locks($n: String!) { policy(number: $n) { brandLocks {
  liability releasedAt brand { code } insured { name } transfers { id status } } } }
"""


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy of the national plan with every rider, that dry runs share."""
    return policy(gateway)


def locks(gateway: Gateway, number: str) -> list[dict[str, Any]]:
    return gateway.customer(number).ask(LOCKS, n=number).data["policy"]["brandLocks"]


def ask_transfer(client: Client, number: str, **fields: Any) -> Answer:
    return client.ask(TRANSFER, input={"idempotencyKey": new_key(), "policyNumber": number} | fields)


def decide(client: Client, transfer: str, decision: str = "APPROVE", **fields: Any) -> Answer:
    return client.ask(DECIDE, input={"idempotencyKey": new_key(), "transfer": transfer, "decision": decision} | fields)


def test_vac_05_a_vaccination_is_booked_before_it_for_the_insured(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, VISIT, VACCINATION)) == {"CY26-VAC-05"}
    assert refused(tried(gateway, number, at("2026-03-26 09:29"), VACCINATION)) == set()
    stranger = tried(gateway, number, operation=VACCINATION, patient={**PATIENT, "name": "路人甲"})
    assert refused(stranger) == {"CY26-VAC-05"}


@pytest.mark.parametrize(
    ("hospital", "is_refused"),
    [(CLINIC, False), (PUBLIC, True), (PRIVATE, True)],
    ids=["private, in the vaccine network", "public, in it", "private, outside it"],
)
def test_vac_07_vaccinations_are_billed_at_private_clinics_of_the_network(
    gateway: Gateway, number: str, hospital: str, is_refused: bool
) -> None:
    found = tried(gateway, number, operation=VACCINATION, hospital=hospital)
    assert refused(found) == ({"CY26-VAC-07"} if is_refused else set())


def test_vac_09_is_told(gateway: Gateway) -> None:
    document = f'{{ disclosures(operation: "{VACCINATION}", product: CY26) {{ id }} }}'
    assert {"id": "CY26-VAC-09"} in gateway.anyone().ask(document).data["disclosures"]


def test_vac_10_a_booking_binds_nobody(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).confirmed()
    assert locks(gateway, trip.number) == []
    assert refused(tried(gateway, trip.number, operation=VACCINATION, hospital=OTHER_BRAND)) == set()


def test_vac_10_the_first_visit_binds_the_series_to_its_brand(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).visited()
    (lock,) = locks(gateway, trip.number)
    assert (lock["liability"], lock["brand"]["code"], lock["insured"]["name"]) == ("VACCINE", "演示禾苗", "演示成人")
    later = {"now": VISIT, "operation": VACCINATION, "visitAt": at("2026-04-23 09:30")}
    assert refused(tried(gateway, trip.number, hospital=SAME_BRAND, **later)) == set()
    other = tried(gateway, trip.number, hospital=OTHER_BRAND, **later)
    assert refused(other) == {"CY26-VAC-10"}
    assert "演示禾苗" in only_refusal(other)["message"]


def test_vac_10_a_visit_of_the_same_liability_is_bound_as_well(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).visited()
    found = tried(
        gateway, trip.number, VISIT, liability="VACCINE", hospital=OTHER_BRAND, visitAt=at("2026-04-23 09:30")
    )
    assert refused(found) == {"CY26-VAC-10"}


def test_vac_10_two_bookings_at_two_brands_end_at_the_first_visit(gateway: Gateway) -> None:
    first = begin(gateway, VACCINATION).confirmed()
    second = begin(gateway, VACCINATION, number=first.number, hospital=OTHER_BRAND).confirmed()
    first.take_all(("staff", "bookingCheckIn", VISIT))
    assert refused(second.take("staff", "bookingCheckIn", VISIT)) == {"CY26-VAC-10"}
    moved = second.take("staff", "bookingReschedule", NOW, visitAt=at("2026-04-23 09:30"), hospital=SAME_BRAND)
    assert moved["booking"]["status"] == "REQUESTED"


@pytest.mark.parametrize(("liability", "hospital"), [("EYE", "DEMO-SH-006"), ("DENTAL", "DEMO-SH-007")])
def test_vac_10_eye_and_dental_care_are_not_bound(gateway: Gateway, liability: str, hospital: str) -> None:
    trip = begin(gateway, liability=liability, hospital=hospital).visited()
    assert locks(gateway, trip.number) == []


def test_vac_10_a_clinic_without_a_brand_is_for_people(gateway: Gateway) -> None:
    add_clinic(gateway, "T-CY26-NOBRAND", "")
    trip = begin(gateway, VACCINATION).visited()
    later = {"visitAt": at("2026-04-23 09:30"), "hospital": "T-CY26-NOBRAND"}
    assert judged(gateway, trip.number, "CY26-VAC-10", VISIT, operation=VACCINATION, **later)["status"] == "UNKNOWN"


@pytest.fixture
def closed(gateway: Gateway) -> Trip:
    """A series at a brand of its own, which has closed since."""
    brand = f"B{new_key()[:6]}"
    add_clinic(gateway, f"T-{brand}", brand)
    trip = begin(gateway, VACCINATION, hospital=f"T-{brand}").visited()
    close_brand(gateway, brand, "2026-04-01")
    return trip


AFTER = at("2026-04-02 09:00")


def test_vac_11_while_the_brand_is_open_the_series_stays(gateway: Gateway, closed: Trip) -> None:
    (refusal,) = ask_transfer(closed.who("customer", VISIT), closed.number).data["vaccineBrandTransferRequest"][
        "refusals"
    ]
    assert (refusal["rule"]["code"], refusal["passesFrom"]) == ("CY26-VAC-11", "2026-03-31T16:00:00Z")


def test_vac_11_the_insurer_moves_the_series_to_the_brand_it_names(gateway: Gateway, closed: Trip) -> None:
    asked = ask_transfer(closed.who("customer", AFTER), closed.number, reason="关店").data[
        "vaccineBrandTransferRequest"
    ]
    transfer = asked["brandTransfer"]
    assert transfer["status"] == "REQUESTED"
    decided = decide(gateway.staff().at(AFTER), transfer["id"], brand="演示小鹿").data["vaccineBrandTransferDecide"]
    assert decided["brandTransfer"]["designatedBrand"] == {"code": "演示小鹿"}
    first, second = locks(gateway, closed.number)
    assert first["releasedAt"] is not None
    assert (second["brand"]["code"], second["releasedAt"]) == ("演示小鹿", None)
    later = {"now": AFTER, "operation": VACCINATION, "visitAt": at("2026-04-23 09:30")}
    assert refused(tried(gateway, closed.number, hospital=OTHER_BRAND, **later)) == set()
    assert refused(tried(gateway, closed.number, hospital=CLINIC, **later)) == {"CY26-VAC-10"}


@pytest.mark.parametrize("brand", [None, "own"], ids=["none", "the closed one"])
def test_vac_11_an_approval_names_another_open_brand(gateway: Gateway, closed: Trip, brand: str | None) -> None:
    asked = ask_transfer(closed.who("customer", AFTER), closed.number).data["vaccineBrandTransferRequest"]
    transfer = asked["brandTransfer"]
    named = transfer["lock"]["brand"]["code"] if brand else None
    answer = decide(gateway.staff().at(AFTER), transfer["id"], brand=named).data["vaccineBrandTransferDecide"]
    assert refused(answer) == {"CY26-VAC-11"}
    assert len(locks(gateway, closed.number)) == 1


def test_vac_11_a_rejection_leaves_the_bond_and_gives_its_reason(gateway: Gateway, closed: Trip) -> None:
    asked = ask_transfer(closed.who("customer", AFTER), closed.number).data["vaccineBrandTransferRequest"]
    staff, transfer = gateway.staff().at(AFTER), asked["brandTransfer"]["id"]
    assert decide(staff, transfer, "REJECT").code == "BAD_USER_INPUT"
    answer = decide(staff, transfer, "REJECT", reason="not closed for good").data["vaccineBrandTransferDecide"]
    assert answer["brandTransfer"]["status"] == "REJECTED"
    (lock,) = locks(gateway, closed.number)
    assert lock["releasedAt"] is None


def test_vac_11_one_request_waits_at_a_time_and_is_decided_once(gateway: Gateway, closed: Trip) -> None:
    customer = closed.who("customer", AFTER)
    asked = ask_transfer(customer, closed.number).data["vaccineBrandTransferRequest"]["brandTransfer"]
    assert ask_transfer(customer, closed.number).code == "BAD_USER_INPUT"
    staff = gateway.staff().at(AFTER)
    assert decide(staff, asked["id"], brand="演示小鹿").data
    assert decide(staff, asked["id"], brand="演示小鹿").code == "BAD_USER_INPUT"


def test_vac_11_without_a_bond_there_is_nothing_to_move(gateway: Gateway, number: str) -> None:
    assert ask_transfer(gateway.customer(number).at(NOW), number).code == "BAD_USER_INPUT"


def test_vac_17_a_visit_ends_once_the_client_has_been_seen(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION)
    assert refused(trip.take("staff", "bookingComplete", VISIT)) == {"CY26-VAC-17"}
    trip.visited().take_all(("staff", "bookingComplete", VISIT))
    assert trip.seen_by("customer")["status"] == "COMPLETED"
    assert trip.service_account("VACCINATION")["used"] == 1


def test_vac_17_nobody_has_missed_a_vaccination_before_its_time(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).confirmed()
    assert refused(trip.take("staff", "bookingNoShowRecord", at("2026-03-26 09:29"))) == {"CY26-VAC-17"}
