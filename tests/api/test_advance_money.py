"""Where the money of an advance's claim goes: first to the vendor that has advanced it, then to the client."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support import advances, claims
from tests.support.advances import begin
from tests.support.claims import ACCOUNT
from tests.support.client import Gateway, new_key

STAY = "41200.00"


def decided(gateway: Gateway, paid: str, product: str = "CY26") -> tuple[advances.Case, claims.Case]:
    """A stay for which 30,000 were advanced, and its claim, of which so much is granted."""
    case = begin(gateway, product).go_to("PAID")
    case.discharge()
    claim = claims.Case(gateway, case.number, case.file(STAY)["claims"][0]["id"])
    made = claim.decide(deductible=str(Decimal(STAY) - Decimal(paid)))
    assert made["claim"]["decision"]["paid"] == {"amount": paid}
    return case, claim


def settled(gateway: Gateway, paid: str) -> claims.Case:
    case, claim = decided(gateway, paid)
    case.take("adjuster", "advanceSettle")
    return claim


def payments(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["payee"], item["amount"]["amount"], item["status"]) for item in found["payments"]]


def test_the_vendor_gets_what_it_has_advanced_and_then_the_client_the_rest(gateway: Gateway) -> None:
    claim = settled(gateway, "36000.00")
    first = claim.send("adjuster", "claimPay")["claim"]
    assert (first["status"], payments(first)) == ("DECIDED", [("VENDOR", "30000.00", "PAID")])
    claim.send("customer", "claimAccountChange", bankAccount=ACCOUNT)
    last = claim.send("adjuster", "claimPay")["claim"]
    assert (last["status"], payments(last)[1:]) == ("PAID", [("CUSTOMER", "6000.00", "PAID")])
    assert "errors" in claim.send_raw("adjuster", "claimPay").body


def test_a_claim_that_grants_less_than_was_advanced_goes_to_the_vendor_alone(gateway: Gateway) -> None:
    paid = settled(gateway, "26500.00").send("adjuster", "claimPay")["claim"]
    assert (paid["status"], payments(paid)) == ("PAID", [("VENDOR", "26500.00", "PAID")])


def test_a_payment_to_the_vendor_that_failed_is_repeated_to_the_vendor(gateway: Gateway) -> None:
    claim = settled(gateway, "36000.00")
    failed = claim.send("adjuster", "claimPay", result="FAILED", failure="no such account")["claim"]
    assert failed["status"] == "PAYMENT_FAILED"
    again = claim.send("adjuster", "claimPay")["claim"]
    assert (again["status"], payments(again)[1:]) == ("DECIDED", [("VENDOR", "30000.00", "PAID")])


def test_nothing_is_paid_before_the_advance_is_settled(gateway: Gateway) -> None:
    """Until then the vendor may advance more."""
    case, claim = decided(gateway, "36000.00")
    assert claim.send_raw("adjuster", "claimPay").error["extensions"]["inputPath"] == ["input", "claim"]
    case.top_up("4000.00")
    case.review()
    case.pay()
    case.take("adjuster", "advanceSettle")
    assert payments(claim.send("adjuster", "claimPay")["claim"]) == [("VENDOR", "34000.00", "PAID")]


def test_nothing_goes_to_a_client_who_has_named_no_account(gateway: Gateway) -> None:
    claim = settled(gateway, "36000.00")
    claim.send("adjuster", "claimPay")
    assert claim.send_raw("adjuster", "claimPay").error["extensions"]["inputPath"] == ["input", "claim"]


def test_the_client_names_an_account_for_its_part_of_a_stay(gateway: Gateway) -> None:
    _, claim = decided(gateway, "36000.00")
    changed = claim.send("customer", "claimAccountChange", bankAccount=ACCOUNT)["claim"]
    assert changed["bankAccount"]["number"] == "****3445"


def test_a_stay_whose_claim_is_granted_is_not_called_uncovered(gateway: Gateway) -> None:
    case, _ = decided(gateway, "0.01")
    answer = case.send_raw("adjuster", "advanceSettle", isCovered=False, reason="x")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "isCovered"])


@pytest.mark.parametrize("stage", ["first payment", "top-up"])
def test_the_insurer_authorizes_a_payment_once(gateway: Gateway, stage: str) -> None:
    case = begin(gateway, "VAS").go_to("PAID" if stage == "top-up" else "AUTHORIZED")
    if stage == "top-up":
        case.top_up("5000.00")
        case.review()
        case.authorize()
    again = case.send_raw("adjuster", "advanceAuthorize", outcome="APPROVED", approvedAmount="1.00")
    assert (again.code, again.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "advance"])
    if stage == "top-up":
        paid = case.take("vendor", "advancePay", reference=new_key())
        assert paid["paidAmount"] == {"amount": "35000.00"}
