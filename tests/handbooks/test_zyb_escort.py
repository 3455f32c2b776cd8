"""The ZYB handbook on how the escort works, from the request to the follow-up, clause by clause."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.escorts import NOW, VISIT, Journey, at, begin, book_raw, refused, register, verdict_of
from tests.support.zyb import judged, rule, tried, try_step

INSURED = {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05"}
DAY_AFTER = at("2026-03-13 09:30")


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share, since they leave nothing behind."""
    return register(gateway)


@pytest.fixture(scope="module")
def confirmed(gateway: Gateway) -> Journey:
    """A confirmed booking that dry runs share."""
    return begin(gateway).go_to("CONFIRMED")


def test_esc_01_the_entry_is_the_mini_program(gateway: Gateway) -> None:
    document = "{ contactChannels(product: ZYB) { kind value services } }"
    (channel,) = gateway.anyone().ask(document).data["contactChannels"]
    assert (channel["kind"], channel["value"]) == ("MINI_PROGRAM", "京东安联客户服务")
    assert "OUTPATIENT_ESCORT" in channel["services"]


def test_esc_02_con_03_a_request_that_names_the_policy_is_verified_in_the_same_step(
    gateway: Gateway, number: str
) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-02")
    assert verdict["status"] == "PASSED"
    assert verdict["rule"]["sameAs"] == ["ZYB-CON-03"]


def test_esc_02_an_unknown_policy_number_names_the_field(gateway: Gateway, number: str) -> None:
    answer = book_raw(gateway.customer(number).at(NOW), "NO-SUCH-POLICY")
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


def test_esc_03_a_request_made_online_waits_for_the_vendor(gateway: Gateway, number: str) -> None:
    assert rule(gateway, "ZYB-ESC-03")["parameters"] == {"channel": "PHONE"}
    assert tried(gateway, number)["booking"]["status"] == "REQUESTED"


@pytest.mark.parametrize(("mutation", "status"), [("bookingAccept", "ACCEPTED"), ("bookingDecline", "DECLINED")])
def test_esc_04_the_vendor_accepts_or_declines_a_new_request(gateway: Gateway, mutation: str, status: str) -> None:
    fields = {"reason": "no escort free"} if mutation == "bookingDecline" else {}
    assert begin(gateway).take("vendor", mutation, **fields)["booking"]["status"] == status


def test_esc_04_what_is_accepted_cannot_be_accepted_again(gateway: Gateway, confirmed: Journey) -> None:
    verdict = verdict_of(try_step(confirmed, "vendor", "bookingAccept", NOW), "ZYB-ESC-04")
    assert verdict["status"] == "REFUSED"
    assert "CONFIRMED" in verdict["message"]


@pytest.mark.parametrize(
    ("changes", "field", "path"),
    [
        ({"patient": {**INSURED, "name": " ", "phone": "13800138000"}}, "patientName", ["input", "patient", "name"]),
        ({"patient": INSURED}, "phone", ["input", "patient", "phone"]),
        ({"registration": None}, "registration", ["input", "registration"]),
        ({"need": "  "}, "need", ["input", "need"]),
    ],
    ids=["name", "phone", "registration", "need"],
)
def test_esc_05_a_field_that_is_missing_is_named(
    gateway: Gateway, number: str, changes: dict[str, Any], field: str, path: list[str]
) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-05", **changes)
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", path)
    assert field in verdict["message"]


def test_esc_05_all_missing_fields_are_named_at_once(gateway: Gateway, number: str) -> None:
    message = judged(gateway, number, "ZYB-ESC-05", patient=INSURED, registration=None, need=None)["message"]
    assert "phone, registration, need" in message


def test_esc_05_asks_for_these_five_and_no_more(gateway: Gateway, number: str) -> None:
    bare: dict[str, Any] = {"department": None, "isDiagnosed": None, "symptom": None}
    assert rule(gateway, "ZYB-ESC-05")["parameters"]["fields"] == [
        "patientName",
        "phone",
        "registration",
        "need",
        "visitAt",
    ]
    assert judged(gateway, number, "ZYB-ESC-05", **bare)["status"] == "PASSED"


def test_esc_06_the_escort_is_due_at_six_the_evening_before(gateway: Gateway) -> None:
    (clock,) = begin(gateway).seen_by("vendor")["slaClocks"]
    assert clock["rule"]["code"] == "ZYB-ESC-06"
    assert (clock["status"], clock["dueAt"]) == ("RUNNING", "2026-03-11T10:00:00Z")


@pytest.mark.parametrize(
    ("assigned_at", "status"), [("2026-03-11 18:00", "MET"), ("2026-03-11 18:01", "MISSED")], ids=["in time", "late"]
)
def test_esc_06_naming_the_escort_stops_the_clock(gateway: Gateway, assigned_at: str, status: str) -> None:
    journey = begin(gateway)
    journey.take("vendor", "bookingAssign", at(assigned_at))
    (clock,) = journey.seen_by("vendor")["slaClocks"]
    assert clock["status"] == status


def test_esc_06_nobody_named_stops_no_clock(gateway: Gateway) -> None:
    journey = begin(gateway)
    answer = journey.send("vendor", "bookingAssign", escortName=" ", meetingPlace="东门")
    assert answer.error["extensions"]["inputPath"] == ["input", "escortName"]
    (clock,) = journey.seen_by("vendor")["slaClocks"]
    assert clock["status"] == "RUNNING"


def test_esc_06_a_late_vendor_does_not_cost_the_client_the_booking(gateway: Gateway) -> None:
    journey = begin(gateway)
    late = at("2026-03-11 20:00")
    (clock,) = journey.seen_by("customer", late)["slaClocks"]
    assert clock["status"] == "OVERDUE"
    assert journey.take("vendor", "bookingAssign", late)["booking"]["status"] == "ASSIGNED"


@pytest.mark.parametrize("state", ["ACCEPTED", "ASSIGNED"])
def test_esc_07_what_the_vendor_has_taken_can_be_confirmed(gateway: Gateway, state: str) -> None:
    journey = begin(gateway).go_to(state)
    assert journey.take("customer", "bookingConfirm")["booking"]["status"] == "CONFIRMED"


def test_esc_07_a_new_request_cannot_be_confirmed(gateway: Gateway) -> None:
    answer = try_step(begin(gateway), "customer", "bookingConfirm", NOW)
    verdict = verdict_of(answer, "ZYB-ESC-07")
    assert verdict["status"] == "REFUSED"
    assert "REQUESTED" in verdict["message"]


def test_esc_08_the_client_is_reminded_at_nine_the_day_before(gateway: Gateway) -> None:
    (reminder,) = reminders(begin(gateway).go_to("CONFIRMED"))
    assert (reminder["rule_code"], reminder["available_at"].isoformat()) == (
        "ZYB-ESC-08",
        "2026-03-11T01:00:00+00:00",
    )


def test_esc_08_nobody_is_reminded_of_what_is_not_confirmed(gateway: Gateway) -> None:
    assert reminders(begin(gateway).go_to("ASSIGNED")) == []


def test_esc_08_a_reminder_whose_time_has_passed_goes_out_at_once(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    journey.take("customer", "bookingConfirm", at("2026-03-11 20:00"))
    (reminder,) = reminders(journey)
    assert reminder["available_at"].isoformat() == "2026-03-11T12:00:00+00:00"


def reminders(journey: Journey) -> list[dict[str, Any]]:
    return journey.look(
        "select rule_code, available_at from outbox_messages "
        "where policy_id = $1 and subject_id = $2 and topic = 'booking.reminder' and cancelled_at is null"
    )


@pytest.mark.parametrize(
    ("now", "status", "passes_from"),
    [
        ("2026-03-11 23:59", "REFUSED", "2026-03-11T16:00:00Z"),
        ("2026-03-12 00:00", "PASSED", None),
        ("2026-03-12 23:59", "PASSED", None),
        ("2026-03-13 00:00", "REFUSED", None),
    ],
)
def test_esc_09_the_service_begins_on_the_day_of_the_visit(
    gateway: Gateway, confirmed: Journey, now: str, status: str, passes_from: str | None
) -> None:
    answer = try_step(confirmed, "vendor", "bookingCheckIn", at(now))
    verdict = next(found for found in answer["verdicts"] if found["status"] == status)
    assert (answer["refusals"] == []) is (status == "PASSED")
    assert verdict["passesFrom"] == passes_from
    if status == "REFUSED":
        assert verdict["rule"]["code"] == "ZYB-ESC-09"
        assert "2026-03-12" in verdict["message"]


def test_esc_09_the_service_does_not_begin_unconfirmed(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    assert refused(journey.take("vendor", "bookingCheckIn", VISIT)) == {"ZYB-ESC-09"}


def test_esc_10_the_follow_up_completes_the_service(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("FOLLOW_UP")
    assert journey.uses() == (1, 0)
    assert journey.take("vendor", "bookingFollowUpRecord", DAY_AFTER)["booking"]["status"] == "COMPLETED"
    assert journey.uses() == (0, 1)


@pytest.mark.parametrize(
    ("role", "mutation", "fields"),
    [
        ("vendor", "bookingCheckOut", {}),
        ("vendor", "bookingFollowUpRecord", {}),
        ("customer", "bookingRate", {"score": 5}),
    ],
)
def test_esc_10_no_step_of_the_service_is_skipped(
    confirmed: Journey, role: str, mutation: str, fields: dict[str, Any]
) -> None:
    answer = try_step(confirmed, role, mutation, VISIT, **fields)
    assert refused(answer) == {"ZYB-ESC-10"}
    assert "CONFIRMED" in verdict_of(answer, "ZYB-ESC-10")["message"]
