import pytest

from gateway.validation.facts.cases import Paper
from gateway.validation.rules import documents
from gateway.validation.verdict import Status

from .builders import booked_facts, facts, on, rule, visit

FORM = rule(fields=["patientName", "phone", "registration", "isDiagnosed"])
FILLED: dict[str, object] = {"patientName": "李雷", "phone": "139", "registration": "A12", "isDiagnosed": True}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ""),
        ({"isDiagnosed": False}, ""),
        ({"registration": ["A12"]}, ""),
        ({"isDiagnosed": None}, "isDiagnosed"),
        ({"phone": ""}, "phone"),
        ({"phone": " \u3000"}, "phone"),
        ({"registration": []}, "registration"),
        ({"registration": None, "patientName": ""}, "patientName, registration"),
    ],
    ids=[
        "all given",
        "no is an answer",
        "list of one",
        "null",
        "empty",
        "only spaces",
        "empty list",
        "two, in the order of the form",
    ],
)
def test_every_field_of_the_form_is_filled_in(changes: dict[str, object], missing: str) -> None:
    verdict = documents.required_fields_given(FORM, facts(form=FILLED | changes))
    assert verdict.values == {"missing": missing}
    assert verdict.status is (Status.REFUSED if missing else Status.PASSED)
    assert verdict.input_path == (("input", missing.split(", ")[0]) if missing else ())


def test_a_field_that_the_request_lacks_altogether_is_missing() -> None:
    verdict = documents.required_fields_given(rule(fields=["need"]), facts(form={}))
    assert (verdict.status, verdict.input_path) == (Status.REFUSED, ("input", "need"))


@pytest.mark.parametrize(
    ("form", "status", "missing"),
    [
        ({"meetingPlace": "门诊大厅", "materials": "身份证"}, Status.PASSED, ""),
        ({"meetingPlace": "门诊大厅"}, Status.WARNED, "materials"),
        ({}, Status.WARNED, "meetingPlace, materials"),
    ],
    ids=["complete", "one open", "all open"],
)
def test_open_points_of_the_confirming_call_are_named(form: dict[str, object], status: Status, missing: str) -> None:
    verdict = documents.checklist_complete(rule(fields=["meetingPlace", "materials"]), facts(form=form))
    assert (verdict.status, verdict.values) == (status, {"missing": missing})


@pytest.mark.parametrize(
    ("papers", "status", "path"),
    [((Paper("ID_CARD", None),), Status.PASSED, ()), ((), Status.WARNED, ("input", "documents"))],
    ids=["one paper", "none"],
)
def test_the_client_is_reminded_of_the_papers(papers: object, status: Status, path: tuple[str, ...]) -> None:
    verdict = documents.materials_given(rule(), facts(papers=papers))
    assert (verdict.status, verdict.input_path) == (status, path)


@pytest.mark.parametrize(
    ("kind", "issued_on", "visit_on", "status"),
    [
        ("LAB_REPORT", "2025-09-10", "2026-03-10", Status.PASSED),
        ("LAB_REPORT", "2025-09-09", "2026-03-10", Status.WARNED),
        ("IMAGING_REPORT", "2025-09-09", "2026-03-10", Status.WARNED),
        ("DIAGNOSIS", "2015-01-01", "2026-03-10", Status.PASSED),
        ("LAB_REPORT", "2026-02-28", "2026-08-31", Status.PASSED),
        ("LAB_REPORT", "2026-02-27", "2026-08-31", Status.WARNED),
        ("LAB_REPORT", None, "2026-03-10", Status.UNKNOWN),
        ("DIAGNOSIS", None, "2026-03-10", Status.PASSED),
    ],
    ids=[
        "six months to the day",
        "a day older",
        "an old image",
        "an old diagnosis does not age",
        "end of a short month",
        "before the end of a short month",
        "no date on the report",
        "no date needed",
    ],
)
def test_reports_are_at_most_six_months_old_at_the_visit(
    kind: str, issued_on: str | None, visit_on: str, status: Status
) -> None:
    paper = Paper(kind, on(issued_on) if issued_on else None)
    case = facts(papers=(paper,), visit=visit(f"{visit_on} 09:00"))
    assert documents.reports_recent(rule(months=6), case).status is status


def test_an_old_report_is_told_the_earliest_day_that_counts() -> None:
    old, undated = Paper("LAB_REPORT", on("2024-01-01")), Paper("LAB_REPORT", None)
    verdict = documents.reports_recent(rule(months=6), facts(papers=(undated, old)))
    assert (verdict.status, verdict.values) == (Status.WARNED, {"oldest_on": "2025-09-10", "months": 6})


def test_papers_added_later_are_measured_against_the_booked_visit() -> None:
    added = booked_facts(operation="bookingDocumentsAttach", papers=(Paper("LAB_REPORT", on("2025-09-09")),))
    assert documents.reports_recent(rule(months=6), added).status is Status.WARNED


def test_the_age_of_reports_is_not_judged_without_a_visit() -> None:
    assert documents.reports_recent(rule(months=6), facts(visit=None)).status is Status.UNKNOWN
