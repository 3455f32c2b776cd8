"""The ZAWX handbook on hospital costs paid in advance, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.advances import AGREED, Case, begin, clocks, paper, policy, request, send
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, refused, verdict_of, warned
from tests.support.green_channels import list_illnesses


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway, "ZAWX")


@pytest.fixture(scope="module")
def client(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number).at(NOW)


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    client = gateway.customer(number).at(now)
    return send(client, "advanceRequest", request(gateway, number, "ZAWX", **changes), dry_run=True)


def test_gen_02_it_is_handled_by_one_vendor(gateway: Gateway) -> None:
    made = send(
        gateway.customer(number := policy(gateway, "ZAWX")).at(NOW),
        "advanceRequest",
        request(gateway, number, "ZAWX"),
    )
    assert made["advance"]["vendor"] == {"code": "QITAI"}
    assert verdict_of(made, "ZAWX-GEN-02")["status"] == "PASSED"


@pytest.mark.parametrize(("illness", "status"), [("恶性肿瘤", "UNKNOWN"), (None, "REFUSED"), ("  ", "REFUSED")])
def test_tbl_02_it_is_for_critical_illnesses_whose_list_people_know(
    gateway: Gateway, number: str, illness: str | None, status: str
) -> None:
    answer = tried(gateway, number, criticalIllness=illness)
    assert verdict_of(answer, "ZAWX-TBL-02")["status"] == status
    assert refused(answer) == ({"ZAWX-TBL-02"} if status == "REFUSED" else set())


@pytest.mark.parametrize(("illness", "status"), [("恶性肿瘤", "PASSED"), ("感冒", "REFUSED")])
def test_tbl_02_with_its_list_loaded_only_what_stands_on_it(
    gateway: Gateway, number: str, illness: str, status: str
) -> None:
    list_illnesses(gateway, "恶性肿瘤")
    try:
        assert verdict_of(tried(gateway, number, criticalIllness=illness), "ZAWX-TBL-02")["status"] == status
    finally:
        list_illnesses(gateway)


def test_tbl_06_it_is_asked_for_within_the_policy_year(gateway: Gateway, number: str) -> None:
    assert "ZAWX-TBL-06" not in refused(tried(gateway, number, now="2026-12-31T23:59:00+08:00"))
    assert "ZAWX-TBL-06" in refused(tried(gateway, number, now="2027-01-01T00:00:00+08:00"))


@pytest.mark.parametrize(
    ("kinds", "is_refused"),
    [((), True), (("INVOICE",), True), (("EXAM_REPORT",), False), (("IMAGING_REPORT", "INVOICE"), False)],
)
def test_tbl_07_an_imaging_or_examination_result_comes_with_the_request(
    gateway: Gateway, number: str, kinds: tuple[str, ...], is_refused: bool
) -> None:
    papers = [paper(gateway, number, kind) for kind in kinds]
    assert refused(tried(gateway, number, documents=papers)) == ({"ZAWX-TBL-07"} if is_refused else set())


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (None, "REFUSED"),
        ("2025-12-31", "REFUSED"),
        ("2026-01-01", "UNKNOWN"),
        ("2026-01-30", "UNKNOWN"),
        ("2026-01-31", "PASSED"),
    ],
)
def test_tbl_08_the_illness_was_first_diagnosed_under_the_service(
    gateway: Gateway, number: str, day: str | None, status: str
) -> None:
    assert verdict_of(tried(gateway, number, firstDiagnosedOn=day), "ZAWX-TBL-08")["status"] == status


def test_tbl_09_it_is_handled_within_three_working_days_of_the_papers(gateway: Gateway) -> None:
    found = begin(gateway).go_to("UNDER_REVIEW").contact()
    assert clocks(found)["ZAWX-TBL-09"] == ("RUNNING", "2026-03-12T16:00:00Z")  # papers on Monday the 9th
    case = begin(gateway).go_to("SIGNED")
    assert clocks(case.pay())["ZAWX-TBL-09"][0] == "MET"


@pytest.mark.parametrize(
    ("cost", "codes"),
    [
        ("INPATIENT_TREATMENT", set[str]()),
        ("DEPOSIT", {"ZAWX-ADV-01", "ZAWX-ADV-22"}),
        ("OUTPATIENT", {"ZAWX-ADV-01"}),
    ],
)
def test_adv_01_and_22_only_treatment_in_hospital_is_advanced(
    gateway: Gateway, number: str, cost: str, codes: set[str]
) -> None:
    assert refused(tried(gateway, number, costType=cost)) == codes


def test_adv_01_the_review_sets_the_amount(gateway: Gateway) -> None:
    case = begin(gateway).go_to("UNDER_REVIEW")
    assert case.review(approvedAmount="20000.00")["approvedAmount"] == {"amount": "20000.00"}
    case.sign()
    assert case.pay()["paidAmount"] == {"amount": "20000.00"}


def test_adv_02_more_is_asked_for_between_payment_and_discharge(gateway: Gateway) -> None:
    case = begin(gateway).go_to("SIGNED")
    assert "ZAWX-ADV-02" in refused(case.top_up("1.00"))
    case.pay()
    case.discharge("2026-03-20")
    on_the_day = case.send("customer", "advanceTopUp", "2026-03-20T23:00:00+08:00", amount="1.00")
    assert on_the_day["refusals"] == []
    late = begin(gateway).go_to("PAID")
    late.discharge("2026-03-20")
    after = late.send("customer", "advanceTopUp", "2026-03-21T00:00:00+08:00", amount="1.00")
    assert refused(after) == {"ZAWX-ADV-02"}


def test_adv_03_the_vendor_files_the_claim_for_the_client(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    (claim,) = case.file()["claims"]
    assert (claim["kind"], claim["status"]) == ("ADVANCE_SETTLEMENT", "SUBMITTED")
    unsigned = begin(gateway).go_to("AUTHORIZED")
    given = {"dischargedOn": "2026-03-20", "amount": "1.00", "invoiceNumber": new_key()}
    assert "ZAWX-ADV-03" in refused(unsigned.send("vendor", "advanceClaimFile", **given))


def test_adv_05_a_person_is_verified_by_its_own_details(gateway: Gateway) -> None:
    from tests.support.escorts import person

    insured = person(name="演示被保险人", birthOn="1988-05-05")
    number = policy(gateway, "ZAWX", insured=[insured])
    known = {name: insured[name] for name in ("name", "idType", "idNumber")}
    assert verdict_of(tried(gateway, number), "ZAWX-ADV-05")["status"] == "UNKNOWN"
    assert verdict_of(tried(gateway, number, person=known), "ZAWX-ADV-05")["status"] == "PASSED"
    assert refused(tried(gateway, number, person=known | {"name": "别人"})) == {"ZAWX-ADV-05"}


def test_adv_06_nobody_reviews_before_the_case_is_confirmed(gateway: Gateway) -> None:
    case = begin(gateway)
    case.hand_in("ADMISSION_RECORD")
    early = case.send("vendor", "advanceReview", outcome="APPROVED", findings={"isCovered": True})
    assert refused(early) == {"ZAWX-ADV-06"}
    case.contact()
    assert case.review()["status"] == "AUTHORIZED"


def test_adv_07_and_16_a_refusal_says_why_and_ends_it(gateway: Gateway) -> None:
    case = begin(gateway).go_to("UNDER_REVIEW")
    silent = case.send("vendor", "advanceReview", outcome="REFUSED")
    assert refused(silent) == {"ZAWX-ADV-07", "ZAWX-ADV-16"}
    found = case.review("REFUSED", reason="未如实告知")
    assert (found["status"], found["timeline"][-1]["reason"]) == ("REFUSED", "未如实告知")
    assert case.send_raw("vendor", "advancePay", reference="x").data["advancePay"]["advance"] is None


def test_adv_08_nothing_is_paid_before_review_and_signature(gateway: Gateway) -> None:
    case = begin(gateway).go_to("UNDER_REVIEW")
    assert "ZAWX-ADV-08" in refused(case.send("vendor", "advancePay", reference=new_key()))
    case.review()
    unsigned = case.send("customer", "advanceSign", acknowledged=AGREED["ZAWX"])
    assert refused(unsigned) == {"ZAWX-ADV-08"}
    assert "ZAWX-ADV-08" in refused(case.send("vendor", "advancePay", reference=new_key()))
    case.sign()
    assert case.pay()["status"] == "PAID"


def test_adv_09_settled_it_is_closed(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    case.take("adjuster", "advanceSettle", isCovered=False, reason="x")
    assert "ZAWX-ADV-09" in refused(case.send("adjuster", "advanceSettle", isCovered=False, reason="x"))
    assert "ZAWX-ADV-02" in refused(case.top_up("1.00"))


def test_adv_10_the_waiting_period_of_30_days_is_over(gateway: Gateway, number: str) -> None:
    last = tried(gateway, number, now="2026-01-30T23:59:59+08:00", admittedOn="2026-01-20", firstDiagnosedOn=None)
    assert verdict_of(last, "ZAWX-ADV-10")["status"] == "REFUSED"
    assert verdict_of(last, "ZAWX-ADV-10")["passesFrom"] == "2026-01-30T16:00:00Z"
    first = tried(gateway, number, now="2026-01-31T00:00:00+08:00", admittedOn="2026-01-20", firstDiagnosedOn=None)
    assert verdict_of(first, "ZAWX-ADV-10")["status"] == "PASSED"


def test_adv_11_what_is_not_covered_is_paid_back_in_full(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    made = case.send("adjuster", "advanceSettle", isCovered=False, reason="不在责任范围")
    assert "ZAWX-ADV-11" in warned(made)
    assert made["advance"]["repayableAmount"] == {"amount": "30000.00"}


def test_adv_12_and_20_papers_and_cover_are_looked_at(gateway: Gateway) -> None:
    case = begin(gateway)
    case.contact()
    case.hand_in("ADMISSION_RECORD")
    for findings in ({}, {"isCovered": False}):
        answer = case.send("vendor", "advanceReview", outcome="APPROVED", findings=findings)
        assert refused(answer) == {"ZAWX-ADV-20"}


def test_adv_12_nothing_is_paid_before_the_client_has_signed(gateway: Gateway) -> None:
    case = begin(gateway).go_to("AUTHORIZED")
    early = verdict_of(case.send("vendor", "advancePay", reference=new_key()), "ZAWX-ADV-12")
    assert (early["status"], "ADVANCE_MANDATE" in early["message"]) == ("REFUSED", True)
    case.sign()
    assert verdict_of(case.send("vendor", "advancePay", reference=new_key()), "ZAWX-ADV-12")["status"] == "PASSED"


def test_adv_13_the_client_confirms_before_it_begins(gateway: Gateway) -> None:
    case = _confirmed_by_nobody(gateway)
    given = {"documents": [case.paper("ADVANCE_MANDATE")], "acknowledged": AGREED["ZAWX"]}
    assert refused(case.send("vendor", "advanceSign", **given)) == {"ZAWX-ADV-13"}
    assert case.send("vendor", "advanceSign", **given | {"isConfirmed": True})["refusals"] == []


def _confirmed_by_nobody(gateway: Gateway) -> Case:
    from tests.support.escorts import change

    case = begin(gateway).go_to("AUTHORIZED")
    change(gateway, "update advances set confirmed_at = null where policy_id = $1 and id = $2", *case.key)
    return case


def test_adv_14_the_client_may_cancel_as_long_as_nothing_is_paid(gateway: Gateway) -> None:
    case = begin(gateway).go_to("SIGNED")
    paid = begin(gateway).go_to("PAID")
    assert case.take("customer", "advanceCancel")["status"] == "CANCELLED"
    assert case.uses() == (0, 0)
    assert refused(paid.send("customer", "advanceCancel")) == {"ZAWX-ADV-14"}


def test_adv_15_force_majeure_asks_for_the_doctors_contact(gateway: Gateway) -> None:
    case = begin(gateway)
    papers = case.papers("ADMISSION_RECORD")
    answer = case.send("customer", "advanceDocumentsSubmit", documents=papers, isForceMajeure=True)
    assert refused(answer) == {"ZAWX-ADV-15"}
    given = {"documents": papers, "isForceMajeure": True, "attendingDoctorContact": "021-00000002"}
    assert case.send("customer", "advanceDocumentsSubmit", **given)["refusals"] == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"isTrafficAccident": True}, "isTrafficAccident"),
        ({"hasEmployerFunding": True, "cause": "ACCIDENT"}, "hasEmployerFunding"),
        ({"hasEmployerFunding": True, "cause": "DISEASE"}, None),
        ({"hasThirdPartyFunding": True}, None),
        ({"hasLitigation": True}, "hasLitigation"),
    ],
)
def test_adv_17_accidents_of_others_and_lawsuits_are_left_out(
    gateway: Gateway, number: str, changes: dict[str, Any], path: str | None
) -> None:
    answer = tried(gateway, number, **changes)
    assert refused(answer) == ({"ZAWX-ADV-17"} if path else set())
    assert not path or answer["refusals"][0]["inputPath"] == ["input", path]


def test_adv_18_the_discharge_is_told_a_day_ahead_or_by_phone(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    today = case.send("customer", "advanceDischargeNotify", dischargeOn="2026-03-09")
    assert refused(today) == {"ZAWX-ADV-18"}
    by_phone = case.send("vendor", "advanceDischargeNotify", dischargeOn="2026-03-09")
    assert (refused(by_phone), warned(by_phone)) == (set(), {"ZAWX-ADV-18"})
    assert begin(gateway).go_to("PAID").discharge("2026-03-10")["status"] == "DISCHARGE_NOTIFIED"


def test_adv_18_before_anything_is_paid_there_is_no_discharge_to_tell(gateway: Gateway) -> None:
    early = begin(gateway).send("customer", "advanceDischargeNotify", dischargeOn="2026-03-20")
    assert refused(early) == {"ZAWX-ADV-18"}


def test_adv_19_and_22_the_client_agrees_before_anything_is_paid(gateway: Gateway, number: str) -> None:
    asked = tried(gateway, number)
    assert {verdict_of(asked, "ZAWX-ADV-19")["status"]} == {"UNKNOWN"}
    case = begin(gateway).go_to("AUTHORIZED")
    answer = case.send("customer", "advanceSign", documents=[case.paper("ADVANCE_MANDATE")])
    assert refused(answer) == {"ZAWX-ADV-19", "ZAWX-ADV-22"}


def test_adv_19_what_was_agreed_to_at_the_request_stands(gateway: Gateway) -> None:
    case = begin(gateway, acknowledged=["ZAWX-ADV-23", "ZAWX-ADV-19", "ZAWX-ADV-22"]).go_to("AUTHORIZED")
    assert case.sign(acknowledged=[])["status"] == "SIGNED"


@pytest.mark.parametrize(("decided", "owed"), [("30000.00", None), ("29999.99", "0.01"), ("0.00", "30000.00")])
def test_adv_21_what_is_above_the_claim_is_paid_back_to_the_vendor(
    gateway: Gateway, decided: str, owed: str | None
) -> None:
    case = begin(gateway).go_to("PAID")
    case.file()
    case.decide(decided)
    made = case.send("vendor", "advanceSettle")
    assert ("ZAWX-ADV-21" in warned(made)) is (owed is not None)
    assert [item["outstandingAmount"]["amount"] for item in made["advance"]["repayments"]] == ([owed] if owed else [])


def test_adv_23_that_an_advance_decides_no_claim_is_read_before(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, acknowledged=[])) == {"ZAWX-ADV-23"}
    listed = gateway.anyone().ask('{ disclosures(operation: "advanceRequest", product: ZAWX) { id } }').data
    assert len(listed["disclosures"]) == 1


def test_adv_24_there_is_one_stay_a_policy_year(gateway: Gateway) -> None:
    case = begin(gateway)
    second = tried(gateway, case.number, admittedOn="2026-03-08")
    assert refused(second) == {"ZAWX-ADV-24"}
    case.take("customer", "advanceCancel")
    assert refused(tried(gateway, case.number, admittedOn="2026-03-08")) == set()


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [("DEMO-SH-002", False), ("DEMO-SH-003", False), ("DEMO-SH-004", True), ("DEMO-SH-005", True)],
    ids=["level 3", "level 2", "level 1", "private"],
)
def test_adv_26_it_is_for_public_hospitals_of_level_two(
    gateway: Gateway, number: str, code: str, is_refused: bool
) -> None:
    assert refused(tried(gateway, number, hospital=code)) == ({"ZAWX-ADV-26"} if is_refused else set())
