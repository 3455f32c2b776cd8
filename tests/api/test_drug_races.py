"""Orders of listed drugs that meet: one of them wins, nobody meets a fault, and the counters agree with the ledger."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.drugs import Order, begin, new_policy, request
from tests.support.escorts import NOW, refused
from tests.support.races import Call, all_agrees, ask, payload, together

ROUNDS = 5


@pytest.fixture(autouse=True)
def counters_agree_with_the_ledger(gateway: Gateway) -> Iterator[None]:
    yield
    all_agrees(gateway)


def document(mutation: str) -> str:
    name = mutation[0].upper() + mutation[1:]
    return (
        f"mutation Step($input: {name}Input!) {{ {mutation}(input: $input) {{ refusals {{ ...V }} "
        "booking { status } } }" + escorts.VERDICT
    )


def sending(order: Order, role: str, mutation: str, **fields: Any) -> Call:
    given = {"idempotencyKey": new_key(), "booking": order.booking} | fields
    return ask(order.who(role), document(mutation), given)


def outcomes(*calls: Call) -> list[str | None]:
    """State that each call led to; None for one that was refused."""
    found = [payload(answer)["booking"] for answer in together(*calls)]
    return [booking["status"] if booking else None for booking in found]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_the_last_use_goes_to_one_of_two_requests(gateway: Gateway, _: int) -> None:
    number = new_policy(gateway)
    client = gateway.customer(number).at(NOW)
    calls = [ask(client, document("drugPurchaseRequest"), request(gateway, number)) for _ in range(2)]
    answers = [payload(answer) for answer in together(*calls)]
    assert sorted(map(len, (answer["refusals"] for answer in answers))) == [0, 1]
    assert set().union(*map(refused, answers)) == {"ZAWX-TBL-01"}


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_damage_report_meets_the_confirmation(gateway: Gateway, _: int) -> None:
    order = begin(gateway).go_to("SHIPPING")
    told, confirmed = outcomes(
        sending(order, "customer", "drugDamageReport", cause="TRANSIT", description="破"),
        sending(order, "vendor", "drugDeliveryConfirm", isInspected=True),
    )
    assert (told, confirmed) in [("DAMAGE_REPORTED", None), (None, "COMPLETED")]
    assert order.uses() == ((1, 0) if told else (0, 1))
    assert len(order.details()["damages"]) == bool(told)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_who_look_into_the_damage_send_one_drug(gateway: Gateway, _: int) -> None:
    order = begin(gateway).go_to("SHIPPING")
    order.take("customer", "drugDamageReport", cause="TRANSIT", description="破")
    found = outcomes(
        sending(order, "vendor", "drugDamageDecide", isVerified=True),
        sending(order, "staff", "drugDamageDecide", isVerified=False, reason="完好"),
    )
    assert sorted(state or "" for state in found) == ["", "SHIPPING"]
    (damage,) = order.details()["damages"]
    assert (damage["status"] == "VERIFIED") == (found[0] is not None)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_calling_off_meets_the_review(gateway: Gateway, _: int) -> None:
    order = begin(gateway).go_to("ACCEPTED")
    answers = together(
        sending(order, "customer", "bookingCancel"),
        sending(order, "vendor", "drugPrescriptionReview", outcome="APPROVED"),
    )
    state = order.seen_by("customer")["status"]
    assert state in ("CANCELLED_FREE", "PRESCRIPTION_APPROVED")
    assert sum("errors" in answer for answer in answers) == (state == "PRESCRIPTION_APPROVED")
    assert order.uses() == ((0, 0) if state == "CANCELLED_FREE" else (1, 0))
