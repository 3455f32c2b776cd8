from dataclasses import replace

import pytest

from gateway.validation.rules import visits
from gateway.validation.verdict import Status

from .builders import account, at, billing, booked_visit, facts, hospital, rule, visit, visit_facts

PRIVATE_3 = rule(minLeadDays=3, ownership="PRIVATE")
POPULAR_7 = rule(minLeadDays=7, isPopular=True)
PUBLIC_2 = rule(minLeadWorkingDays=2, ownership="PUBLIC")
CY26 = {"minLeadWorkingDays": 1, "cutoffTime": "14:00", "phone": "950610-8"}
CY23 = {"minLeadWorkingDays": 1, "cutoffTime": "16:00", "phone": "021-80209058"}
PRIVATE = hospital(ownership="PRIVATE", level=None)


# Before the visit


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-03-10 08:59:59", Status.PASSED),
        ("2026-03-10 09:00", Status.REFUSED),
        ("2026-03-11 09:00", Status.REFUSED),
    ],
    ids=["a second before", "the very time", "a day after"],
)
def test_a_visit_is_asked_for_before_its_time(now: str, status: Status) -> None:
    verdict = visits.in_advance(rule(), visit_facts(now=at(now)))
    assert (verdict.status, verdict.passes_from) == (status, None)
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "visitAt"))


def test_a_visit_without_a_time_is_not_judged() -> None:
    for check in (visits.in_advance, visits.waiting_over_on_visit_day, visits.arrangeable_in_time):
        assert check(rule(dueWorkingDays=2), visit_facts(visit=None)).status is Status.UNKNOWN
    for check in (visits.booked_days_ahead, visits.booked_working_days_ahead):
        assert check(rule(minLeadDays=3, minLeadWorkingDays=2), visit_facts(visit=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-03-05 00:00", Status.PASSED), ("2026-03-04 23:59", Status.REFUSED), ("2026-03-01 09:00", Status.REFUSED)],
    ids=["day 3", "day 2", "yesterday"],
)
def test_a_private_hospital_is_booked_three_days_ahead(visit_at: str, status: Status) -> None:
    found = visit_facts(hospital=PRIVATE, visit=visit(visit_at, 0))
    verdict = visits.booked_days_ahead(PRIVATE_3, found)
    assert verdict.status is status
    assert verdict.values["earliest_visit_on"] == "2026-03-05"


def test_calendar_days_run_over_a_holiday() -> None:
    found = visit_facts(hospital=PRIVATE, now=at("2026-02-15 10:00"), visit=visit("2026-02-18 09:00", 0))
    assert visits.booked_days_ahead(PRIVATE_3, found).status is Status.PASSED


def test_three_days_are_asked_of_private_hospitals_alone() -> None:
    assert visits.booked_days_ahead(PRIVATE_3, visit_facts(visit=visit("2026-03-03 09:00"))).status is Status.PASSED


@pytest.mark.parametrize(
    ("is_popular", "visit_at", "status"),
    [
        (True, "2026-03-09 00:00", Status.PASSED),
        (True, "2026-03-08 23:59", Status.REFUSED),
        (False, "2026-03-03 09:00", Status.PASSED),
        (None, "2026-03-09 09:00", Status.UNKNOWN),
    ],
    ids=["day 7", "day 6", "not popular", "no list"],
)
def test_a_popular_hospital_is_booked_a_week_ahead(is_popular: bool | None, visit_at: str, status: Status) -> None:
    found = visit_facts(billing=billing(is_popular=is_popular), visit=visit(visit_at, 0))
    verdict = visits.booked_days_ahead(POPULAR_7, found)
    assert verdict.status is status
    if status is Status.UNKNOWN:
        assert verdict.input_path == ("input", "hospital")


@pytest.mark.parametrize(
    ("now", "visit_at", "status"),
    [
        ("2026-03-06 23:59", "2026-03-10 09:00", Status.PASSED),
        ("2026-03-07 00:00", "2026-03-10 09:00", Status.REFUSED),
        ("2026-02-13 23:59", "2026-02-24 09:00", Status.PASSED),
        ("2026-02-14 00:00", "2026-02-24 09:00", Status.REFUSED),
        ("2026-02-23 10:00", "2026-02-25 09:00", Status.REFUSED),
    ],
    ids=["Friday for Tuesday", "Saturday for Tuesday", "before the holiday", "on its eve", "inside the holiday"],
)
def test_a_public_hospital_is_booked_two_working_days_ahead(now: str, visit_at: str, status: Status) -> None:
    verdict = visits.booked_working_days_ahead(PUBLIC_2, visit_facts(now=at(now), visit=visit(visit_at, 0)))
    assert verdict.status is status
    assert (verdict.passes_from, verdict.is_estimated) == (None, False)


def test_working_days_are_asked_of_public_hospitals_alone() -> None:
    found = visit_facts(hospital=PRIVATE, visit=visit("2026-03-03 09:00", 0))
    assert visits.booked_working_days_ahead(PUBLIC_2, found).status is Status.PASSED


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2027-02-05 10:00", Status.PASSED),
        ("2027-02-06 10:00", Status.WARNED),
        ("2027-02-07 10:00", Status.WARNED),
        ("2027-02-08 10:00", Status.REFUSED),
    ],
    ids=["Friday", "Saturday", "Sunday", "Monday"],
)
def test_an_estimated_calendar_refuses_only_what_every_calendar_would(now: str, status: Status) -> None:
    """For Tuesday 9 February 2027: a make-up Sunday would leave Sunday and Monday as the two working days."""
    verdict = visits.booked_working_days_ahead(PUBLIC_2, visit_facts(now=at(now), visit=visit("2027-02-09 09:00", 0)))
    assert (verdict.status, verdict.is_estimated) == (status, True)


def test_working_days_are_not_counted_without_a_hospital() -> None:
    assert visits.booked_working_days_ahead(PUBLIC_2, visit_facts(hospital=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-03-04 23:59", Status.WARNED), ("2026-03-05 00:00", Status.PASSED)],
    ids=["inside", "after"],
)
def test_a_visit_inside_the_days_for_arranging_is_worth_a_warning(visit_at: str, status: Status) -> None:
    verdict = visits.arrangeable_in_time(rule(dueWorkingDays=2), visit_facts(visit=visit(visit_at, 0)))
    assert verdict.status is status
    assert verdict.values["due_on"] == "2026-03-04"


# Calling it off


@pytest.mark.parametrize(
    ("parameters", "now", "status"),
    [
        (CY26, "2026-02-14 13:59:59.999", Status.PASSED),
        (CY26, "2026-02-14 14:00:00", Status.REFUSED),
        (CY26, "2026-02-23 10:00", Status.REFUSED),
        (CY23, "2026-02-14 15:59:59.999", Status.PASSED),
        (CY23, "2026-02-14 16:00:00", Status.REFUSED),
    ],
    ids=["14:00 missed by nothing", "14:00 sharp", "a holiday later", "16:00 missed by nothing", "16:00 sharp"],
)
def test_a_visit_after_the_holiday_is_called_off_before_it(
    parameters: dict[str, object], now: str, status: Status
) -> None:
    """The visit is on Tuesday 24 February, the first working day; the one before is the made-up Saturday the 14th."""
    found = booked_visit(now=at(now), booked=visit("2026-02-24 09:00", 0))
    verdict = visits.before_cutoff(rule(**parameters), found)
    assert verdict.status is status
    assert verdict.values["cutoff"] == f"2026-02-14 {parameters['cutoffTime']}"
    assert verdict.values["phone"] == parameters["phone"]


def test_the_day_of_the_visit_need_not_be_a_working_day() -> None:
    found = booked_visit(now=at("2026-03-06 13:59"), booked=visit("2026-03-08 09:00", 0))
    assert visits.before_cutoff(rule(**CY26), found).status is Status.PASSED


def test_confirmed_or_not_the_cutoff_holds() -> None:
    late = booked_visit(now=at("2026-03-09 14:00"))
    verdicts = {visits.before_cutoff(rule(**CY26), replace(late, is_confirmed=it)).status for it in (True, False)}
    assert verdicts == {Status.REFUSED}


def test_after_the_cutoff_people_record_what_was_agreed() -> None:
    late = booked_visit(now=at("2026-03-09 14:00"), is_by_client=False)
    verdict = visits.before_cutoff(rule(**CY26), late)
    assert (verdict.status, verdict.values["is_late"]) == (Status.WARNED, 1)


@pytest.mark.parametrize(
    ("now", "status", "is_late"),
    [
        ("2027-02-05 13:59", Status.PASSED, 0),
        ("2027-02-05 14:00", Status.WARNED, 0),
        ("2027-02-07 13:59", Status.WARNED, 0),
        ("2027-02-07 14:00", Status.REFUSED, 1),
    ],
    ids=["expected", "just after", "in time by a make-up Sunday", "late by any"],
)
def test_an_estimated_cutoff_is_lenient(now: str, status: Status, is_late: int) -> None:
    found = booked_visit(now=at(now), booked=visit("2027-02-08 09:00", 0))
    verdict = visits.before_cutoff(rule(**CY26), found)
    assert (verdict.status, verdict.values["is_late"], verdict.is_estimated) == (status, is_late, True)


@pytest.mark.parametrize("is_by_client", [True, False], ids=["client", "others"])
@pytest.mark.parametrize(
    ("now", "status"), [("2026-03-10 08:59:59", Status.PASSED), ("2026-03-10 09:00", Status.REFUSED)]
)
def test_what_has_no_cutoff_is_called_off_until_the_visit(now: str, status: Status, *, is_by_client: bool) -> None:
    assert visits.before_visit(rule(), booked_visit(now=at(now), is_by_client=is_by_client)).status is status


def test_where_a_cutoff_is_printed_it_says_until_when() -> None:
    late = booked_visit(now=at("2026-03-10 09:00"))
    assert visits.before_visit(rule(**CY26), late).status is Status.PASSED


def test_without_a_time_nobody_knows_whether_it_has_passed() -> None:
    assert visits.before_visit(rule(), booked_visit(booked=None)).status is Status.UNKNOWN


def test_without_a_time_there_is_no_cutoff() -> None:
    assert visits.before_cutoff(rule(**CY26), booked_visit(booked=None)).status is Status.UNKNOWN


# For whom


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-01-30 09:00", Status.REFUSED), ("2026-01-31 00:00", Status.PASSED)],
    ids=["the last day of waiting", "the day after"],
)
def test_waiting_is_over_on_the_day_of_the_visit(visit_at: str, status: Status) -> None:
    found = visit_facts(now=at("2026-01-05 10:00"), visit=visit(visit_at, 0), account=account(granted=None))
    verdict = visits.waiting_over_on_visit_day(rule(), found)
    assert (verdict.status, verdict.passes_from) == (status, None)
    assert verdict.values["usable_from"] == "2026-01-31"


@pytest.mark.parametrize("held", [None, account(usable_from=None)], ids=["no account", "the policy states none"])
def test_a_waiting_period_that_nobody_states_is_for_people(held: object) -> None:
    verdict = visits.waiting_over_on_visit_day(rule(), visit_facts(account=held))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "policyNumber"))


CLASSES = rule(ownership="PUBLIC", departmentClasses=["SPECIAL", "INTERNATIONAL"], visitTypes=["OUTPATIENT"])


@pytest.mark.parametrize(
    ("visit_type", "department_class", "path"),
    [
        ("OUTPATIENT", "SPECIAL", None),
        ("OUTPATIENT", "INTERNATIONAL", None),
        ("OUTPATIENT", "GENERAL", "departmentClass"),
        ("OUTPATIENT", None, "departmentClass"),
        ("INPATIENT", "SPECIAL", "visitType"),
    ],
)
def test_public_hospitals_take_bookings_of_some_departments(
    visit_type: str, department_class: str | None, path: str | None
) -> None:
    found = visit_facts(billing=billing(visit_type=visit_type, department_class=department_class))
    verdict = visits.visit_type_bookable(CLASSES, found)
    assert verdict.status is (Status.REFUSED if path else Status.PASSED)
    assert verdict.input_path == (("input", path) if path else ())


def test_private_hospitals_take_any_department() -> None:
    found = visit_facts(hospital=PRIVATE, billing=billing(department_class=None, visit_type="INPATIENT"))
    assert visits.visit_type_bookable(CLASSES, found).status is Status.PASSED


@pytest.mark.parametrize("department_class", [None, "GENERAL"])
def test_where_no_department_is_named_every_one_will_do(department_class: str | None) -> None:
    found = visit_facts(billing=billing(department_class=department_class, visit_type="INPATIENT"))
    assert visits.visit_type_bookable(rule(visitTypes=["OUTPATIENT", "INPATIENT"]), found).status is Status.PASSED


def test_a_visit_that_nothing_is_known_of_is_not_judged() -> None:
    assert visits.visit_type_bookable(CLASSES, visit_facts(billing=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("parameters", "ownership", "status"),
    [
        ({"ownership": "PUBLIC"}, "PUBLIC", Status.REFUSED),
        ({"ownership": "PUBLIC"}, "PRIVATE", Status.PASSED),
        ({}, "PRIVATE", Status.REFUSED),
    ],
    ids=["public", "private, where only public ones refuse", "private, where all refuse"],
)
def test_nobody_in_particular_can_be_asked_for(parameters: dict[str, str], ownership: str, status: Status) -> None:
    found = visit_facts(hospital=hospital(ownership=ownership), billing=billing(doctor="王教授"))
    assert visits.no_named_doctor(rule(**parameters), found).status is status


def test_who_asks_for_nobody_is_not_refused() -> None:
    assert visits.no_named_doctor(rule(), visit_facts()).status is Status.PASSED


@pytest.mark.parametrize(
    ("live", "status"),
    [(set(), Status.PASSED), ({"BOOKING"}, Status.PASSED), ({"HOSPITAL"}, Status.REFUSED)],
    ids=["none", "of another kind", "this one"],
)
def test_only_a_recorded_restriction_shuts_out(live: set[str], status: Status) -> None:
    found = visit_facts(billing=billing(restrictions=frozenset(live)))
    assert visits.not_restricted(rule(restrictions=["HOSPITAL"]), found).status is status


def test_who_has_no_billing_has_no_restriction() -> None:
    assert visits.not_restricted(rule(restrictions=["HOSPITAL"]), facts()).status is Status.PASSED
