"""The CY26 handbook on hospital costs paid in advance, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.advances import FOR_REVIEW, FOUND, HOSPITAL, begin, clocks, policy, request, send
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, look, refused, verdict_of, warned


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway, "CY26")


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    client = gateway.customer(number).at(now)
    return send(client, "advanceRequest", request(gateway, number, "CY26", **changes), dry_run=True)


def test_svc_03_it_may_be_used_any_number_of_times(gateway: Gateway) -> None:
    case = begin(gateway, "CY26")
    assert refused(tried(gateway, case.number, admittedOn="2026-03-08")) == set()


def test_svc_04_what_is_paid_has_been_reviewed_and_lies_in_the_cover(gateway: Gateway, number: str) -> None:
    case = begin(gateway, "CY26").go_to("UNDER_REVIEW")
    assert "CY26-SVC-04" in refused(case.send("vendor", "advancePay", reference=new_key()))
    assert refused(tried(gateway, number, now="2027-01-01T00:00:00+08:00")) == {"CY26-SVC-04"}


@pytest.mark.parametrize(("day", "is_refused"), [("2026-03-09", False), ("2026-03-10", True)])
def test_svc_06_it_is_asked_for_in_hospital(gateway: Gateway, number: str, day: str, is_refused: bool) -> None:
    assert refused(tried(gateway, number, admittedOn=day)) == ({"CY26-SVC-06"} if is_refused else set())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (HOSPITAL, set[str]()),
        ("DEMO-SH-001", {"CY26-ADV-01", "CY26-ADV-20", "CY26-ADV-21"}),
        ("DEMO-SH-005", {"CY26-ADV-01", "CY26-ADV-20", "CY26-ADV-21"}),
        ("DEMO-SH-004", {"CY26-ADV-21"}),
    ],
    ids=["on the list", "direct billing", "private", "public, and not on the list"],
)
def test_adv_01_20_and_21_public_without_direct_billing_and_on_the_vendors_list(
    gateway: Gateway, number: str, code: str, expected: set[str]
) -> None:
    assert refused(tried(gateway, number, hospital=code)) == expected


def test_adv_20_only_the_insurer_makes_an_exception(gateway: Gateway, number: str) -> None:
    given = request(gateway, number, "CY26", hospital="DEMO-SH-001", exceptionReason="直付系统故障")
    by_client = send(gateway.customer(number).at(NOW), "advanceRequest", given, dry_run=True)
    assert "CY26-ADV-20" in refused(by_client)
    by_staff = send(gateway.staff().at(NOW), "advanceRequest", given, dry_run=True)
    assert "CY26-ADV-20" in warned(by_staff)


@pytest.mark.parametrize(("code", "is_refused"), [("DEMO-BJ-002", False), (HOSPITAL, True)])
def test_adv_21_the_list_is_that_of_the_plan(gateway: Gateway, code: str, is_refused: bool) -> None:
    number = policy(gateway, "CY26", plan="BEIJING")
    assert ("CY26-ADV-21" in refused(tried(gateway, number, hospital=code))) is is_refused


def test_adv_22_who_is_outside_the_list_is_told_to_claim_afterwards(gateway: Gateway, number: str) -> None:
    answer = tried(gateway, number, hospital="DEMO-SH-004")
    assert "claim after discharge" in answer["refusals"][0]["remedy"]


def test_adv_03_a_specialist_calls_within_a_working_day(gateway: Gateway) -> None:
    case = begin(gateway, "CY26")
    assert clocks(case.contact())["CY26-ADV-03"] == ("MET", "2026-03-10T16:00:00Z")


def test_adv_04_the_facts_of_the_treatment_are_stated(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, diagnosis=" ")) == {"CY26-ADV-04"}


def test_adv_05_the_review_begins_with_all_papers(gateway: Gateway) -> None:
    case = begin(gateway, "CY26")
    made = case.send("customer", "advanceDocumentsSubmit", documents=case.papers(*FOR_REVIEW[:3]))
    assert (warned(made), made["advance"]["status"]) == ({"CY26-ADV-05"}, "REQUESTED")
    assert made["advance"]["documentsCompleteAt"] is None
    assert case.hand_in(FOR_REVIEW[3])["status"] == "UNDER_REVIEW"


def test_adv_05_an_accident_needs_its_evidence(gateway: Gateway) -> None:
    case = begin(gateway, "CY26", cause="ACCIDENT")
    assert case.hand_in()["status"] == "REQUESTED"
    assert case.hand_in("ACCIDENT_EVIDENCE")["status"] == "UNDER_REVIEW"


def test_adv_06_and_15_two_working_days_or_fifteen_with_an_investigation(gateway: Gateway) -> None:
    case = begin(gateway, "CY26")
    found = case.hand_in()
    assert clocks(found)["CY26-ADV-06"] == ("RUNNING", "2026-03-11T16:00:00Z")
    later = "2026-03-10T10:00:00+08:00"
    found = case.review("INVESTIGATE", later, reason="核实事故")
    assert clocks(found)["CY26-ADV-06"][0] == "CANCELLED"
    assert clocks(found)["CY26-ADV-15"] == ("RUNNING", "2026-03-30T16:00:00Z")  # from the papers, not from that day
    assert clocks(case.review("APPROVED", later))["CY26-ADV-15"][0] == "MET"


def test_adv_07_and_11_a_refusal_says_why_and_the_client_is_told(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("UNDER_REVIEW")
    assert refused(case.send("vendor", "advanceReview", outcome="REFUSED")) == {"CY26-ADV-07", "CY26-ADV-11"}
    assert case.review("REFUSED", reason="虚假报案")["status"] == "REFUSED"
    sql = "select audience from outbox_messages where policy_id = $1 and subject_id = $2 and topic = 'advance.refused'"
    assert look(gateway, sql, *case.key) == [{"audience": "CUSTOMER"}]


def test_adv_08_the_mandate_is_signed_and_the_hospital_paid_in_a_working_day(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("AUTHORIZED")
    unsigned = case.send("customer", "advanceSign", acknowledged=["CY26-ADV-23"])
    assert refused(unsigned) == {"CY26-ADV-08"}
    assert clocks(case.sign())["CY26-ADV-08"] == ("RUNNING", "2026-03-10T16:00:00Z")
    assert clocks(case.pay())["CY26-ADV-08"][0] == "MET"


@pytest.mark.parametrize(
    ("day", "is_refused"), [("2026-03-09", True), ("2026-03-10", False)], ids=["the same day", "the next day"]
)
def test_adv_09_the_discharge_is_told_a_day_ahead(gateway: Gateway, day: str, is_refused: bool) -> None:
    case = begin(gateway, "CY26").go_to("PAID")
    answer = case.send("customer", "advanceDischargeNotify", dischargeOn=day)
    assert refused(answer) == ({"CY26-ADV-09"} if is_refused else set())


def test_adv_10_the_claim_is_filed_with_its_papers_on_the_day_of_discharge(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("PAID")
    assert clocks(case.discharge("2026-03-20"))["CY26-ADV-10"] == ("RUNNING", "2026-03-20T16:00:00Z")
    given = {"dischargedOn": "2026-03-20", "amount": "1.00", "invoiceNumber": new_key()}
    assert refused(case.send("vendor", "advanceClaimFile", **given)) == {"CY26-ADV-10"}
    assert case.file()["claims"] != []


def test_adv_10_a_late_notice_has_no_deadline_on_that_day(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("PAID")
    found = case.take("vendor", "advanceDischargeNotify", dischargeOn="2026-03-09")
    assert "CY26-ADV-10" not in clocks(found)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"hasThirdPartyFunding": True}, "hasThirdPartyFunding"),
        ({"hasEmployerFunding": True}, "hasEmployerFunding"),
        ({"hasLitigation": True}, "hasLitigation"),
        ({"isTrafficAccident": True}, None),
    ],
)
def test_adv_12_nobody_elses_money_and_no_lawsuit(
    gateway: Gateway, number: str, changes: dict[str, Any], path: str | None
) -> None:
    answer = tried(gateway, number, **changes)
    assert refused(answer) == ({"CY26-ADV-12"} if path else set())
    assert not path or answer["refusals"][0]["inputPath"] == ["input", path]


def test_adv_13_what_is_not_covered_does_not_pass(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("UNDER_REVIEW")
    answer = case.send("vendor", "advanceReview", outcome="APPROVED", findings=FOUND | {"isCovered": False})
    assert refused(answer) == {"CY26-ADV-13"}


@pytest.mark.parametrize(("decided", "owed"), [("30000.00", None), ("29999.99", "0.01")])
def test_adv_14_the_difference_is_paid_back_to_the_provider(gateway: Gateway, decided: str, owed: str | None) -> None:
    case = begin(gateway, "CY26").go_to("PAID")
    case.file()
    case.decide(decided)
    made = case.send("vendor", "advanceSettle")
    assert ("CY26-ADV-14" in warned(made)) is (owed is not None)
    assert [item["outstandingAmount"]["amount"] for item in made["advance"]["repayments"]] == ([owed] if owed else [])


def test_adv_16_that_an_advance_is_no_promise_is_read_before(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, acknowledged=[])) == {"CY26-ADV-16"}


@pytest.mark.parametrize(
    ("settles", "originals", "status"),
    [(False, False, "REFUSED"), (False, True, "UNKNOWN"), (None, False, "UNKNOWN"), (None, True, "PASSED")],
)
def test_adv_17_both_obstacles_together_rule_it_out(
    gateway: Gateway, number: str, settles: bool | None, originals: bool, status: str
) -> None:
    answer = tried(gateway, number, isSettledInRealTime=settles, canHandOverOriginals=originals)
    assert verdict_of(answer, "CY26-ADV-17")["status"] == status
    assert refused(answer) == ({"CY26-ADV-17"} if status == "REFUSED" else set())


@pytest.mark.parametrize("cost", ["OUTPATIENT", "DEPOSIT"])
def test_adv_19_neither_deposits_nor_outpatient_costs(gateway: Gateway, number: str, cost: str) -> None:
    assert refused(tried(gateway, number, costType=cost)) == {"CY26-ADV-19"}


def test_adv_23_the_client_agrees_to_hand_over_its_papers(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("AUTHORIZED")
    answer = case.send("customer", "advanceSign", documents=[case.paper("ADVANCE_MANDATE")])
    assert refused(answer) == {"CY26-ADV-23"}
