"""The ZAWX handbook on ordering special drugs, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support import consents
from tests.support.client import Gateway
from tests.support.drugs import (
    ADDRESS,
    DELIVERY,
    FOREIGN_PHARMACY,
    PHARMACY,
    PICKUP,
    Order,
    add_pharmacies,
    ask,
    begin,
    child,
    drug,
    handed,
    insured_number,
    new_policy,
    tried,
    without_list,
)
from tests.support.escorts import ADULT, NOW, add_paper, at, change, person, refused, verdict_of, warned

NUMBER = insured_number()
LATE = at("2026-03-20 10:00")
GUARDIANS = ("MINOR_OR_INCAPACITY_PROOF", "GUARDIANSHIP_PROOF")


@pytest.fixture(scope="module", autouse=True)
def _pharmacies(gateway: Gateway) -> None:
    add_pharmacies(gateway)


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share; the insured's paper is known."""
    return new_policy(gateway, insured=[person(idNumber=NUMBER)])


@pytest.fixture(scope="module")
def minors(gateway: Gateway) -> str:
    """A policy of somebody who becomes 16 on the day of the request."""
    return new_policy(gateway, insured=[child()])


# The table of services ------------------------------------------------------------------------------------------


def test_gen_02_the_one_vendor_handles_it(gateway: Gateway) -> None:
    order = begin(gateway)
    assert order.seen_by("customer")["vendor"] == {"code": "QITAI"}
    assert verdict_of(order.take("vendor", "bookingAccept"), "ZAWX-GEN-02")["status"] == "PASSED"


@pytest.mark.parametrize(
    "diagnosis",
    ["右肺腺癌 IV 期", "恶性黑色素瘤", "急性髓系白血病", "Non-small cell lung CANCER"],
    ids=["lung", "skin", "blood", "in English"],
)
def test_tbl_01_a_malignant_tumor_is_told_by_its_words(gateway: Gateway, number: str, diagnosis: str) -> None:
    verdicts = tried(gateway, number, diagnosis=diagnosis)["verdicts"]
    assert {v["status"] for v in verdicts if v["rule"]["code"] == "ZAWX-TBL-01"} == {"PASSED"}


@pytest.mark.parametrize("changes", [{"diagnosis": "乳腺良性结节"}, {"isMalignant": False}], ids=["words", "declared"])
def test_tbl_01_what_is_benign_is_refused(gateway: Gateway, number: str, changes: dict[str, Any]) -> None:
    payload = tried(gateway, number, **changes)
    (verdict,) = payload["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-TBL-01", ["input", "diagnosis"])


def test_tbl_01_where_the_words_do_not_tell_people_decide(gateway: Gateway, number: str) -> None:
    verdicts = tried(gateway, number, diagnosis="NSCLC")["verdicts"]
    assert "UNKNOWN" in {v["status"] for v in verdicts if v["rule"]["code"] == "ZAWX-TBL-01"}
    assert refused(tried(gateway, number, diagnosis="NSCLC", isMalignant=True)) == set()


def test_tbl_01_thirty_days_have_to_pass(gateway: Gateway, number: str) -> None:
    (verdict,) = tried(gateway, number, at("2026-01-30 23:59"))["refusals"]
    assert (verdict["rule"]["code"], verdict["passesFrom"]) == ("ZAWX-TBL-01", "2026-01-30T16:00:00Z")
    assert refused(tried(gateway, number, at("2026-01-31 00:00"))) == set()


def test_tbl_01_one_order_a_policy_year(gateway: Gateway) -> None:
    order = begin(gateway)
    assert refused(tried(gateway, order.number)) == {"ZAWX-TBL-01"}
    order.go_to("COMPLETED")
    assert refused(tried(gateway, order.number)) == {"ZAWX-TBL-01"}
    assert order.uses() == (0, 1)


def test_tbl_01_the_voucher_is_due_on_the_third_working_day(gateway: Gateway) -> None:
    order = begin(gateway, now=at("2026-04-03 10:00"))  # Friday; Monday the 6th is Qingming
    assert order.clock("ZAWX-TBL-01", at("2026-04-03 10:00"))["dueAt"] == "2026-04-09T16:00:00Z"
    order.go_to("VOUCHER_ISSUED")
    assert order.clock("ZAWX-TBL-01", LATE)["status"] == "MET"


@pytest.mark.parametrize(
    ("now", "codes"),
    [("2026-12-31 23:59", set[str]()), ("2027-01-01 00:00", {"ZAWX-TBL-06"})],
    ids=["last day", "after"],
)
def test_tbl_06_a_year_is_the_policy_year(gateway: Gateway, number: str, now: str, codes: set[str]) -> None:
    assert refused(tried(gateway, number, at(now))) == codes


def test_tbl_07_and_08_are_not_written_for_this_service(gateway: Gateway, number: str) -> None:
    asked = {verdict["rule"]["code"] for verdict in tried(gateway, number)["verdicts"]}
    assert asked & {"ZAWX-TBL-07", "ZAWX-TBL-08"} == set()


# (1) What it contains -------------------------------------------------------------------------------------------


def test_drug_01_the_paper_must_be_a_prescription(gateway: Gateway, number: str) -> None:
    paper = add_paper(gateway, number, "LAB_REPORT", None)
    (verdict,) = tried(gateway, number, prescription=paper)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-DRUG-01", ["input", "prescription"])


def test_drug_01_what_the_hospital_has_is_bought_there(gateway: Gateway, number: str) -> None:
    (verdict,) = tried(gateway, number, isUnavailableInHospital=False)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-DRUG-01", ["input", "isUnavailableInHospital"])


def test_drug_02_the_review_is_due_on_the_third_working_day(gateway: Gateway) -> None:
    order = begin(gateway)
    assert order.clock("ZAWX-DRUG-02")["dueAt"] == "2026-03-12T16:00:00Z"
    order.take("vendor", "bookingAccept")
    order.take("vendor", "drugPrescriptionReview", LATE, outcome="REJECTED", reason="剂量不符")
    assert order.clock("ZAWX-DRUG-02", LATE)["status"] == "MISSED"


def test_drug_03_no_voucher_before_the_review_has_passed(gateway: Gateway) -> None:
    order = begin(gateway).go_to("ACCEPTED")
    assert "ZAWX-DRUG-03" in refused(order.take("vendor", "drugVoucherIssue"))
    order.take("vendor", "drugPrescriptionReview", outcome="APPROVED")
    assert order.take("vendor", "drugVoucherIssue")["refusals"] == []
    assert len(order.details()["voucherCode"]) == 12


def test_drug_04_a_delivery_needs_an_address(gateway: Gateway) -> None:
    order = begin(gateway).go_to("VOUCHER_ISSUED")
    (verdict,) = order.take("customer", "drugFulfillmentChoose", fulfillment="DELIVERY")["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-DRUG-04", ["input", "address"])
    assert order.take("customer", "drugFulfillmentChoose", **DELIVERY)["booking"]["status"] == "SHIPPING"


def test_drug_04_no_choice_before_the_voucher(gateway: Gateway) -> None:
    order = begin(gateway).go_to("PRESCRIPTION_APPROVED")
    assert refused(order.take("customer", "drugFulfillmentChoose", **DELIVERY)) == {"ZAWX-DRUG-04"}


@pytest.mark.parametrize("given", [{}, {"pharmacy": FOREIGN_PHARMACY}], ids=["none", "of another vendor"])
def test_drug_05_only_a_designated_pharmacy(gateway: Gateway, given: dict[str, Any]) -> None:
    order = begin(gateway).go_to("VOUCHER_ISSUED")
    (verdict,) = order.take("customer", "drugFulfillmentChoose", fulfillment="PICKUP", **given)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-DRUG-05", ["input", "pharmacy"])


def test_drug_05_at_a_designated_pharmacy_it_is_collected(gateway: Gateway) -> None:
    order = begin(gateway).go_to("VOUCHER_ISSUED")
    assert order.take("customer", "drugFulfillmentChoose", **PICKUP)["booking"]["status"] == "PICKUP_READY"
    assert order.details()["pharmacy"] == {"code": PHARMACY, "name": PHARMACY, "city": {"name": "上海"}}


def test_drug_05_while_no_list_is_loaded_the_vendor_names_the_pharmacy(gateway: Gateway) -> None:
    order = begin(gateway).go_to("VOUCHER_ISSUED")
    with without_list(gateway):
        chosen = order.take("customer", "drugFulfillmentChoose", fulfillment="PICKUP")
    assert verdict_of(chosen, "ZAWX-DRUG-05")["status"] == "UNKNOWN"
    assert chosen["booking"]["status"] == "VOUCHER_ISSUED"
    assert order.topics()[-1] == ("drug.fulfillment_chosen", "VENDOR")
    named = order.take("vendor", "drugFulfillmentChoose", fulfillment="PICKUP", pharmacyName="康复大药房")
    assert named["booking"]["status"] == "PICKUP_READY"
    assert order.details()["pharmacyName"] == "康复大药房"


# (2) How it goes ------------------------------------------------------------------------------------------------


def test_drug_11_the_way_in_is_the_mini_program(gateway: Gateway) -> None:
    text = "{ contactChannels(product: ZAWX, purpose: MINI_PROGRAM) { value services } }"
    (channel,) = gateway.anyone().ask(text).data["contactChannels"]
    assert channel["value"] == "京东安联客户服务"
    assert "ONCOLOGY_DRUG" in channel["services"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"person": {"name": ADULT["name"], "idType": "PASSPORT", "idNumber": NUMBER}}, "PASSED"),
        ({"person": {"name": ADULT["name"], "idType": "PASSPORT", "idNumber": "P0000000"}}, "REFUSED"),
        ({}, "UNKNOWN"),
    ],
    ids=["right", "wrong", "not given"],
)
def test_drug_12_the_insured_is_verified_by_personal_details(
    gateway: Gateway, number: str, given: dict[str, Any], status: str
) -> None:
    assert verdict_of(tried(gateway, number, **given), "ZAWX-DRUG-12")["status"] == status


def test_drug_13_nothing_is_reviewed_before_person_and_illness_are_confirmed(gateway: Gateway) -> None:
    order = begin(gateway)
    early = order.take("vendor", "drugPrescriptionReview", outcome="APPROVED")
    assert refused(early) == {"ZAWX-DRUG-13"}
    assert order.go_to("PRESCRIPTION_APPROVED").seen_by("customer")["status"] == "PRESCRIPTION_APPROVED"


def test_drug_14_after_the_review_somebody_gets_in_touch(gateway: Gateway) -> None:
    order = begin(gateway).go_to("PRESCRIPTION_APPROVED")
    assert {("drug.guidance_due", "VENDOR"), ("drug.prescription_approved", "CUSTOMER")} <= set(order.topics())


def test_drug_15_the_order_closes_when_the_client_has_the_drug(gateway: Gateway) -> None:
    order = begin(gateway).go_to("COMPLETED")
    assert order.details()["deliveredAt"] is not None
    assert refused(order.take("customer", "drugDeliveryConfirm")) == {"ZAWX-DRUG-15"}


def test_drug_15_a_rejected_prescription_ends_it_with_its_reason_and_gives_the_use_back(gateway: Gateway) -> None:
    order = begin(gateway).go_to("ACCEPTED")
    missing = order.send("vendor", "drugPrescriptionReview", outcome="REJECTED")
    assert missing.error["extensions"]["inputPath"] == ["input", "reason"]
    order.take("vendor", "drugPrescriptionReview", outcome="REJECTED", reason="诊断与药品不符")
    assert order.seen_by("customer")["status"] == "PRESCRIPTION_REJECTED"
    assert (order.details()["reviewOutcome"], order.details()["reviewReason"]) == ("REJECTED", "诊断与药品不符")
    assert order.uses() == (0, 0)
    assert refused(tried(gateway, order.number)) == set()


# (3) Points to note ---------------------------------------------------------------------------------------------


def test_drug_16_who_pays_must_have_been_read(gateway: Gateway, number: str) -> None:
    (verdict,) = tried(gateway, number, acknowledged=[])["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-DRUG-16", ["input", "acknowledged"])


@pytest.mark.parametrize(("inspected", "codes"), [(True, set[str]()), (False, {"ZAWX-DRUG-17"})])
def test_drug_17_a_drug_is_looked_at_before_it_is_paid_for(gateway: Gateway, inspected: bool, codes: set[str]) -> None:
    order = begin(gateway).go_to("SHIPPING")
    confirmed = order.take("customer", "drugDeliveryConfirm", isInspected=inspected)
    assert (refused(confirmed), warned(confirmed)) == (set(), codes)
    assert (order.details()["inspectedAt"] is not None) == inspected


def test_drug_17_at_the_pharmacy_nothing_is_asked(gateway: Gateway) -> None:
    order = begin(gateway).go_to("VOUCHER_ISSUED")
    order.take("customer", "drugFulfillmentChoose", **PICKUP)
    assert warned(order.take("customer", "drugDeliveryConfirm")) == set()


def test_drug_18_damage_told_after_payment_counts_as_the_clients_own(gateway: Gateway) -> None:
    order = begin(gateway).go_to("SHIPPING")
    told = order.take("customer", "drugDamageReport", cause="TRANSIT", description="瓶口裂", isPaid=True)
    assert (warned(told), told["booking"]["status"]) == ({"ZAWX-DRUG-18"}, "COMPLETED")
    assert order.uses() == (0, 1)


def test_drug_18_after_the_delivery_nothing_is_sent_again(gateway: Gateway) -> None:
    order = begin(gateway).go_to("COMPLETED")
    told = order.take("customer", "drugDamageReport", cause="TRANSIT", description="瓶口裂")
    assert "ZAWX-DRUG-18" in refused(told)
    assert order.details()["damages"] == []


# (4) Declarations -----------------------------------------------------------------------------------------------


def test_drug_19_it_is_for_the_insured_alone(gateway: Gateway, number: str) -> None:
    stranger = {"name": "路人甲", "idType": "PASSPORT", "idNumber": NUMBER}
    assert refused(tried(gateway, number, person=stranger)) == {"ZAWX-DRUG-12", "ZAWX-DRUG-19"}


@pytest.mark.parametrize(
    ("kinds", "codes"),
    [
        ((), {"ZAWX-DRUG-20"}),
        (("AGENT_ID",), {"ZAWX-DRUG-20"}),
        (("AGENT_ID", "POWER_OF_ATTORNEY"), set[str]()),
    ],
    ids=["none", "one", "both"],
)
def test_drug_20_an_agent_shows_both_papers(
    gateway: Gateway, number: str, kinds: tuple[str, ...], codes: set[str]
) -> None:
    payload = tried(gateway, number, applicant="AGENT", documents=handed(gateway, number, *kinds))
    assert refused(payload) == codes


def test_drug_20_says_which_paper_is_missing(gateway: Gateway, number: str) -> None:
    papers = handed(gateway, number, "AGENT_ID")
    (verdict,) = tried(gateway, number, applicant="AGENT", documents=papers)["refusals"]
    assert "POWER_OF_ATTORNEY" in verdict["message"]
    assert "AGENT_ID" not in verdict["message"]


@pytest.mark.parametrize("applicant", ["INSURED", "AGENT"])
def test_drug_21_for_a_minor_the_guardian_applies(gateway: Gateway, minors: str, applicant: str) -> None:
    papers = handed(gateway, minors, "AGENT_ID", "POWER_OF_ATTORNEY")
    (verdict,) = tried(gateway, minors, applicant=applicant, documents=papers)["refusals"]
    assert (verdict["rule"]["code"], verdict["passesFrom"]) == ("ZAWX-DRUG-21", "2028-03-08T16:00:00Z")


def test_drug_21_on_the_18th_birthday_it_is_over(gateway: Gateway) -> None:
    grown = new_policy(gateway, insured=[child(birthOn="2008-03-09")])
    assert refused(tried(gateway, grown, at("2026-03-09 00:00"))) == set()
    assert refused(tried(gateway, grown, at("2026-03-08 23:59"))) == {"ZAWX-DRUG-21"}


def test_drug_21_for_the_incapable_the_guardian_applies_at_any_age(gateway: Gateway, number: str) -> None:
    (verdict,) = tried(gateway, number, isInsuredIncapable=True)["refusals"]
    assert (verdict["rule"]["code"], verdict["passesFrom"]) == ("ZAWX-DRUG-21", None)


@pytest.mark.parametrize(
    ("kinds", "codes"), [(GUARDIANS[:1], {"ZAWX-DRUG-22"}), (GUARDIANS, set[str]())], ids=["one", "both"]
)
def test_drug_22_a_guardian_shows_both_proofs(
    gateway: Gateway, minors: str, kinds: tuple[str, ...], codes: set[str]
) -> None:
    payload = tried(gateway, minors, applicant="GUARDIAN", documents=handed(gateway, minors, *kinds))
    assert refused(payload) == codes


@pytest.mark.parametrize(
    ("column", "day", "codes", "passes_from"),
    [
        ("listed_from", "2026-03-09", set[str](), None),
        ("listed_from", "2026-03-10", {"ZAWX-DRUG-23"}, "2026-03-09T16:00:00Z"),
        ("listed_until", "2026-03-10", set[str](), None),
        ("listed_until", "2026-03-09", {"ZAWX-DRUG-23"}, None),
    ],
)
def test_drug_23_the_list_of_the_day_counts(
    gateway: Gateway, number: str, column: str, day: str, codes: set[str], passes_from: str | None
) -> None:
    change(gateway, f"update drugs set {column} = $1::text::date where seq = 50", day)
    try:
        payload = tried(gateway, number, drug=drug(gateway, 50))
    finally:
        change(gateway, f"update drugs set {column} = null where seq = 50")
    assert refused(payload) == codes
    assert [verdict["passesFrom"] for verdict in payload["refusals"]] == [passes_from][: len(codes)]


def test_drug_24_what_the_client_damages_counts_as_delivered(gateway: Gateway) -> None:
    order = begin(gateway).go_to("SHIPPING")
    told = order.take("customer", "drugDamageReport", cause="CLIENT", description="摔破了")
    assert (warned(told), told["booking"]["status"]) == ({"ZAWX-DRUG-24"}, "COMPLETED")
    assert order.details()["deliveredAt"] is not None
    assert order.uses() == (0, 1)


def test_drug_25_what_is_damaged_in_transit_is_sent_again_without_a_use(gateway: Gateway) -> None:
    order = begin(gateway).go_to("SHIPPING")
    told = order.take("customer", "drugDamageReport", cause="TRANSIT", description="外箱压扁")
    assert told["booking"]["status"] == "DAMAGE_REPORTED"
    assert "UNKNOWN" in {v["status"] for v in told["verdicts"] if v["rule"]["code"] == "ZAWX-DRUG-25"}
    assert order.take("vendor", "drugDamageDecide", isVerified=True)["booking"]["status"] == "SHIPPING"
    (damage,) = order.details()["damages"]
    assert (damage["status"], damage["reDispatchedAt"] is not None) == ("VERIFIED", True)
    assert order.uses() == (1, 0)
    order.take("customer", "drugDeliveryConfirm", isInspected=True)
    assert order.uses() == (0, 1)


def test_drug_25_where_it_was_not_the_order_goes_on(gateway: Gateway) -> None:
    order = begin(gateway).go_to("SHIPPING")
    order.take("customer", "drugDamageReport", cause="TRANSIT", description="外箱压扁")
    decided = order.take("staff", "drugDamageDecide", isVerified=False, reason="照片完好")
    assert ("ZAWX-DRUG-25" in warned(decided), decided["booking"]["status"]) == (True, "SHIPPING")
    assert [damage["status"] for damage in order.details()["damages"]] == ["REJECTED"]


def test_drug_26_who_poses_as_the_insured_is_served_no_longer(gateway: Gateway) -> None:
    order = begin(gateway).go_to("SHIPPING")
    ended = order.take("vendor", "bookingTerminate", reason="身份不符", cause="IMPERSONATION")
    assert (warned(ended), ended["booking"]["status"]) == ({"ZAWX-DRUG-26"}, "TERMINATED_IMPERSONATION")
    (event,) = order.look(
        "select details from booking_events where policy_id = $1 and booking_id = $2 and command = 'terminate'"
    )
    assert event["details"] == {"cause": "IMPERSONATION", "isRecoverable": True}
    assert order.topics()[-1] == ("booking.terminated", "STAFF")


def test_drug_26_any_other_end_has_no_such_consequence(gateway: Gateway) -> None:
    order = begin(gateway).go_to("ACCEPTED")
    ended = order.take("staff", "bookingTerminate", reason="客户去世")
    assert (warned(ended), ended["booking"]["status"]) == (set(), "TERMINATED")
    assert order.uses() == (0, 0)


def test_drug_27_without_consent_the_vendor_does_not_see_the_papers(gateway: Gateway) -> None:
    number = new_policy(gateway)
    asked = ask(gateway, number).data["drugPurchaseRequest"]
    assert "ZAWX-DRUG-27" in warned(asked)
    order = Order(gateway, number, "ZAWX", asked["booking"]["id"])
    assert order.seen_by("vendor")["details"]["prescription"] is None
    consents.give(order.who("customer"), number, vendor="QITAI")
    assert order.seen_by("vendor")["details"]["prescription"]["kind"] == "PRESCRIPTION"


def test_drug_27_a_consent_to_another_vendor_is_none(gateway: Gateway) -> None:
    number = new_policy(gateway)
    consents.give(gateway.customer(number).at(NOW), number, vendor="HUANQIU")
    assert "ZAWX-DRUG-27" in warned(tried(gateway, number))
    consents.give(gateway.customer(number).at(NOW), number, vendor="QITAI")
    assert "ZAWX-DRUG-27" not in warned(tried(gateway, number))


def test_drug_28_the_vendor_has_to_be_able_to_call(gateway: Gateway) -> None:
    number = new_policy(gateway, insured=[person(phone=None)])
    (verdict,) = tried(gateway, number)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-DRUG-28", ["input", "phone"])
    assert refused(tried(gateway, number, phone="13800138000")) == set()


def test_drug_29_to_31_and_16_are_shown_before_the_request(gateway: Gateway) -> None:
    text = '{ disclosures(operation: "drugPurchaseRequest", product: ZAWX) { rule { code } } }'
    shown = {row["rule"]["code"] for row in gateway.anyone().ask(text).data["disclosures"]}
    assert shown == {f"ZAWX-DRUG-{number}" for number in (16, 29, 30, 31)}


def test_drug_31_events_beyond_control_excuse_a_deadline(gateway: Gateway) -> None:
    order = begin(gateway)
    given = {"rule": "ZAWX-DRUG-02", "reason": "台风停运"}
    assert order.take("staff", "bookingDeadlineExcuse", **given)["refusals"] == []
    late = order.clock("ZAWX-DRUG-02", LATE)
    assert (late["status"], late["excuse"]) == ("EXCUSED", "台风停运")
    assert order.clock("ZAWX-TBL-01", LATE)["status"] == "OVERDUE"


# Annex 1 --------------------------------------------------------------------------------------------------------


def test_list_01_there_are_102_drugs(gateway: Gateway) -> None:
    assert gateway.anyone().ask("{ drugs(where: {product: ZAWX}) { totalCount } }").data["drugs"]["totalCount"] == 102


def test_list_02_one_brand_stands_twice(gateway: Gateway) -> None:
    text = '{ drugs(where: {brand: "吉非替尼片"}) { nodes { seq manufacturer } } }'
    found = gateway.anyone().ask(text).data["drugs"]["nodes"]
    assert found == [{"seq": 62, "manufacturer": "恒瑞"}, {"seq": 63, "manufacturer": "扬子江"}]


def test_list_03_a_drug_of_another_list_is_refused(gateway: Gateway, number: str) -> None:
    change(gateway, "update drugs set product_code = 'ZYB' where seq = 51")
    try:
        payload = tried(gateway, number, drug=drug(gateway, 51))
    finally:
        change(gateway, "update drugs set product_code = 'ZAWX' where seq = 51")
    assert refused(payload) == {"ZAWX-LIST-03"}


def test_list_03_a_name_is_no_drug(gateway: Gateway, number: str) -> None:
    answer = ask(gateway, number, drug="吉非替尼")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "drug"])


@pytest.mark.parametrize(("seq", "codes"), [(24, {"ZAWX-LIST-04"}), (101, {"ZAWX-LIST-04"}), (25, set[str]())])
def test_list_04_what_can_hardly_be_brought_home_brings_a_warning(gateway: Gateway, seq: int, codes: set[str]) -> None:
    order = begin(gateway, drug=drug(gateway, seq)).go_to("VOUCHER_ISSUED")
    chosen = order.take("customer", "drugFulfillmentChoose", fulfillment="DELIVERY", address=ADDRESS)
    assert (refused(chosen), warned(chosen)) == (set(), codes)
