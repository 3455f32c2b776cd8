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


# After the settlement


def test_an_appeal_that_grants_more_lessens_what_is_owed_back(gateway: Gateway) -> None:
    case, claim = decided(gateway, "26500.00")
    assert outstanding(case.take("adjuster", "advanceSettle")) == ["3500.00"]
    claim.send("adjuster", "claimPay")
    overturn(claim, "28000.00")
    found = seen(case)
    assert (found["coveredAmount"], found["repayableAmount"]) == ({"amount": "28000.00"}, {"amount": "2000.00"})
    assert outstanding(found) == ["2000.00"]
    assert found["timeline"][-1] | {"reason": ""} == {
        "command": "resettle",
        "fromStatus": "SETTLED",
        "status": "SETTLED",
        "role": "STAFF",
        "reason": "",
    }
    assert payments(claim.send("adjuster", "claimPay")["claim"])[1:] == [("VENDOR", "1500.00", "PAID")]


def test_an_appeal_that_covers_all_leaves_nothing_owed(gateway: Gateway) -> None:
    case, claim = decided(gateway, "26500.00")
    case.take("adjuster", "advanceSettle")
    overturn(claim, "36000.00")
    assert [(item["status"], item["cause"]) for item in seen(case)["repayments"]] == [("WAIVED", "ADVANCE_EXCESS")]
    claim.send("customer", "claimAccountChange", bankAccount=ACCOUNT)
    claim.send("adjuster", "claimPay")
    paid = claim.send("adjuster", "claimPay")["claim"]
    assert payments(paid) == [("VENDOR", "30000.00", "PAID"), ("CUSTOMER", "6000.00", "PAID")]


def test_what_the_client_has_paid_back_too_much_comes_back_to_the_client(gateway: Gateway) -> None:
    case, claim = decided(gateway, "26500.00")
    owed = case.take("adjuster", "advanceSettle")["repayments"][0]["id"]
    claim.send("adjuster", "claimPay")
    repay(case, owed, "2500.00")
    overturn(claim, "28000.00")
    assert outstanding(seen(case)) == ["0.00"]
    claim.send("customer", "claimAccountChange", bankAccount=ACCOUNT)
    claim.send("adjuster", "claimPay")
    paid = claim.send("adjuster", "claimPay")["claim"]
    assert payments(paid)[1:] == [("VENDOR", "1000.00", "PAID"), ("CUSTOMER", "500.00", "PAID")]


def test_a_correction_that_grants_less_before_the_payment_is_owed_to_the_vendor(gateway: Gateway) -> None:
    case, claim = decided(gateway, "26500.00")
    case.take("adjuster", "advanceSettle")
    claim.decide(excluded="21200.00")
    assert sorted(outstanding(seen(case))) == ["3500.00", "6500.00"]
    assert payments(claim.send("adjuster", "claimPay")["claim"]) == [("VENDOR", "20000.00", "PAID")]


def test_a_correction_that_grants_less_after_the_payment_is_owed_to_the_insurer(gateway: Gateway) -> None:
    """The vendor keeps what it was given back."""
    case, claim = decided(gateway, "26500.00")
    case.take("adjuster", "advanceSettle")
    claim.send("adjuster", "claimPay")
    claim.decide(excluded="21200.00")
    found = seen(case)
    assert (found["coveredAmount"], found["repayableAmount"]) == ({"amount": "20000.00"}, {"amount": "10000.00"})
    assert outstanding(found) == ["3500.00"]
    to_insurer = [row for row in advances.rows_of(gateway, "repayments", case.number) if row["payee"] == "INSURER"]
    assert [(row["amount"], row["cause"]) for row in to_insurer] == [(Decimal("6500.00"), "REVISED")]


def test_a_stay_that_was_called_uncovered_and_is_granted_after_all_is_settled_anew(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("PAID")
    case.discharge()
    claim = claims.Case(gateway, case.number, case.file(STAY)["claims"][0]["id"])
    assert outstanding(case.take("adjuster", "advanceSettle", isCovered=False, reason="x")) == ["30000.00"]
    claim.decide(excluded="21200.00")
    assert outstanding(seen(case)) == ["10000.00"]


def test_before_the_settlement_nothing_follows(gateway: Gateway) -> None:
    case, claim = decided(gateway, "26500.00")
    overturn(claim, "28000.00")
    assert (seen(case)["status"], seen(case)["repayments"]) == ("DISCHARGE_NOTIFIED", [])


def overturn(claim: claims.Case, paid: str) -> None:
    line = {"position": 1, "deductible": str(Decimal(STAY) - Decimal(paid))}
    given = {"idempotencyKey": new_key(), "appeal": claim.appeal(), "outcome": "OVERTURNED", "reason": "x"}
    made = claims.send(claim.who("supervisor"), "appealDecide", given | {"lines": [line]})
    assert made["appeal"]["newDecision"]["paid"] == {"amount": paid}


SEEN = f"query Q($id: ID!) {{ node(id: $id) {{ ... on Advance {advances.ADVANCE.removeprefix('advance ')} }} }}"


def seen(case: advances.Case) -> dict[str, Any]:
    return case.who("adjuster").ask(SEEN, id=case.id).data["node"]


def outstanding(found: dict[str, Any]) -> list[str]:
    return [item["outstandingAmount"]["amount"] for item in found["repayments"]]


def repay(case: advances.Case, repayment: str, amount: str) -> None:
    text = "mutation M($input: RepaymentRecordInput!) { repaymentRecord(input: $input) { refusals { message } } }"
    given = {"idempotencyKey": new_key(), "repayment": repayment, "amount": amount, "reference": new_key()}
    assert case.who("vendor").ask(text, input=given).data["repaymentRecord"] == {"refusals": []}
