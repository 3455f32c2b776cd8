"""Listed drugs and those who ask for them, with the numbers of ZAWX."""

from typing import Any

import pytest

from gateway.validation.facts.drugs import Applicant, Damage, DrugOrder, Fulfillment
from gateway.validation.rules import applicants, drugs
from gateway.validation.verdict import Status
from tests.rules.builders import at, facts, on, patient, rule

FIELDS = (
    *("address", "applicant", "booking", "cause", "diagnosis", "documents", "drug", "fulfillment", "isInspected"),
    *("isPaid", "isUnavailableInHospital", "pharmacy", "prescription"),
)
WORDS = {"malignantWords": ["恶性", "癌", "carcinoma"], "benignWords": ["良性", "benign"]}
PASSED, REFUSED, WARNED, UNKNOWN = Status.PASSED, Status.REFUSED, Status.WARNED, Status.UNKNOWN


def asked(**changes: Any) -> Any:
    """A request for a drug on 9 March at ten."""
    return facts(
        operation="drugPurchaseRequest",
        product="ZAWX",
        service="ONCOLOGY_DRUG",
        now=at("2026-03-09 10:00"),
        visit=None,
        hospital=None,
        paths={field: ("input", field) for field in FIELDS},
        **changes,
    )


def order(**changes: Any) -> Any:
    known: dict[str, Any] = {"diagnosis": "肺癌", "papers": frozenset({"PRESCRIPTION"}), "number": 7}
    return asked(order=DrugOrder(**known | changes))


# The illness, the paper, the drug


@pytest.mark.parametrize(
    ("diagnosis", "declared", "status"),
    [
        ("肺癌", None, PASSED),
        ("恶性肿瘤", True, PASSED),
        ("CARCINOMA in situ", None, PASSED),
        ("肺癌", False, REFUSED),
        ("良性结节", None, REFUSED),
        ("良性结节", True, UNKNOWN),
        ("肝癌，良性前列腺增生", None, UNKNOWN),
        ("肝癌，良性前列腺增生", True, PASSED),
        ("NSCLC", None, UNKNOWN),
        ("NSCLC", True, PASSED),
        ("NSCLC", False, REFUSED),
    ],
    ids=range(11),
)
def test_a_tumor_is_malignant_by_word_or_declaration(diagnosis: str, declared: bool | None, status: Status) -> None:
    verdict = drugs.tumor_malignant(rule(**WORDS), order(diagnosis=diagnosis, is_malignant=declared))
    assert verdict.status is status
    assert diagnosis not in verdict.values.values()


@pytest.mark.parametrize(("kinds", "status"), [({"PRESCRIPTION"}, PASSED), ({"LAB_REPORT"}, REFUSED), ((), REFUSED)])
def test_the_prescription_is_one(kinds: Any, status: Status) -> None:
    verdict = drugs.prescription_given(rule(documents=["PRESCRIPTION"]), order(papers=frozenset(kinds)))
    assert verdict.status is status


@pytest.mark.parametrize(("said", "status"), [(True, PASSED), (False, REFUSED)])
def test_no_hospital_has_the_drug(said: bool, status: Status) -> None:
    assert drugs.unavailable_in_hospital(rule(), order(is_unavailable_in_hospital=said)).status is status


@pytest.mark.parametrize(("is_of_product", "status"), [(True, PASSED), (False, REFUSED)])
def test_the_drug_is_on_the_products_list(is_of_product: bool, status: Status) -> None:
    assert drugs.drug_listed(rule(), order(is_of_product=is_of_product)).status is status


@pytest.mark.parametrize(
    ("listed", "status", "passes_from"),
    [
        ({}, PASSED, None),
        ({"listed_from": on("2026-03-09")}, PASSED, None),
        ({"listed_from": on("2026-03-10")}, REFUSED, at("2026-03-10 00:00")),
        ({"listed_until": on("2026-03-10")}, PASSED, None),
        ({"listed_until": on("2026-03-09")}, REFUSED, None),
    ],
    ids=["always", "first day", "not yet", "last day", "taken off"],
)
def test_the_list_of_the_day_counts(listed: dict[str, Any], status: Status, passes_from: Any) -> None:
    verdict = drugs.drug_in_force(rule(), order(**listed))
    assert (verdict.status, verdict.passes_from) == (status, passes_from)


@pytest.mark.parametrize(("review", "status"), [("APPROVED", PASSED), ("REJECTED", REFUSED), (None, REFUSED)])
def test_the_review_comes_before_the_voucher(review: str | None, status: Status) -> None:
    assert drugs.prescription_approved(rule(requiredReview="APPROVED"), order(review=review)).status is status


@pytest.mark.parametrize("check", [drugs.tumor_malignant, drugs.drug_in_force], ids=lambda check: check.__name__)
def test_without_an_order_nothing_is_known(check: Any) -> None:
    assert check(rule(**WORDS), asked()).status is UNKNOWN


@pytest.mark.parametrize(
    "check",
    [drugs.prescription_given, drugs.unavailable_in_hospital, drugs.drug_listed, drugs.prescription_approved],
    ids=lambda check: check.__name__,
)
def test_what_must_be_shown_is_refused_where_it_is_not(check: Any) -> None:
    assert check(rule(documents=["PRESCRIPTION"], requiredReview="APPROVED"), asked()).status is REFUSED


# How the client gets it


@pytest.mark.parametrize(
    ("way", "is_placed", "status"),
    [("DELIVERY", True, PASSED), ("DELIVERY", False, REFUSED), ("PICKUP", False, PASSED)],
)
def test_a_delivery_has_an_address(way: str, is_placed: bool, status: Status) -> None:
    wanted = asked(fulfillment=Fulfillment(way, 7, is_placed=is_placed))
    assert drugs.delivery_address_given(rule(), wanted).status is status


@pytest.mark.parametrize(
    ("way", "is_designated", "status"),
    [("PICKUP", True, PASSED), ("PICKUP", False, REFUSED), ("PICKUP", None, UNKNOWN), ("DELIVERY", False, PASSED)],
)
def test_a_pharmacy_is_designated(way: str, is_designated: bool | None, status: Status) -> None:
    wanted = asked(fulfillment=Fulfillment(way, 7, is_pharmacy_designated=is_designated))
    assert drugs.pharmacy_designated(rule(), wanted).status is status


@pytest.mark.parametrize(
    ("way", "number", "status"), [("DELIVERY", 24, WARNED), ("DELIVERY", 25, PASSED), ("PICKUP", 24, PASSED)]
)
def test_what_can_hardly_be_brought_home(way: str, number: int, status: Status) -> None:
    wanted = asked(fulfillment=Fulfillment(way, number))
    assert drugs.home_deliverable(rule(numbers=[24, 101, 102]), wanted).status is status


@pytest.mark.parametrize(
    ("way", "is_inspected", "status"),
    [("DELIVERY", True, PASSED), ("DELIVERY", None, WARNED), ("PICKUP", None, PASSED)],
)
def test_a_delivery_is_looked_at_first(way: str, is_inspected: bool | None, status: Status) -> None:
    wanted = asked(fulfillment=Fulfillment(way, 7), form={"isInspected": is_inspected})
    assert drugs.inspected_before_paying(rule(fulfillment="DELIVERY"), wanted).status is status


# Damage, and the end


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        (Damage("TRANSIT"), PASSED),
        (Damage("TRANSIT", is_paid=True), WARNED),
        (Damage("TRANSIT", is_delivered=True), REFUSED),
        (Damage("TRANSIT", is_paid=True, is_delivered=True), REFUSED),
        (None, PASSED),
    ],
    ids=["before", "after payment", "after delivery", "after both", "none"],
)
def test_damage_is_told_before_payment(damage: Damage | None, status: Status) -> None:
    assert drugs.damage_told_before_payment(rule(), asked(damage=damage)).status is status


@pytest.mark.parametrize(
    ("damage", "status"), [(Damage("CLIENT"), WARNED), (Damage("TRANSIT"), PASSED), (None, PASSED)]
)
def test_what_the_client_damages_counts_as_delivered(damage: Damage | None, status: Status) -> None:
    assert drugs.client_damage_counts_as_delivered(rule(cause="CLIENT"), asked(damage=damage)).status is status


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        (Damage("TRANSIT"), UNKNOWN),
        (Damage("TRANSIT", is_verified=True), PASSED),
        (Damage("TRANSIT", is_verified=False), WARNED),
        (Damage("TRANSIT", is_paid=True), PASSED),
        (Damage("CLIENT"), PASSED),
        (None, PASSED),
    ],
    ids=["told", "found", "not found", "paid", "by the client", "none"],
)
def test_damage_on_the_way_is_looked_into(damage: Damage | None, status: Status) -> None:
    assert drugs.transit_damage_verified(rule(cause="TRANSIT"), asked(damage=damage)).status is status


@pytest.mark.parametrize(("cause", "status"), [("IMPERSONATION", WARNED), ("OTHER", PASSED), (None, PASSED)])
def test_posing_as_the_insured_has_consequences(cause: str | None, status: Status) -> None:
    verdict = drugs.impersonation_ends_service(rule(reason="IMPERSONATION"), asked(ended_for=cause))
    assert verdict.status is status


# Who asks

AGENT = {"applicant": "AGENT", "documents": ["AGENT_ID", "POWER_OF_ATTORNEY"]}
GUARDIAN = {"applicant": "GUARDIAN", "documents": ["MINOR_OR_INCAPACITY_PROOF", "GUARDIANSHIP_PROOF"]}


@pytest.mark.parametrize("parameters", [AGENT, GUARDIAN], ids=["agent", "guardian"])
@pytest.mark.parametrize(("count", "status"), [(0, REFUSED), (1, REFUSED), (2, PASSED)])
def test_who_asks_for_somebody_shows_all_papers(parameters: dict[str, Any], count: int, status: Status) -> None:
    who = Applicant(parameters["applicant"], frozenset(parameters["documents"][:count]))
    verdict = applicants.papers_of_applicant_given(rule(**parameters), asked(applicant=who))
    assert verdict.status is status
    assert verdict.values["missing"] == ", ".join(parameters["documents"][count:])


@pytest.mark.parametrize("who", [Applicant("INSURED"), Applicant("GUARDIAN"), None], ids=["insured", "guardian", "-"])
def test_others_show_no_papers_of_an_agent(who: Applicant | None) -> None:
    assert applicants.papers_of_applicant_given(rule(**AGENT), asked(applicant=who)).status is PASSED


@pytest.mark.parametrize(
    ("who", "born_on", "status", "passes_from"),
    [
        (Applicant("INSURED"), "2008-03-09", PASSED, None),
        (Applicant("INSURED"), "2008-03-10", REFUSED, at("2026-03-10 00:00")),
        (Applicant("AGENT"), "2008-03-10", REFUSED, at("2026-03-10 00:00")),
        (Applicant("GUARDIAN"), "2008-03-10", PASSED, None),
        (Applicant("INSURED", is_insured_incapable=True), "1980-01-01", REFUSED, None),
        (Applicant("GUARDIAN", is_insured_incapable=True), "1980-01-01", PASSED, None),
        (None, "2008-03-10", UNKNOWN, None),
    ],
    ids=["of age today", "tomorrow", "an agent", "the guardian", "incapable", "incapable's guardian", "nobody"],
)
def test_for_a_minor_the_guardian_applies(
    who: Applicant | None, born_on: str, status: Status, passes_from: Any
) -> None:
    found = asked(applicant=who, patient=patient(birth_on=on(born_on)))
    verdict = applicants.guardian_applies(rule(applicant="GUARDIAN", maxAgeExclusive=18), found)
    assert (verdict.status, verdict.passes_from) == (status, passes_from)


def test_without_the_insured_no_age_is_known() -> None:
    found = asked(applicant=Applicant("INSURED"), patient=None)
    assert applicants.guardian_applies(rule(applicant="GUARDIAN", maxAgeExclusive=18), found).status is UNKNOWN
