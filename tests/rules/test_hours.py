"""Hours in which a service answers, at the minute in which they begin and end, for every product that has some."""

import pytest

from gateway.validation.rules.hours import phone_left_after_hours, within_service_hours
from gateway.validation.verdict import Status
from tests.rules.builders import asking_facts, at, rule

TAKES_MESSAGES = {"opensAt": "09:00", "closesAt": "21:00", "afterHours": "MESSAGE"}
CLOSES = {"opensAt": "09:00", "closesAt": "18:00", "afterHours": "REJECT"}
AFTER_HOURS = {"from": "21:00", "to": "09:00", "replyBy": "PHONE"}


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-03-09 08:59:59", Status.WARNED),
        ("2026-03-09 09:00", Status.PASSED),
        ("2026-03-09 20:59:59", Status.PASSED),
        ("2026-03-09 21:00", Status.WARNED),
        ("2026-03-09 00:00", Status.WARNED),
        ("2026-03-08 12:00", Status.PASSED),  # a Sunday
    ],
)
def test_where_messages_are_taken_being_closed_is_only_said(now: str, status: Status) -> None:
    assert within_service_hours(rule(**TAKES_MESSAGES), asking_facts(now=at(now))).status is status


@pytest.mark.parametrize(
    ("now", "passes_from"),
    [
        ("2026-03-09 08:59:59", "2026-03-09 09:00"),
        ("2026-03-09 18:00", "2026-03-10 09:00"),
        ("2026-03-09 23:59", "2026-03-10 09:00"),
        ("2026-12-31 20:00", "2027-01-01 09:00"),
    ],
)
def test_where_they_are_not_a_question_waits_for_the_opening(now: str, passes_from: str) -> None:
    verdict = within_service_hours(rule(**CLOSES), asking_facts(now=at(now)))
    assert (verdict.status, verdict.passes_from) == (Status.REFUSED, at(passes_from))


@pytest.mark.parametrize("now", ["2026-03-09 09:00", "2026-03-09 17:59:59"])
def test_while_it_is_open_every_question_is_taken(now: str) -> None:
    assert within_service_hours(rule(**CLOSES), asking_facts(now=at(now))).status is Status.PASSED


@pytest.mark.parametrize("now", ["2026-03-09 21:00", "2026-03-10 03:00", "2026-03-09 08:59:59"])
def test_a_message_at_night_needs_a_number_to_be_called_at(now: str) -> None:
    verdict = phone_left_after_hours(rule(**AFTER_HOURS), asking_facts(now=at(now)))
    assert (verdict.status, verdict.input_path) == (Status.REFUSED, ("input", "phone"))


def test_a_message_without_a_number_would_pass_when_the_day_begins() -> None:
    verdict = phone_left_after_hours(rule(**AFTER_HOURS), asking_facts(now=at("2026-03-09 21:00")))
    assert verdict.passes_from == at("2026-03-10 09:00")


@pytest.mark.parametrize("now", ["2026-03-09 09:00", "2026-03-09 20:59:59"])
def test_by_day_no_number_is_needed(now: str) -> None:
    assert phone_left_after_hours(rule(**AFTER_HOURS), asking_facts(now=at(now))).status is Status.PASSED


def test_a_number_is_enough_at_night() -> None:
    asked = asking_facts(now=at("2026-03-09 23:00"), form={"phone": "13800138000"})
    assert phone_left_after_hours(rule(**AFTER_HOURS), asked).status is Status.PASSED
