"""Requests that meet: one of them wins, nobody meets a fault, and the counters agree with the ledger afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.escorts import (
    NOW,
    VISIT,
    Journey,
    at,
    begin,
    entitlement,
    refused,
    register,
    request,
)
from tests.support.races import Call, all_agrees, ask, payload, together

ROUNDS = 6


@pytest.fixture(autouse=True)
def counters_agree_with_the_ledger(gateway: Gateway) -> Iterator[None]:
    """After every race of this file, for all accounts there are."""
    yield
    all_agrees(gateway)


def sending(journey: Journey, role: str, mutation: str, now: str = NOW, **fields: Any) -> Call:
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Step($input: {name}Input!) {{ {mutation}(input: $input) {{ isReplay refusals {{ ...V }} "
        "booking { status } } }" + escorts.VERDICT
    )
    return ask(journey.who(role, now), document, {"idempotencyKey": new_key(), "booking": journey.booking} | fields)


def outcomes(*calls: Call) -> list[str | None]:
    """State that each call led to; None for one that was refused."""
    payloads = [payload(answer) for answer in together(*calls)]
    return [found["booking"]["status"] if found["booking"] else None for found in payloads]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_cancelling_meets_checking_in(gateway: Gateway, _: int) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    cancelled, checked_in = outcomes(
        sending(journey, "customer", "bookingCancel", VISIT, acceptDeduction=True),
        sending(journey, "vendor", "bookingCheckIn", VISIT),
    )
    assert (cancelled, checked_in) in [("CANCELLED_LATE", None), (None, "IN_SERVICE")]
    assert journey.uses() == ((0, 1) if cancelled else (1, 0))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_cancelling_meets_cancelling_with_another_key(gateway: Gateway, _: int) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    cancel = [sending(journey, role, "bookingCancel") for role in ("customer", "customer", "staff")]
    assert sorted(outcomes(*cancel), key=str) == ["CANCELLED_FREE", None, None]
    assert journey.account()["cancellationCount"] == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accepting_meets_declining(gateway: Gateway, _: int) -> None:
    journey = begin(gateway)
    accepted, declined = outcomes(
        sending(journey, "vendor", "bookingAccept"),
        sending(journey, "vendor", "bookingDecline", reason="no escort free"),
    )
    assert (accepted, declined) in [("ACCEPTED", "VENDOR_CANCELLED"), (None, "DECLINED")]
    assert journey.uses() == (0, 0)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_no_show_meets_a_check_in(gateway: Gateway, _: int) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    missed, met = outcomes(
        sending(journey, "vendor", "bookingNoShowRecord", VISIT, cause="CLIENT"),
        sending(journey, "vendor", "bookingCheckIn", VISIT),
    )
    assert (missed, met) in [("NO_SHOW", None), (None, "IN_SERVICE")]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_rescheduling_meets_cancelling(gateway: Gateway, _: int) -> None:
    journey = begin(gateway)
    moved, cancelled = outcomes(
        sending(journey, "customer", "bookingReschedule", visitAt=at("2026-03-16 09:30")),
        sending(journey, "customer", "bookingCancel"),
    )
    assert cancelled == "CANCELLED_FREE"
    assert moved in ("REQUESTED", None)
    assert journey.uses() == (0, 0)


def test_one_key_fifty_times_at_once_books_once(gateway: Gateway) -> None:
    number = register(gateway)
    customer, given = gateway.customer(number).at(NOW), request(number)
    answers = [payload(answer) for answer in together(*[ask(customer, escorts.ESCORT_BOOK, given)] * 50)]
    assert sorted(answer["isReplay"] for answer in answers) == [False] + [True] * 49
    assert len({answer["booking"]["id"] for answer in answers}) == 1
    assert entitlement(customer, number)["reserved"] == 1


def test_one_key_at_once_cancels_once(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    answers = [payload(answer) for answer in together(*[sending(journey, "customer", "bookingCancel")] * 10)]
    assert sorted(answer["isReplay"] for answer in answers) == [False] + [True] * 9
    assert journey.account()["cancellationCount"] == 1


def test_a_key_of_two_callers_is_two_keys(gateway: Gateway) -> None:
    key, numbers = new_key(), [register(gateway), register(gateway)]
    calls = [
        ask(gateway.customer(number).at(NOW), escorts.ESCORT_BOOK, request(number, idempotencyKey=key))
        for number in numbers
    ]
    assert [payload(answer)["isReplay"] for answer in together(*calls)] == [False, False]


def test_different_bodies_under_one_key_at_once_are_one_booking_and_faults(gateway: Gateway) -> None:
    number, key = register(gateway), new_key()
    customer = gateway.customer(number).at(NOW)
    calls = [
        ask(customer, escorts.ESCORT_BOOK, request(number, idempotencyKey=key, need=f"request {turn}"))
        for turn in range(8)
    ]
    answers = together(*calls)
    codes = [error["extensions"]["code"] for answer in answers for error in answer.get("errors", [])]
    assert codes == ["IDEMPOTENCY_KEY_REUSED"] * 7


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_escort_whom_two_hospitals_want_at_once_serves_one(gateway: Gateway, _: int) -> None:
    escort = f"E-{new_key()[:8]}"
    here = begin(gateway, plannedMinutes=60)
    there = begin(gateway, plannedMinutes=60, hospital="DEMO-SH-002", visitAt=at("2026-03-12 15:00"))
    answers = together(*[sending(journey, "vendor", "bookingAssign", escort=escort) for journey in (here, there)])
    assert sorted(map(str, (refused(payload(answer)) for answer in answers))) == ["set()", "{'ZYB-ESC-24'}"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_escort_whom_two_bookings_want_at_the_same_time_gets_one(gateway: Gateway, _: int) -> None:
    escort = f"E-{new_key()[:8]}"
    calls = [sending(begin(gateway), "vendor", "bookingAssign", escort=escort) for _ in range(2)]
    codes = [error["extensions"]["code"] for answer in together(*calls) for error in answer.get("errors", [])]
    assert codes == ["BAD_USER_INPUT"]


def test_two_members_of_staff_decide_a_deduction_once(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    journey.take("vendor", "bookingDeductionPropose", VISIT, reason="on the way", costIncurred=True)
    calls = [
        sending(journey, "staff", "bookingDeductionDecide", VISIT, decision=decision, reason="seen")
        for decision in ("APPROVE", "REJECT")
    ]
    answers = together(*calls)
    assert [error["extensions"]["code"] for answer in answers for error in answer.get("errors", [])] == [
        "BAD_USER_INPUT"
    ]
    assert journey.uses() == ((0, 1) if "errors" in answers[1] else (1, 0))


def test_a_policy_number_is_taken_once(gateway: Gateway) -> None:
    number = escorts.new_number("ZYB")
    given = {
        "product": "ZYB",
        "number": number,
        "effectiveOn": escorts.EFFECTIVE,
        "holder": escorts.person(),
        "insured": [escorts.person()],
    }
    staff = gateway.staff().at(NOW)
    calls = [ask(staff, escorts.REGISTER, given | {"idempotencyKey": new_key()}) for _ in range(6)]
    answers = together(*calls)
    assert [error["extensions"]["code"] for answer in answers for error in answer.get("errors", [])] == [
        "BAD_USER_INPUT"
    ] * 5
    assert entitlement(gateway.customer(number), number)["granted"] == 1


@pytest.mark.slow
def test_the_last_use_taken_two_hundred_times_at_once_is_taken_once(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    answers = [
        payload(answer)
        for answer in together(*[ask(customer, escorts.ESCORT_BOOK, request(number)) for _ in range(200)])
    ]
    assert len([answer for answer in answers if answer["booking"]]) == 1
    assert entitlement(customer, number)["reserved"] == 1


def test_ten_requests_for_one_use_leave_one_booking_and_nothing_of_the_others(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    before = escorts.row_counts(gateway)
    answers = together(*[ask(customer, escorts.ESCORT_BOOK, request(number)) for _ in range(10)])
    lost = [refused(payload(answer)) for answer in answers if not payload(answer)["booking"]]
    assert lost == [{"ZYB-TBL-04"}] * 9
    added = {table: count - before[table] for table, count in escorts.row_counts(gateway).items()}
    assert {table: count for table, count in added.items() if count} == {
        "audit_entries": 1,
        "booking_events": 1,
        "bookings": 1,
        "disclosure_acknowledgements": 1,
        "entitlement_entries": 1,
        "entitlement_holds": 1,
        "escort_details": 1,
        "idempotency_keys": 1,
        "outbox_messages": 1,
        "sla_clocks": 1,
    }
