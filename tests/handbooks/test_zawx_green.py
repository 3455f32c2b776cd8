"""The ZAWX handbook on the inpatient green channel, clause by clause, asked through the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.escorts import NOW, add_hospitals, add_paper, at, refused, verdict_of, warned
from tests.support.green_channels import (
    ADMISSION,
    ILLNESS,
    arranged,
    ask_inpatient,
    begin_inpatient,
    list_illnesses,
    policy,
    take_all,
)
from tests.support.special_services import Order

ADMITTED = at("2026-03-16 08:30")
DISCHARGED = at("2026-03-30 10:00")


@pytest.fixture(scope="module")
def known(gateway: Gateway) -> tuple[str, dict[str, str]]:
    """A policy that the dry runs of this file share."""
    return policy(gateway)


@pytest.fixture
def listed(gateway: Gateway) -> Iterator[None]:
    """The list of illnesses is loaded, for one test."""
    list_illnesses(gateway, ILLNESS)
    yield
    list_illnesses(gateway)


def tried(gateway: Gateway, known: tuple[str, dict[str, str]], now: str = NOW, **changes: Any) -> dict[str, Any]:
    return ask_inpatient(gateway, *known, now, dry_run=True, **changes)


def admitted(gateway: Gateway) -> Order:
    order = arranged(gateway)
    assert order.take("vendor", "bookingCheckIn", ADMITTED)["refusals"] == []
    return order


def discharged(gateway: Gateway) -> Order:
    order = admitted(gateway)
    order.take("vendor", "bookingCheckOut", DISCHARGED, isAccompanied=True)
    return order


# Table ----------------------------------------------------------------------------------------------------------


def test_tbl_03_after_thirty_days(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    early = tried(gateway, known, at("2026-01-30 23:59"), firstDiagnosedOn="2026-01-30")
    assert verdict_of(early, "ZAWX-TBL-03")["passesFrom"] == "2026-01-30T16:00:00Z"
    on_time = tried(gateway, known, at("2026-01-31 00:00"), firstDiagnosedOn="2026-01-31")
    assert refused(on_time) == set()


@pytest.mark.parametrize("now", ["2026-12-31 23:59", "2027-01-01 00:00"])
def test_tbl_06_within_the_policy_year(gateway: Gateway, known: tuple[str, dict[str, str]], now: str) -> None:
    assert refused(tried(gateway, known, at(now))) == (set() if now < "2027" else {"ZAWX-TBL-06"})


def test_tbl_07_an_examination_comes_with_the_request(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    slip = {"kind": "ADMISSION_SLIP", "document": add_paper(gateway, known[0], "ADMISSION_SLIP", None)}
    assert refused(tried(gateway, known, documents=[slip])) == {"ZAWX-TBL-07"}


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-01-31", "PASSED"), ("2026-01-30", "UNKNOWN"), ("2026-01-01", "UNKNOWN"), ("2025-12-31", "REFUSED")],
)
def test_tbl_08_first_diagnosed_under_the_service(
    gateway: Gateway, known: tuple[str, dict[str, str]], day: str, status: str
) -> None:
    answer = tried(gateway, known, firstDiagnosedOn=day)
    assert verdict_of(answer, "ZAWX-TBL-08")["status"] == status
    assert refused(answer) == ({"ZAWX-TBL-08"} if status == "REFUSED" else set())


# 3(1) What it contains ------------------------------------------------------------------------------------------


def test_grn_01_ten_working_days_from_the_approved_papers(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    order.take("vendor", "bookingAccept")
    assert order.seen_by()["slaClocks"] == []
    order.take("vendor", "bookingReview", outcome="PASSED")
    assert order.clock("ZAWX-GRN-01")["dueAt"] == "2026-03-23T16:00:00Z"
    order.take("vendor", "bookingConfirm", admission=ADMISSION)
    assert order.clock("ZAWX-GRN-01")["status"] == "MET"


def test_grn_01_no_clock_runs_for_papers_that_fail(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    take_all(order, ("bookingAccept", {}), ("bookingReview", {"outcome": "FAILED", "reason": "x"}))
    assert order.seen_by()["slaClocks"] == []


def test_grn_02_somebody_calls_in_the_first_week(gateway: Gateway) -> None:
    order = admitted(gateway)
    assert order.clock("ZAWX-GRN-02")["dueAt"] == "2026-03-23T16:00:00Z"
    order.take("vendor", "bookingFollowUpRecord", at("2026-03-20 10:00"), note="术前沟通")
    assert order.clock("ZAWX-GRN-02")["status"] == "MET"


def test_grn_03_the_private_doctor_can_be_phoned_during_the_stay(gateway: Gateway) -> None:
    order = arranged(gateway)
    before = order.details()["doctorContact"]
    order.take("vendor", "bookingCheckIn", ADMITTED)
    during = order.details()["doctorContact"]
    order.take("vendor", "bookingCheckOut", DISCHARGED)
    assert (before, during, order.details()["doctorContact"]) == (None, "021-1", None)


def test_grn_04_the_stay_is_followed_until_discharge(gateway: Gateway) -> None:
    order = admitted(gateway)
    for note in ("一", "二"):
        order.take("vendor", "bookingFollowUpRecord", at("2026-03-18 10:00"), note=note)
    kinds = [contact["kind"] for contact in order.details()["contacts"]]
    assert (kinds, order.seen_by()["status"]) == (["ADMISSION_CALL", "TRACKING"], "IN_SERVICE")
    assert order.messages("ZAWX-GRN-04") == [("booking.progress", "CUSTOMER", "03-18 10:00")] * 2


@pytest.mark.parametrize(("accompanied", "codes"), [(True, set()), (None, {"ZAWX-GRN-05"})])
def test_grn_05_the_manager_comes_along_at_discharge(
    gateway: Gateway, accompanied: bool | None, codes: set[str]
) -> None:
    order = admitted(gateway)
    answer = order.take("vendor", "bookingCheckOut", DISCHARGED, isAccompanied=accompanied)
    assert (warned(answer), order.details()["dischargedOn"]) == (codes, "2026-03-30")


def test_grn_06_a_call_within_seven_working_days_after_discharge(gateway: Gateway) -> None:
    order = discharged(gateway)
    assert order.clock("ZAWX-GRN-06")["dueAt"] == "2026-04-09T16:00:00Z"  # 6 April is a holiday
    order.take("vendor", "bookingFollowUpRecord", at("2026-04-09 10:00"))
    assert order.clock("ZAWX-GRN-06")["status"] == "MET"


# 3(2) Process ---------------------------------------------------------------------------------------------------


def test_grn_07_the_way_in(gateway: Gateway) -> None:
    asked = "{ contactChannels(product: ZAWX) { value services } }"
    channels = gateway.anyone().ask(asked).data["contactChannels"]
    assert [item["value"] for item in channels if "INPATIENT_GREEN_CHANNEL" in item["services"]] == ["京东安联客户服务"]


def test_grn_08_by_personal_details(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    number, who = known
    assert refused(tried(gateway, (number, who | {"idNumber": "P00000000"}))) == {"ZAWX-GRN-08"}


def test_grn_08_an_agent_confirms_before_it_starts(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    assert refused(order.take("vendor", "bookingReview", outcome="PASSED")) == {"ZAWX-GRN-09"}
    order.take("vendor", "bookingAccept")
    assert refused(order.take("vendor", "bookingAccept")) == {"ZAWX-GRN-08"}


def test_grn_09_papers_that_fail_end_it_and_take_no_use(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    order.take("vendor", "bookingAccept")
    answer = order.take("vendor", "bookingReview", outcome="FAILED", reason="资料不符")
    assert (answer["booking"]["status"], order.uses()) == ("TERMINATED", (0, 0))
    assert ("booking.terminated", "CUSTOMER", "03-09 09:00") in order.messages()


def test_grn_09_more_papers_come_while_it_is_under_way_and_not_once_it_has_ended(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    papers = [{"kind": "LAB_REPORT", "document": add_paper(gateway, order.number, "LAB_REPORT", None)}]
    order.take("vendor", "bookingAccept")
    added = order.take("customer", "bookingDocumentsAttach", documents=papers)
    assert (added["refusals"], added["booking"]["status"]) == ([], "ACCEPTED")
    order.take("vendor", "bookingReview", outcome="FAILED", reason="资料不符")
    assert refused(order.take("customer", "bookingDocumentsAttach", documents=papers)) == {"ZAWX-GRN-09"}


def test_grn_10_the_admission_slip_is_needed(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    report = {"kind": "EXAM_REPORT", "document": add_paper(gateway, known[0], "EXAM_REPORT", None)}
    (verdict,) = tried(gateway, known, documents=[report])["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("ZAWX-GRN-10", ["input", "documents"])
    assert "ADMISSION_SLIP" in verdict["message"]


def test_grn_11_a_word_the_day_before(gateway: Gateway) -> None:
    order = arranged(gateway)
    assert order.messages("ZAWX-GRN-11") == [("booking.reminder", "CUSTOMER", "03-15 09:00")]
    order.take("vendor", "bookingConfirm", admission=ADMISSION | {"admittedAt": at("2026-03-18 08:00")})
    assert order.messages("ZAWX-GRN-11") == [("booking.reminder", "CUSTOMER", "03-17 09:00")]


def test_grn_12_closed_after_the_follow_up(gateway: Gateway) -> None:
    order = discharged(gateway)
    answer = order.take("vendor", "bookingFollowUpRecord", at("2026-04-01 10:00"), note="恢复良好")
    assert (answer["booking"]["status"], order.uses()) == ("COMPLETED", (0, 1))


def test_grn_12_nothing_is_followed_up_twice(gateway: Gateway) -> None:
    order = discharged(gateway)
    order.take("vendor", "bookingFollowUpRecord", at("2026-04-01 10:00"), note="恢复良好")
    again = order.take("vendor", "bookingFollowUpRecord", at("2026-04-01 10:01"), note="恢复良好")
    assert "ZAWX-GRN-12" in refused(again)


# 3(3) Points to note --------------------------------------------------------------------------------------------


def test_grn_13_once_a_year(gateway: Gateway) -> None:
    number, who = policy(gateway)
    assert ask_inpatient(gateway, number, who)["refusals"] == []
    assert refused(ask_inpatient(gateway, number, who)) == {"ZAWX-GRN-13"}


def test_grn_13_only_the_insured(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    number, who = known
    assert refused(tried(gateway, (number, who | {"name": "路人甲"}))) == {"ZAWX-GRN-08", "ZAWX-GRN-13"}


@pytest.mark.parametrize(
    ("hospital", "status"),
    [({"level": "2"}, "PASSED"), ({"level": "1"}, "REFUSED"), ({"ownership": "PRIVATE"}, "REFUSED"), (None, "UNKNOWN")],
    ids=["level 2", "level 1", "private", "not said"],
)
def test_grn_16_diagnosed_at_a_public_hospital(
    gateway: Gateway, known: tuple[str, dict[str, str]], hospital: dict[str, str] | None, status: str
) -> None:
    code = None
    if hospital is not None:
        code = f"GRN-{'-'.join(hospital.values())}"
        add_hospitals(gateway, {"code": code, "name": f"试验 {code}", "province": "上海", "city": "上海", **hospital})
    answer = tried(gateway, known, diagnosedAt=code)
    found = [item["status"] for item in answer["verdicts"] if item["inputPath"] == ["input", "diagnosedAt"]]
    assert (found, refused(answer)) == (
        [status] if status != "PASSED" else [],
        {"ZAWX-GRN-16"} if status == "REFUSED" else set(),
    )


@pytest.mark.parametrize(("said", "codes"), [(True, set()), (None, set()), (False, {"ZAWX-GRN-16"})])
def test_grn_16_diagnosed_by_a_specialist(
    gateway: Gateway, known: tuple[str, dict[str, str]], said: bool | None, codes: set[str]
) -> None:
    assert refused(tried(gateway, known, isDiagnosedBySpecialist=said)) == codes


def test_grn_16_while_no_list_is_loaded_people_decide(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    assert order.details()["openRules"] == ["ZAWX-GRN-16"]
    assert order.messages("ZAWX-GRN-16") == [("booking.review_needed", "VENDOR", "03-09 09:00")]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(("illness", "codes"), [(ILLNESS, set()), ("感冒", {"ZAWX-GRN-16"}), (None, {"ZAWX-GRN-16"})])
def test_grn_16_the_illness_is_on_the_list(
    gateway: Gateway, known: tuple[str, dict[str, str]], illness: str | None, codes: set[str]
) -> None:
    assert refused(tried(gateway, known, criticalIllness=illness)) == codes


def test_grn_17_without_a_diagnosis_nothing_is_arranged(gateway: Gateway, known: tuple[str, dict[str, str]]) -> None:
    assert refused(tried(gateway, known, firstDiagnosedOn=None)) == {"ZAWX-TBL-08", "ZAWX-GRN-17"}


def test_grn_18_until_the_bed_is_arranged_it_can_be_withdrawn(gateway: Gateway) -> None:
    order = begin_inpatient(gateway)
    take_all(order, ("bookingAccept", {}), ("bookingReview", {"outcome": "PASSED"}))
    assert order.quote() == "FREE"
    assert order.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert order.uses() == (0, 0)


@pytest.mark.parametrize("role", ["customer", "staff"])
def test_grn_18_afterwards_it_cannot_be_cancelled(gateway: Gateway, role: str) -> None:
    order = arranged(gateway)
    assert order.quote() == "REFUSED"
    assert refused(order.take(role, "bookingCancel", acceptDeduction=True)) == {"ZAWX-GRN-18"}


def test_grn_18_what_fails_for_the_clients_own_reasons_counts_as_used(gateway: Gateway) -> None:
    order = arranged(gateway)
    answer = order.take("vendor", "bookingNoShowRecord", cause="CLIENT", note="本人不愿住院")
    assert (answer["booking"]["status"], warned(answer)) == ("DEEMED_COMPLETED", {"ZAWX-GRN-18"})
    assert order.uses() == (0, 1)


def test_grn_18_what_fails_for_the_hospitals_does_not(gateway: Gateway) -> None:
    order = arranged(gateway)
    answer = order.take("vendor", "bookingNoShowRecord", cause="HOSPITAL")
    assert (answer["booking"]["status"], order.uses()) == ("VENDOR_CANCELLED", (0, 0))
