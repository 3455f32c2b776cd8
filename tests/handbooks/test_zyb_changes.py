"""The ZYB handbook on changes, cancellations and visits that did not happen, and on papers, clause by clause."""

import pytest

from tests.support import escorts
from tests.support.client import Gateway
from tests.support.escorts import (
    NOW,
    VISIT,
    Journey,
    add_paper,
    at,
    begin,
    book,
    book_raw,
    refused,
    register,
    verdict_of,
    warned,
)
from tests.support.zyb import judged, tried, try_step


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share, since they leave nothing behind."""
    return register(gateway)


@pytest.fixture(scope="module")
def confirmed(gateway: Gateway) -> Journey:
    """A confirmed booking that dry runs share."""
    return begin(gateway).go_to("CONFIRMED")


def changed_on_the_day(gateway: Gateway) -> Journey:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    return journey


CLAIM = {"reason": "the escort was on the way", "costIncurred": True}


def test_esc_25_a_change_on_the_day_that_cost_something_can_be_put_forward(gateway: Gateway) -> None:
    proposed = changed_on_the_day(gateway).take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)
    assert proposed["refusals"] == []


def test_esc_25_nothing_is_deducted_where_no_cost_arose(gateway: Gateway) -> None:
    free = CLAIM | {"costIncurred": False}
    answer = changed_on_the_day(gateway).take("vendor", "bookingDeductionPropose", VISIT, **free)
    verdict = next(found for found in answer["refusals"] if found["rule"]["code"] == "ZYB-ESC-25")
    assert verdict["inputPath"] == ["input", "costIncurred"]


def test_esc_25_nothing_is_deducted_for_a_change_the_day_before(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-11 23:59"), visitAt=at("2026-03-16 09:30"))
    assert refused(journey.take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)) == {"ZYB-ESC-25"}


def test_esc_25_nothing_is_deducted_for_a_change_that_the_vendor_made(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("vendor", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    assert refused(journey.take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)) == {"ZYB-ESC-25"}


def test_esc_25_a_booking_that_is_over_cannot_be_rescheduled(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingCancel")
    answer = journey.take("customer", "bookingReschedule", visitAt=at("2026-03-16 09:30"))
    assert "ZYB-ESC-25" in refused(answer)


@pytest.mark.parametrize(
    ("now", "status"),
    [("2026-03-11T09:30:00+08:00", "CANCELLED_FREE"), ("2026-03-11T09:30:01+08:00", None)],
    ids=["exactly 24 hours", "one second less"],
)
def test_esc_26_a_confirmed_booking_is_cancelled_freely_up_to_24_hours_ahead(
    confirmed: Journey, now: str, status: str | None
) -> None:
    answer = try_step(confirmed, "customer", "bookingCancel", now)
    assert (answer["booking"] or {}).get("status") == status
    assert refused(answer) == (set() if status else {"ZYB-ESC-26"})


def test_esc_26_the_refusal_says_until_when_it_was_free_and_what_to_do(confirmed: Journey) -> None:
    (verdict,) = try_step(confirmed, "customer", "bookingCancel", at("2026-03-11 12:00"))["refusals"]
    assert verdict["inputPath"] == ["input", "acceptDeduction"]
    assert all(shown in verdict["message"] for shown in ("2026-03-11 09:30", "2026-03-12 09:30", "24 hours"))
    assert "acceptDeduction" in verdict["remedy"]


def test_esc_26_before_confirmation_cancelling_is_always_free(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    answer = journey.take("customer", "bookingCancel", at("2026-03-12 09:00"))
    assert answer["booking"]["status"] == "CANCELLED_FREE"
    assert journey.uses() == (0, 0)


def test_esc_27_a_late_cancellation_spends_the_use(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    late = journey.take("customer", "bookingCancel", "2026-03-11T09:30:01+08:00", acceptDeduction=True)
    assert late["booking"]["status"] == "CANCELLED_LATE"
    assert "ZYB-ESC-27" in warned(late)
    assert journey.uses() == (0, 1)


@pytest.mark.parametrize(
    ("visit_at", "status"), [("2026-03-10 09:00", "PASSED"), ("2026-03-10 08:59", "WARNED")], ids=["24 h", "less"]
)
def test_esc_27_a_visit_that_can_never_be_cancelled_freely_is_booked_with_a_warning(
    gateway: Gateway, number: str, visit_at: str, status: str
) -> None:
    answer = tried(gateway, number, visitAt=at(visit_at))
    assert verdict_of(answer, "ZYB-ESC-27")["status"] == status
    assert refused(answer) == set()


def test_esc_27_the_quote_warns_once_it_is_late(confirmed: Journey) -> None:
    quoted = confirmed.quote(at("2026-03-11 12:00"))
    assert verdict_of(quoted, "ZYB-ESC-27")["status"] == "WARNED"


def once_cancelled(gateway: Gateway) -> Journey:
    """A confirmed booking on a policy whose free cancellation has been used."""
    first = begin(gateway).go_to("CONFIRMED")
    first.take("customer", "bookingCancel")
    return begin(gateway, number=first.number).go_to("CONFIRMED")


def test_esc_28_the_first_cancellation_gives_the_use_back(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert (journey.uses(), journey.account()["cancellationCount"]) == ((0, 0), 1)


def test_esc_28_a_second_cancellation_is_refused(gateway: Gateway) -> None:
    journey = once_cancelled(gateway)
    answer = journey.take("customer", "bookingCancel")
    assert refused(answer) == {"ZYB-ESC-28"}
    assert "1 free cancellation(s) and you have made 1" in verdict_of(answer, "ZYB-ESC-28")["message"]
    assert journey.uses() == (1, 0)


def test_esc_28_a_second_cancellation_is_possible_at_the_price_of_the_use(gateway: Gateway) -> None:
    journey = once_cancelled(gateway)
    answer = journey.take("customer", "bookingCancel", acceptDeduction=True)
    assert answer["booking"]["status"] == "CANCELLED_LATE"
    assert journey.uses() == (0, 1)


def test_esc_28_a_withdrawal_before_confirmation_does_not_count(gateway: Gateway) -> None:
    first = begin(gateway).go_to("ASSIGNED")
    first.take("customer", "bookingCancel")
    assert first.account()["cancellationCount"] == 0


def test_esc_28_a_cancellation_by_the_vendor_does_not_count(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    ended = journey.take("vendor", "bookingDecline", reason="the escort is ill")
    assert ended["booking"]["status"] == "VENDOR_CANCELLED"
    assert (journey.uses(), journey.account()["cancellationCount"]) == ((0, 0), 0)


@pytest.mark.parametrize(("role", "word", "agreed"), [("vendor", True, True), ("vendor", False, False)])
def test_esc_29_the_vendor_needs_the_word_of_the_client(gateway: Gateway, role: str, word: bool, agreed: bool) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    answer = journey.take(role, "bookingConfirm", isClientConfirming=word)
    assert refused(answer) == (set() if agreed else {"ZYB-ESC-29"})


def test_esc_29_a_client_who_says_no_has_not_confirmed(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    assert refused(journey.take("customer", "bookingConfirm", isClientConfirming=False)) == {"ZYB-ESC-29"}


def test_esc_30_a_client_who_does_not_come_has_used_the_service(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    assert journey.take("vendor", "bookingNoShowRecord", VISIT, cause="CLIENT")["booking"]["status"] == "NO_SHOW"
    assert journey.uses() == (0, 1)


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        ("HOSPITAL", "VENDOR_CANCELLED"),
        ("VENDOR", "VENDOR_CANCELLED"),
        ("PATIENT_EXCLUDED", "SERVICE_REFUSED"),
    ],
)
def test_esc_30_19_what_is_not_the_clients_doing_costs_no_use(gateway: Gateway, cause: str, status: str) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    assert journey.take("vendor", "bookingNoShowRecord", VISIT, cause=cause)["booking"]["status"] == status
    assert journey.uses() == (0, 0)


@pytest.mark.parametrize(
    ("now", "passes_from"), [("2026-03-12 09:29", "2026-03-12T01:30:00Z"), ("2026-03-12 09:30", None)]
)
def test_esc_30_nobody_has_missed_a_visit_whose_time_has_not_come(
    confirmed: Journey, now: str, passes_from: str | None
) -> None:
    answer = try_step(confirmed, "vendor", "bookingNoShowRecord", at(now))
    assert [found["passesFrom"] for found in answer["refusals"]] == ([passes_from] if passes_from else [])


def test_esc_31_papers_that_are_missing_are_asked_for_and_do_not_stop_the_booking(
    gateway: Gateway, number: str
) -> None:
    answer = tried(gateway, number)
    verdict = verdict_of(answer, "ZYB-ESC-31")
    assert (verdict["status"], verdict["inputPath"]) == ("WARNED", ["input", "documents"])
    assert answer["booking"] is not None


def test_esc_31_papers_that_are_there_are_not_asked_for(gateway: Gateway, number: str) -> None:
    paper = add_paper(gateway, number, "DIAGNOSIS_REPORT", None)
    assert judged(gateway, number, "ZYB-ESC-31", documents=[paper])["status"] == "PASSED"


def test_esc_31_a_paper_that_was_handed_in_belongs_to_the_booking(gateway: Gateway) -> None:
    number = register(gateway)
    paper = add_paper(gateway, number, "DIAGNOSIS_REPORT", None)
    booked = book(gateway.customer(number).at(NOW), number, documents=[paper])["booking"]
    sql = "select 'book_' || replace(policy_id || '' || subject_id, '-', '') as id from documents where policy_id = $1"
    assert escorts.look(gateway, sql, escorts.policy_id(number)) == [{"id": booked["id"]}]


def test_esc_31_a_paper_of_another_policy_is_answered_as_if_it_did_not_exist(gateway: Gateway, number: str) -> None:
    paper = add_paper(gateway, register(gateway), "DIAGNOSIS_REPORT", None)
    absent = paper[:-8] + "00000000"
    customer = gateway.customer(number).at(NOW)
    answers = [book_raw(customer, number, documents=[document]).error for document in (paper, absent)]
    assert answers[0]["extensions"]["inputPath"] == ["input", "documents"]
    assert answers[0]["message"] == answers[1]["message"]


@pytest.mark.parametrize("state", ["RESERVED", "INFECTED", "REJECTED"])
def test_esc_31_a_paper_that_is_not_fit_to_be_used_is_not_taken(gateway: Gateway, number: str, state: str) -> None:
    paper = add_paper(gateway, number, "DIAGNOSIS_REPORT", None, state)
    assert book_raw(gateway.customer(number).at(NOW), number, documents=[paper]).code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("kind", "issued_on", "status"),
    [
        ("IMAGING_REPORT", "2025-09-12", "PASSED"),
        ("IMAGING_REPORT", "2025-09-11", "WARNED"),
        ("LAB_REPORT", "2025-09-11", "WARNED"),
        ("LAB_REPORT", None, "UNKNOWN"),
        ("OUTPATIENT_RECORDS", "2019-01-01", "PASSED"),
    ],
    ids=["six months to the day", "a day older", "a laboratory report", "without a date", "records do not age"],
)
def test_esc_32_reports_are_of_the_six_months_before_the_visit(
    gateway: Gateway, number: str, kind: str, issued_on: str | None, status: str
) -> None:
    paper = add_paper(gateway, number, kind, issued_on)
    answer = tried(gateway, number, documents=[paper])
    verdict = verdict_of(answer, "ZYB-ESC-32")
    assert (verdict["status"], answer["refusals"]) == (status, [])
    if status == "WARNED":
        assert "2025-09-12" in verdict["message"]
