import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.visits import Membership
from gateway.validation.rules import direct_billing
from gateway.validation.verdict import Status

from .builders import at, billing, hospital, on, rule, transfer, visit_facts

CY23 = rule()
CY26 = rule(byLiability=True)
OUTPATIENT, VACCINE = "OUTPATIENT_INPATIENT", "VACCINE"


# Networks


def network(*memberships: Membership, lists: tuple[str, ...] = (OUTPATIENT, VACCINE)) -> Facts:
    return visit_facts(billing=billing(memberships=memberships, lists=frozenset(lists)))


def test_a_hospital_of_the_network_passes() -> None:
    assert direct_billing.in_plan_network(CY26, network(Membership(OUTPATIENT))).status is Status.PASSED


def test_a_hospital_outside_the_network_is_refused() -> None:
    verdict = direct_billing.in_plan_network(CY26, network())
    assert (verdict.status, verdict.input_path) == (Status.REFUSED, ("input", "hospital"))


def test_each_liability_has_a_network_of_its_own_where_the_handbook_says_so() -> None:
    found = network(Membership(VACCINE))
    assert direct_billing.in_plan_network(CY26, found).status is Status.REFUSED
    assert direct_billing.in_plan_network(CY23, found).status is Status.PASSED
    assert direct_billing.in_plan_network(rule(byLiability=True, liability=VACCINE), found).status is Status.PASSED


@pytest.mark.parametrize(("parameters", "lists"), [({"byLiability": True}, (VACCINE,)), ({}, ())])
def test_nobody_is_refused_on_a_list_that_is_not_loaded(parameters: dict[str, bool], lists: tuple[str, ...]) -> None:
    verdict = direct_billing.in_plan_network(rule(**parameters), network(lists=lists))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "hospital"))


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "status"),
    [
        ("2026-03-02", "2026-03-11", Status.PASSED),
        (None, "2026-03-10", Status.REFUSED),
        ("2026-03-03", None, Status.REFUSED),
    ],
    ids=["on both days", "gone on the day of the visit", "not yet today"],
)
def test_membership_counts_today_and_on_the_day_of_the_visit(
    valid_from: str | None, valid_to: str | None, status: Status
) -> None:
    member = Membership(OUTPATIENT, valid_from and on(valid_from), valid_to and on(valid_to))
    verdict = direct_billing.in_plan_network(CY26, network(member))
    assert verdict.status is status
    assert verdict.passes_from == (at("2026-03-03 00:00") if valid_from == "2026-03-03" else None)


def test_the_check_before_going_is_about_private_hospitals() -> None:
    outside = network()
    assert direct_billing.in_plan_network(rule(ownership="PRIVATE"), outside).status is Status.PASSED


def test_a_network_is_not_judged_without_a_hospital() -> None:
    assert direct_billing.in_plan_network(CY26, visit_facts(hospital=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("ownership", "is_marked", "status"),
    [("PUBLIC", True, Status.PASSED), ("PUBLIC", False, Status.REFUSED), ("PRIVATE", False, Status.PASSED)],
)
def test_a_public_hospital_needs_the_mark(ownership: str, is_marked: bool, status: Status) -> None:
    found = visit_facts(hospital=hospital(ownership=ownership), billing=billing(is_direct_billing=is_marked))
    assert direct_billing.billed_directly(rule(), found).status is status


def test_the_mark_is_not_judged_without_a_hospital() -> None:
    assert direct_billing.billed_directly(rule(), visit_facts(hospital=None)).status is Status.UNKNOWN


@pytest.mark.parametrize(("ownership", "status"), [("PRIVATE", Status.PASSED), ("PUBLIC", Status.REFUSED)])
def test_vaccinations_are_booked_at_private_institutions(ownership: str, status: Status) -> None:
    found = visit_facts(hospital=hospital(ownership=ownership))
    assert direct_billing.ownership_fits(rule(ownership="PRIVATE"), found).status is status


def test_ownership_is_not_judged_without_a_hospital() -> None:
    assert direct_billing.ownership_fits(rule(ownership="PRIVATE"), visit_facts(hospital=None)).status is Status.UNKNOWN


# Riders


@pytest.mark.parametrize(
    ("parameters", "liability", "riders", "status"),
    [
        ({"rider": "VACCINE"}, VACCINE, {"VACCINE"}, Status.PASSED),
        ({"rider": "VACCINE"}, VACCINE, {"EYE"}, Status.REFUSED),
        ({"liabilities": ["VACCINE", "EYE", "DENTAL"]}, "EYE", {"EYE"}, Status.PASSED),
        ({"liabilities": ["VACCINE", "EYE", "DENTAL"]}, "DENTAL", {"EYE"}, Status.REFUSED),
        ({"liabilities": ["VACCINE", "EYE", "DENTAL"]}, OUTPATIENT, set(), Status.PASSED),
    ],
    ids=["held", "another one", "of the liability", "not of the liability", "needs none"],
)
def test_optional_care_needs_its_rider(
    parameters: dict[str, object], liability: str, riders: set[str], status: Status
) -> None:
    found = visit_facts(billing=billing(liability=liability, riders=frozenset(riders)))
    verdict = direct_billing.rider_held(rule(**parameters), found)
    assert verdict.status is status
    assert verdict.input_path == (("input", "policyNumber") if status is Status.REFUSED else ())


def test_a_rider_is_not_judged_without_a_policy() -> None:
    assert direct_billing.rider_held(rule(rider="VACCINE"), visit_facts(billing=None)).status is Status.UNKNOWN


# Brands


LOCKS = rule(liabilities=["VACCINE"])


@pytest.mark.parametrize(
    ("liability", "locked", "brand", "status"),
    [
        (VACCINE, None, "小鹿", Status.PASSED),
        (VACCINE, "禾苗", "禾苗", Status.PASSED),
        (VACCINE, "禾苗", "小鹿", Status.REFUSED),
        (VACCINE, "禾苗", None, Status.UNKNOWN),
        ("DENTAL", "禾苗", "小鹿", Status.PASSED),
    ],
    ids=["free", "same", "other", "of no brand", "care that is not bound"],
)
def test_a_series_stays_with_its_brand(liability: str, locked: str | None, brand: str | None, status: Status) -> None:
    found = visit_facts(billing=billing(liability=liability, locked_brand=locked, brand=brand))
    assert direct_billing.same_brand(LOCKS, found).status is status


def test_what_is_not_billed_directly_has_no_brand() -> None:
    assert direct_billing.same_brand(LOCKS, visit_facts(billing=None)).status is Status.PASSED


@pytest.mark.parametrize(
    ("closed_on", "status", "passes_from"),
    [
        ("2026-03-02", Status.PASSED, None),
        ("2026-03-03", Status.REFUSED, "2026-03-03 00:00"),
        (None, Status.REFUSED, None),
    ],
    ids=["today", "tomorrow", "not closing"],
)
def test_a_series_moves_once_its_brand_has_closed(
    closed_on: str | None, status: Status, passes_from: str | None
) -> None:
    found = visit_facts(
        operation="vaccineBrandTransferRequest", transfer=transfer(closed_on=closed_on and on(closed_on))
    )
    verdict = direct_billing.brand_closed(rule(), found)
    assert verdict.status is status
    assert verdict.passes_from == (at(passes_from) if passes_from else None)


def test_a_transfer_is_rejected_whether_the_brand_has_closed_or_not() -> None:
    found = visit_facts(
        operation="vaccineBrandTransferDecide", transfer=transfer(closed_on=None, is_approving=False, designated=None)
    )
    assert direct_billing.brand_closed(rule(), found).status is Status.PASSED
    assert direct_billing.brand_designated(rule(), found).status is Status.PASSED


def test_a_transfer_that_is_not_known_is_not_judged() -> None:
    assert direct_billing.brand_closed(rule(), visit_facts()).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("designated", "closed_on", "status"),
    [
        ("小鹿", None, Status.PASSED),
        ("小鹿", "2026-03-03", Status.PASSED),
        ("小鹿", "2026-03-02", Status.REFUSED),
        ("禾苗", None, Status.REFUSED),
        (None, None, Status.REFUSED),
    ],
    ids=["open", "open until tomorrow", "closed", "the same", "none"],
)
def test_an_approval_names_another_open_brand(designated: str | None, closed_on: str | None, status: Status) -> None:
    found = visit_facts(
        operation="vaccineBrandTransferDecide",
        transfer=transfer(designated=designated, designated_closed_on=closed_on and on(closed_on)),
    )
    verdict = direct_billing.brand_designated(rule(), found)
    assert verdict.status is status
    assert verdict.input_path == (("input", "brand") if status is Status.REFUSED else ())
