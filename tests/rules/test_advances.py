from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.cases import Paper
from gateway.validation.rule import Rule
from gateway.validation.rules import advances as checks
from gateway.validation.verdict import Status, Verdict

from .builders import at, facts, hospital, on, rule

FIELDS = (
    *("costType", "isTrafficAccident", "hasEmployerFunding", "admittedOn", "hospital", "canHandOverOriginals"),
    *("isSettledInRealTime", "amount", "documents", "acknowledged", "attendingDoctorContact", "dischargeOn", "reason"),
)
PATHS = {field: ("input", field) for field in FIELDS} | {"COVERED": ("input", "findings", "isCovered")}
PASSED, REFUSED, WARNED, UNKNOWN = Status.PASSED, Status.REFUSED, Status.WARNED, Status.UNKNOWN


def stay(operation: str = "advanceRequest", **changes: Any) -> Facts:
    """A stay that every check lets through; a test changes what it is about."""
    of_facts = {name: changes.pop(name) for name in ("papers", "acknowledged", "hospital", "now") if name in changes}
    known = Advancing(cause="DISEASE", admitted_on=on("2026-03-01"), cost_type="INPATIENT_TREATMENT", **changes)
    asked = facts(operation=operation, product="VAS", service="ADVANCE_PAYMENT", visit=None, advance=known, paths=PATHS)
    return replace(asked, **of_facts)


def status(check: Any, given: Rule, found: Facts) -> Status:
    return check(given, found).status


@pytest.mark.parametrize(
    ("parameters", "cost", "expected"),
    [
        ({"costTypes": ["INPATIENT_TREATMENT"]}, "INPATIENT_TREATMENT", PASSED),
        ({"costTypes": ["INPATIENT_TREATMENT"]}, "DEPOSIT", REFUSED),
        ({"costTypes": ["INPATIENT_TREATMENT", "DEPOSIT"]}, "DEPOSIT", PASSED),
        ({"costTypes": ["INPATIENT_TREATMENT", "DEPOSIT"]}, "OUTPATIENT", REFUSED),
        ({"excludedCostTypes": ["DEPOSIT"]}, "DEPOSIT", REFUSED),
        ({"excludedCostTypes": ["DEPOSIT"]}, "OUTPATIENT", PASSED),
    ],
)
def test_the_kind_of_cost_is_one_that_the_handbook_advances(
    parameters: dict[str, Any], cost: str, expected: Status
) -> None:
    found = stay()
    assert found.advance is not None
    found = replace(found, advance=replace(found.advance, cost_type=cost))
    assert status(checks.cost_type_covered, rule(**parameters), found) is expected


def test_an_excluded_circumstance_is_told_by_its_field() -> None:
    listed = rule(exclusions=["TRAFFIC_ACCIDENT", "LITIGATION"])
    assert status(checks.no_excluded_circumstance, listed, stay()) is PASSED
    others = stay(circumstances={"THIRD_PARTY_FUNDING": "hasThirdPartyFunding"})
    assert status(checks.no_excluded_circumstance, listed, others) is PASSED
    verdict = checks.no_excluded_circumstance(listed, stay(circumstances={"TRAFFIC_ACCIDENT": "isTrafficAccident"}))
    assert (verdict.status, verdict.input_path) == (REFUSED, ("input", "isTrafficAccident"))


@pytest.mark.parametrize(("now", "expected"), [("2026-03-01 00:00", PASSED), ("2026-02-28 23:59", REFUSED)])
def test_the_insured_is_in_hospital_from_the_day_of_admission(now: str, expected: Status) -> None:
    assert status(checks.admitted_already, rule(), stay(now=at(now))) is expected


@pytest.mark.parametrize(
    ("ownership", "billed", "excused", "expected"),
    [
        ("PUBLIC", False, False, PASSED),
        ("PUBLIC", True, False, REFUSED),
        ("PUBLIC", True, True, WARNED),
        ("PUBLIC", None, False, UNKNOWN),
        ("PRIVATE", False, False, REFUSED),
        ("PRIVATE", None, True, REFUSED),
    ],
)
def test_direct_billing_goes_first(ownership: str, billed: bool | None, excused: bool, expected: Status) -> None:
    found = stay(is_billed_directly=billed, is_excused=excused, hospital=hospital(ownership=ownership))
    assert status(checks.advance_hospital_fits, rule(ownership="PUBLIC", directBilling=False), found) is expected


@pytest.mark.parametrize(
    ("listed", "outcome", "accepted", "expected"),
    [
        (True, None, None, PASSED),
        (False, None, None, REFUSED),
        (None, None, None, UNKNOWN),
        (None, "APPROVED", True, PASSED),
        (None, "APPROVED", False, REFUSED),
        (None, "APPROVED", None, REFUSED),
        (None, "REFUSED", False, WARNED),
        (None, "REFUSED", None, UNKNOWN),
        (False, "REFUSED", None, WARNED),
    ],
)
def test_a_list_that_is_not_loaded_refuses_nobody_and_the_review_says_it(
    listed: bool | None, outcome: str | None, accepted: bool | None, expected: Status
) -> None:
    found = stay(is_in_network=listed, outcome=outcome, findings={"HOSPITAL_ACCEPTED": accepted})
    assert status(checks.in_advance_network, rule(), found) is expected


def test_originals_must_be_handed_over() -> None:
    assert status(checks.originals_handed_over, rule(), stay()) is PASSED
    assert status(checks.originals_handed_over, rule(), stay(can_hand_over_originals=False)) is REFUSED


@pytest.mark.parametrize(
    ("settles", "originals", "expected"),
    [
        (True, True, PASSED),
        (None, True, PASSED),
        (False, True, UNKNOWN),
        (True, False, UNKNOWN),
        (None, False, UNKNOWN),
        (False, False, REFUSED),
    ],
)
def test_only_both_together_rule_an_advance_out(settles: bool | None, originals: bool, expected: Status) -> None:
    found = stay(settles_in_real_time=settles, can_hand_over_originals=originals)
    assert status(checks.social_insurance_settles, rule(), found) is expected


@pytest.mark.parametrize(
    ("ends_on", "now", "expected"),
    [
        (None, "2026-03-20 10:00", PASSED),
        ("2026-03-20", "2026-03-20 23:59", PASSED),
        ("2026-03-20", "2026-03-21 00:00", REFUSED),
    ],
)
def test_the_day_of_discharge_belongs_to_the_stay(ends_on: str | None, now: str, expected: Status) -> None:
    found = stay("advanceTopUp", discharge_on=ends_on and on(ends_on), now=at(now))
    assert status(checks.stay_open, rule(), found) is expected


@pytest.mark.parametrize(
    ("operator", "total", "limit", "expected"),
    [
        ("LT", "49999.99", "50000.00", PASSED),
        ("LT", "50000.00", "50000.00", REFUSED),
        ("LTE", "50000.00", "50000.00", PASSED),
        ("LTE", "50000.01", "50000.00", REFUSED),
        ("LT", "1.00", None, UNKNOWN),
        ("LT", None, "1.00", PASSED),
    ],
)
def test_the_agreed_limit_is_undercut_and_the_authorized_one_may_be_reached(
    operator: str, total: str | None, limit: str | None, expected: Status
) -> None:
    amounts = {"total": total and Decimal(total), "agreed_limit": limit and Decimal(limit)}
    assert status(checks.stay_below_agreed_limit, rule(operator=operator), stay(**amounts)) is expected
    amounts["authorized_limit"] = amounts.pop("agreed_limit")
    assert status(checks.within_authorized_limit, rule(operator=operator), stay(**amounts)) is expected


@pytest.mark.parametrize(("paid", "expected"), [("0.00", PASSED), ("0.01", REFUSED)])
def test_after_a_cent_nothing_is_called_off(paid: str, expected: Status) -> None:
    assert status(checks.nothing_paid_yet, rule(), stay("advanceCancel", paid=Decimal(paid))) is expected


@pytest.mark.parametrize(
    ("adjudicated", "expected", "owed"),
    [("100.00", PASSED, "0.00"), ("100.01", PASSED, "0.00"), ("99.99", WARNED, "0.01"), (None, UNKNOWN, None)],
)
def test_only_what_is_above_the_claim_is_owed(adjudicated: str | None, expected: Status, owed: str | None) -> None:
    found = stay("advanceSettle", paid=Decimal("100.00"), adjudicated=adjudicated and Decimal(adjudicated))
    verdict: Verdict = checks.difference_owed(rule(), found)
    assert (verdict.status, verdict.values.get("owed")) == (expected, owed)


@pytest.mark.parametrize(("covered", "expected"), [(True, PASSED), (False, WARNED)])
def test_what_is_not_covered_comes_back_in_full(covered: bool, expected: Status) -> None:
    assert status(checks.returned_when_not_covered, rule(), stay("advanceSettle", is_covered=covered)) is expected


@pytest.mark.parametrize(
    ("operation", "named", "expected"),
    [
        ("advanceRequest", True, PASSED),
        ("advanceRequest", False, UNKNOWN),
        ("advanceSign", False, REFUSED),
        ("advanceSign", True, PASSED),
    ],
)
def test_what_the_client_agrees_to_is_needed_when_it_signs(operation: str, named: bool, expected: Status) -> None:
    found = stay(operation, acknowledged=frozenset([rule().code] if named else []))
    assert status(checks.client_agreed, rule(), found) is expected


def papers(*kinds: str) -> tuple[Paper, ...]:
    return tuple(Paper(kind, None) for kind in kinds)


@pytest.mark.parametrize(
    ("operation", "outcome", "given", "cause", "expected"),
    [
        ("advanceDocumentsSubmit", None, ("A", "C"), "DISEASE", PASSED),
        ("advanceDocumentsSubmit", None, ("A", "B"), "DISEASE", PASSED),
        ("advanceDocumentsSubmit", None, ("A",), "DISEASE", WARNED),
        ("advanceDocumentsSubmit", None, ("A", "B"), "ACCIDENT", WARNED),
        ("advanceReview", "APPROVED", ("A",), "DISEASE", REFUSED),
        ("advanceReview", "REFUSED", ("A",), "DISEASE", WARNED),
        ("advanceClaimFile", None, ("A",), "DISEASE", REFUSED),
        ("advanceReview", "APPROVED", ("A", "B", "E"), "ACCIDENT", PASSED),
    ],
)
def test_papers_may_come_bit_by_bit_and_are_all_there_in_the_end(
    operation: str, outcome: str | None, given: tuple[str, ...], cause: str, expected: Status
) -> None:
    listed = rule(documents=["A", "B|C"], accidentDocuments=["E"])
    found = stay(operation, outcome=outcome, papers=papers(*given))
    assert found.advance is not None
    found = replace(found, advance=replace(found.advance, cause=cause))
    assert status(checks.papers_complete, listed, found) is expected


@pytest.mark.parametrize(("given", "expected"), [((), WARNED), (("X",), PASSED)])
def test_an_open_list_asks_for_some_paper(given: tuple[str, ...], expected: Status) -> None:
    found = stay("advanceDocumentsSubmit", papers=papers(*given))
    assert status(checks.papers_complete, rule(minDocuments=1), found) is expected


@pytest.mark.parametrize(
    ("majeure", "contact", "expected"), [(False, False, PASSED), (True, True, PASSED), (True, False, REFUSED)]
)
def test_the_doctor_can_be_reached_where_nobody_can_come(majeure: bool, contact: bool, expected: Status) -> None:
    found = stay("advanceDocumentsSubmit", is_force_majeure=majeure, has_doctor_contact=contact)
    assert status(checks.doctor_contact_given, rule(), found) is expected


@pytest.mark.parametrize(
    ("operation", "given", "signed", "expected"),
    [
        ("advanceSign", ("M",), False, PASSED),
        ("advanceSign", (), False, REFUSED),
        ("advancePay", (), True, PASSED),
        ("advancePay", ("M",), False, REFUSED),
    ],
)
def test_nothing_is_paid_unsigned(operation: str, given: tuple[str, ...], signed: bool, expected: Status) -> None:
    found = stay(operation, papers=papers(*given), is_signed=signed)
    assert status(checks.mandate_signed, rule(signedDocuments=["M"]), found) is expected


@pytest.mark.parametrize(("confirmed", "expected"), [(True, PASSED), (False, REFUSED)])
def test_the_case_is_confirmed_before_it_is_reviewed(confirmed: bool, expected: Status) -> None:
    assert status(checks.case_confirmed, rule(), stay("advanceReview", is_confirmed=confirmed)) is expected


@pytest.mark.parametrize(
    ("outcome", "found", "expected"),
    [
        (None, None, UNKNOWN),
        ("APPROVED", True, PASSED),
        ("APPROVED", False, REFUSED),
        ("APPROVED", None, REFUSED),
        ("REFUSED", False, WARNED),
        ("REFUSED", None, UNKNOWN),
        ("INVESTIGATE", None, UNKNOWN),
    ],
)
def test_a_yes_says_what_was_looked_at(outcome: str | None, found: bool | None, expected: Status) -> None:
    given = stay("advanceReview", outcome=outcome, findings={"COVERED": found})
    assert status(checks.found_in_review, rule(finding="COVERED"), given) is expected


@pytest.mark.parametrize(
    ("outcome", "reason", "expected"),
    [("REFUSED", None, REFUSED), ("REFUSED", "x", PASSED), ("APPROVED", None, PASSED)],
)
def test_a_no_says_why(outcome: str, reason: str | None, expected: Status) -> None:
    found = stay("advanceReview", outcome=outcome, reason=reason)
    assert status(checks.refusal_explained, rule(), found) is expected


@pytest.mark.parametrize(
    ("outcome", "approvals", "expected"),
    [
        ("APPROVED", {"VENDOR": "v"}, PASSED),
        ("APPROVED", {"VENDOR": "s"}, REFUSED),
        ("APPROVED", {}, REFUSED),
        ("REFUSED", {}, PASSED),
    ],
)
def test_two_people_say_yes(outcome: str, approvals: dict[str, str], expected: Status) -> None:
    found = stay("advanceAuthorize", outcome=outcome, approvals=approvals, reviewer="s")
    assert status(checks.reviewed_by_another, rule(), found) is expected


@pytest.mark.parametrize(
    ("reviewers", "expected"), [(["VENDOR"], PASSED), (["INSURER"], REFUSED), (["VENDOR", "INSURER"], REFUSED)]
)
def test_all_whose_word_is_needed_have_given_it(reviewers: list[str], expected: Status) -> None:
    found = stay("advancePay", approvals={"VENDOR": "v"})
    assert status(checks.payment_cleared, rule(reviewers=reviewers), found) is expected


@pytest.mark.parametrize(
    ("now", "excused", "expected"),
    [
        ("2026-03-19 23:59", False, PASSED),
        ("2026-03-20 00:00", False, REFUSED),
        ("2026-03-20 00:00", True, WARNED),
    ],
)
def test_the_discharge_is_told_a_calendar_day_ahead(now: str, excused: bool, expected: Status) -> None:
    found = stay("advanceDischargeNotify", discharge_on=on("2026-03-20"), is_excused=excused, now=at(now))
    assert status(checks.told_before_discharge, rule(minLeadDays=1), found) is expected


def test_without_a_day_nobody_can_tell() -> None:
    assert status(checks.told_before_discharge, rule(minLeadDays=1), stay("advanceDischargeNotify")) is UNKNOWN
