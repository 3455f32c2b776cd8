"""The ZYB handbook on the product, the policy and the table of services, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Answer, Gateway, new_key
from tests.support.escorts import NOW, VISIT, Journey, at, begin, book, book_raw, refused, register, step, verdict_of
from tests.support.zyb import judged, rule, tried

INSURED = {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05"}


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share, since they leave nothing behind."""
    return register(gateway)


@pytest.fixture(scope="module")
def confirmed(gateway: Gateway) -> Journey:
    """A confirmed booking that dry runs share."""
    return begin(gateway).go_to("CONFIRMED")


def verify(gateway: Gateway, number: str, now: str = NOW, **fields: Any) -> Answer:
    document = (
        "mutation Verify($input: EntitlementVerifyInput!) { entitlementVerify(input: $input) "
        "{ refusals { ...V } verdicts { ...V } policy { number } } }" + escorts.VERDICT
    )
    given = {"idempotencyKey": new_key(), "policyNumber": number} | fields
    return gateway.customer(number).at(now).ask(document, input=given)


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
