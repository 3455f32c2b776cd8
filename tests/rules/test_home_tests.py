import pytest

from gateway.validation import clocks
from gateway.validation.rule import Check
from gateway.validation.rules import home_tests
from gateway.validation.verdict import Status

from .builders import PUBLISHED, at, facts, home_test, on, rule

CAP = rule(monthlyCap=1)


@pytest.mark.parametrize(("is_served", "status"), [(True, Status.PASSED), (False, Status.REFUSED)])
def test_the_city_is_on_the_list(is_served: bool, status: Status) -> None:
    verdict = home_tests.city_reached(rule(), facts(test=home_test(is_city_served=is_served)))
    assert verdict.status is status
    assert verdict.input_path == (() if is_served else ("input", "city"))


@pytest.mark.parametrize(
    ("named", "recognized", "status"),
    [
        (None, None, Status.UNKNOWN),
        ("上海", None, Status.UNKNOWN),
        ("苏州", None, Status.REFUSED),
        (None, True, Status.PASSED),
    ],
    ids=["names none", "names its own", "names another", "the vendor has said yes"],
)
def test_the_vendor_has_the_say_about_an_address(named: str | None, recognized: bool | None, status: Status) -> None:
    found = facts(test=home_test(named_city=named, is_address_recognized=recognized))
    assert home_tests.address_recognized(rule(), found).status is status


@pytest.mark.parametrize(
    ("id_type", "status"),
    [("ID_CARD", Status.PASSED), ("PASSPORT", Status.REFUSED), ("TAIWAN_PERMIT", Status.REFUSED)],
)
def test_orders_take_the_papers_of_the_list(id_type: str, status: Status) -> None:
    verdict = home_tests.identity_paper_accepted(rule(idTypes=["ID_CARD"]), facts(test=home_test(id_type=id_type)))
    assert verdict.status is status


@pytest.mark.parametrize(
    ("ordered_on", "uses", "passes_from"),
    [
        ("2026-03-31", 0, None),
        ("2026-03-31", 1, "2026-04-01 00:00"),
        ("2026-12-01", 1, "2027-01-01 00:00"),
    ],
    ids=["none yet", "one", "one in December"],
)
def test_one_test_a_calendar_month(ordered_on: str, uses: int, passes_from: str | None) -> None:
    found = facts(test=home_test(ordered_on=on(ordered_on), uses_in_month=uses))
    verdict = home_tests.within_monthly_cap(CAP, found)
    assert verdict.status is (Status.REFUSED if passes_from else Status.PASSED)
    assert verdict.passes_from == (at(passes_from) if passes_from else None)


def test_the_cap_is_the_rule_s_number() -> None:
    found = facts(test=home_test(uses_in_month=1))
    assert home_tests.within_monthly_cap(rule(monthlyCap=2), found).status is Status.PASSED


@pytest.mark.parametrize(
    "check",
    [
        home_tests.city_reached,
        home_tests.address_recognized,
        home_tests.identity_paper_accepted,
        home_tests.within_monthly_cap,
    ],
    ids=lambda check: check.__name__,
)
def test_an_order_that_is_not_known_is_not_judged(check: Check) -> None:
    assert check(rule(idTypes=["ID_CARD"], monthlyCap=1), facts()).status is Status.UNKNOWN


def test_a_deadline_in_working_days_ends_with_its_last_day() -> None:
    """Asked for on Friday 13 February: the made-up Saturday is the first day, Tuesday the 24th the second."""
    due = clocks.due_at(rule(dueWorkingDays=2), start=at("2026-02-13 23:59"), visit=None, calendar=PUBLISHED)
    assert due == at("2026-02-25 00:00")


def test_a_message_is_left_by_the_commands_that_the_rule_names() -> None:
    told = rule(message={"at": ["cancel", "reschedule"], "topic": "x", "audience": "STAFF"})
    found = [command for command in ("cancel", "confirm", "reschedule") if clocks.told_at([told, rule()], command)]
    assert found == ["cancel", "reschedule"]
