from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Paper, Step
from gateway.validation.facts.illnesses import Opinion
from gateway.validation.rules import second_opinions
from gateway.validation.verdict import Status

from .builders import facts, rule

FIELDS = ("questions", "document", "hospitals", "hospital", "documents")
IMAGES = rule(mediaType="application/dicom", format="DICOM", documents=["CT", "MRI"])
GROUPS = rule(documents=["OUTPATIENT_RECORD", "EXAM_REPORT"])


def step(leads_to: str = "", status: str = "ACCEPTED") -> Step:
    return Step(status, "consult", frozenset({leads_to} if leads_to else ()))


def at_stage(stage: str, *, papers: tuple[Paper, ...] = (), step: Step | None = None, **known: Any) -> Facts:
    return facts(
        operation="secondOpinionStageAdvance",
        product="ZAWX",
        service="SECOND_OPINION",
        visit=None,
        opinion=Opinion(stage, **known),
        step=step,
        papers=papers,
        paths={field: ("input", field) for field in FIELDS},
    )


# The stages


@pytest.mark.parametrize(
    ("stage", "leads_to", "status"),
    [
        ("CONSULT", "CONSULTED", Status.PASSED),
        ("CONSULT", "", Status.REFUSED),
        ("ASSESSMENT", "", Status.PASSED),
    ],
    ids=["its turn", "out of turn", "the turn of another rule"],
)
def test_a_rule_speaks_for_its_own_stage(stage: str, leads_to: str, status: Status) -> None:
    found = at_stage(stage, step=step(leads_to))
    verdict = second_opinions.stage_in_order(rule(stage="CONSULT"), found)
    assert verdict.status is status
    assert verdict.values.get("status") == (None if stage == "ASSESSMENT" else "ACCEPTED")


@pytest.mark.parametrize(("stage", "status"), [("SENDING", Status.REFUSED), ("CONSULTATION", Status.REFUSED)])
def test_a_rule_may_speak_for_several_stages(stage: str, status: Status) -> None:
    asked = rule(stages=["SENDING", "CONSULTATION"])
    assert second_opinions.stage_in_order(asked, at_stage(stage, step=step())).status is status
    assert second_opinions.stage_in_order(asked, at_stage("FOLLOW_UP", step=step())).status is Status.PASSED


def test_an_operation_without_a_stage_is_not_asked_for_one() -> None:
    assert second_opinions.stage_in_order(rule(stage="CONSULT"), facts(step=step())).status is Status.PASSED


@pytest.mark.parametrize(("requires", "field"), [("QUESTION_LIST", "questions"), ("CONSULTATION_RECORD", "document")])
def test_a_stage_leaves_what_it_must(requires: str, field: str) -> None:
    asked = rule(stage="ASSESSMENT", requires=requires)
    without = second_opinions.stage_leaves_record(asked, at_stage("ASSESSMENT"))
    assert (without.status, without.input_path) == (Status.REFUSED, ("input", field))
    brought = at_stage("ASSESSMENT", brings=frozenset({field}))
    assert second_opinions.stage_leaves_record(asked, brought).status is Status.PASSED
    another = at_stage("ASSESSMENT", brings=frozenset({"document", "questions"} - {field}))
    assert second_opinions.stage_leaves_record(asked, another).status is Status.REFUSED


def test_another_stage_need_not_leave_it() -> None:
    asked = rule(stage="ASSESSMENT", requires="QUESTION_LIST")
    assert second_opinions.stage_leaves_record(asked, at_stage("CONSULT")).status is Status.PASSED
    assert second_opinions.stage_leaves_record(asked, facts()).status is Status.PASSED


# Sending papers abroad


@pytest.mark.parametrize(
    ("stage", "consent", "status"),
    [
        ("SENDING", False, Status.REFUSED),
        ("SENDING", True, Status.PASSED),
        ("RECORD_TRANSLATION", False, Status.PASSED),
    ],
)
def test_nothing_goes_abroad_without_consent(stage: str, consent: bool, status: Status) -> None:
    found = at_stage(stage, recipient="Musterklinik", has_consent=consent)
    verdict = second_opinions.consent_to_send_abroad(rule(), found)
    assert verdict.status is status
    assert verdict.values.get("recipient") == ("Musterklinik" if status is Status.REFUSED else None)


# Hospitals


@pytest.mark.parametrize(
    ("count", "status"),
    [(0, Status.REFUSED), (1, Status.REFUSED), (2, Status.PASSED), (3, Status.PASSED), (4, Status.REFUSED)],
)
def test_two_or_three_hospitals_are_proposed(count: int, status: Status) -> None:
    asked = rule(minHospitals=2, maxHospitals=3)
    verdict = second_opinions.hospitals_within_bounds(asked, at_stage("", proposed=count))
    assert verdict.status is status
    assert verdict.values == {"count": count, "min_hospitals": 2, "max_hospitals": 3}
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "hospitals"))


@pytest.mark.parametrize(("is_among", "status"), [(True, Status.PASSED), (False, Status.REFUSED)])
def test_the_client_chooses_one_that_was_proposed(is_among: bool, status: Status) -> None:
    verdict = second_opinions.hospital_among_proposed(rule(), at_stage("", is_among_proposed=is_among))
    assert verdict.status is status


def test_where_none_was_proposed_none_can_be_chosen() -> None:
    assert second_opinions.hospital_among_proposed(rule(), facts()).status is Status.REFUSED


# Papers


@pytest.mark.parametrize(
    ("handed", "excused", "missing"),
    [
        (("OUTPATIENT_RECORD", "EXAM_REPORT"), (), ""),
        (("OUTPATIENT_RECORD",), ("EXAM_REPORT",), ""),
        ((), ("OUTPATIENT_RECORD", "EXAM_REPORT"), ""),
        (("OUTPATIENT_RECORD",), (), "EXAM_REPORT"),
        (("INVOICE",), (), "OUTPATIENT_RECORD, EXAM_REPORT"),
    ],
    ids=["all there", "one excused", "all excused", "one missing", "another kind"],
)
def test_each_paper_is_there_or_it_is_said_why_not(
    handed: tuple[str, ...], excused: tuple[str, ...], missing: str
) -> None:
    papers = tuple(Paper(kind, None) for kind in handed)
    found = at_stage("", papers=papers, not_applicable=frozenset(excused))
    verdict = second_opinions.papers_or_reasons(GROUPS, found)
    assert verdict.status is (Status.WARNED if missing else Status.PASSED)
    assert verdict.values["missing"] == missing


@pytest.mark.parametrize(
    ("kind", "media_type", "needs_scan", "status"),
    [
        ("CT", "application/dicom", False, Status.PASSED),
        ("CT", "image/png", False, Status.REFUSED),
        ("CT", "image/png", True, Status.PASSED),
        ("LAB_REPORT", "image/png", False, Status.PASSED),
    ],
    ids=["the format of hospitals", "another format", "on film, to be scanned", "no image"],
)
def test_images_come_in_the_format_of_hospitals(kind: str, media_type: str, needs_scan: bool, status: Status) -> None:
    found = at_stage("", papers=(Paper(kind, None, media_type),), needs_scan=needs_scan)
    verdict = second_opinions.imaging_in_format(IMAGES, found)
    assert verdict.status is status
    assert verdict.input_path == (("input", "documents") if status is Status.REFUSED else ())


def test_the_kinds_in_another_format_are_named_once() -> None:
    papers = tuple(Paper(kind, None, "image/png") for kind in ("MRI", "CT", "CT"))
    assert second_opinions.imaging_in_format(IMAGES, at_stage("", papers=papers)).values["kinds"] == "CT, MRI"
