from typing import Any

import pytest

from gateway.validation.facts.visits import Place
from gateway.validation.rules import green_channels
from gateway.validation.verdict import Status

from .builders import facts, hospital, rule

FOR_CHILDREN = rule(minHospitalLevel=3, department="PEDIATRICS")
PATHS = {field: ("input", field) for field in ("hospital", "isAccompanied", "cause")}
LISTED = Place(is_list_loaded=True, is_listed=True, department="ONCOLOGY")
UNLISTED = Place(is_list_loaded=True, is_listed=False, department="PEDIATRICS")
NO_LIST = Place(is_list_loaded=False, is_listed=False, department="PEDIATRICS")


def told(**form: Any) -> Any:
    return facts(operation="bookingNoShowRecord", form=form, paths=PATHS)


@pytest.mark.parametrize(
    ("level", "place", "status"),
    [
        (3, UNLISTED, Status.PASSED),
        (2, UNLISTED, Status.REFUSED),
        (None, UNLISTED, Status.REFUSED),
        (3, Place(is_list_loaded=True, is_listed=False, department="ONCOLOGY"), Status.REFUSED),
        (3, Place(is_list_loaded=True, is_listed=False, department=None), Status.REFUSED),
        (1, LISTED, Status.PASSED),
        (3, NO_LIST, Status.PASSED),
        (2, NO_LIST, Status.UNKNOWN),
        (None, NO_LIST, Status.UNKNOWN),
        (3, None, Status.UNKNOWN),
    ],
    ids=[
        "a large one, for children",
        "a level too low",
        "a level that nobody knows",
        "a large one, for adults",
        "a large one, and no department",
        "any that is listed",
        "a large one before the list is loaded",
        "a small one before the list is loaded",
        "one of no known level before the list is loaded",
        "nothing known of the place",
    ],
)
def test_a_child_is_taken_to_a_listed_or_large_hospital(level: int | None, place: Place | None, status: Status) -> None:
    found = facts(hospital=hospital(level=level), place=place, paths=PATHS)
    verdict = green_channels.child_hospital(FOR_CHILDREN, found)
    assert verdict.status is status
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "hospital"))
    assert verdict.passes_from is None


@pytest.mark.parametrize(("lowest", "status"), [(2, Status.PASSED), (3, Status.REFUSED)])
def test_the_lowest_level_is_the_rule_s_number(lowest: int, status: Status) -> None:
    asked = rule(minHospitalLevel=lowest, department="PEDIATRICS")
    found = facts(hospital=hospital(level=2), place=UNLISTED, paths=PATHS)
    assert green_channels.child_hospital(asked, found).status is status


def test_without_a_hospital_nobody_can_tell() -> None:
    verdict = green_channels.child_hospital(FOR_CHILDREN, facts(hospital=None, place=LISTED, paths=PATHS))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "hospital"))


@pytest.mark.parametrize(
    ("form", "status"),
    [({"isAccompanied": True}, Status.PASSED), ({"isAccompanied": False}, Status.WARNED), ({}, Status.WARNED)],
    ids=["came along", "did not", "not said"],
)
def test_a_discharge_without_company_is_noted_and_not_refused(form: dict[str, Any], status: Status) -> None:
    verdict = green_channels.discharge_accompanied(rule(), told(**form))
    assert verdict.status is status


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        ("CLIENT", Status.WARNED),
        ("HOSPITAL", Status.PASSED),
        ("VENDOR", Status.PASSED),
        ("PATIENT_EXCLUDED", Status.PASSED),
        (None, Status.PASSED),
    ],
)
def test_only_the_client_s_own_reasons_spend_the_use(cause: str | None, status: Status) -> None:
    verdict = green_channels.own_reasons_spend_use(rule(), told(cause=cause))
    assert verdict.status is status
    assert verdict.input_path == (("input", "cause") if status is Status.WARNED else ())
