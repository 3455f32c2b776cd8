"""What may be asked and who may answer, with the numbers of every product."""

from typing import Any

import pytest

from gateway.validation.facts.calls import Call, Doctor
from gateway.validation.rule import Check
from gateway.validation.rules import consulting
from gateway.validation.verdict import Status
from tests.rules.builders import asking_facts, rule

ZAWX_01 = {"minClinicalYears": 10, "operator": "GTE"}
ZAWX_05 = {"minClinicalYears": 10, "operator": "GT", "minTitle": "ATTENDING"}
VAS = {"minTitle": "ATTENDING", "hospitalGrade": "3A"}
VAS_09 = {"employment": ["FULL_TIME", "IN_SERVICE_AT_HOSPITAL"]}
EXCLUDED = {"excludedTopics": ["PSYCHIATRY", "PSYCHOLOGY"]}
LENGTH = {"maxMinutes": 15}


@pytest.mark.parametrize("topic", ["PSYCHIATRY", "PSYCHOLOGY"])
def test_an_excluded_topic_is_refused(topic: str) -> None:
    verdict = consulting.topic_not_excluded(rule(**EXCLUDED), asking_facts(topic=topic))
    assert (verdict.status, verdict.input_path) == (Status.REFUSED, ("input", "topic"))


@pytest.mark.parametrize("topic", ["DISEASE", "OTHER", None])
def test_every_other_topic_is_taken(topic: str | None) -> None:
    assert consulting.topic_not_excluded(rule(**EXCLUDED), asking_facts(topic=topic)).status is Status.PASSED


@pytest.mark.parametrize(
    ("parameters", "years", "status"),
    [
        (ZAWX_01, 9, Status.REFUSED),
        (ZAWX_01, 10, Status.PASSED),
        (ZAWX_05, 10, Status.REFUSED),
        (ZAWX_05, 11, Status.PASSED),
        (ZAWX_01, None, Status.REFUSED),
    ],
)
def test_a_doctor_has_worked_long_enough(parameters: dict[str, Any], years: int | None, status: Status) -> None:
    asked = asking_facts(doctor=Doctor(clinical_years=years))
    assert consulting.doctor_experienced(rule(**parameters), asked).status is status


@pytest.mark.parametrize("parameters", [ZAWX_05, VAS], ids=["ZAWX", "VAS"])
@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("RESIDENT", Status.REFUSED),
        ("ATTENDING", Status.PASSED),
        ("ASSOCIATE_CHIEF", Status.PASSED),
        ("CHIEF", Status.PASSED),
        (None, Status.REFUSED),
    ],
)
def test_a_doctor_has_the_title(parameters: dict[str, Any], title: str | None, status: Status) -> None:
    asked = asking_facts(doctor=Doctor(title=title))
    assert consulting.doctor_titled(rule(**parameters), asked).status is status


@pytest.mark.parametrize(("said", "status"), [(True, Status.PASSED), (False, Status.REFUSED), (None, Status.REFUSED)])
def test_a_doctor_has_a_licence(said: bool | None, status: Status) -> None:
    verdict = consulting.doctor_licensed(rule(licence="PRC_PHYSICIAN"), asking_facts(doctor=Doctor(is_licensed=said)))
    assert verdict.status is status


@pytest.mark.parametrize(("said", "status"), [(True, Status.PASSED), (False, Status.REFUSED), (None, Status.REFUSED)])
def test_a_doctor_comes_from_a_top_hospital(said: bool | None, status: Status) -> None:
    asked = asking_facts(doctor=Doctor(is_of_top_hospital=said))
    assert consulting.doctor_of_top_hospital(rule(**VAS), asked).status is status


@pytest.mark.parametrize(
    ("employment", "status"),
    [
        ("FULL_TIME", Status.PASSED),
        ("IN_SERVICE_AT_HOSPITAL", Status.PASSED),
        ("OTHER", Status.REFUSED),
        (None, Status.REFUSED),
    ],
)
def test_a_doctor_is_employed(employment: str | None, status: Status) -> None:
    asked = asking_facts(doctor=Doctor(employment=employment))
    assert consulting.doctor_employed(rule(**VAS_09), asked).status is status


@pytest.mark.parametrize(
    ("check", "parameters"),
    [
        (consulting.doctor_experienced, ZAWX_05),
        (consulting.doctor_titled, VAS),
        (consulting.doctor_licensed, {}),
        (consulting.doctor_of_top_hospital, VAS),
        (consulting.doctor_employed, VAS_09),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_what_a_client_adds_asks_for_no_doctor(check: Check, parameters: dict[str, Any]) -> None:
    assert check(rule(**parameters), asking_facts(doctor=None)).status is Status.PASSED


@pytest.mark.parametrize(("is_another", "status"), [(False, Status.PASSED), (True, Status.REFUSED)])
def test_a_consultation_has_one_call(is_another: bool, status: Status) -> None:
    assert consulting.single_call(rule(**LENGTH), asking_facts(call=Call(5, is_another))).status is status


@pytest.mark.parametrize(("minutes", "status"), [(0, Status.PASSED), (15, Status.PASSED), (16, Status.WARNED)])
def test_a_call_that_was_too_long_is_recorded(minutes: int, status: Status) -> None:
    asked = asking_facts(call=Call(minutes, is_another=False))
    assert consulting.call_within_length(rule(**LENGTH), asked).status is status


@pytest.mark.parametrize("check", [consulting.single_call, consulting.call_within_length])
def test_an_answer_in_writing_has_no_call(check: Check) -> None:
    assert check(rule(**LENGTH), asking_facts()).status is Status.PASSED


@pytest.mark.parametrize(("given", "status"), [(True, Status.PASSED), (False, Status.WARNED)])
def test_a_consent_that_is_missing_is_asked_for(given: bool, status: Status) -> None:
    assert consulting.vendor_consent_given(rule(), asking_facts(has_vendor_consent=given)).status is status
