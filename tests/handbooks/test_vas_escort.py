"""The VAS handbook on the escort, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Gateway
from tests.support.escorts import (
    AFTER_THE_VISIT,
    HOSPITAL_OUTSIDE,
    NOW,
    VISIT,
    Journey,
    at,
    begin,
    book,
    refused,
    register,
    verdict_of,
    warned,
)

INSURED = {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05"}

CHECKLIST = {
    "introduction": "护理顾问小李",
    "visit": "儿科初诊",
    "meetingPlace": "门诊大厅",
    "meetingAt": VISIT,
    "materials": "身份证、医保卡",
    "examinations": "血常规",
    "priorConditions": "无",
    "specialExaminations": "空腹",
    "contactLeft": "13800138000",
}


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return register(gateway, "VAS")


def started(gateway: Gateway, **changes: Any) -> Journey:
    return begin(gateway, "VAS", **changes)


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return book(gateway.customer(number).at(now), number, dry_run=True, **changes)


def clock(journey: Journey, code: str, now: str = NOW) -> dict[str, Any]:
    (found,) = [item for item in journey.seen_by("vendor", now)["slaClocks"] if item["rule"]["code"] == code]
    return found


# 1. The service -------------------------------------------------------------------------------------------------


def test_tbl_05_creating_a_card_and_booking_examinations_belong_to_the_escort(gateway: Gateway) -> None:
    found = gateway.anyone().ask('{ rule(code: "VAS-TBL-05") { enforcement parameters } }').data["rule"]
    assert found["enforcement"] == "DATA"
    assert {"CARD_CREATION", "EXAMINATION_BOOKING"} <= set(found["parameters"]["tasks"])


@pytest.mark.parametrize(("minutes", "status"), [(240, "PASSED"), (241, "REFUSED")])
def test_tbl_06_an_escort_lasts_four_hours(gateway: Gateway, number: str, minutes: int, status: str) -> None:
    answer = tried(gateway, number, plannedMinutes=minutes)
    verdict = verdict_of(answer, "VAS-TBL-06")
    assert verdict["status"] == status
    assert refused(answer) == (set() if status == "PASSED" else {"VAS-TBL-06"})
    if status == "REFUSED":
        assert "241" in verdict["message"]


def tbl_07(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [verdict for verdict in answer["refusals"] if verdict["rule"]["code"] == "VAS-TBL-07"]


def test_tbl_07_the_insured_is_the_patient(gateway: Gateway, number: str) -> None:
    stranger = {**INSURED, "name": "路人甲", "phone": "13800138000"}
    (verdict,) = tbl_07(tried(gateway, number, patient=stranger))
    assert verdict["inputPath"] == ["input", "patient", "name"]


def test_tbl_07_one_use_a_policy_year_is_granted(gateway: Gateway) -> None:
    journey = started(gateway)
    assert journey.account()["granted"] == 1
    (verdict,) = tbl_07(tried(gateway, journey.number))
    assert "1 held by bookings" in verdict["message"]


@pytest.mark.parametrize(
    ("visit_at", "is_refused"), [("2026-12-31 23:00", False), ("2027-01-01 09:00", True)], ids=["last day", "after"]
)
def test_tbl_07_the_visit_lies_in_the_policy_year(
    gateway: Gateway, number: str, visit_at: str, is_refused: bool
) -> None:
    answer = tried(gateway, number, at("2026-12-20 09:00"), visitAt=at(visit_at), plannedMinutes=60)
    assert [verdict["inputPath"] for verdict in tbl_07(answer)] == ([["input", "visitAt"]] if is_refused else [])


def test_tbl_07_a_visit_cannot_be_put_off_beyond_the_policy_year(gateway: Gateway) -> None:
    journey = started(gateway)
    answer = journey.take("customer", "bookingReschedule", visitAt=at("2027-01-01 09:00"))
    assert refused(answer) == {"VAS-TBL-07"}


# 2.4.1 How it works ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit_at", "status"), [("2026-03-11 23:00", "REFUSED"), ("2026-03-12 00:00", "PASSED")], ids=["2 days", "3 days"]
)
def test_esc_01_three_days_ahead_are_needed(gateway: Gateway, number: str, visit_at: str, status: str) -> None:
    answer = tried(gateway, number, visitAt=at(visit_at))
    verdict = verdict_of(answer, "VAS-ESC-01")
    assert verdict["status"] == status
    assert refused(answer) == (set() if status == "PASSED" else {"VAS-ESC-01"})
    if status == "REFUSED":
        assert "2026-03-11" in verdict["message"]
        assert "2026-03-12" in verdict["remedy"]


def test_esc_01_counts_calendar_days_also_over_a_holiday(gateway: Gateway, number: str) -> None:
    holiday = tried(gateway, number, at("2026-09-30 18:00"), visitAt=at("2026-10-03 09:00"))
    assert verdict_of(holiday, "VAS-ESC-01")["status"] == "PASSED"


def test_esc_01_holds_for_a_new_time_as_well(gateway: Gateway) -> None:
    journey = started(gateway)
    assert refused(journey.take("customer", "bookingReschedule", visitAt=at("2026-03-11 09:00"))) == {"VAS-ESC-01"}


def test_esc_02_the_client_is_reminded_the_day_before(gateway: Gateway) -> None:
    (reminder,) = started(gateway).look(
        "select rule_code, audience, available_at from outbox_messages "
        "where policy_id = $1 and subject_id = $2 and topic = 'booking.reminder'"
    )
    assert (reminder["rule_code"], reminder["audience"]) == ("VAS-ESC-02", "CUSTOMER")
    assert reminder["available_at"].isoformat() == "2026-03-11T01:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "field", "path"),
    [
        ({"patient": {**INSURED, "name": "", "phone": "13800138000"}}, "patientName", ["input", "patient", "name"]),
        ({"patient": {**INSURED, "gender": None, "phone": "13800138000"}}, "gender", ["input", "patient", "gender"]),
        ({"patient": INSURED}, "phone", ["input", "patient", "phone"]),
        ({"isDiagnosed": None}, "isDiagnosed", ["input", "isDiagnosed"]),
        ({"symptom": None}, "symptom", ["input", "symptom"]),
        ({"need": None}, "need", ["input", "need"]),
        ({"department": None}, "department", ["input", "department"]),
    ],
    ids=["name", "gender", "phone", "isDiagnosed", "symptom", "need", "department"],
)
def test_esc_03_a_field_that_is_missing_is_named(
    gateway: Gateway, number: str, changes: dict[str, Any], field: str, path: list[str]
) -> None:
    verdict = verdict_of(tried(gateway, number, **changes), "VAS-ESC-03")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", path)
    assert field in verdict["message"]


def test_esc_03_has_nine_fields_and_no_registration_among_them(gateway: Gateway, number: str) -> None:
    found = gateway.anyone().ask('{ rule(code: "VAS-ESC-03") { parameters } }').data["rule"]
    assert len(found["parameters"]["fields"]) == 9
    assert refused(tried(gateway, number, registration=None)) == set()


@pytest.mark.parametrize("answer", [True, False])
def test_esc_03_no_diagnosis_is_an_answer(gateway: Gateway, number: str, answer: bool) -> None:
    assert verdict_of(tried(gateway, number, isDiagnosed=answer), "VAS-ESC-03")["status"] == "PASSED"


def test_esc_04_the_service_company_dispatches_an_adviser(gateway: Gateway) -> None:
    journey = started(gateway)
    assigned = journey.take("vendor", "bookingAssign", escort="A-1", escortName="小李")
    assert assigned["booking"]["status"] == "ASSIGNED"
    assert journey.seen_by("customer")["details"]["escortName"] == "小李"


@pytest.mark.parametrize("state", ["REQUESTED", "ACCEPTED", "ASSIGNED", "CONFIRMED"])
def test_esc_04_x_10_cancelling_is_free_until_check_in(gateway: Gateway, state: str) -> None:
    journey = started(gateway)
    if state != "REQUESTED":
        journey.go_to(state)
    last_minute = at("2026-03-12 09:29")
    assert journey.quote(last_minute)["outcome"] == "FREE"
    assert journey.take("customer", "bookingCancel", last_minute)["booking"]["status"] == "CANCELLED_FREE"
    assert journey.uses() == (0, 0)


def test_esc_04_cancelling_again_is_free_as_well(gateway: Gateway) -> None:
    first = started(gateway).go_to("CONFIRMED")
    first.take("customer", "bookingCancel")
    second = started(gateway, number=first.number).go_to("CONFIRMED")
    assert second.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"


def test_esc_04_after_check_in_there_is_nothing_to_cancel(gateway: Gateway) -> None:
    journey = started(gateway).go_to("IN_SERVICE")
    assert refused(journey.take("customer", "bookingCancel", VISIT)) == {"VAS-ESC-04"}
    assert journey.quote(VISIT)["outcome"] == "REFUSED"


def test_esc_04_a_change_on_the_day_cannot_be_deducted(gateway: Gateway) -> None:
    journey = started(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    answer = journey.take("vendor", "bookingDeductionPropose", VISIT, reason="on the way", costIncurred=True)
    assert refused(answer) == {"VAS-ESC-04"}
    assert journey.uses() == (1, 0)


def test_esc_04_the_company_may_call_off_and_the_use_comes_back(gateway: Gateway) -> None:
    journey = started(gateway).go_to("CONFIRMED")
    assert journey.take("vendor", "bookingDecline", reason="ill")["booking"]["status"] == "VENDOR_CANCELLED"
    assert journey.uses() == (0, 0)


@pytest.mark.parametrize("mutation", ["bookingAccept", "bookingAssign"])
def test_esc_05_the_client_is_called_within_half_an_hour_of_taking_the_order(gateway: Gateway, mutation: str) -> None:
    journey = started(gateway)
    journey.take("vendor", mutation, at("2026-03-11 10:00"))
    assert clock(journey, "VAS-ESC-05")["dueAt"] == "2026-03-11T02:30:00Z"


@pytest.mark.parametrize(("called_at", "status"), [("10:30", "MET"), ("10:31", "MISSED")])
def test_esc_05_the_call_stops_the_clock(gateway: Gateway, called_at: str, status: str) -> None:
    journey = started(gateway)
    journey.take("vendor", "bookingAccept", at("2026-03-11 10:00"))
    journey.take("vendor", "bookingConfirm", at(f"2026-03-11 {called_at}"), isClientConfirming=True)
    assert clock(journey, "VAS-ESC-05")["status"] == status


def test_esc_05_runs_once_for_an_order_that_is_accepted_and_then_assigned(gateway: Gateway) -> None:
    journey = started(gateway).go_to("ASSIGNED")
    assert clock(journey, "VAS-ESC-05")["status"] == "RUNNING"


def test_esc_14_an_order_that_was_not_taken_cannot_be_confirmed(gateway: Gateway) -> None:
    journey = started(gateway)
    assert "VAS-ESC-14" in refused(journey.take("customer", "bookingConfirm"))


def test_esc_06_a_complete_call_passes(gateway: Gateway) -> None:
    journey = started(gateway).go_to("ASSIGNED")
    answer = journey.take("vendor", "bookingConfirm", isClientConfirming=True, checklist=CHECKLIST)
    assert verdict_of(answer, "VAS-ESC-06")["status"] == "PASSED"


@pytest.mark.parametrize("point", CHECKLIST)
def test_esc_06_a_point_left_out_is_named_and_the_booking_stands(gateway: Gateway, point: str) -> None:
    journey = started(gateway).go_to("ASSIGNED")
    most = {name: value for name, value in CHECKLIST.items() if name != point}
    answer = journey.take("vendor", "bookingConfirm", isClientConfirming=True, checklist=most)
    verdict = verdict_of(answer, "VAS-ESC-06")
    assert (verdict["status"], answer["booking"]["status"]) == ("WARNED", "CONFIRMED")
    assert f"open: {point}." in verdict["message"]


def test_esc_06_the_call_is_made_anew_for_a_new_time(gateway: Gateway) -> None:
    journey = started(gateway).go_to("ASSIGNED")
    journey.take("vendor", "bookingConfirm", isClientConfirming=True, checklist=CHECKLIST)
    journey.take("customer", "bookingReschedule", visitAt=at("2026-03-16 09:30"))
    journey.take("vendor", "bookingAccept")
    assert "VAS-ESC-06" in warned(journey.take("vendor", "bookingConfirm", isClientConfirming=True))


def test_esc_07_the_adviser_is_due_ten_minutes_early(gateway: Gateway) -> None:
    assert clock(started(gateway).go_to("CONFIRMED"), "VAS-ESC-07")["dueAt"] == "2026-03-12T01:20:00Z"


@pytest.mark.parametrize(("arrived_at", "status"), [("09:20", "MET"), ("09:21", "MISSED")])
def test_esc_07_checking_in_stops_the_clock(gateway: Gateway, arrived_at: str, status: str) -> None:
    journey = started(gateway).go_to("CONFIRMED")
    journey.take("vendor", "bookingCheckIn", at(f"2026-03-12 {arrived_at}"))
    assert clock(journey, "VAS-ESC-07")["status"] == status


@pytest.mark.parametrize(
    ("fields", "is_warned"),
    [
        ({}, False),
        ({"clientIsLate": True}, True),
        ({"clientIsLate": True, "clientExpectedAt": at("2026-03-12 10:00")}, False),
    ],
    ids=["on time", "late and no time noted", "late and noted"],
)
def test_esc_08_the_arrival_of_a_late_client_is_noted(
    gateway: Gateway, fields: dict[str, Any], is_warned: bool
) -> None:
    journey = started(gateway).go_to("CONFIRMED")
    answer = journey.take("vendor", "bookingCheckIn", VISIT, **fields)
    assert ("VAS-ESC-08" in warned(answer)) is is_warned
    assert answer["booking"]["status"] == "IN_SERVICE"


@pytest.mark.parametrize(
    ("cause", "status"), [("CLIENT", "NO_SHOW"), ("VENDOR", "VENDOR_CANCELLED"), ("HOSPITAL", "VENDOR_CANCELLED")]
)
def test_esc_08_a_visit_that_did_not_happen_spends_no_use(gateway: Gateway, cause: str, status: str) -> None:
    journey = started(gateway).go_to("CONFIRMED")
    assert journey.take("vendor", "bookingNoShowRecord", VISIT, cause=cause)["booking"]["status"] == status
    assert journey.uses() == (0, 0)


def test_esc_08_nothing_is_recorded_of_a_visit_that_was_not_confirmed(gateway: Gateway) -> None:
    journey = started(gateway).go_to("ASSIGNED")
    assert {"VAS-ESC-08"} == refused(journey.take("vendor", "bookingNoShowRecord", VISIT))
    assert {"VAS-ESC-08"} == refused(journey.take("vendor", "bookingCheckIn", VISIT))


@pytest.mark.parametrize(
    "changes",
    [
        {"conditions": ["PREGNANT_OR_POSTPARTUM", "INPATIENT", "UNDER_OBSERVATION", "CRITICAL"]},
        {"conditions": ["PSYCHIATRIC", "INFECTIOUS", "INTOXICATED"]},
        {"hospital": "DEMO-SH-004"},
        {"hospital": "DEMO-SH-005"},
        {"hospital": HOSPITAL_OUTSIDE},
        {"needsTransportOutsideHospital": True},
        {"acknowledged": []},
        {"visitAt": at("2026-03-12 22:00")},
    ],
    ids=[
        "conditions",
        "more conditions",
        "level 1",
        "private",
        "any city",
        "transport",
        "no disclosure",
        "past midnight",
    ],
)
def test_esc_09_x_33_the_limits_of_another_handbook_do_not_apply(
    gateway: Gateway, number: str, changes: dict[str, Any]
) -> None:
    answer = tried(gateway, number, **changes)
    assert refused(answer) == set()
    assert {verdict["rule"]["code"][:3] for verdict in answer["verdicts"]} == {"VAS"}


@pytest.mark.parametrize("birth_on", ["1940-01-01", "2020-01-01"], ids=["elderly", "child"])
def test_esc_09_x_33_nobody_needs_a_companion(gateway: Gateway, birth_on: str) -> None:
    person = {"name": "演示一人", "gender": "MALE", "birthOn": birth_on}
    number = register(gateway, "VAS", insured=[escorts.person(**person)])
    assert refused(tried(gateway, number, patient={**person, "phone": "13800138000"})) == set()


def test_esc_09_there_is_no_waiting_period(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, at("2026-01-01 00:00"))) == set()


def test_esc_10_words_of_farewell_are_not_for_software(gateway: Gateway) -> None:
    document = '{ rule(code: "VAS-ESC-10") { enforcement enforcementNote } }'
    found = gateway.anyone().ask(document).data["rule"]
    assert found["enforcement"] == "NOT_FOR_SOFTWARE"
    assert found["enforcementNote"]


@pytest.mark.parametrize(("ended_at", "status"), [("13:30", "PASSED"), ("13:31", "WARNED")], ids=["240", "241"])
def test_esc_11_the_adviser_checks_out_and_an_over_run_is_recorded(
    gateway: Gateway, ended_at: str, status: str
) -> None:
    journey = started(gateway).go_to("IN_SERVICE")
    ended = journey.take("vendor", "bookingCheckOut", at(f"2026-03-12 {ended_at}"))
    said = {verdict["status"] for verdict in ended["verdicts"] if verdict["rule"]["code"] == "VAS-ESC-11"}
    assert (status in said, ended["booking"]["status"]) == (True, "FOLLOW_UP")
    assert journey.seen_by("customer")["details"]["actualMinutes"] == (240 if status == "PASSED" else 241)


def test_esc_11_nobody_checks_out_who_has_not_checked_in(gateway: Gateway) -> None:
    journey = started(gateway).go_to("CONFIRMED")
    assert refused(journey.take("vendor", "bookingCheckOut", AFTER_THE_VISIT)) == {"VAS-ESC-11"}


def test_esc_12_the_follow_up_completes_the_service_and_spends_the_use(gateway: Gateway) -> None:
    journey = started(gateway).go_to("COMPLETED")
    assert journey.uses() == (0, 1)


def test_esc_12_neither_follow_up_nor_rating_comes_before_its_time(gateway: Gateway) -> None:
    journey = started(gateway).go_to("IN_SERVICE")
    assert refused(journey.take("vendor", "bookingFollowUpRecord", VISIT)) == {"VAS-ESC-12"}
    assert refused(journey.take("customer", "bookingRate", VISIT, score=5)) == {"VAS-ESC-12"}


# 2.4.2 Service times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit_at", "due_at"),
    [("2026-03-12 09:30", "2026-03-12T16:00:00Z"), ("2026-04-01 09:30", "2026-04-01T01:30:00Z")],
    ids=["the third day", "a later day that the client wants"],
)
def test_esc_13_x_18_the_escort_is_due_in_three_days_or_when_the_client_wants(
    gateway: Gateway, visit_at: str, due_at: str
) -> None:
    assert clock(started(gateway, visitAt=at(visit_at)), "VAS-ESC-13")["dueAt"] == due_at


def test_esc_13_checking_in_stops_the_clock(gateway: Gateway) -> None:
    assert clock(started(gateway).go_to("IN_SERVICE"), "VAS-ESC-13")["status"] == "MET"
