"""The VAS handbook on calls with an expert, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.escorts import at, refused, verdict_of, warned
from tests.support.expert_calls import (
    DEPARTMENT,
    NOW,
    add_slots,
    attempt,
    book,
    booked,
    call_now,
    expert_with,
    ordered,
    policy,
)
from tests.support.special_services import Order

FREE = "2026-03-12 15:00"
SCHEDULES = """
query Schedules($department: String!, $on: Date) { expertSchedules(department: $department, on: $on) {
  startsAt isFree isVisitHours expert { code title hospitalRank department { code } } } }
"""


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway)


@pytest.fixture(scope="module")
def expert(gateway: Gateway) -> str:
    """An expert whose times the dry runs of this file ask for."""
    days = ("2026-03-09 10:10", "2026-03-09 10:11", "2026-03-16 23:45", "2026-03-17 00:00")
    return expert_with(gateway, FREE, *days)


def tried(gateway: Gateway, number: str, expert: str, starts: str = FREE, **changes: Any) -> dict[str, Any]:
    return book(gateway.customer(number).at(NOW), number, expert, starts, dry_run=True, **changes)


def schedule(gateway: Gateway, expert: str, department: str = DEPARTMENT, on: str | None = None) -> list[str]:
    found = gateway.anyone().at(NOW).ask(SCHEDULES, department=department, on=on).data["expertSchedules"]
    return [slot["startsAt"] for slot in found if slot["expert"]["code"] == expert]


# 1. The service -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"hospital_rank": 100, "title": "ASSOCIATE_CHIEF"}, "PASSED"),
        ({"hospital_rank": 101}, "REFUSED"),
        ({"title": "ATTENDING"}, "REFUSED"),
        ({"is_in_service": False}, "REFUSED"),
        ({"hospital_rank": None}, "UNKNOWN"),
    ],
    ids=["just so", "hospital 101", "attending", "retired", "no ranking"],
)
def test_tbl_16_an_expert_is_of_one_of_the_first_hundred_hospitals(
    gateway: Gateway, number: str, changes: dict[str, Any], status: str
) -> None:
    answer = tried(gateway, number, expert_with(gateway, FREE, **changes))
    assert verdict_of(answer, "VAS-TBL-16")["status"] == status
    assert refused(answer) == ({"VAS-TBL-16"} if status == "REFUSED" else set())


@pytest.mark.parametrize("changes", [{"hospital_rank": 101}, {"title": "ATTENDING"}, {"is_in_service": False}], ids=str)
def test_tbl_16_an_expert_who_falls_short_is_not_shown(gateway: Gateway, changes: dict[str, Any]) -> None:
    assert schedule(gateway, expert_with(gateway, FREE, **changes)) == []


def test_tbl_17_only_the_insured_may_call(gateway: Gateway, number: str, expert: str) -> None:
    stranger = {"name": "路人甲", "gender": "MALE", "birthOn": "1990-05-05"}
    assert refused(tried(gateway, number, expert, patient=stranger)) == {"VAS-TBL-17"}


def test_tbl_17_there_is_one_call_a_year(gateway: Gateway) -> None:
    order = booked(gateway)
    other = expert_with(gateway, FREE, "2026-03-09 10:00", is_visit_hours=True)
    again = book(order.who("customer"), order.number, other, FREE)
    direct = call_now(order.who("customer"), order.number, other)
    assert (refused(again), refused(direct)) == ({"VAS-TBL-17"}, {"VAS-TBL-17"})


@pytest.mark.parametrize(("now", "starts"), [("2026-12-31 09:00", "2027-01-01 09:00")])
def test_tbl_17_the_call_lies_in_the_policy_year(gateway: Gateway, number: str, now: str, starts: str) -> None:
    answer = book(gateway.customer(number).at(at(now)), number, expert_with(gateway, starts), starts, dry_run=True)
    assert refused(answer) == {"VAS-TBL-17"}


# 2.2.1 Service times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hour", ["03:00", "23:59"])
def test_exp_01_a_booking_may_be_made_at_any_hour(gateway: Gateway, number: str, expert: str, hour: str) -> None:
    night = gateway.customer(number).at(at(f"2026-03-10 {hour}"))
    assert refused(book(night, number, expert, FREE, dry_run=True)) == set()


def test_exp_01_the_time_is_on_the_schedule_and_free(gateway: Gateway, number: str, expert: str) -> None:
    (verdict,) = tried(gateway, number, expert, "2026-03-12 15:01")["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("VAS-EXP-01", ["input", "startsAt"])
    order = booked(gateway)
    taken = order.details()["expert"]["code"]
    assert refused(tried(gateway, number, taken)) == {"VAS-EXP-01"}


@pytest.mark.parametrize(
    ("starts", "codes"),
    [
        ("2026-03-09 10:10", {"VAS-EXP-02"}),
        ("2026-03-09 10:11", set()),
        ("2026-03-16 23:45", set()),
        ("2026-03-17 00:00", {"VAS-EXP-02"}),
    ],
    ids=["begun", "today", "seventh day", "eighth day"],
)
def test_exp_02_a_time_of_the_coming_week(
    gateway: Gateway, number: str, expert: str, starts: str, codes: set[str]
) -> None:
    assert refused(tried(gateway, number, expert, starts)) == codes


def test_exp_02_says_from_when_a_later_time_can_be_booked(gateway: Gateway, number: str, expert: str) -> None:
    (verdict,) = tried(gateway, number, expert, "2026-03-17 00:00")["refusals"]
    assert verdict["passesFrom"] == "2026-03-09T16:00:00Z"
    tomorrow = gateway.customer(number).at(at("2026-03-10 00:00"))
    assert refused(book(tomorrow, number, expert, "2026-03-17 00:00", dry_run=True)) == set()


@pytest.mark.parametrize(("ended", "codes"), [("15:15", set()), ("15:16", {"VAS-EXP-03"})])
def test_exp_03_a_longer_call_is_noted_not_cut_off(gateway: Gateway, ended: str, codes: set[str]) -> None:
    order = booked(gateway)
    attempt(order, answered=True, now=at(FREE))
    done = order.take("vendor", "bookingComplete", at(f"2026-03-12 {ended}"))
    assert (done["booking"]["status"], warned(done)) == ("COMPLETED", codes)
    assert order.uses() == (0, 1)


def test_exp_04_the_vendor_is_told_of_every_order(gateway: Gateway) -> None:
    for order in (booked(gateway), ordered(gateway)):
        assert ("booking.requested", "VENDOR", "03-09 10:10") in order.messages()


def test_exp_04_an_order_that_was_called_off_is_not_worked_on(gateway: Gateway) -> None:
    order = booked(gateway)
    order.take("customer", "bookingCancel")
    call = {"caller": "HEALTH_MANAGER", "isAnswered": False, "callReference": "CALL-1"}
    assert "VAS-EXP-04" in refused(order.take("vendor", "bookingCallAttemptRecord", **call))


# 2.2.2 How it works ---------------------------------------------------------------------------------------------


def test_exp_05_the_phone_to_ask_at(gateway: Gateway) -> None:
    channels = gateway.anyone().ask("{ contactChannels(product: VAS) { value services } }").data["contactChannels"]
    assert [item["value"] for item in channels if "EXPERT_CALL" in item["services"]] == ["95511-#-9"]


def test_exp_06_a_phone_is_left_first(gateway: Gateway, number: str, expert: str) -> None:
    (verdict,) = tried(gateway, number, expert, phone=None)["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("VAS-EXP-06", ["input", "phone"])


def test_exp_07_the_times_of_the_coming_week_by_department(gateway: Gateway, expert: str) -> None:
    week = ["2026-03-09T02:10:00Z", "2026-03-09T02:11:00Z", "2026-03-12T07:00:00Z", "2026-03-16T15:45:00Z"]
    assert schedule(gateway, expert) == week
    assert schedule(gateway, expert, "儿科") == week
    assert schedule(gateway, expert, on="2026-03-12") == ["2026-03-12T07:00:00Z"]
    assert schedule(gateway, expert, "DERMATOLOGY") == []


def test_exp_09_the_client_gets_a_word_at_once(gateway: Gateway) -> None:
    assert booked(gateway).messages("VAS-EXP-09") == [("booking.sms", "CUSTOMER", "03-09 10:10")]


@pytest.mark.parametrize(
    ("starts", "at_sixty", "at_thirty"),
    [
        ("2026-03-12 15:00", "03-12 14:00", "03-12 14:30"),
        ("2026-03-09 10:55", "03-09 10:10", "03-09 10:25"),
        ("2026-03-09 10:20", "03-09 10:10", "03-09 10:10"),
    ],
    ids=["days ahead", "in 45 minutes", "in 10 minutes"],
)
def test_exp_10_and_14_the_manager_is_reminded(gateway: Gateway, starts: str, at_sixty: str, at_thirty: str) -> None:
    order = booked(gateway, starts)
    assert order.messages("VAS-EXP-10") == [("booking.reminder", "VENDOR", at_thirty)]
    assert order.messages("VAS-EXP-14") == [("booking.reminder", "VENDOR", at_sixty)]


def test_exp_10_no_reminder_of_a_call_that_is_off(gateway: Gateway) -> None:
    order = booked(gateway)
    assert order.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert order.messages("VAS-EXP-10") == order.messages("VAS-EXP-14") == []


@pytest.mark.parametrize(
    ("caller", "code"), [("HEALTH_MANAGER", "VAS-EXP-11"), ("EXPERT", "VAS-EXP-13")], ids=["manager", "expert"]
)
def test_exp_11_and_13_three_calls_that_fail_end_the_order(gateway: Gateway, caller: str, code: str) -> None:
    order = booked(gateway)
    for _ in range(2):
        answer = attempt(order, caller, now=at(FREE))
        assert (answer["booking"]["status"], warned(answer)) == ("CONFIRMED", set())
    last = attempt(order, caller, now=at(FREE))
    assert (last["booking"]["status"], warned(last)) == ("CANCELLED_UNREACHABLE", {code})
    assert order.uses() == (0, 0)


@pytest.mark.parametrize(
    ("caller", "early", "due"),
    [
        ("HEALTH_MANAGER", "2026-03-12 14:29:59", "2026-03-12 14:30"),
        ("EXPERT", "2026-03-12 14:59:59", "2026-03-12 15:00"),
    ],
)
def test_exp_11_and_13_calls_before_they_are_due_count_for_nothing(
    gateway: Gateway, caller: str, early: str, due: str
) -> None:
    order = booked(gateway)
    for now in (early, early, early, due, due):
        assert attempt(order, caller, now=at(now))["booking"]["status"] == "CONFIRMED"
    assert attempt(order, caller, now=at(due))["booking"]["status"] == "CANCELLED_UNREACHABLE"


def test_exp_11_and_13_each_caller_is_counted_apart(gateway: Gateway) -> None:
    order = booked(gateway)
    for caller in ("HEALTH_MANAGER", "EXPERT", "HEALTH_MANAGER", "EXPERT"):
        assert attempt(order, caller, now=at(FREE))["booking"]["status"] == "CONFIRMED"


def test_exp_11_a_call_that_is_answered_begins_the_count_anew(gateway: Gateway) -> None:
    order = booked(gateway)
    for answered in (False, False, True, False, False):
        assert attempt(order, "HEALTH_MANAGER", answered=answered, now=at(FREE))["booking"]["status"] == "CONFIRMED"


def test_exp_11_the_same_call_counts_once(gateway: Gateway) -> None:
    order = booked(gateway)
    given = {"caller": "EXPERT", "isAnswered": False, "callReference": "PBX-1"}
    order.take("vendor", "bookingCallAttemptRecord", **given)
    again = order.send("vendor", "bookingCallAttemptRecord", **given)
    assert again.body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def unreachable(order: Order, now: str) -> Order:
    for _ in range(3):
        attempt(order, now=now)
    return order


def test_exp_12_client_and_customer_service_are_told(gateway: Gateway) -> None:
    for order in (unreachable(booked(gateway), at(FREE)), unreachable(ordered(gateway), NOW)):
        told = [(topic, audience) for topic, audience, _ in order.messages("VAS-EXP-12")]
        assert sorted(told) == [("booking.unreachable", "CUSTOMER"), ("booking.unreachable", "STAFF")]


def test_exp_13_the_time_can_be_booked_again(gateway: Gateway) -> None:
    order = unreachable(booked(gateway), at(FREE))
    again = book(order.who("customer"), order.number, order.details()["expert"]["code"], FREE)
    assert again["refusals"] == []


@pytest.mark.parametrize(
    ("starts", "codes"),
    [
        (["2026-03-09 10:00", "2026-03-09 10:15"], set()),
        (["2026-03-09 10:15"], {"VAS-EXP-15"}),
        (["2026-03-09 09:55"], {"VAS-EXP-15"}),
        ([], {"VAS-EXP-15"}),
    ],
    ids=["on duty", "not yet", "no more", "never"],
)
def test_exp_15_a_direct_call_while_the_expert_is_on_duty(
    gateway: Gateway, number: str, starts: list[str], codes: set[str]
) -> None:
    expert = expert_with(gateway, *starts, is_visit_hours=True)
    answer = call_now(gateway.customer(number).at(NOW), number, expert, dry_run=True)
    assert refused(answer) == codes
    if starts == ["2026-03-09 10:15"]:
        assert answer["refusals"][0]["passesFrom"] == "2026-03-09T02:15:00Z"


def test_exp_15_no_direct_call_when_all_times_are_taken(gateway: Gateway, number: str) -> None:
    expert = expert_with(gateway, "2026-03-09 10:00", is_visit_hours=True)
    ordered(gateway, expert)
    assert refused(call_now(gateway.customer(number).at(NOW), number, expert, dry_run=True)) == {"VAS-EXP-15"}


def test_exp_15_a_full_duty_names_the_next_one_with_a_free_time(gateway: Gateway, number: str) -> None:
    days = ("2026-03-09 10:00", "2026-03-10 10:00", "2026-03-11 10:00")
    expert = expert_with(gateway, *days, is_visit_hours=True)
    ordered(gateway, expert)
    taken = policy(gateway)
    assert book(gateway.customer(taken).at(NOW), taken, expert, days[1])["refusals"] == []
    (refusal,) = call_now(gateway.customer(number).at(NOW), number, expert, dry_run=True)["refusals"]
    assert refusal["passesFrom"] == "2026-03-11T02:00:00Z"
    for now, codes in [("2026-03-11T09:59:59+08:00", {"VAS-EXP-15"}), ("2026-03-11T10:00:00+08:00", set[str]())]:
        assert refused(call_now(gateway.customer(number).at(now), number, expert, dry_run=True)) == codes


def test_exp_15_times_outside_the_duty_are_for_appointments(gateway: Gateway, number: str) -> None:
    expert = expert_with(gateway, "2026-03-09 10:00")
    assert refused(call_now(gateway.customer(number).at(NOW), number, expert, dry_run=True)) == {"VAS-EXP-15"}


def test_exp_16_the_expert_phones_within_five_minutes(gateway: Gateway) -> None:
    order = ordered(gateway)
    assert order.clock("VAS-EXP-16")["dueAt"] == "2026-03-09T02:15:00Z"
    assert order.messages("VAS-EXP-16") == [("booking.sms", "CUSTOMER", "03-09 10:10")]
    attempt(order, answered=True, now=at("2026-03-09 10:15"))
    assert order.clock("VAS-EXP-16")["status"] == "MET"


def test_exp_16_no_clock_runs_behind_others(gateway: Gateway) -> None:
    expert = expert_with(gateway, "2026-03-09 10:00", "2026-03-09 10:15", is_visit_hours=True)
    first, second = ordered(gateway, expert), ordered(gateway, expert)
    assert [order.details()["queueLength"] for order in (first, second)] == [0, 1]
    assert second.seen_by()["slaClocks"] == second.messages("VAS-EXP-16") == []


def test_exp_17_three_calls_of_the_expert_end_a_direct_order_too(gateway: Gateway) -> None:
    order = ordered(gateway)
    answers = [attempt(order) for _ in range(3)]
    assert [answer["booking"]["status"] for answer in answers] == ["REQUESTED", "REQUESTED", "CANCELLED_UNREACHABLE"]
    assert (warned(answers[2]), order.uses()) == ({"VAS-EXP-17"}, (0, 0))


def test_exp_17_a_direct_call_is_the_experts_own(gateway: Gateway) -> None:
    given = {"caller": "HEALTH_MANAGER", "isAnswered": False, "callReference": "PBX-2"}
    answer = ordered(gateway).send("vendor", "bookingCallAttemptRecord", **given)
    assert answer.body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_exp_18_a_call_is_rated_once_it_is_completed(gateway: Gateway) -> None:
    order = booked(gateway)
    assert refused(order.take("customer", "bookingRate", score=5)) == {"VAS-EXP-18"}
    attempt(order, answered=True, now=at(FREE))
    order.take("vendor", "bookingComplete", at("2026-03-12 15:10"))
    assert order.take("customer", "bookingRate", score=5)["refusals"] == []


def test_a_later_duty_of_the_same_day_counts(gateway: Gateway, number: str) -> None:
    """The last time of the morning is taken, one of the afternoon is free: the order takes that."""
    expert = expert_with(gateway, "2026-03-09 10:00", is_visit_hours=True)
    add_slots(gateway, expert, "2026-03-09 14:00", is_visit_hours=True)
    ordered(gateway, expert)
    assert ordered(gateway, expert).details()["slotStartsAt"] == "2026-03-09T06:00:00Z"
