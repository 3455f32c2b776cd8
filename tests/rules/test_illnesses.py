from dataclasses import replace

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Paper
from gateway.validation.facts.illnesses import Illness
from gateway.validation.rules import illnesses
from gateway.validation.verdict import Status

from .builders import cover, facts, on, rule

PATHS = {field: ("input", field) for field in ("criticalIllness", "firstDiagnosedOn", "documents")}


def ill(name: str | None = "恶性肿瘤", day: str | None = "2026-02-02", listed: bool | None = None) -> Facts:
    illness = Illness(name, day and on(day), listed)  # type: ignore[arg-type]
    return facts(operation="advanceRequest", product="ZAWX", visit=None, illness=illness, paths=PATHS, cover=cover())


@pytest.mark.parametrize(
    ("name", "listed", "expected"),
    [
        (None, None, Status.REFUSED),
        ("恶性肿瘤", None, Status.UNKNOWN),
        ("恶性肿瘤", True, Status.PASSED),
        ("感冒", False, Status.REFUSED),
    ],
)
def test_an_illness_is_named_and_looked_up_where_there_is_a_list(
    name: str | None, listed: bool | None, expected: Status
) -> None:
    verdict = illnesses.critical_illness_listed(rule(), ill(name, listed=listed))
    assert verdict.status is expected
    if expected is not Status.PASSED:
        assert verdict.input_path == ("input", "criticalIllness")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, Status.REFUSED),
        ("2025-12-31", Status.REFUSED),
        ("2026-01-01", Status.UNKNOWN),
        ("2026-01-30", Status.UNKNOWN),
        ("2026-01-31", Status.PASSED),
    ],
    ids=["no day", "the day before the cover", "its first day", "the last day of waiting", "the first day after it"],
)
def test_the_first_diagnosis_lies_under_the_service(day: str | None, expected: Status) -> None:
    verdict = illnesses.first_diagnosed_under_service(rule(waitingDays=30), ill(day=day))
    assert verdict.status is expected


def test_without_a_cover_nobody_can_tell() -> None:
    found = replace(ill(), cover=None)
    assert illnesses.first_diagnosed_under_service(rule(waitingDays=30), found).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), Status.REFUSED),
        (("INVOICE",), Status.REFUSED),
        (("INVOICE", "EXAM_REPORT"), Status.PASSED),
        (("IMAGING_REPORT",), Status.PASSED),
    ],
)
def test_an_imaging_or_examination_result_comes_along(kinds: tuple[str, ...], expected: Status) -> None:
    asked = rule(documents=["IMAGING_REPORT", "EXAM_REPORT"], minDocuments=1)
    found = replace(ill(), papers=tuple(Paper(kind, None) for kind in kinds))
    assert illnesses.examination_given(asked, found).status is expected
