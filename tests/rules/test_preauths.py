import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.authorization import Match, matching
from gateway.validation.calendar import Day, WorkCalendar
from gateway.validation.facts import Facts
from gateway.validation.facts.authorizations import Authorization, Draw, Item
from gateway.validation.rule import Rule
from gateway.validation.rules import preauths
from gateway.validation.verdict import Status

from .builders import at, cover, facts, hospital, on, rule

PATHS = {
    name: ("input", name)
    for name in ("items", "expectedCumulative", "treatmentOn", "channel", "hospital", "policyNumber", "emergencyAt")
} | {"amount": ("input", "amount")}
NEW_YEAR = WorkCalendar(
    {on(f"2025-12-{day}"): Day(dt.date(2025, 12, day).weekday() < 5, is_official=True) for day in range(20, 32)}
    | {on(f"2026-01-0{day}"): Day(day in (4, 5, 6, 7, 8, 9), is_official=True) for day in range(1, 10)}
)
"""1 to 3 January are free, and Sunday the 4th works instead."""


def asked(**changes: Any) -> Facts:
    known = Authorization(treatment_on=on("2026-01-08"), items=(Item("OTHER", "复查"),), **changes)
    return facts(operation="preAuthSubmit", authorization=known, calendar=NEW_YEAR, paths=PATHS, visit=None)


def item(category: str, unit: str | None = None, each: str | None = None, **more: Any) -> Item:
    return Item(category, more.pop("name", "x"), unit and Decimal(unit), each and Decimal(each), **more)  # type: ignore[arg-type]


PRICED = {"pricedCategories": ["EXAMINATION"], "basis": "UNIT_PRICE", "threshold": "5000.00"}


@pytest.mark.parametrize(
    ("operator", "price", "is_listed"),
    [
        ("GTE", "4999.99", False),
        ("GTE", "5000.00", True),
        ("GT", "5000.00", False),
        ("GT", "5000.01", True),
    ],
)
def test_a_price_is_compared_as_the_list_prints_it(operator: str, price: str, is_listed: bool) -> None:
    listing = rule(**PRICED, operator=operator)
    found = matching([listing], [item("EXAMINATION", price)], None)
    assert found == ([Match(listing.code, 1)] if is_listed else [])


def test_a_list_by_the_single_cost_looks_at_the_larger_price() -> None:
    listing = rule(**PRICED | {"basis": "SINGLE_COST"}, operator="GT")
    items = [item("EXAMINATION", "10.00", "5000.01"), item("EXAMINATION", "5000.01", "10.00"), item("EXAMINATION")]
    assert [match.position for match in matching([listing], items, None)] == [1, 2]


@pytest.mark.parametrize(
    ("given", "is_listed"),
    [
        (item("DURABLE_EQUIPMENT"), True),
        (item("DURABLE_EQUIPMENT", name="家用雾化器"), False),
        (item("DURABLE_EQUIPMENT", name="Nebulizer"), False),
        (item("OTHER"), False),
    ],
    ids=["equipment", "a nebulizer", "a nebulizer in English", "something else"],
)
def test_what_a_list_leaves_out_by_name_is_not_on_it(given: Item, is_listed: bool) -> None:
    listing = rule(categories=["DURABLE_EQUIPMENT"], excludedNames=["雾化器", "nebulizer"])
    assert bool(matching([listing], [given], None)) is is_listed


@pytest.mark.parametrize("is_rental", [True, False])
def test_a_list_may_be_about_buying_only(is_rental: bool) -> None:
    listing = rule(categories=["DURABLE_EQUIPMENT"], excludesRental=True)
    assert bool(matching([listing], [item("DURABLE_EQUIPMENT", is_rental=is_rental)], None)) is not is_rental


def test_a_large_examination_is_on_its_list_whatever_it_is_called() -> None:
    listing = rule(includesLargeExam=True)
    items = [item("OTHER", is_large_exam=True), item("OTHER")]
    assert matching([listing], items, None) == [Match(listing.code, 1)]


SUM = Rule("SUM", "CY26", 9, parameters={"basis": "EXPECTED_CUMULATIVE", "operator": "GT", "threshold": "30000.00"})


@pytest.mark.parametrize(("cumulative", "count"), [("30000.00", 0), ("30000.01", 1), (None, 0)])
def test_the_sum_lists_what_no_other_list_does(cumulative: str | None, count: int) -> None:
    stay = replace(rule(categories=["INPATIENT"]), code="STAY")
    items = [item("INPATIENT"), item("OTHER")]
    found = matching([stay, SUM], items, None if cumulative is None else Decimal(cumulative))
    assert found == [Match("STAY", 1), Match("SUM", 2)][: 1 + count]


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ((item("EXAMINATION", "5000.00"),), Status.WARNED),
        ((item("EXAMINATION", "4999.99"),), Status.PASSED),
        ((item("EXAMINATION"),), Status.UNKNOWN),
        ((item("TREATMENT"),), Status.PASSED),
    ],
    ids=["listed", "below", "without a price", "of another kind"],
)
def test_what_is_on_a_list_needs_authorization(items: tuple[Item, ...], status: Status) -> None:
    case = replace(asked(), authorization=Authorization(items=items))
    verdict = preauths.needs_no_authorization(rule(**PRICED, operator="GTE"), case)
    assert verdict.status is status
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "items"))


@pytest.mark.parametrize(
    ("cumulative", "status"),
    [("30000.00", Status.PASSED), ("30000.01", Status.WARNED), (None, Status.UNKNOWN)],
)
def test_a_sum_above_the_limit_needs_authorization(cumulative: str | None, status: Status) -> None:
    case = asked(cumulative=None if cumulative is None else Decimal(cumulative))
    assert preauths.sum_needs_no_authorization(SUM, case).status is status


@pytest.mark.parametrize(
    ("now", "status"),
    [("2025-12-31 23:59", Status.PASSED), ("2026-01-01 00:00", Status.REFUSED)],
    ids=["the last day", "a day late"],
)
def test_five_working_days_are_counted_back_over_new_year(now: str, status: Status) -> None:
    verdict = preauths.asked_in_time(rule(minLeadWorkingDays=5), replace(asked(), now=at(now)))
    assert (verdict.status, verdict.values["latest_on"]) == (status, "2025-12-31")
    assert verdict.passes_from is None
    assert not verdict.is_estimated


def test_staff_may_take_a_late_request_with_a_reason() -> None:
    late = replace(asked(is_excused=True), now=at("2026-01-07 10:00"))
    assert preauths.asked_in_time(rule(minLeadWorkingDays=5), late).status is Status.WARNED


def test_an_estimated_calendar_refuses_only_what_every_one_would() -> None:
    """The 4th is a Sunday that may become a working day, which would make the 31st the last day."""
    guessed = replace(asked(), calendar=WorkCalendar({}))
    verdicts = {
        day: preauths.asked_in_time(rule(minLeadWorkingDays=5), replace(guessed, now=at(f"{day} 10:00")))
        for day in ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04")
    }
    assert [verdict.status for verdict in verdicts.values()] == [
        Status.PASSED,
        Status.WARNED,
        Status.WARNED,
        Status.REFUSED,
    ]
    assert all(verdict.is_estimated for verdict in verdicts.values())


def test_without_a_day_nothing_is_counted() -> None:
    case = replace(asked(), authorization=Authorization())
    assert preauths.asked_in_time(rule(minLeadWorkingDays=5), case).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("submitter", "status"),
    [("INSURED", Status.PASSED), ("HOSPITAL", Status.REFUSED), (None, Status.UNKNOWN)],
)
def test_only_those_whom_the_handbook_names_apply(submitter: str | None, status: Status) -> None:
    assert preauths.submitter_allowed(rule(submitters=["INSURED"]), asked(submitter=submitter)).status is status


@pytest.mark.parametrize(
    ("channel", "status"),
    [("EMAIL", Status.PASSED), ("HOSPITAL", Status.REFUSED), (None, Status.UNKNOWN)],
)
def test_only_the_ways_that_the_handbook_names_are_open(channel: str | None, status: Status) -> None:
    verdict = preauths.channel_accepted(rule(channels=["HOTLINE", "EMAIL"]), asked(channel=channel))
    assert verdict.status is status


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-12-31", Status.REFUSED),
        ("2026-01-01", Status.PASSED),
        ("2026-12-31", Status.PASSED),
        ("2027-01-01", Status.REFUSED),
    ],
)
def test_the_treatment_lies_in_the_policy_year(day: str, status: Status) -> None:
    case = replace(asked(), authorization=Authorization(treatment_on=on(day)), cover=cover())
    assert preauths.treatment_within_cover(rule(), case).status is status


def test_the_policy_year_is_not_judged_without_a_day() -> None:
    assert preauths.treatment_within_cover(rule(), replace(asked(), cover=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("usable_from", "status"),
    [("2026-01-08", Status.PASSED), ("2026-01-09", Status.REFUSED), (None, Status.UNKNOWN)],
    ids=["the first day after it", "its last day", "not stated"],
)
def test_the_treatment_comes_after_the_waiting_period(usable_from: str | None, status: Status) -> None:
    case = asked(usable_from=usable_from and on(usable_from))
    assert preauths.waiting_over_at_treatment(rule(), case).status is status


@pytest.mark.parametrize(
    ("is_direct", "is_required", "status"),
    [
        (True, True, Status.PASSED),
        (False, True, Status.REFUSED),
        (False, False, Status.WARNED),
        (None, True, Status.UNKNOWN),
    ],
    ids=["direct", "not direct, and required", "not direct, and not required", "no list"],
)
def test_authorization_is_for_hospitals_that_bill_directly(
    is_direct: bool | None, is_required: bool, status: Status
) -> None:
    case = replace(asked(is_billed_directly=is_direct), hospital=hospital())
    assert preauths.billed_directly_there(rule(directBillingRequired=is_required), case).status is status


@pytest.mark.parametrize(
    ("now", "status"),
    [("2026-03-03 10:00", Status.PASSED), ("2026-03-03 10:01", Status.WARNED)],
    ids=["at the 48th hour", "a minute later"],
)
def test_an_emergency_is_told_within_so_many_hours(now: str, status: Status) -> None:
    case = replace(asked(emergency_at=at("2026-03-01 10:00")), now=at(now))
    verdict = preauths.emergency_told_in_time(rule(dueHours=48), case)
    assert (verdict.status, verdict.values["due_at"]) == (status, "2026-03-03 10:00")


def test_an_emergency_without_a_time_is_not_judged() -> None:
    assert preauths.emergency_told_in_time(rule(dueHours=48), asked()).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("amount", "now", "status"),
    [
        ("100.00", "2026-03-01 00:00", Status.PASSED),
        ("100.01", "2026-03-01 00:00", Status.REFUSED),
        ("100.00", "2026-02-28 23:59", Status.REFUSED),
        ("100.00", "2026-03-31 23:59", Status.PASSED),
        ("100.00", "2026-04-01 00:00", Status.REFUSED),
    ],
    ids=["all that is left", "a cent more", "a day early", "the last day", "a day late"],
)
def test_a_letter_is_drawn_on_within_its_ceiling_and_its_period(amount: str, now: str, status: Status) -> None:
    draw = Draw(Decimal(amount), Decimal("100.00"), on("2026-03-01"), on("2026-03-31"))
    case = replace(asked(), draw=draw, now=at(now))
    assert preauths.within_guarantee(rule(), case).status is status


def test_nothing_is_said_of_a_draw_that_is_not_known() -> None:
    assert preauths.within_guarantee(rule(), asked()).status is Status.UNKNOWN
