"""The ZAWX handbook on the second opinion from abroad, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.escorts import at, change, refused, warned
from tests.support.green_channels import policy
from tests.support.second_opinions import (
    GROUP_A,
    HOSPITALS,
    advance,
    ask,
    begin,
    consent,
    go_to,
    papers,
    reasons,
    submit,
)

STAGES = {
    "CONSULT": "ZAWX-SOP-01",
    "ASSESSMENT": "ZAWX-SOP-02",
    "RECORD_TRANSLATION": "ZAWX-SOP-03",
    "CONSULTATION": "ZAWX-SOP-09",
    "RESULT_TRANSLATION": "ZAWX-SOP-10",
    "INTERPRETATION": "ZAWX-SOP-11",
    "FOLLOW_UP": "ZAWX-SOP-12",
}


@pytest.fixture(scope="module")
def known(gateway: Gateway) -> tuple[str, dict[str, str]]:
    return policy(gateway)


def tried(gateway: Gateway, known: tuple[str, dict[str, str]], *now: str, **changes: Any) -> dict[str, Any]:
    return ask(gateway, *known, *now, dry_run=True, **changes)


# Table ----------------------------------------------------------------------------------------------------------


def test_tbl_04_after_thirty_days(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    assert "ZAWX-TBL-04" in refused(tried(gateway, known, at("2026-01-30 23:59"), firstDiagnosedOn="2026-01-30"))
    assert refused(tried(gateway, known, at("2026-01-31 00:00"), firstDiagnosedOn="2026-01-31")) == set()


def test_tbl_07_an_examination_comes_with_the_request(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    assert refused(tried(gateway, known, documents=[])) == {"ZAWX-TBL-07"}


def test_tbl_08_not_for_what_was_diagnosed_before(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    assert refused(tried(gateway, known, firstDiagnosedOn="2025-12-31")) == {"ZAWX-TBL-08"}


# 4(1) What it contains ------------------------------------------------------------------------------------------


def test_sop_01_to_12_all_stages_in_their_order(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "COMPLETED")
    stages = [item["stage"] for item in order.details()["stages"]]
    assert stages == [
        *("CONSULT", "ASSESSMENT", "RECORD_TRANSLATION", "HOSPITAL_MATCH", "HOSPITAL_SELECTION", "DOCUMENTS"),
        *("CONSULTATION", "RESULT_TRANSLATION", "INTERPRETATION", "FOLLOW_UP"),
    ]
    assert order.uses() == (0, 1)


@pytest.mark.parametrize(("stage", "code"), STAGES.items())
def test_sop_01_to_12_no_stage_out_of_its_order(gateway: Gateway, stage: str, code: str) -> None:
    assert refused(advance(begin(gateway), stage)) == {code}


def test_sop_02_the_assessment_leaves_its_questions(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "CONSULTED")
    (verdict,) = advance(order, "ASSESSMENT", questions=[" "])["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-SOP-02", ["input", "questions"])
    advance(order, "ASSESSMENT")
    assert order.details()["questions"] == ["能否手术？"]


@pytest.mark.parametrize(("count", "codes"), [(1, {"ZAWX-SOP-04"}), (2, set()), (3, set()), (4, {"ZAWX-SOP-04"})])
def test_sop_04_two_or_three_hospitals(gateway: Gateway, count: int, codes: set[str]) -> None:
    order = go_to(begin(gateway), "RECORDS_TRANSLATED")
    hospitals = [{"name": f"Clinic {number}", "country": "US"} for number in range(count)]
    assert refused(order.take("vendor", "secondOpinionHospitalsPropose", hospitals=hospitals)) == codes


@pytest.mark.parametrize(("position", "codes"), [(1, set()), (2, set()), (0, {"ZAWX-SOP-05"}), (3, {"ZAWX-SOP-05"})])
def test_sop_05_one_of_those_proposed(gateway: Gateway, position: int, codes: set[str]) -> None:
    order = go_to(begin(gateway), "HOSPITALS_PROPOSED")
    assert refused(order.take("customer", "secondOpinionHospitalSelect", hospital=position)) == codes
    chosen = [item["position"] for item in order.details()["hospitals"] if item["selectedAt"]]
    assert chosen == ([] if codes else [position])


@pytest.mark.parametrize("missing", GROUP_A)
def test_sop_06_outpatient_papers(gateway: Gateway, missing: str) -> None:
    order = go_to(begin(gateway), "HOSPITAL_SELECTED")
    given = papers(order, *(kind for kind in GROUP_A if kind != missing))
    answer = submit(order, documents=given)
    assert refused(answer) == {"ZAWX-SOP-06"}


def test_sop_07_what_is_missing_is_explained_or_worth_a_word(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "HOSPITAL_SELECTED")
    answer = submit(order, notApplicable=reasons(("LAB_REPORT",)))
    assert (refused(answer), warned(answer)) == (set(), {"ZAWX-SOP-07"})


@pytest.mark.parametrize(
    ("media_type", "needs_scan", "codes"),
    [
        ("application/dicom", False, set()),
        ("application/pdf", False, {"ZAWX-SOP-08"}),
        ("application/pdf", True, set()),
    ],
    ids=["DICOM", "PDF", "to be scanned"],
)
def test_sop_08_images_in_dicom(gateway: Gateway, media_type: str, needs_scan: bool, codes: set[str]) -> None:
    order = go_to(begin(gateway), "HOSPITAL_SELECTED")
    given = papers(order, *GROUP_A, "CT")
    change(gateway, "update documents set media_type = $1 where kind = 'CT'", media_type)
    assert refused(submit(order, documents=given, needsScan=needs_scan)) == codes


def test_sop_09_nothing_goes_abroad_without_consent(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "REVIEWED")
    assert refused(advance(order, "SENDING")) == {"ZAWX-SOP-09"}
    consent(order, "Example Clinic")
    assert refused(advance(order, "SENDING")) == {"ZAWX-SOP-09"}, "another recipient"
    consent(order)
    assert advance(order, "SENDING")["booking"]["status"] == "SENT_ABROAD"


def test_sop_09_the_consultation_leaves_its_record(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "SENT_ABROAD")
    (verdict,) = advance(order, "CONSULTATION", document=None)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-SOP-09", ["input", "document"])


# 4(2) Process ---------------------------------------------------------------------------------------------------


def test_sop_14_by_personal_details_and_then_an_agent(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    number, who = known
    assert refused(tried(gateway, (number, who | {"idNumber": "P00000000"}))) == {"ZAWX-SOP-14"}
    order = go_to(begin(gateway), "ACCEPTED")
    assert refused(order.take("vendor", "bookingAccept")) == {"ZAWX-SOP-14"}


def test_sop_15_twenty_five_working_days_from_the_approved_papers(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "DOCUMENTS_SUBMITTED")
    order.take("vendor", "bookingReview", outcome="INCOMPLETE", reason="缺病理切片")
    assert (order.seen_by()["status"], order.seen_by()["slaClocks"]) == ("HOSPITAL_SELECTED", [])
    submit(order)
    order.take("vendor", "bookingReview", outcome="PASSED")
    assert order.clock("ZAWX-SOP-15")["dueAt"] == "2026-04-14T16:00:00Z"  # 6 April is a holiday
    consent(order)
    for stage in ("SENDING", "CONSULTATION"):
        advance(order, stage)
    assert order.clock("ZAWX-SOP-15")["status"] == "MET"


def test_sop_18_papers_that_fail_end_it(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "DOCUMENTS_SUBMITTED")
    answer = order.take("vendor", "bookingReview", outcome="FAILED", reason="资料不符")
    assert (answer["booking"]["status"], order.uses()) == ("TERMINATED", (0, 0))


def test_sop_18_nothing_is_reviewed_that_was_not_handed_in(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "HOSPITAL_SELECTED")
    early = order.take("vendor", "bookingReview", outcome="FAILED", reason="资料不符")
    assert "ZAWX-SOP-18" in refused(early)


# 4(3) Points to note --------------------------------------------------------------------------------------------


def test_sop_19_once_a_year_and_only_the_insured(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    number, who = policy(gateway)
    assert ask(gateway, number, who)["refusals"] == []
    assert refused(ask(gateway, number, who)) == {"ZAWX-SOP-19"}
    stranger = known[1] | {"name": "路人甲"}
    assert refused(tried(gateway, (known[0], stranger))) == {"ZAWX-SOP-14", "ZAWX-SOP-19"}


@pytest.mark.parametrize(("said", "codes"), [(None, set()), (False, {"ZAWX-SOP-22"})])
def test_sop_22_diagnosed_by_a_specialist(
    gateway: Gateway, known: tuple[str, dict[str, str]], said: bool | None, codes: set[str]
) -> None:
    assert refused(tried(gateway, known, isDiagnosedBySpecialist=said)) == codes


def test_sop_23_without_a_diagnosis_nothing_is_arranged(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    assert "ZAWX-SOP-23" in refused(tried(gateway, known, firstDiagnosedOn=None))


def test_sop_24_withdrawn_before_the_vendor_takes_it_and_not_after(gateway: Gateway) -> None:
    early, late = begin(gateway), go_to(begin(gateway), "ACCEPTED")
    assert (early.quote(), late.quote()) == ("FREE", "REFUSED")
    assert early.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert refused(late.take("customer", "bookingCancel", acceptDeduction=True)) == {"ZAWX-SOP-24"}


def test_sop_24_papers_that_the_client_does_not_hand_in_spend_the_use(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "HOSPITAL_SELECTED")
    answer = order.take("vendor", "bookingNoShowRecord", cause="CLIENT", note="多次催要仍未提供")
    assert (answer["booking"]["status"], warned(answer)) == ("DEEMED_COMPLETED", {"ZAWX-SOP-24"})
    assert order.uses() == (0, 1)


def test_a_hospital_is_proposed_once(gateway: Gateway) -> None:
    order = go_to(begin(gateway), "RECORDS_TRANSLATED")
    answer = order.send("vendor", "secondOpinionHospitalsPropose", hospitals=[HOSPITALS[0]] * 2)
    assert answer.code == "BAD_USER_INPUT"
