"""Who serves a booking learns how to reach its client, for as long as it is served; each look is noted."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import consultations, drugs, escorts, expert_calls, green_channels, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, look

SHOW = """
mutation Show($input: BookingContactShowInput!, $dryRun: Boolean! = false) {
  bookingContactShow(input: $input, dryRun: $dryRun) { isReplay refusals { message } values { field value } } }
"""
PHONE = "13800138000"


def show(client: Client, booking: str, *, dry_run: bool = False, **given: Any) -> Answer:
    return client.ask(SHOW, input={"idempotencyKey": new_key(), "booking": booking} | given, dryRun=dry_run)


def values(answer: Answer) -> dict[str, str]:
    return {each["field"]: each["value"] for each in answer.data["bookingContactShow"]["values"]}


def test_home(gateway: Gateway) -> Any:
    return visits.begin(gateway, "respiratoryTestOrder")


test_home.__test__ = False  # type: ignore[attr-defined]

SERVED: dict[str, tuple[Callable[[Gateway], Any], dict[str, str]]] = {
    "escort": (escorts.begin, {"PATIENT_PHONE": PHONE}),
    "expert call": (expert_calls.booked, {"CLIENT_PHONE": PHONE}),
    "outpatient green channel": (green_channels.begin_outpatient, {"PATIENT_PHONE": PHONE}),
    "consultation": (lambda gateway: consultations.begin(gateway, "ZYB"), {"CLIENT_PHONE": PHONE}),
    "test at home": (test_home, {"CLIENT_PHONE": PHONE, "TEST_ADDRESS": "上海市徐汇区演示路 11 号"}),
    "drug that is sent": (
        lambda gateway: drugs.begin(gateway).go_to("SHIPPING"),
        {"DELIVERY_PHONE": drugs.DELIVERY["phone"], "DELIVERY_ADDRESS": drugs.DELIVERY["address"]},
    ),
}


@pytest.mark.parametrize("name", sorted(SERVED))
def test_the_vendor_of_a_booking_learns_how_to_reach_the_client_and_where(gateway: Gateway, name: str) -> None:
    begin, expected = SERVED[name]
    case = begin(gateway)
    assert values(show(case.who("vendor"), case.booking)) == expected


@pytest.mark.parametrize("name", ["drug that is sent", "expert call"])
def test_nobody_else_does(gateway: Gateway, name: str) -> None:
    case = SERVED[name][0](gateway)
    other = gateway.vendor("HUANQIU").at(NOW)
    assert (show(case.who("customer"), case.booking).code, show(gateway.staff().at(NOW), case.booking).code) == (
        "FORBIDDEN",
        "FORBIDDEN",
    )
    foreign = show(other, case.booking)
    absent = show(other, case.booking[:-8] + "00000000")
    assert foreign.code == "BAD_USER_INPUT"
    assert foreign.error["message"] == absent.error["message"]


def test_a_drug_that_the_client_collects_tells_no_address(gateway: Gateway) -> None:
    drugs.add_pharmacies(gateway)
    order = drugs.begin(gateway).go_to("VOUCHER_ISSUED")
    collecting = order.take("customer", "drugFulfillmentChoose", fulfillment="PICKUP", pharmacy=drugs.PHARMACY)
    assert collecting["booking"]["status"] == "PICKUP_READY"
    assert "DELIVERY_ADDRESS" not in values(show(order.who("vendor"), order.booking))


def test_once_the_booking_has_ended_nothing_is_shown_any_more(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    answer = show(journey.who("vendor"), journey.booking)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "booking"])


def test_each_look_is_noted_with_everything_but_the_values(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    show(journey.who("vendor"), journey.booking, note="on the way")
    show(journey.who("vendor"), journey.booking, dry_run=True)
    (line,) = look(
        gateway,
        "select actor, purpose, details::text as details from audit_entries "
        "where subject_id = $1 and operation = 'bookingContactShow'",
        journey.key[1],
    )
    assert (line["actor"], line["purpose"]) == ("vendor:HUANQIU", "CLIENT_CONTACT")
    assert line["details"].replace(" ", "") == '{"note":"ontheway","fields":["PATIENT_PHONE"]}'


def test_neither_a_replay_nor_a_dry_run_shows_anything(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    vendor, key = journey.who("vendor"), new_key()
    assert values(show(vendor, journey.booking, dry_run=True)) == {}
    first, second = (show(vendor, journey.booking, idempotencyKey=key) for _ in range(2))
    assert (len(values(first)), values(second)) == (1, {})
    assert second.data["bookingContactShow"]["isReplay"]


def test_the_number_of_a_message_is_shown_by_a_supervisor(gateway: Gateway) -> None:
    number = escorts.register(gateway)
    sent = consultations.send(
        gateway.customer(number).at(consultations.NIGHT),
        "messageLeave",
        shows="message { id phone }",
        policyNumber=number,
        content="请回电",
        phone=PHONE,
    )
    message = sent.data["messageLeave"]["message"]
    assert message["phone"] == "****8000"
    shown = gateway.staff("supervisor").ask(
        "mutation U($i: PersonalDataUnmaskInput!) { personalDataUnmask(input: $i) { values { field value } } }",
        i={
            "idempotencyKey": new_key(),
            "subject": message["id"],
            "fields": ["PHONE"],
            "purpose": "CLIENT_CONTACT",
            "note": "call back",
        },
    )
    assert shown.data["personalDataUnmask"]["values"] == [{"field": "PHONE", "value": PHONE}]
