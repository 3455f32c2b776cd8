"""Direct claims: opened by the hospital, signed by the client; by whom, once, and without a trace when only tried."""

from typing import Any

import pytest

from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.support import bills, claims, preauths, visits
from tests.support.client import Gateway, new_key
from tests.support.direct_claims import DAY, LINE, ON_THE_DAY, Visit, authorize, begin, document, send, send_raw
from tests.support.escorts import NOW, change, look, refused, register, row_counts
from tests.support.races import all_agrees, ask, payload, together

ROUNDS = 6


@pytest.fixture
def visit(gateway: Gateway) -> Visit:
    return begin(gateway, "CY23")


def test_a_claim_has_all_that_was_shown(visit: Visit) -> None:
    lines = [LINE, LINE | {"name": "血常规", "category": "EXAMINATION", "amount": "45.50"}]
    claim = visit.create(lines=lines, invoiceNumber="0001")
    assert (claim["kind"], claim["status"]) == ("DIRECT_OUTPATIENT", "AWAITING_SIGNATURE")
    assert claim["askedAmount"] == {"amount": "345.50"}
    assert [line["name"] for line in claim["lines"]] == ["门诊诊查", "血常规"]
    assert claim["visits"][0]["invoices"] == [{"number": "0001"}]
    (row,) = visit.rows("claims")
    assert ids.encode("book", row["policy_id"], row["booking_id"]) == visit.booking
    assert (row["vendor_code"], row["shown_id_type"], row["hospital_code"]) == ("WINDSTONE", "PASSPORT", visits.PUBLIC)


def afterwards(visit: Visit, on: str, number: str) -> str:
    """What the client claims by itself, for a visit at the same hospital."""
    me = visit.gateway.customer(visit.number).at(ON_THE_DAY)
    day = claims.visit(hospital=visits.PUBLIC, visitedOn=on, amount="300.00", invoiceNumber=number)
    made = claims.send(me, "claimSubmit", claims.request(visit.gateway, visit.number, visits=[day]))
    assert made["refusals"] == []
    return made["claim"]["id"]


def test_a_visit_that_the_client_has_claimed_is_not_billed_directly(gateway: Gateway) -> None:
    visit = begin(gateway)
    claim = afterwards(visit, DAY, "INV-1")
    answer = send_raw(visit.at_hospital(), "directClaimCreate", visit.request())
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "visitedOn"])
    me = gateway.customer(visit.number).at(ON_THE_DAY)
    claims.send(me, "claimWithdraw", {"idempotencyKey": new_key(), "claim": claim})
    assert visit.create()["status"] == "AWAITING_SIGNATURE"


def test_an_invoice_is_one_whatever_its_width_case_and_blanks(gateway: Gateway) -> None:
    visit = begin(gateway)
    afterwards(visit, "2026-03-25", "INV-1")
    answer = send_raw(visit.at_hospital(), "directClaimCreate", visit.request(invoiceNumber=" ｉｎｖ - 1 "))
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "invoiceNumber"])


def test_the_signature_hands_it_to_the_insurer(visit: Visit) -> None:
    signed = visit.sign(visit.create()["id"])["claim"]
    assert [step["status"] for step in signed["timeline"]] == ["AWAITING_SIGNATURE", "SUBMITTED"]
    topics = look(
        visit.gateway,
        "select topic, audience from outbox_messages where policy_id = $1 and topic like 'claim.%' order by id",
        policy_id(visit.number),
    )
    assert [(row["topic"], row["audience"]) for row in topics] == [
        ("claim.to_be_signed", "CUSTOMER"),
        ("claim.signed", "STAFF"),
    ]


def test_the_client_may_sign_in_the_app(visit: Visit) -> None:
    claim = visit.create()["id"]
    client = visit.gateway.customer(visit.number).at(ON_THE_DAY)
    assert send(client, "directClaimSign", {"claim": claim, "papers": ["BILL"]})["claim"]["status"] == "SUBMITTED"


def test_what_is_signed_is_signed(visit: Visit) -> None:
    claim = visit.create()["id"]
    visit.sign(claim)
    answer = send_raw(visit.at_hospital(), "directClaimSign", {"claim": claim, "papers": ["BILL"]})
    assert answer.error["extensions"]["inputPath"] == ["input", "claim"]


def test_a_direct_claim_leaves_the_rest_to_a_bill(visit: Visit) -> None:
    claim = visit.create()["id"]
    visit.sign(claim)
    bill = bills.send(visit.at_hospital(), "billIssue", {"claim": claim, "amount": "60.00"})["bill"]
    assert bill["claim"]["id"] == claim
    assert visit.rows("bills")[0]["booking_id"] == visit.rows("claims")[0]["booking_id"]


def test_an_authorized_stay_draws_on_its_letter(visit: Visit) -> None:
    preauth = authorize(visit)
    stay = [LINE | {"category": "INPATIENT", "amount": "6000.00"}]
    claim = visit.create(kind="INPATIENT", booking=None, preAuth=preauth, lines=stay)["id"]
    letter = preauths.Case(visit.gateway, visit.number, preauth).letter()["id"]
    drawn = preauths.send(
        visit.gateway.staff().at(ON_THE_DAY),
        "guaranteeLetterDraw",
        {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": "6000.00"},
    )
    assert drawn["letter"]["drawn"] == {"amount": "6000.00"}


def test_a_booking_has_one_direct_claim(visit: Visit) -> None:
    visit.create()
    answer = send_raw(visit.at_hospital(), "directClaimCreate", visit.request())
    assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


def test_an_invoice_is_in_one_live_claim(visit: Visit) -> None:
    private = {"hospital": visits.PRIVATE, "booking": None, "invoiceNumber": "0002"}
    client = visit.at_hospital(visits.PRIVATE)
    assert send(client, "directClaimCreate", visit.request(**private))["claim"]
    answer = send_raw(client, "directClaimCreate", visit.request(**private))
    assert answer.error["extensions"]["inputPath"] == ["input", "invoiceNumber"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [LINE | {"amount": "0.00"}]}, "lines"),
        ({"lines": [LINE | {"name": " "}]}, "lines"),
        ({"visitedOn": "2026-03-27"}, "visitedOn"),
        ({"dischargedOn": "2026-03-25"}, "dischargedOn"),
        ({"hospital": "NOWHERE"}, "hospital"),
        ({"policyNumber": "NOBODY"}, "policyNumber"),
        ({"booking": "book_x"}, "booking"),
        ({"preAuth": "preauth_x"}, "preAuth"),
        ({"documents": ["doc_x"]}, "documents"),
    ],
)
def test_what_cannot_be_taken_is_named(visit: Visit, changes: dict[str, Any], field: str) -> None:
    staff = visit.gateway.staff().at(ON_THE_DAY)
    answer = send_raw(staff, "directClaimCreate", visit.request(**changes))
    assert (answer.code, answer.error["extensions"]["inputPath"][:2]) == ("BAD_USER_INPUT", ["input", field])


def test_a_product_without_direct_billing_is_told_so(gateway: Gateway, visit: Visit) -> None:
    number = register(gateway, "ZYB")
    answer = send_raw(
        gateway.staff().at(NOW),
        "directClaimCreate",
        visit.request(policyNumber=number, booking=None, visitedOn=NOW[:10]),
    )
    assert "no such direct billing" in answer.error["message"]


# Who may


def test_a_hospital_opens_only_its_own_visits(visit: Visit) -> None:
    elsewhere = visit.at_hospital(visits.PRIVATE)
    assert send_raw(elsewhere, "directClaimCreate", visit.request()).code == "FORBIDDEN"


def test_a_vendor_without_a_contract_knows_no_such_policy(visit: Visit) -> None:
    stranger = preauths.hospital(visit.gateway, "HUANQIU", visits.PUBLIC).at(ON_THE_DAY)
    missing = send_raw(stranger, "directClaimCreate", visit.request(policyNumber="NOBODY"))
    found = send_raw(stranger, "directClaimCreate", visit.request())
    assert found.error["message"] == missing.error["message"]


def test_clients_open_none(visit: Visit) -> None:
    client = visit.gateway.customer(visit.number).at(ON_THE_DAY)
    assert send_raw(client, "directClaimCreate", visit.request()).code == "FORBIDDEN"


@pytest.mark.parametrize("role", ["hospital", "customer"])
def test_a_foreign_claim_is_answered_like_one_that_is_not_there(gateway: Gateway, visit: Visit, role: str) -> None:
    claim = visit.create()["id"]
    other = begin(gateway, "CY23")
    stranger = {
        "hospital": other.at_hospital(visits.PRIVATE),
        "customer": gateway.customer(other.number).at(ON_THE_DAY),
    }[role]
    messages = {
        send_raw(stranger, "directClaimSign", {"claim": given, "papers": ["BILL"]}).error["message"]
        for given in (claim, claim[:-4] + "0000", ids.encode("claim", policy_id("NOBODY"), policy_id("NOBODY")))
    }
    assert len(messages) == 1


def test_the_booking_of_another_policy_is_not_there(gateway: Gateway, visit: Visit) -> None:
    other = begin(gateway, "CY23")
    answer = send_raw(visit.at_hospital(), "directClaimCreate", visit.request(booking=other.booking))
    assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


# Once, and without a trace


def test_a_repeat_opens_nothing_again(visit: Visit) -> None:
    given = visit.request() | {"idempotencyKey": new_key()}
    first, second = (send(visit.at_hospital(), "directClaimCreate", given) for _ in range(2))
    assert (second["isReplay"], second["claim"]) == (True, first["claim"])


def test_a_repeat_signs_nothing_again(visit: Visit) -> None:
    given = {"claim": visit.create()["id"], "papers": ["BILL"], "idempotencyKey": new_key()}
    first, second = (send(visit.at_hospital(), "directClaimSign", given) for _ in range(2))
    assert (second["isReplay"], second["claim"]) == (True, first["claim"])


def test_a_dry_run_leaves_no_trace(visit: Visit) -> None:
    before = row_counts(visit.gateway)
    assert send(visit.at_hospital(), "directClaimCreate", visit.request(), dry_run=True)["claim"]["number"]
    assert row_counts(visit.gateway) == before


def test_a_refusal_leaves_no_trace(visit: Visit) -> None:
    before = row_counts(visit.gateway)
    assert refused(send(visit.at_hospital(), "directClaimCreate", visit.request(booking=None))) == {"CY23-OPD-04"}
    assert row_counts(visit.gateway) == before


# Claims that meet


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_claims_of_one_booking(gateway: Gateway, _: int) -> None:
    visit = begin(gateway, "CY23")
    given = [visit.request() | {"idempotencyKey": new_key()} for _ in range(2)]
    answers = together(*[ask(visit.at_hospital(), document("directClaimCreate"), item) for item in given])
    assert sorted("errors" in answer for answer in answers) == [False, True]
    assert len(visit.rows("claims")) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_claims_of_one_booking_under_two_services(gateway: Gateway, _: int) -> None:
    visit = begin(gateway)
    booked = visits.begin(gateway, "vaccinationBook", number=visit.number).confirmed().booking
    clinic, at_clinic = visit.at_hospital(visits.CLINIC), {"hospital": visits.CLINIC, "booking": booked}
    kinds = ({"kind": "VACCINE"}, {"kind": "HEALTH_CHECK"})
    given = [visit.request(**at_clinic, **kind, documents=[]) | {"idempotencyKey": new_key()} for kind in kinds]
    first, second = together(*[ask(clinic, document("directClaimCreate"), item) for item in given])
    assert sorted("errors" in answer for answer in (first, second)) == [False, True]
    (error,) = (first if "errors" in first else second)["errors"]
    assert (error["extensions"]["code"], error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "booking"])
    assert len(visit.rows("claims")) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_claims_with_one_invoice(gateway: Gateway, _: int) -> None:
    visit = begin(gateway)
    form = {"invoiceNumber": "0003"}
    given = [visit.request(**form) | {"idempotencyKey": new_key()} for _ in range(2)]
    answers = together(*[ask(visit.at_hospital(), document("directClaimCreate"), item) for item in given])
    assert sorted("errors" in answer for answer in answers) == [False, True]
    assert len(visit.rows("claim_invoices")) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_the_last_health_check_is_spent_once(gateway: Gateway, _: int) -> None:
    visit = begin(gateway)
    change(
        gateway,
        "update entitlement_accounts set granted = 1 where policy_id = $1 and service = 'HEALTH_CHECK'",
        policy_id(visit.number),
    )
    change(
        gateway,
        """update entitlement_entries set granted_change = 1 where policy_id = $1 and account_id in
           (select id from entitlement_accounts where policy_id = $1 and service = 'HEALTH_CHECK')""",
        policy_id(visit.number),
    )
    clinic = visit.at_hospital(visits.CLINIC)
    check = {"hospital": visits.CLINIC, "kind": "HEALTH_CHECK", "documents": []}
    claims = [send(clinic, "directClaimCreate", visit.request(**check))["claim"]["id"] for _ in range(2)]
    calls = [
        ask(clinic, document("directClaimSign"), {"idempotencyKey": new_key(), "claim": claim, "papers": ["BILL"]})
        for claim in claims
    ]
    made = [payload(answer) for answer in together(*calls)]
    assert sorted(item["claim"] is None for item in made) == [False, True]
    assert [refused(item) for item in made if item["claim"] is None] == [{"CY26-VAC-01"}]
    all_agrees(gateway)


def test_signing_twice_at_once_signs_once(gateway: Gateway) -> None:
    visit = begin(gateway, "CY23")
    claim = visit.create()["id"]
    calls = [
        ask(
            visit.at_hospital(),
            document("directClaimSign"),
            {"idempotencyKey": new_key(), "claim": claim, "papers": ["BILL"]},
        )
        for _ in range(2)
    ]
    assert sorted("errors" in answer for answer in together(*calls)) == [False, True]
    assert [row["paper"] for row in visit.rows("claim_signatures")] == ["BILL"]


def test_the_database_keeps_one_direct_claim_per_booking(visit: Visit) -> None:
    found = look(visit.gateway, "select indexdef from pg_indexes where indexname = 'uq_claims__one_direct_per_booking'")
    assert "UNIQUE" in found[0]["indexdef"]
    assert visit.create()["visits"][0]["visitedOn"] == DAY
