"""Rules that the API seldom lets say both: what they are asked there is mostly settled before they are."""

from decimal import Decimal

import pytest

from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.cases import Step
from gateway.validation.facts.claims import ClaimedVisit, Reimbursement
from gateway.validation.facts.direct_claims import DirectClaim
from gateway.validation.facts.illnesses import Illness
from gateway.validation.verdict import Status
from tests.rules.boundaries import Boundary, shown
from tests.rules.builders import billing, on, patient
from tests.support.rulebook import asked

ALLOWED, OUT_OF_TURN = Step("x", "x", frozenset({"y"})), Step("x", "x", frozenset())


def stepped(rule: str) -> Boundary:
    return shown(rule, "step_allowed", "step", ALLOWED, OUT_OF_TURN)


def insured(rule: str) -> Boundary:
    return shown(rule, "patient_is_insured", "patient", patient(), patient(is_insured=False))


def known(rule: str) -> Boundary:
    return shown(rule, "verified_by_policy_number", "is_policy_number_known", True, False)


def served_by(rule: str, vendor: str) -> Boundary:
    return shown(rule, "handled_by_own_vendor", "acting_vendor", vendor, "ANOTHER", vendor=vendor)


def visited(is_billed_directly: bool) -> Reimbursement:
    visit = ClaimedVisit("x", "PUBLIC", on("2026-03-02"), Decimal(1), is_billed_directly=is_billed_directly)
    return Reimbursement("PUBLIC_OUTPATIENT", "ONLINE", (visit,))


def by_telephone(*papers: str) -> Reimbursement:
    return Reimbursement("PUBLIC_OUTPATIENT", "HOTLINE", papers=frozenset(papers))


def ordered(is_self_ordered: bool) -> Reimbursement:
    return Reimbursement("PUBLIC_OUTPATIENT", "ONLINE", is_self_ordered_test=is_self_ordered)


def carded(status: str) -> DirectClaim:
    return DirectClaim("VACCINE", Decimal(1), card_status=status)


def stay(is_signed: bool) -> Advancing:
    return Advancing("DISEASE", on("2026-03-01"), "INPATIENT_TREATMENT", is_signed=is_signed)


CASES = [
    *(stepped(rule) for rule in ("CY23-PA-01", "ZAWX-ADV-06", "ZAWX-ADV-18")),
    *(insured(rule) for rule in ("CY23-CARD-16", "CY23-SVC-03", "CY23-SVC-04")),
    *(insured(rule) for rule in ("CY26-FD-06", "CY26-FD-08", "CY26-SVC-02", "CY26-TEST-01")),
    *(known(rule) for rule in ("VAS-ADV-12", "ZAWX-CON-09", "ZYB-CON-03", "ZYB-ESC-02")),
    served_by("ZYB-GEN-02", "HUANQIU"),
    served_by("ZAWX-GEN-02", "QITAI"),
    served_by("CY26-TEST-11", "JDHEALTH"),
    shown("CY23-OPD-02", "not_billed_directly", "claim", visited(False), visited(True)),
    shown("CY26-CARD-10", "visit_type_bookable", "billing", billing(), billing(visit_type="EMERGENCY")),
    shown("CY26-CLM-03", "papers_given", "claim", by_telephone("BANK_ACCOUNT"), by_telephone()),
    shown("CY26-TEST-03", "not_self_ordered", "claim", ordered(False), ordered(True)),
    shown("VAS-TBL-13", "record_consented", "has_vendor_consent", True, False),
    shown("ZAWX-ADV-12", "mandate_signed", "advance", stay(is_signed=True), stay(is_signed=False)),
    shown(
        *("CY26-FD-10", "contacted_as_printed", "form", {"channel": "PHONE"}, {"channel": "EMAIL"}),
        failing=Status.WARNED,
    ),
    shown("CY26-VAC-06", "card_active", "direct", carded("ACTIVE"), carded("GREYED")),
    shown(
        *("ZAWX-SOP-22", "critical_illness_listed", "illness"),
        *(Illness("x", on("2026-03-02"), is_listed=listed) for listed in (True, False)),
    ),
    shown(
        *("ZAWX-SOP-24", "own_reasons_spend_use", "form", {"cause": "VENDOR"}, {"cause": "CLIENT"}),
        failing=Status.WARNED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.check}")
def test_a_rule_says_yes_and_no(case: Boundary) -> None:
    sides = [asked(case.rule, case.check, side).status for side in (case.passes, case.fails)]
    assert sides == [case.passing, case.failing]
