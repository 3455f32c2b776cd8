from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.authorizations import Item
from gateway.validation.facts.direct_claims import DirectClaim
from gateway.validation.rule import Rule
from gateway.validation.rules import direct_billing, direct_claims
from gateway.validation.verdict import Status

from .builders import billing, cover, hospital, rule, visit, visit_facts

FIELDS = ("cardNumber", "shownIdType", "documents", "booking", "preAuth", "lines", "papers", "confirmations")
STAY = Item("INPATIENT", "住院", Decimal(800), Decimal(800))
VISIT = Item("OTHER", "诊查", Decimal(30), Decimal(30))
LIST = rule(categories=["INPATIENT"], basis="UNIT_PRICE")
PRICED = rule(pricedCategories=["EXAMINATION"], basis="UNIT_PRICE", threshold="5000", operator="GTE")


def direct(**changes: Any) -> DirectClaim:
    known: dict[str, Any] = {
        "liability": "OUTPATIENT_INPATIENT",
        "amount": Decimal(300),
        "items": (VISIT,),
        "shown_id_type": "PASSPORT",
        "applied_id_type": "PASSPORT",
        "lists": (LIST,),
    }
    return DirectClaim(**known | changes)


def claim_facts(*, ownership: str = "PUBLIC", visit_type: str = "OUTPATIENT", **changes: Any) -> Facts:
    return visit_facts(
        operation="directClaimCreate",
        hospital=hospital(ownership=ownership),
        billing=billing(visit_type=visit_type),
        direct=direct(**changes),
        paths={name: ("input", name) for name in FIELDS},
    )


# Card and identity


@pytest.mark.parametrize(
    ("status", "is_own", "expected"),
    [
        ("ACTIVE", True, Status.PASSED),
        ("ACTIVE", False, Status.REFUSED),
        ("GREYED", True, Status.REFUSED),
        ("NOT_BOUND", True, Status.REFUSED),
        ("EXPIRED", True, Status.REFUSED),
    ],
)
def test_the_card_is_the_insureds_own_and_active(status: str, is_own: bool, expected: Status) -> None:
    found = claim_facts(card_status=status, is_own_card=is_own)
    assert direct_claims.card_active(rule(cardStatus="ACTIVE"), found).status is expected


def test_a_rule_of_other_care_does_not_ask_for_the_card() -> None:
    found = claim_facts(card_status="GREYED")
    assert direct_claims.card_active(rule(cardStatus="ACTIVE", liabilities=["VACCINE"]), found).status is Status.PASSED


@pytest.mark.parametrize(
    ("shown", "applied", "expected"),
    [
        ("PASSPORT", "PASSPORT", Status.PASSED),
        ("ID_CARD", "PASSPORT", Status.REFUSED),
        (None, "PASSPORT", Status.REFUSED),
        ("BIRTH_CERTIFICATE", "BIRTH_CERTIFICATE", Status.UNKNOWN),
    ],
)
def test_a_photo_paper_of_the_kind_in_the_application(shown: str | None, applied: str, expected: Status) -> None:
    terms = rule(idTypes=["ID_CARD", "PASSPORT"], idTypeMatchesPolicy=True)
    found = claim_facts(shown_id_type=shown, applied_id_type=applied)
    assert direct_claims.identity_shown(terms, found).status is expected


def test_any_paper_serves_where_none_is_named() -> None:
    assert direct_claims.identity_shown(rule(), claim_facts(shown_id_type="ID_CARD")).status is Status.PASSED


# Papers


@pytest.mark.parametrize(
    ("amount", "papers", "expected"),
    [
        ("9999.99", set(), Status.PASSED),
        ("10000.00", set(), Status.REFUSED),
        ("10000.00", {"PHOTO_ID_COPY"}, Status.PASSED),
    ],
)
def test_some_papers_are_needed_from_an_amount_on(amount: str, papers: set[str], expected: Status) -> None:
    terms = rule(threshold="10000.00", operator="GTE", documents=["PHOTO_ID_COPY"])
    found = claim_facts(amount=Decimal(amount), papers=frozenset(papers))
    assert direct_claims.direct_papers_given(terms, found).status is expected


def test_a_form_is_needed_for_the_care_that_has_one() -> None:
    terms = rule(documents=["FORM"], liabilities=["OUTPATIENT_INPATIENT"])
    assert direct_claims.direct_papers_given(terms, claim_facts()).status is Status.REFUSED
    assert direct_claims.direct_papers_given(terms, claim_facts(liability="VACCINE")).status is Status.PASSED


# Bookings

BOOKED = rule(ownership="PUBLIC", visitTypes=["OUTPATIENT"])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CONFIRMED", Status.PASSED),
        ("IN_SERVICE", Status.PASSED),
        ("COMPLETED", Status.PASSED),
        ("REQUESTED", Status.REFUSED),
        ("CANCELLED_FREE", Status.REFUSED),
        (None, Status.REFUSED),
    ],
)
def test_a_public_visit_was_confirmed(status: str | None, expected: Status) -> None:
    found = claim_facts(booking_status=status, booked_on=visit("2026-03-10 09:00").on)
    assert direct_claims.public_visit_booked(BOOKED, found).status is expected


def test_a_booking_of_another_day_is_none() -> None:
    found = claim_facts(booking_status="CONFIRMED", booked_on=visit("2026-03-11 09:00").on)
    assert direct_claims.public_visit_booked(BOOKED, found).status is Status.REFUSED


@pytest.mark.parametrize("changes", [{"ownership": "PRIVATE"}, {"visit_type": "INPATIENT"}])
def test_other_visits_need_no_booking(changes: dict[str, str]) -> None:
    assert direct_claims.public_visit_booked(BOOKED, claim_facts(**changes)).status is Status.PASSED


# Authorization


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [("GRANTED", Status.PASSED), ("EMERGENCY", Status.WARNED), (None, Status.REFUSED)],
)
def test_what_is_listed_needs_authorization(authorization: str | None, expected: Status) -> None:
    found = claim_facts(items=(STAY,), authorization=authorization)
    assert direct_claims.authorized_where_listed(rule(), found).status is expected


def test_what_is_on_no_list_needs_none() -> None:
    assert direct_claims.authorized_where_listed(rule(), claim_facts()).status is Status.PASSED


def test_without_a_price_people_judge() -> None:
    found = claim_facts(items=(Item("EXAMINATION", "核磁"),), lists=(PRICED,))
    assert direct_claims.authorized_where_listed(rule(), found).status is Status.UNKNOWN


# Vaccines


@pytest.mark.parametrize(
    ("vaccines", "expected"),
    [
        ((("流感", True, False),), Status.PASSED),
        ((("流感", False, False),), Status.REFUSED),
        ((("流感", True, True),), Status.REFUSED),
        ((("流感", True, None),), Status.UNKNOWN),
        ((("甲", True, None), ("乙", False, False)), Status.REFUSED),
        ((), Status.UNKNOWN),
    ],
)
def test_vaccines_are_approved_and_not_experimental(vaccines: Any, expected: Status) -> None:
    terms = rule(isApproved=True, isExperimental=False)
    assert direct_claims.vaccine_licensed(terms, claim_facts(vaccines=vaccines)).status is expected


# Signatures


@pytest.mark.parametrize(
    ("signed", "confirmed", "expected", "path"),
    [
        ({"FORM", "RECEIPT"}, {"INVOICE"}, Status.PASSED, ()),
        ({"FORM"}, {"INVOICE"}, Status.REFUSED, ("input", "papers")),
        ({"FORM", "RECEIPT"}, set(), Status.REFUSED, ("input", "confirmations")),
    ],
)
def test_all_is_signed_and_gone_through(
    signed: set[str], confirmed: set[str], expected: Status, path: tuple[str, ...]
) -> None:
    terms = rule(signatures=["FORM", "RECEIPT"], confirmations=["INVOICE"])
    found = claim_facts(signatures=frozenset(signed), confirmations=frozenset(confirmed))
    verdict = direct_claims.direct_papers_signed(terms, found)
    assert (verdict.status, verdict.input_path) == (expected, path)


# Time and network


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", Status.REFUSED),
        ("2026-01-01", Status.PASSED),
        ("2026-12-31", Status.PASSED),
        ("2027-01-01", Status.REFUSED),
    ],
)
def test_the_visit_lies_within_the_cover(day: str, expected: Status) -> None:
    found = visit_facts(cover=cover(), visit=visit(f"{day} 12:00"))
    assert direct_claims.visited_within_cover(rule(), found).status is expected


@pytest.mark.parametrize(("kinds", "expected"), [(set(), Status.PASSED), ({"DIRECT_BILLING"}, Status.REFUSED)])
def test_only_a_decision_closes_direct_billing(kinds: set[str], expected: Status) -> None:
    found = visit_facts(billing=billing(restrictions=frozenset({"BOOKING"} | kinds)))
    assert direct_billing.direct_billing_open(rule(), found).status is expected


CHECKS: list[Any] = [
    direct_claims.card_active,
    direct_claims.identity_shown,
    direct_claims.direct_papers_given,
    direct_claims.public_visit_booked,
    direct_claims.authorized_where_listed,
    direct_claims.vaccine_licensed,
    direct_claims.direct_papers_signed,
    direct_claims.visited_within_cover,
    direct_billing.direct_billing_open,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_judged_before_it_is_known(check: Any) -> None:
    asked: Rule = rule(cardStatus="ACTIVE", documents=["X"], signatures=["BILL"], ownership="PUBLIC", visitTypes=[])
    assert check(asked, visit_facts(visit=None, billing=None, direct=None)).status is Status.UNKNOWN
