"""The ZYB handbook on the product, the policy and the escort, clause by clause, asked through the API."""

import hashlib
from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Answer, Gateway, new_key
from tests.support.escorts import (
    NOW,
    VISIT,
    Journey,
    add_hospitals,
    add_paper,
    at,
    begin,
    book,
    book_raw,
    refused,
    register,
    step,
    verdict_of,
    warned,
)

INSURED = {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05"}
DAY_AFTER = at("2026-03-13 09:30")
DAY_BEFORE_ENDS = at("2026-03-11 09:30")
"""Exactly 24 hours before the visit."""


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share, since they leave nothing behind."""
    return register(gateway)


@pytest.fixture(scope="module")
def hospitals(gateway: Gateway) -> None:
    """Public hospitals of level 3 in telling cities, and one that is private."""
    cities = {
        "T-KUNSHAN": ("江苏", "昆山"),
        "T-PIZHOU": ("江苏", "邳州"),
        "T-YANCHENG": ("江苏", "盐城"),
        "T-NANGONG": ("河北", "南宫"),
        "T-NANGUAN": ("河北", "南官"),
        "T-XILINGOL": ("内蒙古", "锡林郭勒盟"),
        "T-KUNMING": ("云南", "昆明"),
        "T-LHASA": ("西藏", "拉萨"),
    }
    public = [
        {"code": code, "name": f"试验医院（{city}）", "province": province, "city": city}
        for code, (province, city) in cities.items()
    ]
    private = {"code": "T-PRIVATE", "name": "试验民营医院", "province": "上海", "city": "上海", "ownership": "PRIVATE"}
    add_hospitals(gateway, *public, private)


@pytest.fixture(scope="module")
def confirmed(gateway: Gateway) -> Journey:
    """A confirmed booking that dry runs share."""
    return begin(gateway).go_to("CONFIRMED")


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    """The answer to a request that is only tried."""
    return book(gateway.customer(number).at(now), number, dry_run=True, **changes)


def judged(gateway: Gateway, number: str, code: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return verdict_of(tried(gateway, number, now, **changes), code)


def try_step(journey: Journey, role: str, mutation: str, now: str, **fields: Any) -> dict[str, Any]:
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Try($input: {name}Input!) {{ {mutation}(input: $input, dryRun: true) {{ refusals {{ ...V }} "
        "verdicts { ...V } booking { status } } }" + escorts.VERDICT
    )
    given = {"idempotencyKey": new_key(), "booking": journey.booking} | fields
    return journey.who(role, now).ask(document, input=given).data[mutation]


def verify(gateway: Gateway, number: str, now: str = NOW, **fields: Any) -> Answer:
    document = (
        "mutation Verify($input: EntitlementVerifyInput!) { entitlementVerify(input: $input) "
        "{ refusals { ...V } verdicts { ...V } policy { number } } }" + escorts.VERDICT
    )
    given = {"idempotencyKey": new_key(), "policyNumber": number} | fields
    return gateway.customer(number).at(now).ask(document, input=given)


def rule(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { kind enforcement statement parameters operations } }"
    return gateway.anyone().ask(document, code=code).data["rule"]


# Preface --------------------------------------------------------------------------------------------------------


def test_gen_01_the_product_names_its_insurer_and_no_edition(gateway: Gateway) -> None:
    document = "{ product(code: ZYB) { name(lang: ZH) insurer { name(lang: ZH) } handbook { edition } } }"
    assert gateway.anyone().ask(document).data["product"] == {
        "name": "京东安联住院宝保险（互联网优享版）",
        "insurer": {"name": "京东安联财产保险有限公司"},
        "handbook": {"edition": None},
    }


def test_gen_02_the_vendor_of_the_product_works_on_its_bookings(gateway: Gateway) -> None:
    accepted = begin(gateway).take("vendor", "bookingAccept")
    assert verdict_of(accepted, "ZYB-GEN-02")["status"] == "PASSED"


def test_gen_02_the_vendor_of_the_product_may_book_for_a_client(gateway: Gateway) -> None:
    number = register(gateway)
    booked = book(gateway.vendor("HUANQIU").at(NOW), number)
    assert verdict_of(booked, "ZYB-GEN-02")["status"] == "PASSED"
    assert booked["booking"]["status"] == "REQUESTED"


def test_gen_02_another_vendor_is_answered_as_if_the_policy_did_not_exist(gateway: Gateway, number: str) -> None:
    stranger = gateway.vendor("VAS-SERVICE").at(NOW)
    foreign, absent = (book_raw(stranger, policy).error for policy in (number, "NO-SUCH-POLICY"))
    assert foreign["extensions"]["code"] == "BAD_USER_INPUT"
    assert foreign["message"] == absent["message"]


def test_gen_02_another_vendor_is_answered_as_if_the_booking_did_not_exist(
    gateway: Gateway, confirmed: Journey
) -> None:
    stranger = gateway.vendor("VAS-SERVICE").at(VISIT)
    absent = confirmed.booking[:-8] + "00000000"
    answers = [step(stranger, "bookingCheckIn", booking).error for booking in (confirmed.booking, absent)]
    assert answers[0]["extensions"]["inputPath"] == ["input", "booking"]
    assert answers[0]["message"] == answers[1]["message"]


def test_gen_03_the_escort_belongs_to_the_product(gateway: Gateway, number: str) -> None:
    assert judged(gateway, number, "ZYB-GEN-03")["status"] == "PASSED"


@pytest.mark.parametrize("service", ["TEXT_CONSULTATION", "OUTPATIENT_ESCORT"])
def test_gen_03_both_services_of_the_product_are_verified(gateway: Gateway, number: str, service: str) -> None:
    assert verify(gateway, number, service=service).data["entitlementVerify"]["policy"] == {"number": number}


def test_gen_03_a_service_that_the_product_lacks_is_refused_by_name(gateway: Gateway, number: str) -> None:
    answer = verify(gateway, number, service="EXPERT_CALL").data["entitlementVerify"]
    verdict = verdict_of(answer, "ZYB-GEN-03")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "policyNumber"])
    assert "EXPERT_CALL" in verdict["message"]
    assert answer["policy"] is None


def test_gen_04_changes_of_the_services_are_disclosed_with_the_notices(gateway: Gateway) -> None:
    document = '{ disclosures(operation: "notices", product: ZYB) { id isRequired } }'
    assert {"id": "ZYB-GEN-04", "isRequired": False} in gateway.anyone().ask(document).data["disclosures"]


def test_gen_05_the_handbook_can_be_looked_up(gateway: Gateway) -> None:
    handbook = gateway.anyone().ask("{ product(code: ZYB) { handbook { title(lang: ZH) } } }").data["product"]
    assert "健康服务手册" in handbook["handbook"]["title"]


# 1. The services ------------------------------------------------------------------------------------------------


def test_tbl_02_the_insured_is_the_patient(gateway: Gateway, number: str) -> None:
    assert judged(gateway, number, "ZYB-TBL-02")["status"] == "PASSED"


@pytest.mark.parametrize(
    "stranger",
    [{"name": "路人甲"}, {"birthOn": "1990-05-06"}, {"gender": "FEMALE"}],
    ids=["another name", "another birthday", "another gender"],
)
def test_tbl_02_anybody_else_is_refused(gateway: Gateway, number: str, stranger: dict[str, str]) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-02", patient={**INSURED, "phone": "13800138000", **stranger})
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "patient", "name"])


def test_tbl_02_the_holder_is_not_the_insured(gateway: Gateway, number: str) -> None:
    holder = {"name": "演示投保人", "birthOn": "1980-01-01", "phone": "13800138000"}
    assert "ZYB-TBL-02" in refused(tried(gateway, number, patient=holder))


def test_tbl_04_one_use_a_policy_year_is_granted(gateway: Gateway, number: str) -> None:
    account = escorts.entitlement(gateway.customer(number).at(NOW), number)
    assert (account["granted"], account["remaining"]) == (1, 1)


def test_tbl_04_a_use_that_a_booking_holds_cannot_be_booked_again(gateway: Gateway) -> None:
    journey = begin(gateway)
    answer = tried(gateway, journey.number)
    assert refused(answer) == {"ZYB-TBL-04"}
    assert "1 escort(s): 0 used, 1 held" in verdict_of(answer, "ZYB-TBL-04")["message"]


def test_tbl_04_a_use_that_is_spent_cannot_be_booked_again(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    verdict = judged(gateway, journey.number, "ZYB-TBL-04", at("2026-04-01 09:00"), visitAt=at("2026-04-10 09:00"))
    assert verdict["status"] == "REFUSED"
    assert "1 escort(s): 1 used, 0 held" in verdict["message"]


def test_tbl_04_every_insured_has_a_use_of_their_own(gateway: Gateway) -> None:
    second = {"name": "演示配偶", "gender": "FEMALE", "birthOn": "1991-01-01"}
    number = register(gateway, insured=[escorts.person(), escorts.person(**second)])
    customer = gateway.customer(number).at(NOW)
    assert refused(book(customer, number)) == set()
    assert refused(book(customer, number, patient={**second, "phone": "13800138000"})) == set()


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [
        ("2026-03-08 23:59", "REFUSED"),
        ("2026-03-09 15:00", "REFUSED"),
        ("2026-03-09 23:59", "REFUSED"),
        ("2026-03-10 00:00", "WARNED"),
        ("2026-03-10 23:00", "WARNED"),
        ("2026-03-11 00:00", "PASSED"),
        ("2026-03-12 09:30", "PASSED"),
    ],
)
def test_tbl_07_a_day_ahead_is_needed_and_two_are_advised(
    gateway: Gateway, number: str, visit_at: str, status: str
) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-07", visitAt=at(visit_at), plannedMinutes=60)
    assert verdict["status"] == status
    assert verdict["inputPath"] == ([] if status == "PASSED" else ["input", "visitAt"])


def test_tbl_07_days_change_at_midnight_in_shanghai(gateway: Gateway, number: str) -> None:
    last_minute, next_day = at("2026-03-09 23:59"), at("2026-03-10 00:00")
    tomorrow = {"visitAt": at("2026-03-10 14:00")}
    assert judged(gateway, number, "ZYB-TBL-07", last_minute, **tomorrow)["status"] == "WARNED"
    assert judged(gateway, number, "ZYB-TBL-07", next_day, **tomorrow)["status"] == "REFUSED"


def test_tbl_07_the_remedy_names_the_first_day_that_can_be_had(gateway: Gateway, number: str) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-07", visitAt=at("2026-03-09 15:00"))
    assert "2026-03-09" in verdict["message"]
    assert "2026-03-10" in verdict["remedy"]
    assert verdict["passesFrom"] is None


@pytest.mark.parametrize(
    ("now", "status", "passes_from"),
    [
        ("2026-01-01 00:00", "REFUSED", "2026-01-30T16:00:00Z"),
        ("2026-01-30 23:59", "REFUSED", "2026-01-30T16:00:00Z"),
        ("2026-01-31 00:00", "PASSED", None),
    ],
    ids=["day 1", "day 30", "day 31"],
)
def test_tbl_09_the_escort_waits_for_30_days(
    gateway: Gateway, number: str, now: str, status: str, passes_from: str | None
) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-09", at(now))
    assert (verdict["status"], verdict["passesFrom"]) == (status, passes_from)


def test_tbl_09_the_refusal_says_how_long_and_until_when(gateway: Gateway, number: str) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-09", at("2026-01-20 09:00"))
    assert "first 30 days" in verdict["message"]
    assert "2026-01-31" in verdict["message"]


def test_tbl_09_a_visit_after_the_wait_does_not_help_a_request_within_it(gateway: Gateway, number: str) -> None:
    assert "ZYB-TBL-09" in refused(tried(gateway, number, at("2026-01-30 12:00")))


@pytest.mark.parametrize(
    ("visit_at", "minutes", "status"),
    [("2026-12-31 23:59", 1, "PASSED"), ("2027-01-01 00:00", 60, "REFUSED")],
    ids=["the last covered minute", "the day the year is complete"],
)
def test_tbl_10_the_visit_lies_in_the_policy_year(
    gateway: Gateway, number: str, visit_at: str, minutes: int, status: str
) -> None:
    now = at("2026-12-28 09:00")
    verdict = judged(gateway, number, "ZYB-TBL-10", now, visitAt=at(visit_at), plannedMinutes=minutes)
    assert verdict["status"] == status
    assert verdict["inputPath"] == ([] if status == "PASSED" else ["input", "visitAt"])


@pytest.mark.parametrize(
    ("now", "status"), [("2026-12-31 23:59", "PASSED"), ("2027-01-01 00:00", "REFUSED")], ids=["in", "out"]
)
def test_tbl_10_the_request_lies_in_the_policy_year(gateway: Gateway, number: str, now: str, status: str) -> None:
    last_minute = {"visitAt": at("2026-12-31 23:59"), "plannedMinutes": 1}
    assert judged(gateway, number, "ZYB-TBL-10", at(now), **last_minute)["status"] == status


def test_tbl_10_a_request_before_the_policy_begins_passes_once_it_does(gateway: Gateway, number: str) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-10", at("2025-12-31 23:59"))
    assert (verdict["status"], verdict["passesFrom"]) == ("REFUSED", "2025-12-31T16:00:00Z")


def test_tbl_10_the_refusal_names_both_ends_of_the_year(gateway: Gateway, number: str) -> None:
    message = judged(gateway, number, "ZYB-TBL-10", visitAt=at("2027-02-01 09:00"))["message"]
    assert all(day in message for day in ("2026-01-01", "2026-12-31", "2027-02-01"))


def test_tbl_10_a_policy_that_began_on_a_leap_day_ends_before_the_28th(gateway: Gateway) -> None:
    number = register(gateway, effectiveOn="2024-02-29")
    now, brief = at("2025-02-20 09:00"), {"plannedMinutes": 60}
    last, after = at("2025-02-27 09:00"), at("2025-02-28 09:00")
    assert judged(gateway, number, "ZYB-TBL-10", now, visitAt=last, **brief)["status"] == "PASSED"
    assert judged(gateway, number, "ZYB-TBL-10", now, visitAt=after, **brief)["status"] == "REFUSED"


@pytest.mark.parametrize(
    ("now", "status"), [("2026-12-31 23:59", "PASSED"), ("2027-01-01 00:00", "REFUSED")], ids=["in", "out"]
)
def test_tbl_10_only_a_policy_in_force_is_verified(gateway: Gateway, number: str, now: str, status: str) -> None:
    answer = verify(gateway, number, at(now), service="OUTPATIENT_ESCORT").data["entitlementVerify"]
    assert verdict_of(answer, "ZYB-TBL-10")["status"] == status


def test_tbl_15_what_the_escort_does_is_carried_as_data(gateway: Gateway) -> None:
    found = rule(gateway, "ZYB-TBL-15")
    assert found["enforcement"] == "DATA"
    assert found["parameters"]["tasks"] == [
        "TAKE_NUMBER",
        "QUEUE_AND_PAY",
        "GUIDE",
        "COLLECT_REPORTS",
        "HELP_COMMUNICATE",
    ]


@pytest.mark.parametrize(("minutes", "status"), [(1, "PASSED"), (240, "PASSED"), (241, "REFUSED")])
def test_tbl_16_esc_12_an_escort_lasts_four_hours_at_most(
    gateway: Gateway, number: str, minutes: int, status: str
) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-16", plannedMinutes=minutes)
    assert verdict["status"] == status
    assert verdict["rule"]["sameAs"] == ["ZYB-ESC-12"]


def test_tbl_16_the_refusal_says_how_many_minutes_were_planned(gateway: Gateway, number: str) -> None:
    verdict = judged(gateway, number, "ZYB-TBL-16", plannedMinutes=241)
    assert verdict["inputPath"] == ["input", "plannedMinutes"]
    assert "241" in verdict["message"]
    assert "240" in verdict["remedy"]


@pytest.mark.parametrize(
    ("ended_at", "status"), [("2026-03-12 13:30", "PASSED"), ("2026-03-12 13:31", "WARNED")], ids=["240", "241"]
)
def test_tbl_16_an_over_run_on_the_day_is_recorded_with_a_warning(gateway: Gateway, ended_at: str, status: str) -> None:
    journey = begin(gateway).go_to("IN_SERVICE")
    ended = journey.take("vendor", "bookingCheckOut", at(ended_at))
    assert verdict_of(ended, "ZYB-TBL-16")["status"] == status
    assert ended["booking"]["status"] == "FOLLOW_UP"


def test_tbl_16_a_second_over_four_hours_is_over_four_hours(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("IN_SERVICE")
    ended = journey.take("vendor", "bookingCheckOut", "2026-03-12T13:30:01+08:00")
    assert "241 minutes" in verdict_of(ended, "ZYB-TBL-16")["message"]


# 2.2(1) How the escort works ------------------------------------------------------------------------------------


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


# 2.2(2) Notes on the escort -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "status"), [(False, "PASSED"), (True, "REFUSED")])
def test_esc_11_the_escort_stays_inside_the_hospital(gateway: Gateway, number: str, wanted: bool, status: str) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-11", needsTransportOutsideHospital=wanted)
    assert verdict["status"] == status
    assert verdict["inputPath"] == (["input", "needsTransportOutsideHospital"] if wanted else [])


EXCLUDED = {
    "ZYB-ESC-13": "PREGNANT_OR_POSTPARTUM",
    "ZYB-ESC-14": "INPATIENT",
    "ZYB-ESC-15": "UNDER_OBSERVATION",
    "ZYB-ESC-16": "CRITICAL",
    "ZYB-ESC-17": "PSYCHIATRIC",
    "ZYB-ESC-18": "INFECTIOUS",
    "ZYB-ESC-19": "INTOXICATED",
}


@pytest.mark.parametrize(("code", "condition"), EXCLUDED.items(), ids=EXCLUDED)
def test_esc_13_to_19_an_excluded_condition_is_refused_by_its_own_rule(
    gateway: Gateway, number: str, code: str, condition: str
) -> None:
    answer = tried(gateway, number, conditions=[condition])
    assert refused(answer) == {code}
    assert verdict_of(answer, code)["inputPath"] == ["input", "conditions"]


def test_esc_13_to_19_pass_where_nothing_is_declared(gateway: Gateway, number: str) -> None:
    answer = tried(gateway, number)
    assert {verdict_of(answer, code)["status"] for code in EXCLUDED} == {"PASSED"}


def test_esc_13_to_19_each_of_several_conditions_is_named(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, conditions=["INFECTIOUS", "CRITICAL"])) == {"ZYB-ESC-16", "ZYB-ESC-18"}


def test_esc_13_to_19_the_refusal_does_not_say_aloud_what_was_declared(gateway: Gateway, number: str) -> None:
    message = judged(gateway, number, "ZYB-ESC-17", conditions=["PSYCHIATRIC"])["message"]
    assert "sychiatr" not in message


ELDERLY = {"name": "演示老人", "gender": "FEMALE", "birthOn": "1956-03-12"}
LEAP_ELDERLY = {"name": "演示闰年老人", "gender": "FEMALE", "birthOn": "1956-02-29"}
CHILD = {"name": "演示孩子", "gender": "MALE", "birthOn": "2013-03-12"}
PATIENTS = {"elderly": ELDERLY, "leap": LEAP_ELDERLY, "child": CHILD}


@pytest.fixture(scope="module")
def family(gateway: Gateway) -> str:
    """A policy of people whose birthdays tell."""
    return register(gateway, insured=[escorts.person(**patient) for patient in PATIENTS.values()])


def patient(name: str) -> dict[str, Any]:
    return {**PATIENTS[name], "phone": "13800138000"}


@pytest.mark.parametrize(
    ("code", "who", "visit_at", "status", "age"),
    [
        ("ZYB-ESC-20", "elderly", "2026-03-11 09:00", "PASSED", 69),
        ("ZYB-ESC-20", "elderly", "2026-03-12 09:00", "REFUSED", 70),
        ("ZYB-ESC-20", "leap", "2026-02-27 09:00", "PASSED", 69),
        ("ZYB-ESC-20", "leap", "2026-02-28 09:00", "REFUSED", 70),
        ("ZYB-ESC-21", "child", "2026-03-11 09:00", "REFUSED", 12),
        ("ZYB-ESC-21", "child", "2026-03-12 09:00", "PASSED", 13),
    ],
)
def test_esc_20_21_age_is_taken_on_the_day_of_the_visit(
    gateway: Gateway, family: str, code: str, who: str, visit_at: str, status: str, age: int
) -> None:
    now = at("2026-02-20 09:00")
    verdict = judged(gateway, family, code, now, patient=patient(who), visitAt=at(visit_at))
    assert verdict["status"] == status
    if status == "REFUSED":
        assert verdict["inputPath"] == ["input", "companion"]
        assert f"will be {age} " in verdict["message"]


def test_esc_21_a_child_of_29_february_turns_13_on_the_28th(gateway: Gateway) -> None:
    leapling = {"name": "演示闰年孩子", "gender": "MALE", "birthOn": "2012-02-29"}
    number = register(gateway, effectiveOn="2024-12-01", insured=[escorts.person(**leapling)])
    asked = {"patient": {**leapling, "phone": "13800138000"}}
    now, eve, birthday = (at(f"2025-02-{day} 09:00") for day in (20, 27, 28))
    assert judged(gateway, number, "ZYB-ESC-21", now, visitAt=eve, **asked)["status"] == "REFUSED"
    assert judged(gateway, number, "ZYB-ESC-21", now, visitAt=birthday, **asked)["status"] == "PASSED"


@pytest.mark.parametrize(("code", "who", "day"), [("ZYB-ESC-20", "elderly", 12), ("ZYB-ESC-21", "child", 11)])
@pytest.mark.parametrize(
    ("relation", "status"), [("RELATIVE", "PASSED"), ("FAMILY_MEMBER", "PASSED"), ("OTHER", "REFUSED")]
)
def test_esc_20_21_a_companion_of_the_family_makes_it_possible(
    gateway: Gateway, family: str, code: str, who: str, day: int, relation: str, status: str
) -> None:
    asked: dict[str, Any] = {
        "patient": patient(who),
        "visitAt": at(f"2026-03-{day} 09:00"),
        "companion": {"relation": relation},
    }
    assert judged(gateway, family, code, **asked)["status"] == status


def test_esc_20_the_age_comes_from_the_policy_where_the_request_leaves_it_out(gateway: Gateway, family: str) -> None:
    nameless = {"name": ELDERLY["name"], "phone": "13800138000"}
    assert "ZYB-ESC-20" in refused(tried(gateway, family, patient=nameless))


@pytest.mark.parametrize(
    ("hospital", "status", "shown"),
    [
        ("DEMO-SH-001", "PASSED", ""),
        ("DEMO-SH-003", "PASSED", ""),
        ("DEMO-SH-004", "REFUSED", "level 1, ownership PUBLIC"),
        ("DEMO-KS-001", "REFUSED", "level -, ownership PUBLIC"),
        ("DEMO-SH-005", "REFUSED", "ownership PRIVATE"),
        ("T-PRIVATE", "REFUSED", "level 3, ownership PRIVATE"),
    ],
    ids=["public 3", "public 2", "public 1", "public unrated", "private unrated", "private 3"],
)
@pytest.mark.usefixtures("hospitals")
def test_esc_22_the_hospital_is_public_and_of_level_2_or_above(
    gateway: Gateway, number: str, hospital: str, status: str, shown: str
) -> None:
    answer = tried(gateway, number, hospital=hospital)
    verdict = verdict_of(answer, "ZYB-ESC-22")
    assert verdict["status"] == status
    assert refused(answer) == (set() if status == "PASSED" else {"ZYB-ESC-22"})
    if status == "REFUSED":
        assert verdict["inputPath"] == ["input", "hospital"]
        assert shown in verdict["message"]


def test_esc_23_the_disclosure_is_listed_as_one_that_is_required(gateway: Gateway) -> None:
    document = '{ disclosures(operation: "escortBook", product: ZYB) { id isRequired statement } }'
    listed = {found["id"]: found["isRequired"] for found in gateway.anyone().ask(document).data["disclosures"]}
    assert listed["ZYB-ESC-23"] is True


def test_esc_23_an_acknowledged_disclosure_passes(gateway: Gateway, number: str) -> None:
    assert judged(gateway, number, "ZYB-ESC-23")["status"] == "PASSED"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_esc_23_what_was_acknowledged_is_kept_as_it_was_shown(gateway: Gateway, language: str) -> None:
    number = register(gateway)
    document = f'{{ rule(code: "ZYB-ESC-23") {{ statement(lang: {language.upper()}) }} }}'
    shown = gateway.anyone().ask(document).data["rule"]["statement"]
    booked = book(gateway.customer(number).at(NOW).in_(language), number)
    (kept,) = Journey(gateway, number, "ZYB", booked["booking"]["id"]).look(
        "select rule_code, operation, language, text_sha256 from disclosure_acknowledgements "
        "where policy_id = $1 and subject_id = $2"
    )
    assert kept == {
        "rule_code": "ZYB-ESC-23",
        "operation": "escortBook",
        "language": language,
        "text_sha256": hashlib.sha256(shown.encode()).hexdigest(),
    }


@pytest.mark.parametrize("acknowledged", [[], ["ZYB-GEN-04"]], ids=["none", "another one"])
def test_esc_23_a_disclosure_that_was_not_acknowledged_is_named_in_the_remedy(
    gateway: Gateway, number: str, acknowledged: list[str]
) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-23", acknowledged=acknowledged)
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "acknowledged"])
    assert "ZYB-ESC-23" in verdict["remedy"]


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-03-12 20:00", "PASSED"), ("2026-03-12 20:01", "REFUSED")],
    ids=["till 24:00", "past"],
)
def test_esc_24_a_visit_ends_on_the_day_on_which_it_begins(
    gateway: Gateway, number: str, visit_at: str, status: str
) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-24", visitAt=at(visit_at))
    assert verdict["status"] == status
    if status == "REFUSED":
        assert verdict["inputPath"] == ["input", "visitAt"]
        assert "2026-03-12" in verdict["message"]


def changed_on_the_day(gateway: Gateway) -> Journey:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    return journey


CLAIM = {"reason": "the escort was on the way", "costIncurred": True}


def test_esc_25_a_change_on_the_day_that_cost_something_can_be_put_forward(gateway: Gateway) -> None:
    proposed = changed_on_the_day(gateway).take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)
    assert proposed["refusals"] == []


def test_esc_25_nothing_is_deducted_where_no_cost_arose(gateway: Gateway) -> None:
    free = CLAIM | {"costIncurred": False}
    answer = changed_on_the_day(gateway).take("vendor", "bookingDeductionPropose", VISIT, **free)
    verdict = next(found for found in answer["refusals"] if found["rule"]["code"] == "ZYB-ESC-25")
    assert verdict["inputPath"] == ["input", "costIncurred"]


def test_esc_25_nothing_is_deducted_for_a_change_the_day_before(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-11 23:59"), visitAt=at("2026-03-16 09:30"))
    assert refused(journey.take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)) == {"ZYB-ESC-25"}


def test_esc_25_nothing_is_deducted_for_a_change_that_the_vendor_made(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("vendor", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    assert refused(journey.take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)) == {"ZYB-ESC-25"}


def test_esc_25_a_booking_that_is_over_cannot_be_rescheduled(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingCancel")
    answer = journey.take("customer", "bookingReschedule", visitAt=at("2026-03-16 09:30"))
    assert "ZYB-ESC-25" in refused(answer)


@pytest.mark.parametrize(
    ("now", "status"),
    [("2026-03-11T09:30:00+08:00", "CANCELLED_FREE"), ("2026-03-11T09:30:01+08:00", None)],
    ids=["exactly 24 hours", "one second less"],
)
def test_esc_26_a_confirmed_booking_is_cancelled_freely_up_to_24_hours_ahead(
    confirmed: Journey, now: str, status: str | None
) -> None:
    answer = try_step(confirmed, "customer", "bookingCancel", now)
    assert (answer["booking"] or {}).get("status") == status
    assert refused(answer) == (set() if status else {"ZYB-ESC-26"})


def test_esc_26_the_refusal_says_until_when_it_was_free_and_what_to_do(confirmed: Journey) -> None:
    (verdict,) = try_step(confirmed, "customer", "bookingCancel", at("2026-03-11 12:00"))["refusals"]
    assert verdict["inputPath"] == ["input", "acceptDeduction"]
    assert all(shown in verdict["message"] for shown in ("2026-03-11 09:30", "2026-03-12 09:30", "24 hours"))
    assert "acceptDeduction" in verdict["remedy"]


def test_esc_26_before_confirmation_cancelling_is_always_free(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    answer = journey.take("customer", "bookingCancel", at("2026-03-12 09:00"))
    assert answer["booking"]["status"] == "CANCELLED_FREE"
    assert journey.uses() == (0, 0)


def test_esc_27_a_late_cancellation_spends_the_use(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    late = journey.take("customer", "bookingCancel", "2026-03-11T09:30:01+08:00", acceptDeduction=True)
    assert late["booking"]["status"] == "CANCELLED_LATE"
    assert "ZYB-ESC-27" in warned(late)
    assert journey.uses() == (0, 1)


@pytest.mark.parametrize(
    ("visit_at", "status"), [("2026-03-10 09:00", "PASSED"), ("2026-03-10 08:59", "WARNED")], ids=["24 h", "less"]
)
def test_esc_27_a_visit_that_can_never_be_cancelled_freely_is_booked_with_a_warning(
    gateway: Gateway, number: str, visit_at: str, status: str
) -> None:
    answer = tried(gateway, number, visitAt=at(visit_at))
    assert verdict_of(answer, "ZYB-ESC-27")["status"] == status
    assert refused(answer) == set()


def test_esc_27_the_quote_warns_once_it_is_late(confirmed: Journey) -> None:
    quoted = confirmed.quote(at("2026-03-11 12:00"))
    assert verdict_of(quoted, "ZYB-ESC-27")["status"] == "WARNED"


def once_cancelled(gateway: Gateway) -> Journey:
    """A confirmed booking on a policy whose free cancellation has been used."""
    first = begin(gateway).go_to("CONFIRMED")
    first.take("customer", "bookingCancel")
    return begin(gateway, number=first.number).go_to("CONFIRMED")


def test_esc_28_the_first_cancellation_gives_the_use_back(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert (journey.uses(), journey.account()["cancellationCount"]) == ((0, 0), 1)


def test_esc_28_a_second_cancellation_is_refused(gateway: Gateway) -> None:
    journey = once_cancelled(gateway)
    answer = journey.take("customer", "bookingCancel")
    assert refused(answer) == {"ZYB-ESC-28"}
    assert "1 free cancellation(s) and you have made 1" in verdict_of(answer, "ZYB-ESC-28")["message"]
    assert journey.uses() == (1, 0)


def test_esc_28_a_second_cancellation_is_possible_at_the_price_of_the_use(gateway: Gateway) -> None:
    journey = once_cancelled(gateway)
    answer = journey.take("customer", "bookingCancel", acceptDeduction=True)
    assert answer["booking"]["status"] == "CANCELLED_LATE"
    assert journey.uses() == (0, 1)


def test_esc_28_a_withdrawal_before_confirmation_does_not_count(gateway: Gateway) -> None:
    first = begin(gateway).go_to("ASSIGNED")
    first.take("customer", "bookingCancel")
    assert first.account()["cancellationCount"] == 0


def test_esc_28_a_cancellation_by_the_vendor_does_not_count(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    ended = journey.take("vendor", "bookingDecline", reason="the escort is ill")
    assert ended["booking"]["status"] == "VENDOR_CANCELLED"
    assert (journey.uses(), journey.account()["cancellationCount"]) == ((0, 0), 0)


@pytest.mark.parametrize(("role", "word", "agreed"), [("vendor", True, True), ("vendor", False, False)])
def test_esc_29_the_vendor_needs_the_word_of_the_client(gateway: Gateway, role: str, word: bool, agreed: bool) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    answer = journey.take(role, "bookingConfirm", isClientConfirming=word)
    assert refused(answer) == (set() if agreed else {"ZYB-ESC-29"})


def test_esc_29_a_client_who_says_no_has_not_confirmed(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    assert refused(journey.take("customer", "bookingConfirm", isClientConfirming=False)) == {"ZYB-ESC-29"}


def test_esc_30_a_client_who_does_not_come_has_used_the_service(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    assert journey.take("vendor", "bookingNoShowRecord", VISIT, cause="CLIENT")["booking"]["status"] == "NO_SHOW"
    assert journey.uses() == (0, 1)


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        ("HOSPITAL", "VENDOR_CANCELLED"),
        ("VENDOR", "VENDOR_CANCELLED"),
        ("PATIENT_EXCLUDED", "SERVICE_REFUSED"),
    ],
)
def test_esc_30_19_what_is_not_the_clients_doing_costs_no_use(gateway: Gateway, cause: str, status: str) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    assert journey.take("vendor", "bookingNoShowRecord", VISIT, cause=cause)["booking"]["status"] == status
    assert journey.uses() == (0, 0)


@pytest.mark.parametrize(
    ("now", "passes_from"), [("2026-03-12 09:29", "2026-03-12T01:30:00Z"), ("2026-03-12 09:30", None)]
)
def test_esc_30_nobody_has_missed_a_visit_whose_time_has_not_come(
    confirmed: Journey, now: str, passes_from: str | None
) -> None:
    answer = try_step(confirmed, "vendor", "bookingNoShowRecord", at(now))
    assert [found["passesFrom"] for found in answer["refusals"]] == ([passes_from] if passes_from else [])


def test_esc_31_papers_that_are_missing_are_asked_for_and_do_not_stop_the_booking(
    gateway: Gateway, number: str
) -> None:
    answer = tried(gateway, number)
    verdict = verdict_of(answer, "ZYB-ESC-31")
    assert (verdict["status"], verdict["inputPath"]) == ("WARNED", ["input", "documents"])
    assert answer["booking"] is not None


def test_esc_31_papers_that_are_there_are_not_asked_for(gateway: Gateway, number: str) -> None:
    paper = add_paper(gateway, number, "DIAGNOSIS_REPORT", None)
    assert judged(gateway, number, "ZYB-ESC-31", documents=[paper])["status"] == "PASSED"


def test_esc_31_a_paper_that_was_handed_in_belongs_to_the_booking(gateway: Gateway) -> None:
    number = register(gateway)
    paper = add_paper(gateway, number, "DIAGNOSIS_REPORT", None)
    booked = book(gateway.customer(number).at(NOW), number, documents=[paper])["booking"]
    sql = "select 'book_' || replace(policy_id || '' || subject_id, '-', '') as id from documents where policy_id = $1"
    assert escorts.look(gateway, sql, escorts.policy_id(number)) == [{"id": booked["id"]}]


def test_esc_31_a_paper_of_another_policy_is_answered_as_if_it_did_not_exist(gateway: Gateway, number: str) -> None:
    paper = add_paper(gateway, register(gateway), "DIAGNOSIS_REPORT", None)
    absent = paper[:-8] + "00000000"
    customer = gateway.customer(number).at(NOW)
    answers = [book_raw(customer, number, documents=[document]).error for document in (paper, absent)]
    assert answers[0]["extensions"]["inputPath"] == ["input", "documents"]
    assert answers[0]["message"] == answers[1]["message"]


@pytest.mark.parametrize("state", ["RESERVED", "INFECTED", "REJECTED"])
def test_esc_31_a_paper_that_is_not_fit_to_be_used_is_not_taken(gateway: Gateway, number: str, state: str) -> None:
    paper = add_paper(gateway, number, "DIAGNOSIS_REPORT", None, state)
    assert book_raw(gateway.customer(number).at(NOW), number, documents=[paper]).code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("kind", "issued_on", "status"),
    [
        ("IMAGING_REPORT", "2025-09-12", "PASSED"),
        ("IMAGING_REPORT", "2025-09-11", "WARNED"),
        ("LAB_REPORT", "2025-09-11", "WARNED"),
        ("LAB_REPORT", None, "UNKNOWN"),
        ("OUTPATIENT_RECORDS", "2019-01-01", "PASSED"),
    ],
    ids=["six months to the day", "a day older", "a laboratory report", "without a date", "records do not age"],
)
def test_esc_32_reports_are_of_the_six_months_before_the_visit(
    gateway: Gateway, number: str, kind: str, issued_on: str | None, status: str
) -> None:
    paper = add_paper(gateway, number, kind, issued_on)
    answer = tried(gateway, number, documents=[paper])
    verdict = verdict_of(answer, "ZYB-ESC-32")
    assert (verdict["status"], answer["refusals"]) == (status, [])
    if status == "WARNED":
        assert "2025-09-12" in verdict["message"]


# All rules at once ----------------------------------------------------------------------------------------------

EVERYTHING_WRONG: dict[str, Any] = {
    "hospital": "DEMO-XZ-001",
    "visitAt": at("2026-01-20 21:00"),
    "plannedMinutes": 300,
    "patient": {"name": "路人甲", "birthOn": "1950-01-01"},
    "registration": None,
    "conditions": list(EXCLUDED.values()),
    "needsTransportOutsideHospital": True,
    "acknowledged": [],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_speaks_with_its_actual_values(gateway: Gateway, number: str, language: str) -> None:
    customer = gateway.customer(number).at(at("2026-01-20 09:00")).in_(language)
    answer = book(customer, number, **EVERYTHING_WRONG)
    assert len(refused(answer)) >= 16
    for verdict in answer["refusals"]:
        assert not set("{}–") & set(verdict["message"] + verdict["remedy"]), verdict


def test_every_verdict_of_an_answer_comes_in_handbook_order(gateway: Gateway, number: str) -> None:
    document = "{ rules(first: 100, where: {product: ZYB}) { nodes { code } } }"
    handbook = [found["code"] for found in gateway.anyone().ask(document).data["rules"]["nodes"]]
    asked = [verdict["rule"]["code"] for verdict in tried(gateway, number)["verdicts"]]
    assert asked == sorted(asked, key=handbook.index)


# Annex: the cities ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hospital", "city", "status"),
    [
        ("DEMO-SU-001", "苏州", "PASSED"),
        ("DEMO-SZA-001", "宿州", "PASSED"),
        ("T-KUNSHAN", "昆山", "PASSED"),
        ("T-PIZHOU", "邳州", "PASSED"),
        ("DEMO-XZ-001", "徐州", "REFUSED"),
        ("T-YANCHENG", "盐城", "REFUSED"),
        ("T-NANGONG", "南宫", "PASSED"),
        ("T-NANGUAN", "南官", "PASSED"),
        ("T-XILINGOL", "锡林郭勒盟", "PASSED"),
        ("T-KUNMING", "昆明", "PASSED"),
        ("T-LHASA", "拉萨", "REFUSED"),
    ],
)
@pytest.mark.usefixtures("hospitals")
def test_tbl_12_city_01_03_04_the_city_of_the_hospital_stands_in_the_annex(
    gateway: Gateway, number: str, hospital: str, city: str, status: str
) -> None:
    answer = tried(gateway, number, hospital=hospital)
    verdict = verdict_of(answer, "ZYB-TBL-12")
    assert verdict["status"] == status
    assert verdict["rule"]["sameAs"] == ["ZYB-CITY-01", "ZYB-CITY-03", "ZYB-CITY-04"]
    if status == "REFUSED":
        assert refused(answer) == {"ZYB-TBL-12"}
        assert verdict["inputPath"] == ["input", "hospital"]
        assert city in verdict["message"]


def test_tbl_12_one_verdict_stands_for_the_four_that_say_the_same(gateway: Gateway, number: str) -> None:
    codes = {verdict["rule"]["code"] for verdict in tried(gateway, number)["verdicts"]}
    assert codes.isdisjoint({"ZYB-CITY-01", "ZYB-CITY-03", "ZYB-CITY-04", "ZYB-ESC-12", "ZYB-CON-03"})


def served_cities(gateway: Gateway, **where: str) -> list[str]:
    given = ", ".join(f'{name}: "{value}"' for name, value in where.items())
    document = f"{{ cities(first: 100, where: {{service: OUTPATIENT_ESCORT, {given}}}) {{ nodes {{ name }} }} }}"
    return [city["name"] for city in gateway.anyone().ask(document).data["cities"]["nodes"]]


def test_city_01_the_annex_has_312_cities(gateway: Gateway) -> None:
    document = "{ cities(where: {service: OUTPATIENT_ESCORT, product: ZYB}) { totalCount } }"
    assert gateway.anyone().ask(document).data["cities"]["totalCount"] == 312


def test_city_02_the_printed_form_finds_nangong_too(gateway: Gateway) -> None:
    assert served_cities(gateway, keyword="南官") == served_cities(gateway, keyword="南宫") == ["南宫"]


@pytest.mark.parametrize(
    ("province", "cities"),
    [
        ("西藏", []),
        ("香港", []),
        ("澳门", []),
        ("台湾", []),
        ("云南", ["昆明"]),
        ("青海", ["西宁"]),
        ("宁夏", ["银川"]),
        ("新疆", ["乌鲁木齐"]),
    ],
)
def test_city_04_some_provinces_have_their_capital_only_or_nothing(
    gateway: Gateway, province: str, cities: list[str]
) -> None:
    assert served_cities(gateway, province=province) == cities


def test_city_05_a_league_is_not_called_a_city(gateway: Gateway) -> None:
    assert served_cities(gateway, keyword="锡林郭勒") == ["锡林郭勒盟"]
