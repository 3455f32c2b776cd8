"""The handbook of the value-added services on hospital costs paid in advance, clause by clause, through the API."""

from typing import Any

import pytest

from tests.support.advances import FOUND, LIMIT, begin, clocks, policy, request, send
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, look, refused, verdict_of


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway, "VAS")


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    client = gateway.customer(number).at(now)
    return send(client, "advanceRequest", request(gateway, number, "VAS", **changes), dry_run=True)


def test_tbl_08_nothing_is_paid_without_the_insurers_word(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("REVIEWED")
    assert "VAS-TBL-08" in refused(case.send("vendor", "advancePay", reference=new_key()))
    case.authorize()
    case.sign()
    assert case.pay()["status"] == "PAID"


@pytest.mark.parametrize(
    ("limit", "codes"), [("30000.00", set[str]()), ("29999.99", {"VAS-TBL-09"}), (None, set[str]())]
)
def test_tbl_09_the_authorized_limit_may_be_reached(gateway: Gateway, limit: str | None, codes: set[str]) -> None:
    case = begin(gateway, "VAS").go_to("REVIEWED")
    answer = case.send("adjuster", "advanceAuthorize", outcome="APPROVED", authorizedLimit=limit)
    assert refused(answer) == codes
    if limit is None:
        assert verdict_of(answer, "VAS-TBL-09")["status"] == "UNKNOWN"


@pytest.mark.parametrize("cause", ["DISEASE", "ACCIDENT"])
def test_tbl_10_and_11_any_cause_any_number_of_times(gateway: Gateway, cause: str) -> None:
    case = begin(gateway, "VAS", cause=cause)
    assert refused(tried(gateway, case.number, admittedOn="2026-03-08", cause=cause)) == set()


@pytest.mark.parametrize(("cost", "is_refused"), [("DEPOSIT", False), ("OUTPATIENT", True)])
def test_adv_01_the_deposit_is_advanced_too(gateway: Gateway, number: str, cost: str, is_refused: bool) -> None:
    assert refused(tried(gateway, number, costType=cost)) == ({"VAS-ADV-01"} if is_refused else set())


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("VAS-ADV-02", "isConditionDisclosed"),
        ("VAS-ADV-03", "isDeductibleReached"),
        ("VAS-ADV-04", "isSumInsuredLeft"),
        ("VAS-ADV-06", "isCovered"),
    ],
)
def test_adv_02_03_04_and_06_the_review_looks_at_what_disqualifies(gateway: Gateway, code: str, field: str) -> None:
    case = begin(gateway, "VAS").go_to("UNDER_REVIEW")
    for found in (False, None):
        answer = case.send("vendor", "advanceReview", outcome="APPROVED", findings=FOUND | {field: found})
        assert refused(answer) == {code}
        assert answer["refusals"][0]["inputPath"] == ["input", "findings", field]
    if code != "VAS-ADV-06":
        assert verdict_of(tried(gateway, policy(gateway, "VAS")), code)["status"] == "UNKNOWN"


def test_adv_05_the_day_of_the_request_lies_after_the_waiting_period(gateway: Gateway, number: str) -> None:
    early = tried(gateway, number, now="2026-01-30T12:00:00+08:00", admittedOn="2026-01-20")
    assert refused(early) == {"VAS-ADV-05"}
    assert early["refusals"][0]["passesFrom"] == "2026-01-30T16:00:00Z"
    assert refused(tried(gateway, number, now="2026-01-31T00:00:00+08:00", admittedOn="2026-01-20")) == set()


def test_adv_05_a_policy_without_a_waiting_period_is_for_people(gateway: Gateway) -> None:
    number = policy(gateway, "VAS", waitingDays=None)
    assert verdict_of(tried(gateway, number), "VAS-ADV-05")["status"] == "UNKNOWN"


@pytest.mark.parametrize(("code", "is_refused"), [("DEMO-SH-002", False), ("DEMO-SH-005", True)])
def test_adv_07_the_hospital_stands_on_the_vendors_list(
    gateway: Gateway, number: str, code: str, is_refused: bool
) -> None:
    assert refused(tried(gateway, number, hospital=code)) == ({"VAS-ADV-07"} if is_refused else set())


@pytest.mark.parametrize(
    ("amount", "is_refused"), [("49999.99", False), (LIMIT, True), ("50000.01", True)], ids=["below", "at", "above"]
)
def test_adv_08_the_agreed_limit_must_be_undercut(gateway: Gateway, number: str, amount: str, is_refused: bool) -> None:
    answer = tried(gateway, number, requestedAmount=amount)
    assert refused(answer) == ({"VAS-ADV-08"} if is_refused else set())
    if is_refused:
        assert answer["refusals"][0]["inputPath"] == ["input", "requestedAmount"]
        assert LIMIT in answer["refusals"][0]["message"]


def test_adv_08_top_ups_count_with_what_was_paid(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("PAID")
    assert refused(case.top_up("20000.00")) == {"VAS-ADV-08"}
    assert refused(case.top_up("19999.99")) == set()


def test_adv_08_what_is_approved_stays_below_the_limit_as_well(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("UNDER_REVIEW")
    answer = case.send("vendor", "advanceReview", outcome="APPROVED", findings=FOUND, approvedAmount=LIMIT)
    assert refused(answer) == {"VAS-ADV-08"}


def test_adv_08_a_limit_that_nobody_registered_is_for_people(gateway: Gateway) -> None:
    number = policy(gateway, "VAS", advanceLimit=None)
    assert verdict_of(tried(gateway, number), "VAS-ADV-08")["status"] == "UNKNOWN"


def test_adv_09_the_originals_are_handed_over(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, canHandOverOriginals=False)) == {"VAS-ADV-09"}


def test_adv_12_the_insured_stands_on_the_insurers_list(gateway: Gateway, number: str) -> None:
    after = tried(gateway, number, now="2027-01-01T00:00:00+08:00")
    assert refused(after) == {"VAS-ADV-12"}


def test_adv_13_the_vendor_explains_and_collects(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    assert case.contact(note="已告知流程")["timeline"][-1]["command"] == "contact"
    assert case.hand_in("INVOICE")["status"] == "UNDER_REVIEW"
    case.review("REFUSED", reason="x")
    assert refused(case.send("vendor", "advanceContactRecord", isConfirmed=True)) == {"VAS-ADV-13"}


def test_adv_14_two_different_people_say_yes(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("UNDER_REVIEW")
    early = case.send("adjuster", "advanceAuthorize", outcome="APPROVED")
    assert refused(early) == {"VAS-ADV-14"}
    found = case.review()
    assert (found["status"], found["payments"][0]["status"]) == ("REVIEWED", "REQUESTED")
    found = case.authorize(approvedAmount="25000.00")
    assert [item["stage"] for item in found["payments"][0]["reviews"]] == ["VENDOR", "INSURER"]
    assert found["payments"][0]["approvedAmount"] == {"amount": "25000.00"}


def test_adv_14_the_insurer_grants_no_more_than_the_vendor_passed(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("REVIEWED")
    answer = case.send_raw("adjuster", "advanceAuthorize", outcome="APPROVED", approvedAmount="30000.01")
    assert answer.error["extensions"]["inputPath"] == ["input", "approvedAmount"]


@pytest.mark.parametrize("stage", ["review", "authorize"])
def test_adv_15_who_refuses_tells_why(gateway: Gateway, stage: str) -> None:
    case = begin(gateway, "VAS").go_to("UNDER_REVIEW" if stage == "review" else "REVIEWED")
    role, mutation = ("vendor", "advanceReview") if stage == "review" else ("adjuster", "advanceAuthorize")
    assert refused(case.send(role, mutation, outcome="REFUSED")) == {"VAS-ADV-15"}
    assert case.take(role, mutation, outcome="REFUSED", reason="免赔额未达到")["status"] == "REFUSED"


def test_adv_16_the_agreement_is_signed_before_the_payment(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("AUTHORIZED")
    assert "VAS-ADV-16" in refused(case.send("vendor", "advancePay", reference=new_key()))
    assert refused(case.send("customer", "advanceSign")) == {"VAS-ADV-16"}
    case.sign()
    assert case.pay()["status"] == "PAID"


def test_adv_17_and_18_everything_is_settled_and_cared_for_after(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("PAID")
    case.discharge()
    case.file()
    case.decide("30000.00")
    by_staff = case.take("adjuster", "advanceSettle")
    assert by_staff["status"] == "SETTLED"
    sql = "select audience from outbox_messages where policy_id = $1 and subject_id = $2 and topic = $3"
    assert look(gateway, sql, *case.key, "advance.aftercare") == [{"audience": "VENDOR"}]
    assert refused(case.send("adjuster", "advanceSettle")) == {"VAS-ADV-17"}


def test_adv_19_to_24_the_deadlines_run_from_step_to_step(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    found = case.contact(visitOn="2026-03-12")
    assert clocks(found)["VAS-ADV-19"] == ("MET", "2026-03-09T01:30:00Z")
    assert clocks(found)["VAS-ADV-20"] == ("RUNNING", "2026-03-12T16:00:00Z")  # the day the client named
    found = case.hand_in()
    assert clocks(found)["VAS-ADV-20"][0] == "MET"
    assert clocks(found)["VAS-ADV-21"] == ("RUNNING", "2026-03-10T16:00:00Z")
    assert clocks(case.review())["VAS-ADV-21"][0] == "MET"
    assert clocks(case.authorize())["VAS-ADV-22"] == ("RUNNING", "2026-03-10T16:00:00Z")
    case.sign()
    assert clocks(case.pay())["VAS-ADV-22"][0] == "MET"
    assert clocks(case.discharge("2026-03-20"))["VAS-ADV-23"] == ("RUNNING", "2026-03-20T16:00:00Z")
    at_discharge = "2026-03-20T10:00:00+08:00"
    papers = case.papers("INVOICE", "COST_LIST")
    found = case.take("vendor", "advanceDocumentsSubmit", at_discharge, documents=papers)
    assert clocks(found)["VAS-ADV-24"] == ("RUNNING", "2026-03-23T16:00:00Z")
    assert clocks(case.file())["VAS-ADV-24"][0] == "MET"
    case.decide("30000.00")
    assert clocks(case.take("vendor", "advanceSettle", at_discharge))["VAS-ADV-23"][0] == "MET"


def test_adv_20_without_a_day_of_its_own_the_visit_is_due_the_next_day(gateway: Gateway) -> None:
    found = begin(gateway, "VAS").contact()
    assert clocks(found)["VAS-ADV-20"] == ("RUNNING", "2026-03-10T16:00:00Z")
