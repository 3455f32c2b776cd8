import pytest

from gateway.validation.rule import Check
from gateway.validation.rules import people
from gateway.validation.verdict import Status

from .builders import at, facts, on, patient, rule, visit

AGES = rule(minAge=70, maxAge=12)
BOTH_AGES = pytest.mark.parametrize(
    "check", [people.elderly_accompanied, people.child_accompanied], ids=["elderly", "child"]
)


@pytest.mark.parametrize(
    ("declared", "status", "path"),
    [
        (set[str](), Status.PASSED, ()),
        ({"INFECTIOUS"}, Status.PASSED, ()),
        ({"INPATIENT"}, Status.REFUSED, ("input", "conditions")),
        ({"INFECTIOUS", "INPATIENT"}, Status.REFUSED, ("input", "conditions")),
    ],
    ids=["none", "one that another rule excludes", "the excluded one", "two"],
)
def test_a_patient_in_an_excluded_state_is_not_escorted(
    declared: set[str], status: Status, path: tuple[str, ...]
) -> None:
    case = facts(patient=patient(conditions=frozenset(declared)))
    verdict = people.condition_allowed(rule(condition="INPATIENT"), case)
    assert (verdict.status, verdict.input_path, verdict.values) == (status, path, {"condition": "INPATIENT"})


def test_a_state_that_nobody_declared_is_not_judged_without_a_patient() -> None:
    assert people.condition_allowed(rule(condition="INPATIENT"), facts(patient=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("born_on", "companion", "status", "age"),
    [
        ("1956-03-11", None, Status.PASSED, 69),
        ("1956-03-10", None, Status.REFUSED, 70),
        ("1956-03-10", "OTHER", Status.REFUSED, 70),
        ("1956-03-10", "RELATIVE", Status.PASSED, 70),
        ("1956-03-10", "FAMILY_MEMBER", Status.PASSED, 70),
        ("1930-01-01", None, Status.REFUSED, 96),
    ],
    ids=["69 until tomorrow", "70 today", "with a friend", "with a relative", "with family", "96"],
)
def test_from_seventy_on_a_relative_comes_along(born_on: str, companion: str | None, status: Status, age: int) -> None:
    case = facts(patient=patient(birth_on=on(born_on), companion=companion))
    verdict = people.elderly_accompanied(AGES, case)
    assert (verdict.status, verdict.values) == (status, {"age": age, "min_age": 70})
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "companion"))


@pytest.mark.parametrize(
    ("born_on", "companion", "status", "age"),
    [
        ("2013-03-10", None, Status.PASSED, 13),
        ("2013-03-11", None, Status.REFUSED, 12),
        ("2013-03-11", "OTHER", Status.REFUSED, 12),
        ("2013-03-11", "RELATIVE", Status.PASSED, 12),
        ("2013-03-11", "FAMILY_MEMBER", Status.PASSED, 12),
        ("2026-03-01", None, Status.REFUSED, 0),
    ],
    ids=["13 today", "12 until tomorrow", "with a friend", "with a relative", "with family", "newborn"],
)
def test_up_to_twelve_the_family_comes_along(born_on: str, companion: str | None, status: Status, age: int) -> None:
    case = facts(patient=patient(birth_on=on(born_on), companion=companion))
    verdict = people.child_accompanied(AGES, case)
    assert (verdict.status, verdict.values) == (status, {"age": age, "max_age": 12})
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "companion"))


def test_age_is_that_of_the_day_of_the_visit_not_of_the_request() -> None:
    turning = facts(now=at("2026-03-01 10:00"), patient=patient(birth_on=on("1956-03-05")))
    assert people.elderly_accompanied(AGES, turning).status is Status.REFUSED


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-02-27 09:00", Status.PASSED), ("2026-02-28 09:00", Status.REFUSED)],
    ids=["the day before", "28 February"],
)
def test_a_leap_day_birthday_falls_on_28_february_in_common_years(visit_at: str, status: Status) -> None:
    leapling = facts(patient=patient(birth_on=on("1956-02-29")), visit=visit(visit_at))
    assert people.elderly_accompanied(AGES, leapling).status is status


@BOTH_AGES
def test_a_missing_birth_date_is_asked_for(check: Check) -> None:
    verdict = check(AGES, facts(patient=patient(birth_on=None)))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "birthOn"))


@BOTH_AGES
def test_a_missing_birth_date_is_named_even_where_the_request_has_no_such_field(check: Check) -> None:
    assert check(AGES, facts(patient=None, paths={})).input_path == ("patient", "birthOn")


@BOTH_AGES
def test_an_age_needs_a_day_to_be_measured_on(check: Check) -> None:
    verdict = check(AGES, facts(visit=None))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "visitAt"))


@pytest.mark.parametrize(
    ("is_confirming", "status"), [(True, Status.PASSED), (False, Status.REFUSED)], ids=["agreed", "not asked"]
)
def test_nothing_is_arranged_before_the_client_agrees(is_confirming: bool, status: Status) -> None:
    assert people.client_confirmed(rule(), facts(is_confirming_client=is_confirming)).status is status


@pytest.mark.parametrize(
    ("is_late", "expected_at", "status", "path"),
    [
        (False, None, Status.PASSED, ()),
        (True, "2026-03-10 09:30", Status.PASSED, ()),
        (True, None, Status.WARNED, ("input", "clientExpectedAt")),
    ],
    ids=["on time", "late, and when is known", "late, and nobody asked when"],
)
def test_a_late_client_is_asked_when_they_arrive(
    is_late: bool, expected_at: str | None, status: Status, path: tuple[str, ...]
) -> None:
    expected = at(expected_at) if expected_at else None
    verdict = people.late_arrival_noted(rule(), facts(client_is_late=is_late, client_expected_at=expected))
    assert (verdict.status, verdict.input_path) == (status, path)
