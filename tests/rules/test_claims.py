"""Claims after the visit: what can be claimed, by which way, with which papers, and what a decision comes to."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.adjudication import Cut, OutOfBalance, Sums, settle, total
from gateway.validation.facts import Facts
from gateway.validation.facts.claims import ClaimedVisit, Copy, Parcel, Reimbursement
from gateway.validation.reimbursement import day_sums, papers_needed
from gateway.validation.rule import Rule
from gateway.validation.rules import claims
from gateway.validation.verdict import Status

from .builders import facts, on, rule

PATHS = {name: ("input", name) for name in ("kind", "channel", "visits", "bankAccount", "documents", "isFollowUp")} | {
    name: ("input", name) for name in ("isPrepaid", "trackingNumber", "claim", "isSelfOrderedTest")
}
KINDS = ["PUBLIC_OUTPATIENT", "PUBLIC_INPATIENT", "VACCINE"]
DAY = on("2026-03-02")


def visit(**changes: Any) -> ClaimedVisit:
    return replace(ClaimedVisit("市第一医院", "PUBLIC", DAY, Decimal("860.00")), **changes)


def claim(*visits: ClaimedVisit, **changes: Any) -> Facts:
    seen = visits or (visit(),)
    known = Reimbursement(kind="PUBLIC_OUTPATIENT", channel="ONLINE", visits=seen, day_sums=day_sums(seen, {}), age=30)
    return facts(operation="claimSubmit", claim=replace(known, **changes), paths=PATHS, visit=None)


def of(amount: str) -> Facts:
    return claim(visit(amount=Decimal(amount)))


# What can be claimed


@pytest.mark.parametrize(
    ("kind", "status"), [("VACCINE", Status.PASSED), ("INTERNET_PRESCRIPTION", Status.REFUSED)], ids=str
)
def test_a_handbook_knows_some_kinds_of_claims(kind: str, status: Status) -> None:
    assert claims.kind_claimable(rule(claimKinds=KINDS), claim(kind=kind)).status is status


@pytest.mark.parametrize(
    ("terms", "changes", "status"),
    [
        ({}, {}, Status.REFUSED),
        ({}, {"is_emergency": True}, Status.REFUSED),
        ({"emergency": "MANUAL_REVIEW"}, {"is_emergency": True}, Status.WARNED),
        ({"emergency": "MANUAL_REVIEW"}, {}, Status.REFUSED),
        ({"exceptClaimKinds": ["INTERNET_PRESCRIPTION"]}, {"kind": "INTERNET_PRESCRIPTION"}, Status.PASSED),
        ({"exceptClaimKinds": ["INTERNET_PRESCRIPTION"]}, {}, Status.REFUSED),
    ],
    ids=["private", "an emergency", "left to people", "no emergency", "a kind of its own", "another kind"],
)
def test_private_hospitals_are_not_paid_back(terms: dict[str, Any], changes: dict[str, Any], status: Status) -> None:
    seen = claim(visit(), visit(ownership="PRIVATE"), **changes)
    found = claims.public_hospital(rule(**terms), seen)
    assert found.status is status
    assert found.input_path == (() if status is Status.PASSED else ("input", "visits", "1", "hospital"))


def test_public_hospitals_are() -> None:
    assert claims.public_hospital(rule(), claim()).status is Status.PASSED


@pytest.mark.parametrize(("billed", "status"), [(False, Status.PASSED), (True, Status.REFUSED)])
def test_what_was_billed_directly_is_not_claimed_again(*, billed: bool, status: Status) -> None:
    assert claims.not_billed_directly(rule(), claim(visit(is_billed_directly=billed))).status is status


@pytest.mark.parametrize(("theirs", "status"), [(False, Status.PASSED), (True, Status.REFUSED)])
def test_a_test_of_ones_own_is_not_paid_back(*, theirs: bool, status: Status) -> None:
    assert claims.not_self_ordered(rule(), claim(is_self_ordered_test=theirs)).status is status


@pytest.mark.parametrize(
    ("kind", "is_follow_up", "status"),
    [
        ("INTERNET_PRESCRIPTION", True, Status.PASSED),
        ("INTERNET_PRESCRIPTION", False, Status.REFUSED),
        ("INTERNET_PRESCRIPTION", None, Status.REFUSED),
        ("PUBLIC_OUTPATIENT", None, Status.PASSED),
    ],
)
def test_prescriptions_of_the_internet_are_for_follow_ups(kind: str, is_follow_up: bool | None, status: Status) -> None:
    found = claims.follow_up_only(
        rule(claimKinds=["INTERNET_PRESCRIPTION"]), claim(kind=kind, is_follow_up=is_follow_up)
    )
    assert found.status is status


@pytest.mark.parametrize(("known", "status"), [(True, Status.PASSED), (None, Status.UNKNOWN)])
def test_an_internet_hospital_nobody_knows_is_for_people(known: bool | None, status: Status) -> None:
    seen = claim(visit(is_internet_hospital=known), kind="INTERNET_PRESCRIPTION")
    found = claims.internet_hospital_qualified(rule(claimKinds=["INTERNET_PRESCRIPTION"]), seen)
    assert found.status is status


@pytest.mark.parametrize(
    ("channel", "status"),
    [("ONLINE", Status.PASSED), ("EMAIL", Status.PASSED), ("MAIL_ORIGINALS", Status.REFUSED)],
)
def test_a_kind_may_have_channels_of_its_own(channel: str, status: Status) -> None:
    terms = rule(claimKinds=["INTERNET_PRESCRIPTION"], channels=["ONLINE", "EMAIL"])
    assert claims.channel_open(terms, claim(kind="INTERNET_PRESCRIPTION", channel=channel)).status is status


@pytest.mark.parametrize(("channel", "status"), [("MAIL_ORIGINALS", Status.PASSED), ("EMAIL", Status.REFUSED)])
def test_a_handbook_may_name_all_its_channels(channel: str, status: Status) -> None:
    terms = rule(channels=["ONLINE"], allChannels=["ONLINE", "MAIL_ORIGINALS"])
    assert claims.channel_open(terms, claim(channel=channel)).status is status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("GENERAL", Status.PASSED),
        ("SPECIAL", Status.REFUSED),
        ("INTERNATIONAL", Status.REFUSED),
        (None, Status.REFUSED),
    ],
)
def test_vaccines_are_paid_back_from_general_departments(given: str | None, status: Status) -> None:
    found = claims.general_department(rule(departmentClasses=["GENERAL"]), claim(visit(department_class=given)))
    assert found.status is status


# Which way


@pytest.mark.parametrize(
    ("amount", "channel", "status"),
    [
        ("10000.00", "ONLINE", Status.PASSED),
        ("10000.01", "ONLINE", Status.REFUSED),
        ("10000.01", "HOTLINE", Status.REFUSED),
        ("10000.01", "MAIL_ORIGINALS", Status.PASSED),
    ],
)
def test_the_limit_of_the_online_way_is_included(amount: str, channel: str, status: Status) -> None:
    seen = claim(visit(amount=Decimal(amount)), channel=channel)
    terms = rule(threshold="10000.00", operator="LTE", channels=["ONLINE", "HOTLINE"])
    assert claims.within_online_limit(terms, seen).status is status


@pytest.mark.parametrize(
    ("days", "elsewhere", "status"),
    [
        (("2026-03-02", "2026-03-02"), "0.00", Status.REFUSED),
        (("2026-03-02", "2026-03-03"), "0.00", Status.PASSED),
        (("2026-03-02",), "4000.00", Status.PASSED),
        (("2026-03-02",), "4000.01", Status.REFUSED),
    ],
    ids=["one day", "two days", "another claim", "another claim, a cent more"],
)
def test_visits_of_one_day_are_one_sum(days: tuple[str, ...], elsewhere: str, status: Status) -> None:
    visits = [visit(visited_on=on(day), amount=Decimal("6000.00")) for day in days]
    seen = claim(*visits, day_sums=day_sums(visits, {DAY: Decimal(elsewhere)}))
    terms = rule(threshold="10000.00", operator="LTE", channels=["ONLINE"])
    assert claims.within_online_limit(terms, seen).status is status


BY_SUM = {"threshold": "10000.00", "operator": "GT"}
BY_KIND = {"claimKinds": ["PUBLIC_INPATIENT"]}


@pytest.mark.parametrize(
    ("terms", "changes", "amount", "status"),
    [
        (BY_SUM, {}, "10000.00", Status.PASSED),
        (BY_SUM, {"channel": "MAIL_ORIGINALS"}, "10000.01", Status.WARNED),
        (BY_SUM, {}, "10000.01", Status.REFUSED),
        (BY_KIND, {}, "99999.00", Status.PASSED),
        (BY_KIND, {"kind": "PUBLIC_INPATIENT", "channel": "MAIL_ORIGINALS"}, "1.00", Status.WARNED),
        (BY_KIND, {"kind": "PUBLIC_INPATIENT"}, "1.00", Status.REFUSED),
    ],
)
def test_originals_go_by_mail(terms: dict[str, Any], changes: dict[str, Any], amount: str, status: Status) -> None:
    found = claims.originals_posted(rule(**terms), claim(visit(amount=Decimal(amount)), **changes))
    assert found.status is status


@pytest.mark.parametrize(
    ("marked", "channel", "status"),
    [
        (True, "ONLINE", Status.PASSED),
        (False, "ONLINE", Status.REFUSED),
        (False, "MAIL_ORIGINALS", Status.PASSED),
    ],
)
def test_an_invoice_is_marked_before_it_is_claimed_online(*, marked: bool, channel: str, status: Status) -> None:
    seen = claim(visit(is_invoice_marked=marked), channel=channel)
    assert claims.invoice_marked(rule(marking="x", channels=["ONLINE"]), seen).status is status


def test_an_invoice_serves_once() -> None:
    assert claims.invoice_free(rule(), claim()).status is Status.PASSED
    found = claims.invoice_free(rule(), claim(taken_invoices=("F-1",)))
    assert (found.status, found.values) == (Status.REFUSED, {"invoices": "F-1"})


# Papers


MINOR = {
    "documents": ["BIRTH_CERTIFICATE"],
    "alternativeDocuments": ["HOUSEHOLD_REGISTER", "RELATIONSHIP_PROOF"],
    "when": "MINOR",
    "minorBelowAge": 18,
}


@pytest.mark.parametrize(
    ("terms", "changes", "missing"),
    [
        ({"documents": ["A", "B"]}, {"papers": frozenset("A")}, "B"),
        ({"documents": ["A"], "madeOnline": ["A"]}, {}, ""),
        ({"documents": ["A"], "madeOnline": ["A"]}, {"channel": "HOTLINE"}, "A"),
        ({"documents": ["A"], "when": "DISCHARGED"}, {}, ""),
        ({"documents": ["A"], "when": "DISCHARGED"}, {"kind": "PUBLIC_INPATIENT"}, "A"),
        ({"documents": ["A"], "when": "THIRD_PARTY_SETTLED"}, {}, ""),
        ({"documents": ["A"], "when": "THIRD_PARTY_SETTLED"}, {"is_third_party_settled": True}, "A"),
        ({"documentsWhen": {"OUTPATIENT": ["A"], "INPATIENT": ["B"], "SURGERY": ["C"]}}, {}, "A"),
        ({"documentsWhen": {"OUTPATIENT": ["A"], "SURGERY": ["C"]}}, {"has_surgery": True}, "A, C"),
        ({"documentsWhen": {"OUTPATIENT": ["A"], "INPATIENT": ["B"]}}, {"kind": "PUBLIC_INPATIENT"}, "B"),
        (MINOR, {"age": 18}, ""),
        (MINOR, {"age": 17}, "BIRTH_CERTIFICATE"),
        (MINOR, {"age": 17, "papers": frozenset({"BIRTH_CERTIFICATE"})}, ""),
        (MINOR, {"age": 17, "papers": frozenset({"HOUSEHOLD_REGISTER"})}, "BIRTH_CERTIFICATE"),
        (MINOR, {"age": 17, "papers": frozenset({"HOUSEHOLD_REGISTER", "RELATIONSHIP_PROOF"})}, ""),
    ],
)
def test_a_rule_asks_for_the_papers_of_the_case(terms: dict[str, Any], changes: dict[str, Any], missing: str) -> None:
    found = claims.papers_given(rule(**terms), claim(**{"is_recorded": False, **changes}))
    assert found.values == {"papers": missing}
    assert found.status is (Status.REFUSED if missing else Status.PASSED)


@pytest.mark.parametrize(("amount", "is_asked"), [("9999.99", False), ("10000.00", True)])
def test_a_paper_may_be_asked_for_from_a_sum_on(amount: str, *, is_asked: bool) -> None:
    terms = rule(documents=["PHOTO_ID_COPY"], when="AMOUNT", threshold="10000.00", operator="GTE")
    seen = of(amount).claim
    assert seen is not None
    assert bool(papers_needed(terms, seen)) is is_asked


def test_the_sum_of_a_paper_is_that_of_the_whole_claim() -> None:
    visits = [visit(visited_on=on(f"2026-03-0{day}"), amount=Decimal("5000.00")) for day in (2, 3)]
    terms = rule(documents=["PHOTO_ID_COPY"], when="AMOUNT", threshold="10000.00", operator="GTE")
    assert claims.papers_given(terms, claim(*visits)).status is Status.REFUSED


@pytest.mark.parametrize("later", ["is_recorded", "is_filed"])
def test_papers_may_follow_what_staff_wrote_down_or_what_was_filed(later: str) -> None:
    found = claims.papers_given(rule(documents=["A"]), claim(**{later: True}))
    assert found.status is Status.WARNED


def test_the_account_is_named_whole() -> None:
    assert claims.account_given(rule(), claim()).status is Status.PASSED
    found = claims.account_given(rule(), claim(missing_account=("number",)))
    assert (found.status, found.input_path) == (Status.REFUSED, ("input", "bankAccount", "number"))


# Parcels and appeals


def parcel(**changes: Any) -> Facts:
    return facts(operation="claimShipmentRegister", parcel=replace(Parcel(is_prepaid=True), **changes), paths=PATHS)


@pytest.mark.parametrize(("prepaid", "status"), [(True, Status.PASSED), (False, Status.REFUSED)])
def test_a_parcel_is_paid_by_its_sender(*, prepaid: bool, status: Status) -> None:
    assert claims.parcel_prepaid(rule(), parcel(is_prepaid=prepaid)).status is status


def test_a_parcel_says_whose_papers_are_in_it() -> None:
    assert claims.parcel_told(rule(), parcel()).status is Status.PASSED
    found = claims.parcel_told(rule(), parcel(missing=("trackingNumber", "phone")))
    assert (found.status, found.values) == (Status.REFUSED, {"missing": "trackingNumber, phone"})


@pytest.mark.parametrize(
    ("decided", "status"), [(True, Status.PASSED), (False, Status.REFUSED), (None, Status.UNKNOWN)]
)
def test_an_appeal_needs_a_decision(decided: bool | None, status: Status) -> None:
    assert claims.decided_before_appeal(rule(), facts(is_decided=decided)).status is status


@pytest.mark.parametrize(("missing", "status"), [(False, Status.PASSED), (True, Status.WARNED)])
def test_authorization_that_is_missing_is_for_people(*, missing: bool, status: Status) -> None:
    assert claims.authorization_found(rule(), claim(is_preauth_missing=missing)).status is status


@pytest.mark.parametrize(("overpaid", "status"), [("0.00", Status.PASSED), ("0.01", Status.WARNED)])
def test_what_is_asked_back_is_told(overpaid: str, status: Status) -> None:
    assert claims.nothing_overpaid(rule(), facts(overpaid=Decimal(overpaid))).status is status


@pytest.mark.parametrize(
    "check",
    [
        claims.kind_claimable,
        claims.public_hospital,
        claims.not_billed_directly,
        claims.follow_up_only,
        claims.internet_hospital_qualified,
        claims.channel_open,
        claims.general_department,
        claims.account_given,
        claims.papers_given,
        claims.within_online_limit,
        claims.originals_posted,
        claims.invoice_marked,
        claims.parcel_prepaid,
        claims.parcel_told,
    ],
    ids=lambda check: check.__name__,
)
def test_a_question_without_a_claim_is_open(check: Any) -> None:
    terms: Rule = rule(claimKinds=[], channels=[], departmentClasses=[], threshold="1", operator="GT", marking="x")
    assert check(terms, facts(claim=None, parcel=None)).status is Status.UNKNOWN


# Decisions


def sums(asked: str, **cut: Any) -> Sums:
    return settle(Decimal(asked), Cut(**{name: Decimal(value) for name, value in cut.items()}))


@pytest.mark.parametrize(
    ("asked", "cut", "paid", "outcome"),
    [
        ("100.00", {}, "100.00", "APPROVED"),
        ("100.00", {"deductible": "100.00"}, "0.00", "APPROVED"),
        ("100.00", {"deductible": "20.00", "copay": "8.00"}, "72.00", "APPROVED"),
        ("100.00", {"excluded": "0.01"}, "99.99", "PARTIALLY_APPROVED"),
        ("100.00", {"excluded": "40.00", "other": "60.00"}, "0.00", "REFUSED"),
        ("100.01", {"copay_percent": "50"}, "50.00", "APPROVED"),
        ("0.01", {"copay_percent": "50"}, "0.00", "APPROVED"),
        ("33.33", {"excluded": "3.33", "deductible": "10.00", "copay_percent": "12.5"}, "17.50", "PARTIALLY_APPROVED"),
    ],
)
def test_a_line_pays_what_is_left(asked: str, cut: dict[str, str], paid: str, outcome: str) -> None:
    found = sums(asked, **cut)
    assert (str(found.paid), found.outcome) == (paid, outcome)
    assert found.asked == found.paid + found.deductible + found.copay + found.excluded + found.other
    assert found.paid <= found.allowed <= found.asked - found.excluded


@pytest.mark.parametrize(
    ("cut", "field"),
    [
        ({"excluded": "100.01"}, "excluded"),
        ({"excluded": "60.00", "other": "40.01"}, "excluded"),
        ({"deductible": "100.01"}, "deductible"),
        ({"copay": "100.01"}, "copay"),
        ({"deductible": "50.00", "copay": "50.01"}, "copay"),
        ({"copay": "1.00", "copay_percent": "1"}, "copay"),
        ({"copay_percent": "100.01"}, "copayPercent"),
        ({"copay_percent": "-1"}, "copayPercent"),
    ],
)
def test_more_than_a_line_is_never_taken_off(cut: dict[str, str], field: str) -> None:
    with pytest.raises(OutOfBalance) as wrong:
        sums("100.00", **cut)
    assert wrong.value.field == field


def test_rounding_happens_once_a_line() -> None:
    """Two lines of half a cent each: rounding their sum would pay another cent."""
    lines = [sums("0.05", copay_percent="10") for _ in range(2)]
    assert [line.copay for line in lines] == [Decimal("0.01")] * 2
    assert total(lines).paid == Decimal("0.08")


def test_a_decision_is_the_sum_of_its_lines() -> None:
    lines = [sums("900.00", copay="90.00"), sums("480.00", excluded="180.00", copay="30.00")]
    found = total(lines)
    assert (found.asked, found.allowed, found.copay, found.excluded, found.paid) == tuple(
        map(Decimal, ("1380.00", "1200.00", "120.00", "180.00", "1080.00"))
    )
    assert found.outcome == "PARTIALLY_APPROVED"


def test_sums_of_days_begin_with_what_is_claimed_elsewhere() -> None:
    visits = [visit(), visit(), visit(visited_on=on("2026-03-03"))]
    elsewhere = {DAY: Decimal("1.00"), dt.date(2026, 1, 1): Decimal("5.00")}
    assert day_sums(visits, elsewhere) == {DAY: Decimal("1721.00"), on("2026-03-03"): Decimal("860.00")}


# Copies


CLEAR = {"channels": ["ONLINE", "HOTLINE"], "minPixels": 800, "minDotsPerInch": 100}


@pytest.mark.parametrize(
    ("copy", "status"),
    [
        (Copy("INVOICE", has_color=True, shorter_side=800), Status.PASSED),
        (Copy("INVOICE", has_color=True, shorter_side=799), Status.WARNED),
        (Copy("INVOICE", has_color=False, shorter_side=2000), Status.WARNED),
        (Copy("INVOICE", has_color=True, dots_per_inch=100), Status.PASSED),
        (Copy("INVOICE", has_color=True, dots_per_inch=99), Status.WARNED),
        (Copy("INVOICE", has_color=True, shorter_side=2000, dots_per_inch=72), Status.PASSED),
        (Copy("INVOICE"), Status.PASSED),
    ],
    ids=["clear", "a pixel less", "gray", "a scan", "a coarse scan", "a photo of a phone", "nothing is known"],
)
def test_copies_that_come_online_are_clear_and_in_color(copy: Copy, status: Status) -> None:
    found = claims.copies_clear(rule(**CLEAR), claim(channel="ONLINE", copies=(copy,)))
    assert found.status is status
    assert found.values["papers"] == ("" if status is Status.PASSED else "INVOICE")


def test_where_originals_come_copies_need_not_be_clear() -> None:
    gray = claim(channel="MAIL_ORIGINALS", copies=(Copy("INVOICE", has_color=False),))
    assert claims.copies_clear(rule(**CLEAR), gray).status is Status.PASSED
