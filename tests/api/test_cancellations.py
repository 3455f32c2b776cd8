"""Cancelling, and what it would mean."""

import pytest

from tests.support import escorts
from tests.support.client import Gateway
from tests.support.escorts import AFTER_THE_VISIT, NOW, at, begin, refused


@pytest.mark.parametrize("state", ["REQUESTED", "ACCEPTED", "ASSIGNED", "CONFIRMED"])
def test_a_booking_can_be_cancelled_freely_in_good_time(gateway: Gateway, state: str) -> None:
    journey = begin(gateway)
    if state != "REQUESTED":
        journey.go_to(state)
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert journey.uses() == (0, 0)
    assert journey.account()["cancellationCount"] == (1 if state == "CONFIRMED" else 0)


@pytest.mark.parametrize("state", ["IN_SERVICE", "FOLLOW_UP", "COMPLETED"])
def test_a_service_that_has_begun_cannot_be_cancelled(gateway: Gateway, state: str) -> None:
    journey = begin(gateway).go_to(state)
    answer = journey.take("customer", "bookingCancel", AFTER_THE_VISIT, acceptDeduction=True)
    assert "ZYB-ESC-26" in refused(answer)


def test_a_cancelled_booking_frees_the_policy_for_another(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingCancel")
    assert begin(gateway, number=journey.number).uses() == (1, 0)


def test_the_quote_says_until_when_it_is_free(gateway: Gateway) -> None:
    quoted = begin(gateway).go_to("CONFIRMED").quote(NOW)
    assert (quoted["outcome"], quoted["freeUntil"]) == ("FREE", "2026-03-11T01:30:00Z")


@pytest.mark.parametrize(
    ("now", "outcome"),
    [("2026-03-11T09:30:00+08:00", "FREE"), ("2026-03-11T09:30:01+08:00", "COUNTS_AS_USED")],
    ids=["exactly 24 hours", "one second less"],
)
def test_the_quote_changes_24_hours_before_the_visit(gateway: Gateway, now: str, outcome: str) -> None:
    quoted = begin(gateway).go_to("CONFIRMED").quote(now)
    assert (quoted["outcome"], quoted["freeUntil"]) == (outcome, "2026-03-11T01:30:00Z")


def test_the_quote_of_a_second_cancellation_promises_no_free_one(gateway: Gateway) -> None:
    first = begin(gateway).go_to("CONFIRMED")
    first.take("customer", "bookingCancel")
    quoted = begin(gateway, number=first.number).go_to("CONFIRMED").quote(NOW)
    assert (quoted["outcome"], quoted["freeUntil"]) == ("COUNTS_AS_USED", None)


def test_the_quote_of_an_unconfirmed_booking_is_free_up_to_the_visit(gateway: Gateway) -> None:
    quoted = begin(gateway).go_to("ASSIGNED").quote(at("2026-03-11 12:00"))
    assert (quoted["outcome"], quoted["freeUntil"]) == ("FREE", "2026-03-12T01:30:00Z")


@pytest.mark.parametrize("state", ["IN_SERVICE", "COMPLETED"])
def test_the_quote_of_what_has_begun_is_a_refusal(gateway: Gateway, state: str) -> None:
    quoted = begin(gateway).go_to(state).quote(AFTER_THE_VISIT)
    assert (quoted["outcome"], quoted["freeUntil"]) == ("REFUSED", None)


def test_the_quote_of_a_foreign_booking_is_answered_as_if_it_did_not_exist(gateway: Gateway) -> None:
    journey = begin(gateway)
    stranger = gateway.customer(escorts.register(gateway)).at(NOW)
    answers = [
        stranger.ask(escorts.QUOTE, id=booking).error["message"]
        for booking in (journey.booking, journey.booking[:-8] + "00000000")
    ]
    assert answers[0] == answers[1]


def test_a_quote_leaves_no_trace(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    before = escorts.row_counts(gateway)
    journey.quote(NOW)
    assert escorts.row_counts(gateway) == before
