"""Requests, top-ups, payments and cancellations of advances that meet: one goes after the other, and the sums hold."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support import claims
from tests.support.advances import FOUND, Case, begin, document, policy, request, rows_of
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, look
from tests.support.races import Call, all_agrees, ask, payload, together

ROUNDS = 6


@pytest.fixture(autouse=True)
def counters_agree_with_the_ledger(gateway: Gateway) -> Iterator[None]:
    """After every race of this file, for all accounts there are."""
    yield
    all_agrees(gateway)


def sending(case: Case, role: str, mutation: str, **fields: Any) -> Call:
    given = {"idempotencyKey": new_key(), "advance": case.id} | fields
    return ask(case.who(role), document(mutation), given)


def asking(gateway: Gateway, number: str, product: str, **changes: Any) -> Call:
    client = gateway.customer(number).at(NOW)
    return ask(client, document("advanceRequest"), request(gateway, number, product, **changes))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_requests_for_one_admission_make_one_advance(gateway: Gateway, _: int) -> None:
    number = policy(gateway, "VAS")
    answers = together(*[asking(gateway, number, "VAS") for _ in range(2)])
    faults = [answer["errors"][0]["extensions"]["code"] for answer in answers if "errors" in answer]
    assert faults == ["BAD_USER_INPUT"]
    assert len(rows_of(gateway, "advances", number)) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_stays_do_not_share_the_one_use_of_the_year(gateway: Gateway, _: int) -> None:
    number = policy(gateway, "ZAWX")
    days = ("2026-03-05", "2026-03-06")
    made = [payload(answer) for answer in together(*[asking(gateway, number, "ZAWX", admittedOn=day) for day in days])]
    (refused,) = [item["refusals"] for item in made if item["advance"] is None]
    assert [verdict["rule"]["code"] for verdict in refused] == ["ZAWX-ADV-24"]
    assert len(rows_of(gateway, "advances", number)) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_top_ups_do_not_pass_the_limit_together(gateway: Gateway, _: int) -> None:
    case = begin(gateway, "VAS").go_to("PAID")
    answers = together(*[sending(case, "customer", "advanceTopUp", amount="15000.00") for _ in range(2)])
    assert sorted("errors" in answer for answer in answers) == [False, True]
    case.review()
    case.authorize()
    assert Decimal(case.pay()["paidAmount"]["amount"]) == 45000
    (row,) = rows_of(gateway, "advances", case.number)
    (paid,) = look(
        gateway,
        "select sum(approved_amount) as total from advance_payments where policy_id = $1 and state = 'PAID'",
        row["policy_id"],
    )
    assert row["paid_amount"] == paid["total"] < 50000


@pytest.mark.parametrize("_", range(ROUNDS))
def test_cancelling_meets_paying(gateway: Gateway, _: int) -> None:
    case = begin(gateway).go_to("SIGNED")
    cancelled, paid = (
        payload(answer)["advance"]
        for answer in together(
            sending(case, "customer", "advanceCancel"), sending(case, "vendor", "advancePay", reference=new_key())
        )
    )
    assert (cancelled is None) != (paid is None)
    (row,) = rows_of(gateway, "advances", case.number)
    assert (row["state"], row["paid_amount"]) == (("PAID", 30000) if paid else ("CANCELLED", 0))
    assert case.uses() == ((0, 1) if paid else (0, 0))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_payments_pay_once(gateway: Gateway, _: int) -> None:
    case = begin(gateway, "CY26").go_to("SIGNED")
    made = [
        payload(answer)["advance"]
        for answer in together(*[sending(case, "vendor", "advancePay", reference=new_key()) for _ in range(2)])
    ]
    assert sorted(item is None for item in made) == [False, True]
    (row,) = rows_of(gateway, "advances", case.number)
    assert row["paid_amount"] == 30000


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_review_meets_a_cancellation(gateway: Gateway, _: int) -> None:
    case = begin(gateway).go_to("UNDER_REVIEW")
    refused, cancelled = together(
        sending(case, "vendor", "advanceReview", outcome="REFUSED", reason="x", findings=FOUND),
        sending(case, "customer", "advanceCancel"),
    )
    assert case.uses() == (0, 0)
    (row,) = rows_of(gateway, "advances", case.number)
    assert row["state"] in ("REFUSED", "CANCELLED")
    assert all(_error(answer) in (None, "BAD_USER_INPUT") for answer in (refused, cancelled))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_settlements_owe_once(gateway: Gateway, _: int) -> None:
    case = begin(gateway, "VAS").go_to("PAID")
    case.file()
    case.decide("20000.00")
    together(*[sending(case, "vendor", "advanceSettle") for _ in range(2)])
    owed = rows_of(gateway, "repayments", case.number)
    assert [row["amount"] for row in owed] == [10000]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_first_payment_is_authorized_once(gateway: Gateway, _: int) -> None:
    case = begin(gateway, "VAS").go_to("REVIEWED")
    answers = together(*[sending(case, "adjuster", "advanceAuthorize", outcome="APPROVED") for _ in range(2)])
    assert sorted(_error(answer) is not None for answer in answers) == [False, True]
    stages = [row["stage"] for row in rows_of(gateway, "advance_reviews", case.number)]
    assert stages.count("INSURER") == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_settlement_that_meets_a_correction_follows_it(gateway: Gateway, _: int) -> None:
    """Whichever comes first, what is owed is what the correction leaves."""
    case = begin(gateway, "VAS").go_to("PAID")
    claim = claims.Case(gateway, case.number, case.file()["claims"][0]["id"])
    claim.decide(deductible="14700.00")
    line = {"position": 1, "deductible": "21200.00"}
    given = {"idempotencyKey": new_key(), "claim": claim.id, "lines": [line], "reason": "x"}
    together(
        sending(case, "vendor", "advanceSettle"),
        ask(claim.who("supervisor"), claims.document("claimAdjudicate"), given),
    )
    (advance,) = rows_of(gateway, "advances", case.number)
    assert (advance["covered_amount"], advance["repayable_amount"]) == (20000, 10000)
    assert sum(row["outstanding_amount"] for row in rows_of(gateway, "repayments", case.number)) == 10000


def _error(answer: dict[str, Any]) -> str | None:
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
