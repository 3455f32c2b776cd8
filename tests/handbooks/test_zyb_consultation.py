"""The ZYB handbook on the online consultation, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.consultations import LATER, NIGHT, OPEN, begin, new_policy, send, try_question
from tests.support.escorts import at, entitlement, person, refused, register, verdict_of, warned

CHILD = {"name": "演示孩子", "gender": "FEMALE", "birthOn": "2018-06-01"}


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return new_policy(gateway, "ZYB")


def tried(gateway: Gateway, number: str, now: str = OPEN, **changes: Any) -> dict[str, Any]:
    return try_question(gateway, "ZYB", number, now, **changes)


def rule(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { kind enforcement parameters } }"
    return gateway.anyone().ask(document, code=code).data["rule"]


# Preface --------------------------------------------------------------------------------------------------------


def test_gen_02_the_vendor_of_the_product_answers(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    assert case.seen_by("customer")["vendor"] == {"code": "HUANQIU"}
    assert verdict_of(case.reply(), "ZYB-GEN-02")["status"] == "PASSED"
    assert verdict_of(case.close(), "ZYB-GEN-02")["status"] == "PASSED"


def test_gen_02_another_vendor_finds_no_such_consultation(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    stranger = gateway.vendor("QITAI").at(OPEN)
    foreign, absent = (
        send(stranger, "consultationReply", booking=booking, content="多喝水").error
        for booking in (case.booking, case.booking[:-8] + "00000000")
    )
    assert foreign["message"] == absent["message"]
    assert foreign["extensions"]["inputPath"] == absent["extensions"]["inputPath"] == ["input", "booking"]


@pytest.mark.parametrize("mode", ["PHONE", "FAMILY_DOCTOR"])
def test_gen_03_no_other_way_to_ask_a_doctor_belongs_to_the_product(gateway: Gateway, number: str, mode: str) -> None:
    assert refused(tried(gateway, number, mode=mode)) == {"ZYB-GEN-03"}


# 1. The services ------------------------------------------------------------------------------------------------


def test_tbl_01_a_question_is_about_the_insured(gateway: Gateway, number: str) -> None:
    stranger = {"name": "路人甲", "gender": "MALE", "birthOn": "1990-05-05"}
    answer = tried(gateway, number, patient=stranger)
    assert refused(answer) == {"ZYB-TBL-01"}
    assert verdict_of(answer, "ZYB-TBL-01")["inputPath"] == ["input", "patient", "name"]


def test_tbl_01_a_guardian_asks_for_the_insured_child(gateway: Gateway) -> None:
    number = register(gateway, insured=[person(**CHILD)])
    assert verdict_of(tried(gateway, number, patient=CHILD), "ZYB-TBL-01")["status"] == "PASSED"


def test_tbl_01_of_several_insured_it_must_be_known_whom_the_question_is_about(gateway: Gateway) -> None:
    number = register(gateway, insured=[person(), person(**CHILD)])
    assert verdict_of(tried(gateway, number), "ZYB-TBL-01")["status"] == "UNKNOWN"
    assert verdict_of(tried(gateway, number, patient=CHILD), "ZYB-TBL-01")["status"] == "PASSED"


def test_tbl_03_questions_are_unlimited_and_counted(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZYB")
    for used in (1, 2, 3):
        case = begin(gateway, "ZYB", number=number)
        assert case.uses() == (1, used - 1)
        case.reply()
        case.close()
        assert case.uses() == (0, used)
    account = entitlement(gateway.customer(number).at(OPEN), number, "TEXT_CONSULTATION")
    assert (account["granted"], account["remaining"]) == (None, None)


@pytest.mark.parametrize(
    ("now", "status", "state"),
    [
        ("2026-03-09 08:59", "WARNED", "MESSAGE_LEFT"),
        ("2026-03-09 09:00", "PASSED", "REQUESTED"),
        ("2026-03-09 20:59", "PASSED", "REQUESTED"),
        ("2026-03-09 21:00", "WARNED", "MESSAGE_LEFT"),
        ("2026-03-08 12:00", "PASSED", "REQUESTED"),
    ],
    ids=["before nine", "at nine", "before nine at night", "at nine at night", "on a Sunday"],
)
def test_tbl_05_doctors_are_there_from_nine_to_nine(
    gateway: Gateway, number: str, now: str, status: str, state: str
) -> None:
    answer = tried(gateway, number, at(now))
    assert verdict_of(answer, "ZYB-TBL-05")["status"] == status
    assert answer["booking"]["status"] == state


def test_tbl_06_a_question_at_night_is_a_message_that_a_doctor_answers_by_phone(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB", now=NIGHT)
    left = case.seen_by("vendor", NIGHT)
    assert (left["status"], left["details"]["isAfterHours"]) == ("MESSAGE_LEFT", True)
    call = {"startedAt": at("2026-03-10 09:05"), "endedAt": at("2026-03-10 09:12")}
    assert case.reply(at("2026-03-10 09:15"), call=call)["booking"]["status"] == "IN_SERVICE"
    assert case.seen_by("customer")["details"]["callEndedAt"] == "2026-03-10T01:12:00Z"


def test_tbl_06_a_question_at_night_needs_a_number(gateway: Gateway, number: str) -> None:
    answer = tried(gateway, number, NIGHT, phone=None)
    verdict = verdict_of(answer, "ZYB-TBL-06")
    assert refused(answer) == {"ZYB-TBL-06"}
    assert (verdict["inputPath"], verdict["passesFrom"]) == (["input", "phone"], "2026-03-10T01:00:00Z")


def test_tbl_06_by_day_no_number_is_needed(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, phone=None)) == set()


@pytest.mark.parametrize(("phone", "codes"), [(None, {"ZYB-TBL-06"}), ("13800138000", set())], ids=["none", "given"])
def test_tbl_06_a_message_for_customer_service_at_night_needs_one_too(
    gateway: Gateway, number: str, phone: str | None, codes: set[str]
) -> None:
    given = {"policyNumber": number, "content": "请回电", "service": "TEXT_CONSULTATION", "phone": phone}
    answer = send(gateway.customer(number).at(NIGHT), "messageLeave", dry_run=True, shows="message { id }", **given)
    assert refused(answer.data["messageLeave"]) == codes


def test_tbl_08_there_is_no_waiting_period(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, at("2026-01-01 09:00"))) == set()


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        ("2025-12-31 20:59", {"ZYB-TBL-10"}),
        ("2026-01-01 09:00", set()),
        ("2026-12-31 20:59", set()),
        ("2027-01-01 09:00", {"ZYB-TBL-10"}),
    ],
    ids=["the day before", "first day", "last day", "the day after"],
)
def test_tbl_10_the_service_runs_for_the_policy_year(gateway: Gateway, number: str, now: str, codes: set[str]) -> None:
    answer = tried(gateway, number, at(now))
    assert refused(answer) == codes
    if now.startswith("2025"):
        assert verdict_of(answer, "ZYB-TBL-10")["passesFrom"] == "2025-12-31T16:00:00Z"


@pytest.mark.parametrize(
    "topic",
    [
        "DISEASE",
        "DAILY_CARE_PREVENTION",
        "SUB_HEALTH",
        "CHRONIC",
        "SEASONAL_EPIDEMIC_INFECTIOUS",
        "OTHER",
        "PSYCHOLOGY",
    ],
)
def test_tbl_13_every_topic_is_taken(gateway: Gateway, number: str, topic: str) -> None:
    assert refused(tried(gateway, number, topic=topic)) == set()


# 2.1 How it works -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["ZYB-CON-01", "ZYB-CON-02"])
def test_con_01_and_02_the_way_in_is_carried_as_data(gateway: Gateway, code: str) -> None:
    assert rule(gateway, code)["enforcement"] == "DATA"


def test_con_03_the_policy_number_verifies(gateway: Gateway, number: str) -> None:
    assert verdict_of(tried(gateway, number), "ZYB-CON-03")["status"] == "PASSED"


def test_con_04_the_vendors_side_names_the_doctor(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    assigned = case.take("vendor", "bookingAssign", doctor={"name": "王医生", "title": "CHIEF"})
    assert verdict_of(assigned, "ZYB-CON-04")["status"] == "PASSED"
    assert assigned["booking"]["status"] == "ASSIGNED"
    assert case.seen_by("customer")["details"]["doctorName"] == "王医生"


def test_con_04_a_client_cannot_choose_one(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    assert case.send("customer", "bookingAssign", doctor={"name": "王医生"}).code == "FORBIDDEN"
    assert "bookingAssign" not in case.seen_by("customer")["availableActions"]


def test_con_04_nobody_is_named_for_a_consultation_that_has_ended(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    case.reply()
    case.close()
    late = case.take("vendor", "bookingAssign", doctor={"name": "王医生", "title": "CHIEF"})
    assert refused(late) == {"ZYB-CON-04"}


def test_con_05_the_doctor_answers_what_was_asked(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    assert verdict_of(case.reply(), "ZYB-CON-05")["status"] == "PASSED"
    assert case.seen_by("customer")["details"]["messages"] == [
        {"author": "DOCTOR", "content": "先观察两天。", "at": "2026-03-09T02:10:00Z"}
    ]


def test_con_06_a_consultation_ends_after_advice_and_not_before(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    assert refused(case.close()) == {"ZYB-CON-06"}
    case.reply()
    assert case.close()["booking"]["status"] == "COMPLETED"


def test_con_06_nothing_changes_once_it_has_ended(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    case.reply()
    case.close()
    assert refused(case.reply(content="再补充一点")) == {"ZYB-CON-05"}
    assert refused(case.take("customer", "consultationReply", content="还有问题")) == {"ZYB-CON-05"}
    assert refused(case.close()) == {"ZYB-CON-06"}


# 2.1 Notes ------------------------------------------------------------------------------------------------------


def test_con_07_that_advice_is_no_diagnosis_must_have_been_read(gateway: Gateway, number: str) -> None:
    answer = tried(gateway, number, acknowledged=[])
    verdict = verdict_of(answer, "ZYB-CON-07")
    assert refused(answer) == {"ZYB-CON-07"}
    assert verdict["inputPath"] == ["input", "acknowledged"]
    assert "ZYB-CON-07" in verdict["remedy"]


def test_con_07_to_09_are_told_before_a_question_is_asked(gateway: Gateway) -> None:
    document = '{ disclosures(operation: "consultationStart", product: ZYB) { id isRequired } }'
    found = {item["id"]: item["isRequired"] for item in gateway.anyone().ask(document).data["disclosures"]}
    assert found == {"ZYB-CON-07": True, "ZYB-CON-08": False, "ZYB-CON-09": False}


def test_a_good_question_is_warned_of_nothing(gateway: Gateway, number: str) -> None:
    assert warned(tried(gateway, number, LATER)) == set()
