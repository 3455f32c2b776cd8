"""成长优享 2026, direct billing and its bills, clause by clause."""

from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.support import bills, preauths, visits
from tests.support.client import Gateway
from tests.support.direct_claims import LINE, ON_THE_DAY, Visit, authorize, begin, grey, send
from tests.support.escorts import NOW, add_paper, at, change, refused, verdict_of, warned

STAY = {"kind": "INPATIENT", "lines": [LINE | {"category": "INPATIENT", "name": "床位费"}]}
SHOT = LINE | {"category": "INJECTION_OR_DRUG", "name": "流感疫苗", "isApprovedVaccine": True, "isExperimental": False}
AT_CLINIC = {"hospital": visits.CLINIC, "kind": "VACCINE", "lines": [SHOT], "documents": []}
CHECK = {"hospital": visits.CLINIC, "kind": "HEALTH_CHECK", "documents": []}


@pytest.fixture
def visit(gateway: Gateway) -> Visit:
    return begin(gateway)


def test_a_good_claim_is_refused_by_nothing(visit: Visit) -> None:
    answer = visit.tried()
    assert (refused(answer), warned(answer)) == (set(), set())


def test_card_17_an_active_card_is_shown(gateway: Gateway) -> None:
    assert refused(begin(gateway, card_state="ISSUED").tried()) == {"CY26-CARD-17"}


def test_bill_03_a_greyed_card_opens_no_direct_billing(gateway: Gateway, visit: Visit) -> None:
    grey(gateway, visit.number)
    assert refused(visit.tried()) == {"CY26-BILL-03", "CY26-CARD-17"}


@pytest.mark.parametrize(
    ("day", "is_refused"), [("2026-01-30", True), ("2026-01-31", False)], ids=["the last day of waiting", "after it"]
)
def test_bkg_01_the_visit_comes_after_the_waiting_period(visit: Visit, day: str, is_refused: bool) -> None:
    assert ("CY26-BKG-01" in refused(visit.tried(visitedOn=day))) == is_refused


@pytest.mark.parametrize(("day", "is_refused"), [("2026-12-31", False), ("2027-01-01", True)])
def test_bkg_01_the_visit_lies_within_the_policy(visit: Visit, day: str, is_refused: bool) -> None:
    answer = visit.tried(f"{day}T12:00:00+08:00", visitedOn=day)
    assert ("CY26-BKG-01" in refused(answer)) == is_refused


def test_bkg_01_and_net_01_the_hospital_is_in_the_network(visit: Visit) -> None:
    assert "CY26-NET-01" in refused(visit.tried(hospital="DEMO-SZA-003"))


def test_net_03_dental_care_needs_its_rider(gateway: Gateway) -> None:
    dental = {"hospital": "DEMO-SU-004", "kind": "DENTAL", "documents": []}
    assert refused(begin(gateway).tried(**dental)) == set()
    assert refused(begin(gateway, riders=[]).tried(**dental)) == {"CY26-NET-03"}


def test_dbc_01_a_public_hospital_needs_the_mark(visit: Visit) -> None:
    assert refused(visit.tried(hospital=visits.PUBLIC_PLAIN)) == {"CY26-DBC-01"}


def test_bkg_05_the_form_is_handed_in(visit: Visit) -> None:
    answer = visit.tried(documents=[])
    assert refused(answer) == {"CY26-BKG-05"}
    assert verdict_of(answer, "CY26-BKG-05")["inputPath"] == ["input", "documents"]


@pytest.mark.parametrize("shown", [None, "ID_CARD"], ids=["nothing", "another kind"])
def test_bkg_14_the_paper_of_the_application_is_shown(visit: Visit, shown: str | None) -> None:
    assert refused(visit.tried(shownIdType=shown)) == {"CY26-BKG-14"}


def test_bkg_14_a_paper_that_may_have_no_photo_is_for_people(gateway: Gateway, visit: Visit) -> None:
    change(
        gateway,
        "update policy_members set id_type = 'BIRTH_CERTIFICATE' where policy_id = $1 and role = 'INSURED'",
        policy_id(visit.number),
    )
    answer = visit.tried(shownIdType="BIRTH_CERTIFICATE")
    assert (refused(answer), verdict_of(answer, "CY26-BKG-14")["status"]) == (set(), "UNKNOWN")


@pytest.mark.parametrize(("amount", "is_refused"), [("9999.99", False), ("10000.00", True), ("10000.01", True)])
def test_bill_04_from_ten_thousand_on_a_copy_of_the_identity_paper(visit: Visit, amount: str, is_refused: bool) -> None:
    lines = [LINE | {"category": "OTHER", "amount": amount}]
    assert refused(visit.tried(lines=lines)) == ({"CY26-BILL-04"} if is_refused else set())
    copy = add_paper(visit.gateway, visit.number, "PHOTO_ID_COPY", None)
    assert refused(visit.tried(lines=lines, documents=[visit.form, copy])) == set()


def test_bkg_13_direct_billing_that_the_insurer_has_closed(gateway: Gateway, visit: Visit) -> None:
    change(
        gateway,
        """
        insert into visit_restrictions (policy_id, id, insured_id, kind, reason, imposed_by, imposed_at)
        select policy_id, gen_random_uuid(), id, 'DIRECT_BILLING', 'x', 'staff:x', now() from policy_members
        where policy_id = $1 and role = 'INSURED'
        """,
        policy_id(visit.number),
    )
    assert refused(visit.tried()) == {"CY26-BKG-13"}


# Authorization


def test_pa_02_a_stay_without_authorization_is_not_billed(visit: Visit) -> None:
    answer = visit.tried(**STAY)
    assert refused(answer) == {"CY26-PA-02"}


def test_pa_02_with_authorization_it_is(visit: Visit) -> None:
    assert refused(visit.tried(**STAY, preAuth=authorize(visit))) == set()


def test_pa_02_a_request_is_not_enough(visit: Visit) -> None:
    client = visit.gateway.customer(visit.number).at(NOW)
    asked = preauths.send(client, "preAuthSubmit", preauths.request(visit.number))["preAuth"]["id"]
    assert refused(visit.tried(**STAY, preAuth=asked)) == {"CY26-PA-02"}


LISTED: list[tuple[dict[str, Any], bool]] = [
    ({"category": "EXAMINATION", "amount": "4999.99"}, False),
    ({"category": "EXAMINATION", "amount": "5000.00"}, True),
    ({"category": "EXAMINATION", "amount": "5000.01"}, True),
    ({"category": "INJECTION_OR_DRUG", "amount": "2999.99"}, False),
    ({"category": "INJECTION_OR_DRUG", "amount": "3000.00"}, False),
    ({"category": "INJECTION_OR_DRUG", "amount": "3000.01"}, True),
    ({"category": "OTHER", "amount": "29999.99"}, False),
    ({"category": "OTHER", "amount": "30000.00"}, False),
    ({"category": "OTHER", "amount": "30000.01"}, True),
]


@pytest.mark.parametrize(
    ("line", "is_listed"), LISTED, ids=[f"{line['category']}-{line['amount']}" for line, _ in LISTED]
)
def test_pa_02_what_is_listed_needs_authorization_to_be_billed(
    visit: Visit, line: dict[str, Any], is_listed: bool
) -> None:
    copy = add_paper(visit.gateway, visit.number, "PHOTO_ID_COPY", None)
    answer = visit.tried(lines=[LINE | line], documents=[visit.form, copy])
    assert refused(answer) == ({"CY26-PA-02"} if is_listed else set())


@pytest.mark.parametrize(
    ("told_at", "is_refused"),
    [("2026-03-28 19:59:59", False), ("2026-03-28 20:00", False), ("2026-03-28 20:00:01", True)],
)
def test_pa_02_and_pa_06_an_emergency_told_in_time_is_decided_afterwards(
    visit: Visit, told_at: str, is_refused: bool
) -> None:
    notice = preauths.emergency(visit.number, emergencyAt=at("2026-03-26 20:00"))
    client = visit.gateway.customer(visit.number).at(at(told_at))
    asked = preauths.send(client, "preAuthEmergencyNotify", notice)["preAuth"]["id"]
    answer = visit.tried(at("2026-03-31 12:00"), **STAY, preAuth=asked, isEmergency=True)
    if is_refused:
        assert refused(answer) == {"CY26-PA-02"}
    else:
        assert (refused(answer), warned(answer)) == (set(), {"CY26-PA-02"})
        assert answer["claim"]["isPreAuthMissing"]


# Vaccine, dental and eye care, health checks


def test_vac_06_the_card_and_a_paper_are_shown(visit: Visit) -> None:
    assert refused(visit.tried(**AT_CLINIC)) == set()
    assert refused(visit.tried(**AT_CLINIC, shownIdType=None)) == {"CY26-BKG-14", "CY26-VAC-06"}


def test_vac_07_a_vaccination_is_billed_at_a_private_clinic(visit: Visit) -> None:
    assert "CY26-VAC-07" in refused(visit.tried(**AT_CLINIC | {"hospital": visits.PUBLIC}))


@pytest.mark.parametrize(
    ("is_approved", "is_experimental", "status"),
    [(True, False, "PASSED"), (False, False, "REFUSED"), (True, True, "REFUSED"), (True, None, "UNKNOWN")],
)
def test_vac_04_the_vaccine_is_approved_and_not_experimental(
    visit: Visit, is_approved: bool, is_experimental: bool | None, status: str
) -> None:
    line = SHOT | {"isApprovedVaccine": is_approved, "isExperimental": is_experimental}
    answer = visit.tried(**AT_CLINIC | {"lines": [line]})
    assert verdict_of(answer, "CY26-VAC-04")["status"] == status


def test_vac_08_only_the_bill_is_signed(visit: Visit) -> None:
    clinic = visit.at_hospital(visits.CLINIC)
    claim = send(clinic, "directClaimCreate", visit.request(**AT_CLINIC))["claim"]["id"]
    unsigned = send(clinic, "directClaimSign", {"claim": claim, "papers": ["FORM", "RECEIPT"]})
    assert refused(unsigned) == {"CY26-VAC-08"}
    signed = send(clinic, "directClaimSign", {"claim": claim, "papers": ["BILL"]})["claim"]
    assert signed["status"] == "SUBMITTED"


def test_vac_10_a_walk_in_binds_the_series_to_its_brand(visit: Visit) -> None:
    clinic = visit.at_hospital(visits.CLINIC)
    assert send(clinic, "directClaimCreate", visit.request(**AT_CLINIC))["refusals"] == []
    assert refused(visit.tried(**AT_CLINIC | {"hospital": visits.OTHER_BRAND})) == {"CY26-VAC-10"}
    assert refused(visit.tried(**AT_CLINIC | {"hospital": visits.SAME_BRAND})) == set()


def test_vac_01_eight_health_checks(visit: Visit) -> None:
    clinic = visit.at_hospital(visits.CLINIC)
    for _ in range(8):
        claim = send(clinic, "directClaimCreate", visit.request(**CHECK))["claim"]["id"]
        assert send(clinic, "directClaimSign", {"claim": claim, "papers": ["BILL"]})["refusals"] == []
    assert refused(visit.tried(**CHECK)) == {"CY26-VAC-01"}


def test_vac_01_they_come_with_the_vaccine_rider(gateway: Gateway) -> None:
    assert refused(begin(gateway, riders=["EYE"]).tried(**CHECK)) == {"CY26-VAC-01"}


# The signature and the bill


@pytest.mark.parametrize(
    "changes",
    [{"papers": ["FORM"]}, {"papers": ["RECEIPT"]}, {"confirmations": ["INVOICE"]}, {"confirmations": []}],
    ids=["no receipt", "no form", "no record", "nothing gone through"],
)
def test_bkg_06_form_and_receipt_are_signed_and_all_is_gone_through(visit: Visit, changes: dict[str, Any]) -> None:
    claim = visit.create()["id"]
    assert refused(visit.sign(claim, **changes)) == {"CY26-BKG-06"}
    assert visit.sign(claim)["claim"]["status"] == "SUBMITTED"


def test_bill_01_the_clients_part_goes_to_the_hospital(gateway: Gateway) -> None:
    billed = bills.begin(gateway, "CY26")
    assert billed.row()["due_on"] is None
    assert refused(billed.send("customer", "billPay")) == {"CY26-BILL-01"}
    assert refused(billed.send("adjuster", "billPay", reference="R-1")) == set()


def test_the_claim_stands_on_the_day_of_the_visit(visit: Visit) -> None:
    claim = visit.create()
    assert claim["visits"][0]["visitedOn"] == ON_THE_DAY[:10]
