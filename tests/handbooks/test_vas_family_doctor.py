"""The VAS handbook on the family doctor, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.consultations import DOCTOR, LATER, OPEN, begin, new_policy, question, send, try_question
from tests.support.escorts import at, refused, verdict_of, warned
from tests.support.health_records import agree, done, put, read


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return new_policy(gateway, "VAS")


def tried(gateway: Gateway, number: str, now: str = OPEN, **changes: Any) -> dict[str, Any]:
    return try_question(gateway, "VAS", number, now, **changes)


def call(start: str, end: str) -> dict[str, str]:
    return {"startedAt": at(f"2026-03-09 {start}"), "endedAt": at(f"2026-03-09 {end}")}


# 1. The service -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"isOfTopHospital": False}, "isOfTopHospital"), ({"title": "RESIDENT"}, "title")],
    ids=["hospital", "title"],
)
def test_tbl_12_a_family_doctor_is_an_attending_physician_of_a_top_hospital(
    gateway: Gateway, changes: dict[str, Any], path: str
) -> None:
    answer = begin(gateway, "VAS").reply(doctor=DOCTOR | changes)
    (verdict,) = answer["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("VAS-TBL-12", ["input", "doctor", path])


def test_tbl_13_the_record_is_kept_once_the_insured_agrees(gateway: Gateway) -> None:
    number, keeper = new_policy(gateway, "VAS"), gateway.vendor("VAS-SERVICE").at(OPEN)
    answer = put(keeper, "healthRecordUpdate", number).data["healthRecordUpdate"]
    verdict = verdict_of(answer, "VAS-TBL-13")
    assert (refused(answer), verdict["inputPath"]) == ({"VAS-TBL-13"}, ["input", "policyNumber"])
    assert "consentGrant" in verdict["remedy"]
    agree(gateway, number, "VAS-SERVICE")
    assert done(keeper, "healthRecordUpdate", number)["healthRecord"]["habits"] == ["挑食"]


@pytest.mark.parametrize("kind", ["REPORT_EXPLANATION", "HEALTH_PLAN", "CHECKUP_REPORT", "VISIT"])
def test_tbl_13_reports_explained_and_tailored_plans_stand_in_it(gateway: Gateway, kind: str) -> None:
    number = new_policy(gateway, "VAS")
    agree(gateway, number, "VAS-SERVICE")
    keeper = gateway.vendor("VAS-SERVICE").at(OPEN)
    done(keeper, "healthRecordEntryAdd", number, kind=kind, title="三个月后复查血脂")
    (entry,) = (read(gateway.customer(number).at(OPEN), number) or {})["entries"]["nodes"]
    assert (entry["kind"], entry["title"]) == (kind, "三个月后复查血脂")


def test_tbl_14_only_the_insured_is_answered_for(gateway: Gateway, number: str) -> None:
    stranger = {"name": "路人甲", "gender": "MALE", "birthOn": "1990-05-05"}
    assert refused(tried(gateway, number, patient=stranger)) == {"VAS-TBL-14"}


@pytest.mark.parametrize("now", ["2026-03-09 03:00", "2026-03-08 23:59", "2026-02-17 12:00"])
def test_tbl_14_doctors_are_there_day_and_night(gateway: Gateway, number: str, now: str) -> None:
    answer = tried(gateway, number, at(now))
    assert (answer["refusals"], answer["booking"]["status"]) == ([], "REQUESTED")


@pytest.mark.parametrize("mode", ["TEXT", "PHONE"])
def test_a_service_that_the_package_lacks_is_the_wrong_one_to_ask_for(gateway: Gateway, number: str, mode: str) -> None:
    given = question("VAS", number, mode=mode)
    error = send(gateway.customer(number).at(OPEN), "consultationStart", **given).error
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["inputPath"] == ["input", "policyNumber"]


# 2.1 The family doctor ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "status"), [("2026-03-09 10:00:30", "MET"), ("2026-03-09 10:00:31", "MISSED")], ids=["30 s", "31 s"]
)
def test_fd_01_somebody_answers_within_thirty_seconds(gateway: Gateway, answered: str, status: str) -> None:
    case = begin(gateway, "VAS")
    case.reply(at(answered))
    assert case.clock("VAS-FD-01", at(answered))["status"] == status


def test_fd_02_both_sides_write_as_often_as_they_need(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    for turn in range(3):
        assert case.reply(content=f"答 {turn}")["refusals"] == []
        assert case.take("customer", "consultationReply", LATER, content=f"问 {turn}")["refusals"] == []
    said = [message["author"] for message in case.seen_by("customer")["details"]["messages"]]
    assert said == ["DOCTOR", "CUSTOMER"] * 3


def test_fd_03_a_consultation_has_one_call(gateway: Gateway) -> None:
    case = begin(gateway, "VAS", isByPhone=True)
    assert case.reply(call=call("10:01", "10:09"))["refusals"] == []
    again = case.reply(at("2026-03-09 10:30"), call=call("10:20", "10:25"))
    assert refused(again) == {"VAS-FD-03"}
    assert case.reply(at("2026-03-09 10:30"), content="补充几句")["refusals"] == []


def test_fd_03_another_consultation_has_a_call_of_its_own(gateway: Gateway) -> None:
    first = begin(gateway, "VAS", isByPhone=True)
    first.reply(call=call("10:01", "10:09"))
    second = begin(gateway, "VAS", number=first.number, isByPhone=True)
    assert second.reply(at("2026-03-09 10:30"), call=call("10:20", "10:25"))["refusals"] == []


@pytest.mark.parametrize(
    ("end", "codes"), [("10:16:00", set()), ("10:16:01", {"VAS-FD-03"})], ids=["15 minutes", "a second more"]
)
def test_fd_06_a_call_lasts_fifteen_minutes(gateway: Gateway, end: str, codes: set[str]) -> None:
    case = begin(gateway, "VAS", isByPhone=True)
    answer = case.reply(at("2026-03-09 10:30"), call=call("10:01:00", end))
    assert (warned(answer), answer["refusals"]) == (codes, [])


@pytest.mark.parametrize(
    ("start", "end"), [("10:05", "10:04"), ("10:05", "10:11")], ids=["ends before it began", "ends in the future"]
)
def test_a_call_that_cannot_have_been_is_bad_input(gateway: Gateway, start: str, end: str) -> None:
    case = begin(gateway, "VAS", isByPhone=True)
    answer = case.send("vendor", "consultationReply", LATER, content="答", doctor=DOCTOR, call=call(start, end))
    assert answer.error["extensions"]["inputPath"] == ["input", "call"]


def test_fd_05_a_doctor_is_matched_before_the_answer(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    assigned = case.take("vendor", "bookingAssign", doctor=DOCTOR)
    assert verdict_of(assigned, "VAS-FD-05")["status"] == "PASSED"
    assert case.seen_by("customer")["details"]["doctorHospital"] == "市第一医院"


def test_fd_05_nobody_is_matched_to_what_has_ended(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    case.reply()
    case.close()
    assert "VAS-FD-05" in refused(case.take("vendor", "bookingAssign", doctor=DOCTOR))


@pytest.mark.parametrize("summary", [None, "  "], ids=["none", "blank"])
def test_fd_07_the_summary_comes_before_the_end(gateway: Gateway, summary: str | None) -> None:
    case = begin(gateway, "VAS")
    case.reply()
    (verdict,) = case.close(summary=summary)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("VAS-FD-07", ["input", "summary"])


def test_fd_07_the_summary_goes_to_the_client(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    case.reply()
    assert case.close()["booking"]["status"] == "COMPLETED"
    assert case.seen_by("customer")["details"]["summarySentAt"] == "2026-03-09T02:10:00Z"
    assert ("consultation.summarized", "CUSTOMER") in case.topics()


def test_fd_08_the_client_may_rate_the_doctor(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    case.reply()
    case.close()
    case.take("customer", "bookingRate", score=5, comment="很耐心")
    assert case.seen_by("customer")["rating"] == {"score": 5, "comment": "很耐心"}


@pytest.mark.parametrize("employment", ["OTHER", None])
def test_fd_09_a_doctor_works_for_the_service_or_at_a_hospital(gateway: Gateway, employment: str | None) -> None:
    answer = begin(gateway, "VAS").reply(doctor=DOCTOR | {"employment": employment})
    (verdict,) = answer["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("VAS-FD-09", ["input", "doctor", "employment"])
