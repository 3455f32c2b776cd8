"""Deadlines: told when most of the time has gone, told when all has, and nobody is blocked by it."""

from typing import Any

from tests.jobs.house import tick
from tests.support.client import Gateway
from tests.support.escorts import Journey, at, begin

# ZYB-ESC-06: somebody is assigned by 18:00 of the day before the visit. The request came on 9 March at 9:00.
DUE = at("2026-03-11 18:00")


def told(journey: Journey, topic: str) -> list[dict[str, Any]]:
    return journey.look(
        f"select audience, rule_code from outbox_messages where policy_id = $1 and subject_id = $2 "
        f"and topic = '{topic}' order by audience"
    )


def test_a_vendor_is_warned_once_when_three_quarters_of_the_time_have_gone(gateway: Gateway) -> None:
    journey = begin(gateway)
    tick(gateway, at("2026-03-11 03:44"))
    assert told(journey, "sla.amber") == []
    tick(gateway, at("2026-03-11 03:46"))
    tick(gateway, at("2026-03-11 04:46"))
    assert told(journey, "sla.amber") == [{"audience": "VENDOR", "rule_code": "ZYB-ESC-06"}]


def test_vendor_and_staff_are_told_once_of_a_deadline_that_has_ended(gateway: Gateway) -> None:
    journey = begin(gateway)
    tick(gateway, DUE)
    assert told(journey, "sla.overdue") == []
    tick(gateway, at("2026-03-11 18:01"))
    tick(gateway, at("2026-03-11 18:02"))
    assert [row["audience"] for row in told(journey, "sla.overdue")] == ["STAFF", "VENDOR"]


def test_a_deadline_that_was_met_is_not_told_of(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    tick(gateway, at("2026-03-11 18:01"))
    assert told(journey, "sla.overdue") == []


def test_a_late_deadline_blocks_nobody(gateway: Gateway) -> None:
    journey = begin(gateway)
    late = at("2026-03-11 19:00")
    tick(gateway, late)
    journey.take("vendor", "bookingAccept", late)
    assert journey.take("vendor", "bookingAssign", late)["booking"]["status"] == "ASSIGNED"


def test_a_visit_that_nobody_recorded_is_asked_for_once_and_stays_as_it_is(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    tick(gateway, at("2026-03-13 09:29"))
    assert told(journey, "booking.unrecorded") == []
    tick(gateway, at("2026-03-13 09:31"))
    tick(gateway, at("2026-03-14 09:31"))
    assert [row["audience"] for row in told(journey, "booking.unrecorded")] == ["VENDOR"]
    assert journey.seen_by("customer")["status"] == "CONFIRMED"
