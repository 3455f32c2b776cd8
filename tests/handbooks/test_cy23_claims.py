"""The CY23 handbook on claims after the visit, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.claims import (
    CHILD,
    PRIVATE,
    PUBLIC,
    Case,
    begin,
    checklist,
    policy,
    request,
    required,
    rows_of,
    send,
    stay,
    visit,
)
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, change, person, refused, row_counts, verdict_of, warned

PRESCRIPTION = {"kind": "INTERNET_PRESCRIPTION", "isFollowUp": True}
OUTSIDE = "DEMO-SH-007"
"""A private clinic outside the network of the plan."""


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway, "CY23", plan="PLUS")


@pytest.fixture(scope="module")
def client(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number).at(NOW)


def tried(gateway: Gateway, number: str, **changes: Any) -> dict[str, Any]:
    client = gateway.customer(number).at(NOW)
    return send(client, "claimSubmit", request(gateway, number, "CY23", **changes), dry_run=True)


# What can be claimed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_emergency", [False, True])
def test_card_18_opd_02_and_clm_01_private_hospitals_are_not_paid_back(
    gateway: Gateway, number: str, *, is_emergency: bool
) -> None:
    """This handbook leaves no room for emergencies there."""
    made = tried(gateway, number, visits=[visit(hospital=PRIVATE)], isEmergency=is_emergency)
    assert refused(made) == {"CY23-CARD-18", "CY23-OPD-02", "CY23-CLM-01"}
    assert made["refusals"][0]["inputPath"] == ["input", "visits", "0", "hospital"]


def test_clm_01_public_hospitals_are(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number)
    assert (made["refusals"], made["claim"]["status"]) == ([], "SUBMITTED")


def test_clm_01_the_handbook_knows_no_vaccines(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, kind="VACCINE")) == {"CY23-CLM-01"}


# Papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "kind"),
    [
        ("CY23-CLM-02", "CLAIM_FORM"),
        ("CY23-CLM-03", "MEDICAL_RECORDS"),
        ("CY23-CLM-04", "IDENTITY_DOCUMENT"),
        ("CY23-CLM-04", "E_CARD"),
        ("CY23-CLM-06", "ITEMIZED_BILL"),
        ("CY23-CLM-06", "INVOICE"),
    ],
)
def test_clm_02_to_06_each_paper_is_asked_for(gateway: Gateway, number: str, clause: str, kind: str) -> None:
    made = tried(gateway, number, without=[kind])
    assert refused(made) == {clause}
    assert kind in made["refusals"][0]["message"]


@pytest.mark.parametrize("field", ["bankName", "number"])
def test_clm_05_card_number_and_opening_bank(gateway: Gateway, number: str, field: str) -> None:
    account = {"bankName": "演示银行", "number": "6222020200112233445", field: None}
    made = tried(gateway, number, bankAccount=account)
    assert refused(made) == {"CY23-CLM-05"}


def test_clm_06_an_original_serves_once(gateway: Gateway) -> None:
    number, visits = policy(gateway, "CY23"), [visit()]
    begin(gateway, "CY23", number=number, visits=visits)
    assert refused(tried(gateway, number, visits=visits)) == {"CY23-CLM-06"}


def test_clm_07_who_was_discharged_brings_the_summary(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, kind="PUBLIC_INPATIENT")) == {"CY23-CLM-07"}
    assert refused(tried(gateway, number, **stay())) == set()


@pytest.mark.parametrize("missing", ["BIRTH_CERTIFICATE", "GUARDIAN_ID_FRONT", "GUARDIAN_ID_BACK"])
def test_clm_08_a_minor_brings_three_more_papers(gateway: Gateway, missing: str) -> None:
    number = policy(gateway, "CY23", insured=[person(**CHILD)])
    three = {"BIRTH_CERTIFICATE", "GUARDIAN_ID_FRONT", "GUARDIAN_ID_BACK"}
    assert refused(tried(gateway, number, more=three)) == set()
    assert refused(tried(gateway, number, more=three - {missing})) == {"CY23-CLM-08"}


# Stays ----------------------------------------------------------------------------------------------------------


def test_clm_09_originals_of_every_stay_go_by_courier(gateway: Gateway, client: Client, number: str) -> None:
    small = [{"hospital": PUBLIC, "visitedOn": "2026-03-02", "amount": "1.00"}]
    assert checklist(client, number, kind="PUBLIC_INPATIENT", visits=small)["channel"] == "MAIL_ORIGINALS"
    made = tried(gateway, number, **stay(visits=[visit(amount="1.00")]))
    assert made["claim"]["status"] == "AWAITING_ORIGINALS"
    assert "CY23-CLM-09" in warned(made)


def test_clm_09_no_sum_sends_an_outpatient_claim_by_mail(client: Client, number: str) -> None:
    large = [{"hospital": PUBLIC, "visitedOn": "2026-03-02", "amount": "99999.00"}]
    found = checklist(client, number, visits=large)
    assert (found["channel"], "PHOTO_ID_COPY" in required(found)) == ("ONLINE", False)


def test_clm_09_a_stay_is_not_settled_online_alone(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, **stay(channel="ONLINE"))) == {"CY23-CLM-09"}


def test_clm_09_the_parcel_needs_its_number_and_takes_the_rest_from_the_policy(gateway: Gateway) -> None:
    case = begin(gateway, "CY23", **stay())
    answer = case.send_raw("customer", "claimShipmentRegister")
    assert answer.error["extensions"]["inputPath"] == ["input", "trackingNumber"]
    found = case.send("customer", "claimShipmentRegister", trackingNumber="SF9")["claim"]
    assert found["shipments"][0]["contactPhone"] == "****8000"


def test_clm_10_a_stay_is_settled_ten_working_days_after_originals_and_papers(gateway: Gateway) -> None:
    case = begin(gateway, "CY23", **stay())
    assert clocks(case, NOW) == []
    received = "2026-03-10T09:00:00+08:00"
    case.send("vendor", "claimOriginalsReceive", received)
    (clock,) = clocks(case, received)
    assert (clock["rule"]["code"], clock["startedAt"], clock["dueAt"]) == (
        "CY23-CLM-10",
        "2026-03-10T01:00:00Z",
        "2026-03-24T16:00:00Z",
    )
    case.decide(now="2026-03-25T00:00:01+08:00")
    assert clocks(case, "2026-03-25T00:00:01+08:00")[0]["status"] == "MISSED"


def test_clm_10_outpatient_claims_have_no_deadline(gateway: Gateway) -> None:
    assert clocks(begin(gateway, "CY23"), NOW) == []


# Prescriptions of internet hospitals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_follow_up", "expected"), [(True, set[str]()), (False, {"CY23-RX-01"}), (None, {"CY23-RX-01"})]
)
def test_rx_01_follow_ups_only(gateway: Gateway, number: str, is_follow_up: bool | None, expected: set[str]) -> None:
    made = tried(gateway, number, kind="INTERNET_PRESCRIPTION", isFollowUp=is_follow_up)
    assert refused(made) == expected


def test_rx_02_the_private_network_is_paid_back_by_this_way_alone(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, visits=[visit(hospital=PRIVATE)], **PRESCRIPTION)
    assert made["refusals"] == []
    assert verdict_of(made, "CY23-RX-02")["status"] == "PASSED"


def test_rx_02_a_hospital_nobody_knows_to_be_licensed_is_for_people(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    given = request(gateway, number, "CY23", visits=[visit(hospital=OUTSIDE)], **PRESCRIPTION)
    made = send(gateway.customer(number).at(NOW), "claimSubmit", given)
    assert (made["refusals"], verdict_of(made, "CY23-RX-02")["status"]) == ([], "UNKNOWN")
    assert "claim.review_needed" in {row["topic"] for row in rows_of(gateway, "outbox_messages", number)}


def test_rx_02_a_licensed_one_passes(gateway: Gateway, number: str) -> None:
    change(gateway, "update hospitals set items = '{互联网医院}' where code = $1", "DEMO-SH-006")
    made = tried(gateway, number, visits=[visit(hospital="DEMO-SH-006")], **PRESCRIPTION)
    assert verdict_of(made, "CY23-RX-02")["status"] == "PASSED"


@pytest.mark.parametrize(
    ("channel", "expected"), [("ONLINE", set[str]()), ("EMAIL", set[str]()), ("MAIL_ORIGINALS", {"CY23-RX-03"})]
)
def test_rx_03_online_or_by_e_mail(gateway: Gateway, number: str, channel: str, expected: set[str]) -> None:
    given = request(gateway, number, "CY23", channel=channel, **PRESCRIPTION)
    made = send(gateway.staff("adjuster").at(NOW), "claimSubmit", given, dry_run=True)
    assert refused(made) == expected


# After the decision ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("excluded", "is_told"), [("0.00", False), ("0.01", True)])
def test_pay_05_staff_tell_the_client_what_is_left_to_pay(gateway: Gateway, excluded: str, *, is_told: bool) -> None:
    case = begin(gateway, "CY23")
    case.decide(excluded=excluded)
    topics = {row["topic"] for row in rows_of(gateway, "outbox_messages", case.number)}
    assert ("claim.own_part" in topics) is is_told


def test_the_handbook_is_silent_on_appeals_and_they_are_taken_all_the_same(gateway: Gateway) -> None:
    case = begin(gateway, "CY23")
    before = row_counts(gateway)
    assert "errors" in case.send_raw("customer", "appealSubmit", grounds="too slow").body
    assert row_counts(gateway) == before
    case.decide(excluded="1.00")
    assert case.send("customer", "appealSubmit", grounds="it was needed")["appeal"]["status"] == "FILED"


def clocks(case: Case, now: str) -> list[dict[str, Any]]:
    shown = "slaClocks { rule { code } startedAt dueAt status }"
    asked = "query Q($id: ID!) { node(id: $id) { ... on Claim { " + shown + " } } }"
    return case.who("customer", now).ask(asked, id=case.id).data["node"]["slaClocks"]
