import pytest

from gateway.validation.facts.cases import Step
from gateway.validation.rules import eligibility
from gateway.validation.verdict import Status

from .builders import asking_facts, at, cover, facts, patient, rule, visit


@pytest.mark.parametrize(
    ("is_in_product", "status"), [(True, Status.PASSED), (False, Status.REFUSED)], ids=["offered", "not offered"]
)
def test_a_service_is_asked_for_only_where_the_product_has_it(is_in_product: bool, status: Status) -> None:
    verdict = eligibility.service_in_product(rule(), facts(is_service_in_product=is_in_product))
    assert verdict.status is status
    assert verdict.values == {"service": "OUTPATIENT_ESCORT", "product": "ZYB"}


@pytest.mark.parametrize(
    ("is_known", "status", "path"),
    [(True, Status.PASSED, ()), (False, Status.REFUSED, ("input", "policyNumber"))],
    ids=["known", "unknown"],
)
def test_the_policy_is_known_by_its_number(is_known: bool, status: Status, path: tuple[str, ...]) -> None:
    verdict = eligibility.verified_by_policy_number(rule(), facts(is_policy_number_known=is_known))
    assert (verdict.status, verdict.input_path) == (status, path)


@pytest.mark.parametrize(
    ("vendor", "acting", "status", "shown"),
    [
        ("V1", None, Status.PASSED, "V1"),
        (None, None, Status.PASSED, ""),
        ("V1", "V1", Status.PASSED, "V1"),
        ("V1", "V2", Status.REFUSED, "V1"),
        (None, "V2", Status.REFUSED, ""),
    ],
    ids=["a customer acts", "a customer acts, no vendor yet", "own case", "case of another", "case of nobody"],
)
def test_a_vendor_acts_on_its_own_cases_only(
    vendor: str | None, acting: str | None, status: Status, shown: str
) -> None:
    verdict = eligibility.handled_by_own_vendor(rule(), facts(vendor=vendor, acting_vendor=acting))
    assert (verdict.status, verdict.values) == (status, {"vendor": shown})


@pytest.mark.parametrize(
    ("who", "status", "path"),
    [
        (patient(), Status.PASSED, ()),
        (patient(is_insured=False), Status.REFUSED, ("input", "patientName")),
        (None, Status.UNKNOWN, ("input", "patientName")),
    ],
    ids=["the insured", "someone else", "not known"],
)
def test_the_patient_is_the_insured(who: object, status: Status, path: tuple[str, ...]) -> None:
    verdict = eligibility.patient_is_insured(rule(), facts(patient=who))
    assert (verdict.status, verdict.input_path) == (status, path)


@pytest.mark.parametrize(
    ("now", "visit_at", "status"),
    [
        ("2026-01-01 00:00", "2026-01-01 09:00", Status.PASSED),
        ("2026-12-31 23:59", "2026-12-31 23:59", Status.PASSED),
        ("2026-12-30 10:00", "2027-01-01 00:00", Status.REFUSED),
        ("2025-12-31 23:59", "2025-12-31 23:59", Status.REFUSED),
        ("2027-01-01 00:00", "2026-12-31 09:00", Status.REFUSED),
    ],
    ids=["first day", "last minute", "visit a day late", "visit a day early", "request after the end"],
)
def test_request_and_visit_lie_in_the_policy_year(now: str, visit_at: str, status: Status) -> None:
    verdict = eligibility.within_policy_year(rule(), facts(now=at(now), visit=visit(visit_at)))
    assert verdict.status is status
    assert verdict.passes_from is None
    assert verdict.values == {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "visit_on": visit_at[:10]}


def test_a_visit_outside_the_policy_year_points_at_the_visit() -> None:
    verdict = eligibility.within_policy_year(rule(), facts(visit=visit("2027-01-01 09:00")))
    assert verdict.input_path == ("input", "visitAt")


def test_a_request_before_the_policy_year_passes_once_it_starts() -> None:
    ahead = facts(now=at("2025-12-20 10:00"), cover=cover(starts_at="2026-01-01 12:00"))
    verdict = eligibility.within_policy_year(rule(), ahead)
    assert verdict.status is Status.REFUSED
    assert verdict.passes_from == at("2026-01-01 12:00")
    assert verdict.input_path == ()


def test_waiting_does_not_help_a_visit_that_lies_outside_as_well() -> None:
    ahead = facts(now=at("2025-12-20 10:00"), visit=visit("2025-12-30 09:00"))
    assert eligibility.within_policy_year(rule(), ahead).passes_from is None


@pytest.mark.parametrize(
    ("missing", "path"),
    [("cover", ("input", "policyNumber")), ("visit", ("input", "visitAt"))],
    ids=["no cover", "no visit"],
)
def test_the_policy_year_is_not_judged_without_cover_and_visit(missing: str, path: tuple[str, ...]) -> None:
    verdict = eligibility.within_policy_year(rule(), facts(**{missing: None}))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, path)


@pytest.mark.parametrize(
    ("leads_to", "status"),
    [({"CANCELLED_FREE", "CANCELLED_LATE"}, Status.PASSED), (set[str](), Status.REFUSED)],
    ids=["an edge", "no edge"],
)
def test_a_step_needs_an_edge_in_the_lifecycle(leads_to: set[str], status: Status) -> None:
    verdict = eligibility.step_allowed(rule(), facts(step=Step("CONFIRMED", "cancel", frozenset(leads_to))))
    assert (verdict.status, verdict.values) == (status, {"status": "CONFIRMED", "command": "cancel"})


def test_where_no_case_is_moved_any_step_is_allowed() -> None:
    assert eligibility.step_allowed(rule(), facts(step=None)).status is Status.PASSED


@pytest.mark.parametrize(
    ("is_known", "status"), [(True, Status.PASSED), (False, Status.REFUSED), (None, Status.UNKNOWN)]
)
def test_who_asks_about_a_drug_is_verified_as_a_person(is_known: bool | None, status: Status) -> None:
    asked = asking_facts(operation="drugQuestionAsk", is_person_known=is_known)
    verdict = eligibility.verified_by_person_info(rule(), asked)
    assert verdict.status is status
    assert verdict.input_path == (() if is_known else ("input", "person"))


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2025-12-31 23:59:59", Status.REFUSED),
        ("2026-01-01 00:00", Status.PASSED),
        ("2026-12-31 23:59:59", Status.PASSED),
        ("2027-01-01 00:00", Status.REFUSED),
    ],
)
def test_a_question_has_no_visit_and_is_asked_within_the_policy_year(now: str, status: Status) -> None:
    assert eligibility.within_policy_year(rule(), asking_facts(now=at(now))).status is status
