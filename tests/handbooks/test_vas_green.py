"""The VAS handbook on the children's outpatient green channel, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.escorts import add_hospitals, at, refused, register, verdict_of, warned
from tests.support.green_channels import DOCTOR, ask_outpatient, assigned, begin_outpatient, take_all


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return register(gateway, "VAS")


def tried(gateway: Gateway, number: str, **changes: Any) -> dict[str, Any]:
    return ask_outpatient(gateway, number, dry_run=True, **changes)


# 1. The service -------------------------------------------------------------------------------------------------


def test_tbl_01_an_adviser_talks_before_anything_is_arranged(gateway: Gateway) -> None:
    order = begin_outpatient(gateway)
    assert refused(order.take("vendor", "bookingReview", outcome="PASSED")) == {"VAS-TBL-18"}
    assert refused(order.take("vendor", "bookingAssign", doctor=DOCTOR)) == {"VAS-OPG-04"}
    assert order.take("vendor", "bookingAccept")["booking"]["status"] == "ACCEPTED"
    assert order.details()["needConfirmedAt"] == "2026-03-09T01:00:00Z"
    assert refused(order.take("vendor", "bookingAccept")) == {"VAS-TBL-01"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "PASSED"),
        ({"department": "INTERNAL_MEDICINE"}, "UNKNOWN"),
        ({"hospital": "GREEN-L2"}, "UNKNOWN"),
    ],
    ids=["pediatrics of level 3", "another department", "level 2"],
)
def test_tbl_02_where_a_child_is_taken(gateway: Gateway, number: str, changes: dict[str, Any], status: str) -> None:
    """The vendor's list is not loaded: what it would have to tell is for people."""
    add_hospitals(gateway, hospital("GREEN-L2", level="2"))
    answer = tried(gateway, number, **changes)
    assert (verdict_of(answer, "VAS-TBL-02")["status"], refused(answer)) == (status, set())


def hospital(code: str, **changes: str) -> dict[str, str]:
    return {"code": code, "name": f"试验医院 {code}", "province": "上海", "city": "上海", **changes}


def test_tbl_02_what_is_unknown_goes_to_the_review(gateway: Gateway) -> None:
    order = begin_outpatient(gateway, department="INTERNAL_MEDICINE")
    assert order.details()["openRules"] == ["VAS-TBL-02"]
    assert ("booking.review_needed", "VENDOR", "03-09 09:00") in order.messages()
    take_all(order, ("bookingAccept", {}), ("bookingReview", {"outcome": "PASSED"}))
    assert order.details()["openRules"] == []


@pytest.mark.parametrize(
    ("title", "codes"), [("ASSOCIATE_CHIEF", set()), ("CHIEF", set()), ("ATTENDING", {"VAS-TBL-03"})]
)
def test_tbl_03_the_doctor_is_an_associate_chief(gateway: Gateway, title: str, codes: set[str]) -> None:
    order = begin_outpatient(gateway)
    take_all(order, ("bookingAccept", {}), ("bookingReview", {"outcome": "PASSED"}))
    assert refused(order.take("vendor", "bookingAssign", doctor=DOCTOR | {"title": title})) == codes


def test_tbl_04_only_the_insured_and_once_a_year(gateway: Gateway, number: str) -> None:
    stranger = {"name": "路人甲", "gender": "MALE", "birthOn": "1990-05-05", "phone": "13800138000"}
    assert refused(tried(gateway, number, patient=stranger)) == {"VAS-TBL-04"}
    order = begin_outpatient(gateway)
    assert refused(ask_outpatient(gateway, order.number)) == {"VAS-TBL-04"}
    order.take("customer", "bookingCancel")
    assert ask_outpatient(gateway, order.number)["refusals"] == []


def test_tbl_04_the_visit_that_is_arranged_lies_in_the_policy_year(gateway: Gateway) -> None:
    answer = assigned(gateway).take("vendor", "bookingAssign", doctor=DOCTOR, visitAt=at("2027-01-01 09:00"))
    assert refused(answer) == {"VAS-TBL-04"}


# 2.5.1 How it works ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit", "refusing", "warning"),
    [
        ("2026-03-11 09:30", {"VAS-OPG-01"}, set()),
        ("2026-03-12 09:30", set(), {"VAS-OPG-01"}),
        ("2026-03-15 09:30", set(), {"VAS-OPG-01"}),
        ("2026-03-16 09:30", set(), set()),
    ],
    ids=["2 days", "3 days", "before the fifth working day", "fifth working day"],
)
def test_opg_01_three_days_ahead(
    gateway: Gateway, number: str, visit: str, refusing: set[str], warning: set[str]
) -> None:
    answer = tried(gateway, number, visitAt=at(visit))
    assert (refused(answer), warned(answer)) == (refusing, warning)


def test_opg_02_the_client_is_told_what_was_arranged(gateway: Gateway) -> None:
    assert assigned(gateway).messages("VAS-OPG-02") == [("booking.visit_notice", "CUSTOMER", "03-09 09:00")]


@pytest.mark.parametrize("field", ["isDiagnosed", "symptom", "need", "department"])
def test_opg_03_nine_details(gateway: Gateway, number: str, field: str) -> None:
    answer = tried(gateway, number, **{field: None})
    assert refused(answer) == {"VAS-OPG-03"}
    assert verdict_of(answer, "VAS-OPG-03")["inputPath"] == ["input", field]


@pytest.mark.parametrize("field", ["gender", "phone"])
def test_opg_03_nine_details_of_the_patient(gateway: Gateway, number: str, field: str) -> None:
    patient = {"name": "演示成人", "gender": "MALE", "phone": "13800138000"} | {field: None}
    assert "VAS-OPG-03" in refused(tried(gateway, number, patient=patient))


def test_opg_04_review_dispatch_visit_and_follow_up(gateway: Gateway) -> None:
    order = assigned(gateway)
    assert order.details()["doctorName"] == "王医生"
    take_all(order, ("bookingCheckIn", {}), ("bookingCheckOut", {}), ("bookingFollowUpRecord", {"note": "满意"}))
    assert (order.seen_by()["status"], order.uses()) == ("COMPLETED", (0, 1))
    assert order.details()["followUpNote"] == "满意"


def test_opg_04_a_review_that_fails_ends_it_and_gives_the_use_back(gateway: Gateway) -> None:
    order = begin_outpatient(gateway)
    order.take("vendor", "bookingAccept")
    answer = order.take("vendor", "bookingReview", outcome="FAILED", reason="资料不符")
    assert (answer["booking"]["status"], order.uses()) == ("TERMINATED", (0, 0))
    assert ("booking.terminated", "CUSTOMER", "03-09 09:00") in order.messages()


# 2.5.2 Service times --------------------------------------------------------------------------------------------


def test_opg_05_three_clocks_from_the_request(gateway: Gateway) -> None:
    order = begin_outpatient(gateway)
    due = {part: order.clock("VAS-OPG-05", part)["dueAt"] for part in ("RESPONSE", "COORDINATION", "ARRANGEMENT")}
    assert due == {
        "RESPONSE": "2026-03-09T01:30:00Z",
        "COORDINATION": "2026-03-10T01:00:00Z",
        "ARRANGEMENT": "2026-03-16T16:00:00Z",
    }


def test_opg_05_each_clock_is_stopped_by_its_own_step(gateway: Gateway) -> None:
    order = begin_outpatient(gateway)
    parts = ("RESPONSE", "COORDINATION", "ARRANGEMENT")
    seen = []
    for mutation, given in (
        ("bookingAccept", {}),
        ("bookingReview", {"outcome": "PASSED"}),
        ("bookingAssign", {"doctor": DOCTOR}),
    ):
        order.take("vendor", mutation, **given)
        seen.append([order.clock("VAS-OPG-05", part)["status"] for part in parts])
    assert seen == [["MET", "RUNNING", "RUNNING"], ["MET", "MET", "RUNNING"], ["MET", "MET", "MET"]]


def test_opg_05_a_clock_ends_with_the_case(gateway: Gateway) -> None:
    order = begin_outpatient(gateway)
    order.take("vendor", "bookingAccept")
    order.take("vendor", "bookingReview", outcome="FAILED", reason="x")
    parts = ("RESPONSE", "COORDINATION", "ARRANGEMENT")
    assert [order.clock("VAS-OPG-05", part)["status"] for part in parts] == ["MET", "MET", "CANCELLED"]
