"""The ZAWX handbook on text consultations and questions about drugs, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway, new_number
from tests.support.consultations import (
    DOCTOR,
    LATER,
    OPEN,
    PHONE,
    Consultation,
    begin,
    new_policy,
    send,
    try_question,
)
from tests.support.escorts import ADULT, at, book, person, refused, verdict_of, warned

NUMBER = f"P{new_number()[-8:]}"
KNOWN = {"name": ADULT["name"], "idType": "PASSPORT", "idNumber": NUMBER}


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share; the insured's paper is known."""
    return new_policy(gateway, "ZAWX", insured=[person(idNumber=NUMBER)])


def tried(gateway: Gateway, number: str, now: str = OPEN, **changes: Any) -> dict[str, Any]:
    return try_question(gateway, "ZAWX", number, now, **changes)


def drug_question(number: str, **changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "policyNumber": number,
        "category": "ADVERSE_REACTION",
        "question": "服药后皮疹，能否停药？",
        "phone": PHONE,
        "person": KNOWN,
        "acknowledged": ["ZAWX-DRUG-06"],
    }
    return good | changes


def try_drug(gateway: Gateway, number: str, now: str = OPEN, **changes: Any) -> dict[str, Any]:
    customer = gateway.customer(number).at(now)
    return send(customer, "drugQuestionAsk", dry_run=True, **drug_question(number, **changes)).data["drugQuestionAsk"]


def ask_drug(gateway: Gateway, now: str = OPEN, **changes: Any) -> Consultation:
    number = new_policy(gateway, "ZAWX", insured=[person(idNumber=NUMBER)])
    answer = send(gateway.customer(number).at(now), "drugQuestionAsk", **drug_question(number, **changes))
    return Consultation(gateway, "ZAWX", number, answer.data["drugQuestionAsk"]["booking"]["id"])


# Preface and table ----------------------------------------------------------------------------------------------


def test_gen_02_the_one_vendor_answers(gateway: Gateway) -> None:
    case = begin(gateway, "ZAWX")
    assert case.seen_by("customer")["vendor"] == {"code": "QITAI"}
    assert verdict_of(case.reply(), "ZAWX-GEN-02")["status"] == "PASSED"


def test_gen_03_an_escort_is_none_of_the_five_services(gateway: Gateway, number: str) -> None:
    assert "ZAWX-GEN-03" in refused(book(gateway.customer(number).at(OPEN), number, dry_run=True))


@pytest.mark.parametrize("mode", ["PHONE", "FAMILY_DOCTOR"])
def test_gen_03_doctors_are_asked_in_writing_only(gateway: Gateway, number: str, mode: str) -> None:
    assert refused(tried(gateway, number, mode=mode)) == {"ZAWX-GEN-03"}


def test_tbl_05_only_the_insured_is_answered_for(gateway: Gateway, number: str) -> None:
    stranger = {"name": "路人甲", "gender": "MALE", "birthOn": "1990-05-05"}
    assert refused(tried(gateway, number, patient=stranger)) == {"ZAWX-TBL-05"}


def test_tbl_05_there_is_no_waiting_and_no_limit(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZAWX")
    for _ in range(2):
        begin(gateway, "ZAWX", number=number, now=at("2026-01-01 09:00"))


@pytest.mark.parametrize(
    ("now", "codes"),
    [("2026-12-31 17:59", set()), ("2027-01-01 09:00", {"ZAWX-TBL-06"})],
    ids=["last day", "after"],
)
def test_tbl_06_a_year_is_the_policy_year(gateway: Gateway, number: str, now: str, codes: set[str]) -> None:
    assert refused(tried(gateway, number, at(now))) == codes
    assert refused(try_drug(gateway, number, at(now))) == codes


# 1. Questions about drugs ---------------------------------------------------------------------------------------


def test_drug_06_questions_are_unlimited_after_thirty_days(gateway: Gateway, number: str) -> None:
    early = try_drug(gateway, number, at("2026-01-30 23:59"))
    (verdict,) = early["refusals"]
    assert (verdict["rule"]["code"], verdict["passesFrom"]) == ("ZAWX-DRUG-06", "2026-01-30T16:00:00Z")
    assert refused(try_drug(gateway, number, at("2026-01-31 00:00"))) == set()


def test_drug_06_that_doctors_orders_go_first_must_have_been_read(gateway: Gateway, number: str) -> None:
    (verdict,) = try_drug(gateway, number, acknowledged=[])["refusals"]
    assert verdict["inputPath"] == ["input", "acknowledged"]
    assert "ZAWX-DRUG-06" in verdict["remedy"]


@pytest.mark.parametrize("category", ["ADVERSE_REACTION", "PHARMACY_LOCATION", "CHARITY_PROGRAM", "OTHER"])
def test_drug_07_and_08_every_kind_of_question_is_taken(gateway: Gateway, number: str, category: str) -> None:
    assert refused(try_drug(gateway, number, category=category)) == set()


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        ("2026-03-09 10:00", "2026-03-11T16:00:00Z"),
        ("2026-03-13 10:00", "2026-03-17T16:00:00Z"),
        ("2026-04-30 10:00", "2026-05-07T16:00:00Z"),
    ],
    ids=["Monday", "Friday", "before the May holiday"],
)
def test_drug_09_the_call_comes_by_the_second_working_day(gateway: Gateway, now: str, due_at: str) -> None:
    case = ask_drug(gateway, at(now))
    assert case.clock("ZAWX-DRUG-09", at(now))["dueAt"] == due_at


def test_drug_09_the_call_stops_the_clock(gateway: Gateway) -> None:
    case = ask_drug(gateway)
    case.take("vendor", "bookingAccept")
    case.take("vendor", "consultationReply", at("2026-03-10 10:00"), content="可以先减量")
    assert case.clock("ZAWX-DRUG-09", at("2026-03-20 10:00"))["status"] == "MET"


def test_drug_09_the_vendor_is_reminded_after_the_first_working_day(gateway: Gateway) -> None:
    assert ("booking.reminder", "VENDOR") in ask_drug(gateway).topics()


def test_drug_10_a_question_is_logged_before_anybody_calls_back(gateway: Gateway) -> None:
    case = ask_drug(gateway)
    assert refused(case.take("vendor", "consultationReply", content="可以")) == {"ZAWX-DRUG-10"}
    assert case.take("vendor", "bookingAccept")["booking"]["status"] == "ACCEPTED"
    assert case.seen_by("customer")["details"]["loggedAt"] == "2026-03-09T02:00:00Z"
    answered = case.take("vendor", "consultationReply", LATER, content="可以先减量，并尽快复诊。")
    assert answered["booking"]["status"] == "COMPLETED"
    details = case.seen_by("customer")["details"]
    assert (details["answer"], details["calledBackAt"]) == ("可以先减量，并尽快复诊。", "2026-03-09T02:10:00Z")
    assert case.uses() == (0, 1)


@pytest.mark.parametrize(
    ("person_given", "status"),
    [
        (KNOWN, "PASSED"),
        (KNOWN | {"idNumber": "P99999999"}, "REFUSED"),
        (KNOWN | {"idType": "OTHER"}, "REFUSED"),
        (KNOWN | {"name": "路人甲"}, "REFUSED"),
        (None, "UNKNOWN"),
    ],
    ids=["known", "another number", "another paper", "another name", "not given"],
)
def test_drug_12_the_insured_is_verified_as_a_person(
    gateway: Gateway, number: str, person_given: dict[str, Any] | None, status: str
) -> None:
    answer = try_drug(gateway, number, person=person_given)
    assert verdict_of(answer, "ZAWX-DRUG-12")["status"] == status
    assert refused(answer) == ({"ZAWX-DRUG-12"} if status == "REFUSED" else set())


# 5. Text consultations ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("years", "codes"), [(9, {"ZAWX-CON-01", "ZAWX-CON-05"}), (10, {"ZAWX-CON-05"}), (11, set())])
def test_con_01_and_05_a_doctor_has_more_than_ten_years(gateway: Gateway, years: int, codes: set[str]) -> None:
    case = begin(gateway, "ZAWX")
    assert refused(case.reply(doctor=DOCTOR | {"clinicalYears": years})) == codes


@pytest.mark.parametrize(
    ("now", "answered", "status"),
    [
        ("2026-03-09 10:00", "2026-03-09 10:15", "MET"),
        ("2026-03-09 10:00", "2026-03-09 10:16", "MISSED"),
        ("2026-03-09 17:50", "2026-03-10 09:05", "MET"),
    ],
    ids=["in time", "late", "the clock rests at night"],
)
def test_con_03_the_first_answer_comes_within_fifteen_minutes(
    gateway: Gateway, now: str, answered: str, status: str
) -> None:
    case = begin(gateway, "ZAWX", now=at(now))
    case.reply(at(answered))
    assert case.clock("ZAWX-CON-03", at(answered))["status"] == status


def test_con_03_what_a_client_adds_is_no_answer(gateway: Gateway) -> None:
    case = begin(gateway, "ZAWX")
    assert case.take("customer", "consultationReply", content="补充：没有发烧")["refusals"] == []
    assert case.clock("ZAWX-CON-03")["status"] == "RUNNING"


@pytest.mark.parametrize("said", [False, None])
def test_con_04_a_doctor_is_licensed(gateway: Gateway, said: bool | None) -> None:
    verdict = verdict_of(begin(gateway, "ZAWX").reply(doctor=DOCTOR | {"isLicensed": said}), "ZAWX-CON-04")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "doctor", "isLicensed"])


@pytest.mark.parametrize(("title", "codes"), [("RESIDENT", {"ZAWX-CON-05"}), ("ATTENDING", set()), ("CHIEF", set())])
def test_con_05_a_doctor_is_an_attending_physician_or_above(gateway: Gateway, title: str, codes: set[str]) -> None:
    assert refused(begin(gateway, "ZAWX").reply(doctor=DOCTOR | {"title": title})) == codes


def test_con_05_what_was_stated_of_a_doctor_need_not_be_stated_again(gateway: Gateway) -> None:
    case = begin(gateway, "ZAWX")
    case.take("vendor", "bookingAssign", doctor=DOCTOR)
    assert case.reply(doctor=None)["refusals"] == []


@pytest.mark.parametrize(
    ("now", "passes_from"),
    [
        ("2026-03-09 08:59", "2026-03-09T01:00:00Z"),
        ("2026-03-09 09:00", None),
        ("2026-03-09 17:59", None),
        ("2026-03-09 18:00", "2026-03-10T01:00:00Z"),
        ("2026-03-08 12:00", None),
    ],
    ids=["before nine", "at nine", "before six", "at six", "on a Sunday"],
)
def test_con_06_nothing_is_taken_outside_the_hours(
    gateway: Gateway, number: str, now: str, passes_from: str | None
) -> None:
    verdict = verdict_of(tried(gateway, number, at(now)), "ZAWX-CON-06")
    assert (verdict["status"], verdict["passesFrom"]) == ("REFUSED" if passes_from else "PASSED", passes_from)


def test_con_09_the_policy_number_verifies(gateway: Gateway, number: str) -> None:
    assert verdict_of(tried(gateway, number), "ZAWX-CON-09")["status"] == "PASSED"


def test_con_10_a_doctor_is_assigned_answers_and_closes(gateway: Gateway) -> None:
    case = begin(gateway, "ZAWX")
    assert case.take("vendor", "bookingAssign", doctor=DOCTOR)["booking"]["status"] == "ASSIGNED"
    assert case.reply()["booking"]["status"] == "IN_SERVICE"
    assert case.close(summary=None)["booking"]["status"] == "COMPLETED"
    assert refused(case.close()) == {"ZAWX-CON-10"}


def test_con_11_that_advice_is_no_diagnosis_must_have_been_read(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, acknowledged=["ZAWX-CON-12"])) == {"ZAWX-CON-11"}


@pytest.mark.parametrize("topic", ["PSYCHIATRY", "PSYCHOLOGY"])
def test_con_13_psychiatry_and_psychology_are_left_out(gateway: Gateway, number: str, topic: str) -> None:
    verdict = verdict_of(tried(gateway, number, topic=topic), "ZAWX-CON-13")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "topic"])


def test_a_good_question_is_warned_of_nothing(gateway: Gateway, number: str) -> None:
    assert warned(tried(gateway, number)) == set()
