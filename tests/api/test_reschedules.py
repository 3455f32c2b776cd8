"""Another time or place for a booking."""

from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Gateway
from tests.support.escorts import NOW, Journey, at, begin, refused, warned

NEW_VISIT = at("2026-03-16 09:30")


def test_rescheduling_keeps_the_use_and_asks_the_vendor_again(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    moved = journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    assert (moved["booking"]["status"], moved["booking"]["visitAt"]) == ("REQUESTED", "2026-03-16T01:30:00Z")
    assert journey.uses() == (1, 0)
    assert [entry["kind"] for entry in journey.account()["ledger"]] == ["GRANT", "HOLD"]


def test_rescheduling_past_a_birthday_asks_for_a_companion(gateway: Gateway) -> None:
    elderly = {"name": "演示老人", "gender": "FEMALE", "birthOn": "1956-03-13"}
    number = escorts.register(gateway, insured=[escorts.person(**elderly)])
    journey = begin(gateway, number=number, patient={**elderly, "phone": "13800138000"})
    assert refused(journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)) == {"ZYB-ESC-20"}
    together = journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT, companion={"relation": "RELATIVE"})
    assert refused(together) == set()
    assert journey.details()["companionRelation"] == "RELATIVE"


def test_rescheduling_to_a_near_day_warns_that_it_cannot_be_cancelled_freely(gateway: Gateway) -> None:
    moved = begin(gateway).take("customer", "bookingReschedule", visitAt=at("2026-03-10 08:00"))
    assert "ZYB-ESC-27" in warned(moved)


def test_rescheduling_ends_what_had_been_arranged(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("vendor", "bookingAssign", escortName="小李", meetingPlace="东门", materials="身份证")
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT, hospital="DEMO-SH-002", department="CARDIOLOGY")
    details = journey.details()
    assert (details["escortName"], details["meetingPlace"], details["materials"]) == (None, None, None)
    seen = journey.seen_by("customer")
    assert (seen["hospital"]["code"], seen["department"]["code"]) == ("DEMO-SH-002", "CARDIOLOGY")


def test_rescheduling_keeps_what_it_does_not_change(gateway: Gateway) -> None:
    journey = begin(gateway, companion={"relation": "RELATIVE", "name": "演示亲属"})
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    details = journey.details()
    assert (details["companionRelation"], details["registration"]) == ("RELATIVE", "儿科 上午 12 号")
    assert companion_name(journey) == "演示亲属"


def test_another_companion_does_not_keep_the_name_of_the_former(gateway: Gateway) -> None:
    journey = begin(gateway, companion={"relation": "RELATIVE", "name": "演示亲属"})
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT, companion={"relation": "FAMILY_MEMBER"})
    assert companion_name(journey) is None


def companion_name(journey: Journey) -> str | None:
    (row,) = journey.look("select companion_name from escort_details where policy_id = $1 and booking_id = $2")
    return row["companion_name"]


def test_rescheduling_replaces_clock_and_reminder(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    clocks = [(found["status"], found["dueAt"]) for found in journey.seen_by("vendor")["slaClocks"]]
    assert clocks == [("MET", "2026-03-11T10:00:00Z"), ("RUNNING", "2026-03-15T10:00:00Z")]
    assert pending_reminders(journey) == []
    journey.take("vendor", "bookingAccept")
    journey.take("customer", "bookingConfirm")
    assert pending_reminders(journey) == ["2026-03-15T01:00:00+00:00"]


def test_rescheduling_cancels_a_clock_that_still_runs(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    assert [found["status"] for found in journey.seen_by("vendor")["slaClocks"]] == ["CANCELLED", "RUNNING"]


@pytest.mark.parametrize(
    ("role", "mutation", "fields"),
    [
        ("customer", "bookingCancel", {}),
        ("vendor", "bookingDecline", {"reason": "ill"}),
    ],
)
def test_a_booking_that_ends_leaves_no_reminder(
    gateway: Gateway, role: str, mutation: str, fields: dict[str, Any]
) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take(role, mutation, **fields)
    assert pending_reminders(journey) == []


def pending_reminders(journey: Journey) -> list[str]:
    rows = journey.look(
        "select available_at from outbox_messages where policy_id = $1 and subject_id = $2 "
        "and topic = 'booking.reminder' and cancelled_at is null order by available_at"
    )
    return [row["available_at"].isoformat() for row in rows]


def test_every_step_tells_the_other_side_once(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    told = journey.look(
        "select topic, audience from outbox_messages where policy_id = $1 and subject_id = $2 "
        "and topic <> 'booking.reminder' order by id"
    )
    assert [(row["topic"], row["audience"]) for row in told] == [
        ("booking.requested", "VENDOR"),
        ("booking.accepted", "CUSTOMER"),
        ("booking.assigned", "CUSTOMER"),
        ("booking.confirmed", "VENDOR"),
        ("booking.completed", "CUSTOMER"),
    ]


def test_messages_carry_no_personal_data(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    for row in journey.look("select payload from outbox_messages where policy_id = $1 and subject_id = $2"):
        assert set(row["payload"]) <= {"booking", "vendor"}


def test_putting_a_visit_off_is_no_way_around_the_rules_on_cancelling(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    journey.take("customer", "bookingCancel")
    assert journey.account()["cancellationCount"] == 1


def test_a_visit_that_the_vendor_moved_is_not_confirmed_by_the_client(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("vendor", "bookingReschedule", visitAt=at("2026-03-10 08:00"))
    assert journey.quote(NOW)["outcome"] == "FREE"
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert (journey.uses(), journey.account()["cancellationCount"]) == ((0, 0), 0)
