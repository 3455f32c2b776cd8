"""成长优享 2023, direct billing and online payment, clause by clause."""

from typing import Any

import pytest

from tests.support import bills, visits
from tests.support.client import Gateway
from tests.support.direct_claims import DAY, LINE, Visit, authorize, begin, grey, send, send_raw
from tests.support.escorts import NOW, at, refused, verdict_of, warned

PRIVATE = visits.PRIVATE


@pytest.fixture
def visit(gateway: Gateway) -> Visit:
    return begin(gateway, "CY23")


def test_a_good_claim_is_refused_by_nothing(visit: Visit) -> None:
    answer = visit.tried()
    assert (refused(answer), warned(answer)) == (set(), set())
    assert answer["claim"]["status"] == "AWAITING_SIGNATURE"


@pytest.mark.parametrize("state", ["ISSUED", "BOUND"])
def test_card_05_a_bound_card_is_shown(gateway: Gateway, state: str) -> None:
    answer = begin(gateway, "CY23", card_state=state).tried()
    assert refused(answer) == (set() if state == "BOUND" else {"CY23-CARD-05"})


def test_card_05_it_is_the_insureds_own_card(visit: Visit) -> None:
    answer = visit.tried(cardNumber="C-OTHER")
    assert refused(answer) == {"CY23-CARD-05"}
    assert verdict_of(answer, "CY23-CARD-05")["inputPath"] == ["input", "cardNumber"]


def test_pay_06_a_greyed_card_opens_no_direct_billing(gateway: Gateway, visit: Visit) -> None:
    grey(gateway, visit.number)
    assert refused(visit.tried()) == {"CY23-CARD-05", "CY23-PAY-06"}


@pytest.mark.parametrize(("day", "is_refused"), [("2026-12-31", False), ("2027-01-01", True)])
def test_svc_01_the_visit_lies_within_the_policy(gateway: Gateway, day: str, is_refused: bool) -> None:
    visit = begin(gateway, "CY23")
    answer = visit.tried(f"{day}T12:00:00+08:00", hospital=PRIVATE, booking=None, visitedOn=day)
    assert ("CY23-SVC-01" in refused(answer)) == is_refused


def test_svc_01_what_was_covered_may_be_billed_later(visit: Visit) -> None:
    answer = visit.tried(at("2027-02-01 12:00"), hospital=PRIVATE, booking=None, visitedOn="2026-12-31")
    assert refused(answer) == set()


def test_net_01_a_hospital_outside_the_plan_bills_nothing(visit: Visit) -> None:
    answer = visit.tried(hospital="DEMO-XZ-003", booking=None)
    assert {"CY23-NET-01"} <= refused(answer)


def test_opd_01_a_public_hospital_needs_the_mark(visit: Visit) -> None:
    answer = visit.tried(hospital=visits.PUBLIC_PLAIN, booking=None)
    assert refused(answer) == {"CY23-OPD-01", "CY23-OPD-04"}


def test_opd_04_whoever_walks_into_a_public_hospital_is_not_billed_directly(visit: Visit) -> None:
    answer = visit.tried(booking=None)
    assert refused(answer) == {"CY23-OPD-04"}
    assert verdict_of(answer, "CY23-OPD-04")["inputPath"] == ["input", "booking"]


def test_opd_04_a_private_hospital_needs_no_booking(visit: Visit) -> None:
    assert refused(visit.tried(hospital=PRIVATE, booking=None)) == set()


def test_opd_04_the_booking_was_confirmed(gateway: Gateway) -> None:
    visit = begin(gateway, "CY23")
    waiting = visits.begin(gateway, product="CY23", number=visit.number, visitAt=at("2026-03-27 09:30"))
    answer = visit.tried(at("2026-03-27 12:00"), booking=waiting.booking, visitedOn="2026-03-27")
    assert refused(answer) == {"CY23-OPD-04"}


def test_opd_04_the_booking_is_for_that_day(visit: Visit) -> None:
    assert refused(visit.tried(at("2026-03-27 12:00"), visitedOn="2026-03-27")) == {"CY23-OPD-04"}


STAY = {"kind": "INPATIENT", "booking": None, "lines": [LINE | {"category": "INPATIENT", "name": "床位费"}]}
LISTED: list[tuple[dict[str, Any], bool]] = [
    (LINE | {"amount": "4999.99"}, False),
    (LINE | {"amount": "5000.00"}, False),
    (LINE | {"amount": "5000.01"}, True),
    (LINE | {"category": "EXAMINATION", "amount": "4999.99"}, False),
    (LINE | {"category": "EXAMINATION", "amount": "5000.00"}, True),
    (LINE | {"category": "EXAMINATION", "amount": "5000.01"}, True),
    (LINE | {"category": "EXAMINATION", "amount": "1.00", "isLargeExam": True}, True),
    (LINE | {"category": "SURGERY"}, True),
    (LINE | {"category": "DURABLE_EQUIPMENT"}, True),
    (LINE | {"category": "DURABLE_EQUIPMENT", "isRental": True}, False),
    (LINE | {"category": "OTHER", "amount": "29999.99"}, False),
    (LINE | {"category": "OTHER", "amount": "30000.00"}, False),
    (LINE | {"category": "OTHER", "amount": "30000.01"}, True),
]


@pytest.mark.parametrize(("line", "is_listed"), LISTED, ids=[str(at) for at in range(len(LISTED))])
def test_ipd_06_what_is_listed_needs_authorization_to_be_billed(
    visit: Visit, line: dict[str, Any], is_listed: bool
) -> None:
    assert refused(visit.tried(lines=[line])) == ({"CY23-IPD-06"} if is_listed else set())


def test_ipd_06_every_stay_needs_it(visit: Visit) -> None:
    lines = [LINE | {"category": "OTHER", "name": "伙食费"}]
    assert refused(visit.tried(**STAY | {"lines": lines})) == {"CY23-IPD-06"}


def test_ipd_06_with_authorization_it_is_billed(visit: Visit) -> None:
    assert refused(visit.tried(**STAY, preAuth=authorize(visit))) == set()


@pytest.mark.parametrize(
    ("treatment_on", "is_refused"), [(DAY, False), ("2026-03-27", True)], ids=["for that day", "for the next day"]
)
def test_ipd_06_the_authorization_is_for_that_time(visit: Visit, treatment_on: str, is_refused: bool) -> None:
    answer = visit.tried(**STAY, preAuth=authorize(visit, treatment_on=treatment_on))
    assert refused(answer) == ({"CY23-IPD-06"} if is_refused else set())


def test_ipd_06_after_its_last_day_it_is_worth_nothing(visit: Visit) -> None:
    preauth, later = authorize(visit), {"visitedOn": "2026-05-01"}
    answer = visit.tried(at("2026-05-01 12:00"), **STAY | later, preAuth=preauth)
    assert refused(answer) == {"CY23-IPD-06"}


def test_opd_02_the_client_signs_the_bill(visit: Visit) -> None:
    claim = visit.create()["id"]
    assert refused(visit.sign(claim, papers=["RECEIPT"])) == {"CY23-OPD-02"}
    signed = visit.sign(claim)["claim"]
    assert (signed["status"], signed["signatures"]) == ("SUBMITTED", [{"paper": "BILL"}])


def test_this_handbook_bills_no_health_checks(visit: Visit) -> None:
    answer = send_raw(visit.at_hospital(), "directClaimCreate", visit.request(kind="HEALTH_CHECK", booking=None))
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


# Online payment


def test_pay_01_without_the_plans_number_people_look_at_the_bill(gateway: Gateway) -> None:
    _, claim = bills.visit(gateway)
    answer = bills.send(gateway.staff().at(NOW), "billIssue", {"claim": claim, "amount": "10.00"})
    assert verdict_of(answer, "CY23-PAY-01")["status"] == "UNKNOWN"
    assert answer["bill"]["dueOn"] == "2026-04-08"


def test_pay_02_an_outpatient_bill_of_a_public_hospital_is_paid_online(gateway: Gateway) -> None:
    answer = bills.begin(gateway).send("customer", "billPay")
    assert verdict_of(answer, "CY23-PAY-02")["status"] == "PASSED"


@pytest.mark.parametrize(
    "claim", [{"kind": "DIRECT_INPATIENT"}, {"hospital_code": PRIVATE}], ids=["a stay", "a private hospital"]
)
def test_pay_02_no_other_bill_is(gateway: Gateway, claim: dict[str, str]) -> None:
    billed = bills.begin(gateway, **claim)
    assert refused(billed.send("customer", "billPay")) == {"CY23-PAY-02"}
    assert refused(billed.send("adjuster", "billPay", reference="R-1")) == set()


def test_pay_02_an_emergency_is_outpatient_care(gateway: Gateway) -> None:
    billed = bills.begin(gateway, is_emergency=True)
    assert billed.row()["visit_type"] == "EMERGENCY"
    assert refused(billed.send("customer", "billPay")) == set()


def test_a_claim_after_the_visit_does_not_ask_for_the_card(gateway: Gateway, visit: Visit) -> None:
    """A greyed card ends direct billing alone: nothing of it stands in the way of asking for authorization."""
    grey(gateway, visit.number)
    assert authorize(visit)
    assert send(visit.at_hospital(), "directClaimCreate", visit.request())["claim"] is None
