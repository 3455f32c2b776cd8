"""Escorts who are assigned: where they can be, and when they are free."""

from typing import Any

import pytest

from tests.support.client import Gateway, new_key
from tests.support.escorts import Journey, at, begin, verdict_of

NEW_VISIT = at("2026-03-16 09:30")


@pytest.fixture
def escort() -> str:
    """An escort that no other test employs."""
    return f"E-{new_key()[:8]}"


def assign(journey: Journey, escort: str) -> Any:
    return journey.send("vendor", "bookingAssign", escort=escort)


def at_work(gateway: Gateway, escort: str, **changes: Any) -> Journey:
    """A booking that the escort has been given."""
    journey = begin(gateway, **changes)
    assert assign(journey, escort).data["bookingAssign"]["refusals"] == []
    return journey


def is_given(gateway: Gateway, escort: str, **changes: Any) -> bool:
    return assign(begin(gateway, **changes), escort).data["bookingAssign"]["refusals"] == []


def test_an_escort_is_in_one_place_at_a_time(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort, plannedMinutes=120)
    answer = assign(begin(gateway, visitAt=at("2026-03-12 11:15")), escort)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", "escort"]


@pytest.mark.parametrize("visit_at", ["2026-03-12 11:30", "2026-03-12 07:30"], ids=["after", "before"])
def test_an_escort_goes_from_one_visit_straight_to_the_next(gateway: Gateway, escort: str, visit_at: str) -> None:
    at_work(gateway, escort, plannedMinutes=120)
    assert is_given(gateway, escort, visitAt=at(visit_at), plannedMinutes=120)


def test_an_escort_serves_one_hospital_a_day(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort, plannedMinutes=60)
    elsewhere = begin(gateway, hospital="DEMO-SH-002", visitAt=at("2026-03-12 15:00"))
    answer = assign(elsewhere, escort).data["bookingAssign"]
    verdict = verdict_of(answer, "ZYB-ESC-24")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "escort"])
    assert "2026-03-12" in verdict["message"]
    assert {found["rule"]["code"] for found in answer["verdicts"]} == {"ZYB-GEN-02", "ZYB-ESC-07", "ZYB-ESC-24"}


def test_an_escort_serves_another_hospital_on_another_day(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort)
    assert is_given(gateway, escort, hospital="DEMO-SH-002", visitAt=at("2026-03-13 09:30"))


def test_the_escort_of_a_cancelled_visit_may_serve_another_hospital(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort).take("customer", "bookingCancel")
    assert is_given(gateway, escort, hospital="DEMO-SH-002")


def test_the_escort_of_a_visit_that_was_put_off_is_free(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort).take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    assert is_given(gateway, escort)


def test_an_escort_who_is_replaced_is_free(gateway: Gateway, escort: str) -> None:
    journey = at_work(gateway, escort)
    assign(journey, f"{escort}-2")
    assert is_given(gateway, escort)


def test_an_escort_keeps_the_visit_that_is_assigned_to_the_same_one_again(gateway: Gateway, escort: str) -> None:
    journey = at_work(gateway, escort)
    assert assign(journey, escort).data["bookingAssign"]["refusals"] == []


def test_the_escort_of_a_product_without_such_a_rule_may_serve_two_hospitals(gateway: Gateway, escort: str) -> None:
    morning = begin(gateway, "VAS", plannedMinutes=60)
    noon = begin(gateway, "VAS", hospital="DEMO-SH-002", visitAt=at("2026-03-12 12:00"))
    for journey in (morning, noon):
        assert assign(journey, escort).data["bookingAssign"]["refusals"] == []


def test_a_visit_past_midnight_takes_the_escorts_next_morning_too(gateway: Gateway, escort: str) -> None:
    late = begin(gateway, "VAS", visitAt=at("2026-03-12 22:00"))
    assert assign(late, escort).data["bookingAssign"]["refusals"] == []
    early = begin(gateway, "VAS", visitAt=at("2026-03-13 01:00"), plannedMinutes=60)
    assert assign(early, escort).code == "BAD_USER_INPUT"
