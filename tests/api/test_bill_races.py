"""Payments, waivers, reminders and the greying of a card that meet: the bill's row lock puts them in an order."""

from typing import Any

import httpx
import pytest

from tests.jobs.house import tick
from tests.support.bills import Billed, begin, call, document, event, visit
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, change, look
from tests.support.races import Call, ask, payload, together

ROUNDS = 6


def sending(billed: Billed, role: str, mutation: str, now: str = NOW, **fields: Any) -> Call:
    given = {"idempotencyKey": new_key(), "bill": billed.id} | fields
    return ask(billed.who(role, now), document(mutation), given)


def said(gateway: Gateway, body: bytes) -> Call:
    def send(http: httpx.Client) -> dict[str, Any]:
        answer = call(gateway, body, http=http)
        return {"status": answer.status_code}

    return send


def whole(billed: Billed) -> None:
    """What is paid is what payments and waivers sum up to, and the history leads to the state."""
    row = billed.row()
    paid = sum(payment["amount"] for payment in billed.payments() if payment["state"] == "PAID")
    waived = look(
        billed.gateway,
        "select coalesce(sum(amount), 0) as sum from bill_waivers where policy_id = $1 and bill_id = $2",
        *billed.key,
    )
    assert (row["paid_amount"], row["waived_amount"]) == (paid, waived[0]["sum"])
    steps = look(
        billed.gateway, "select * from bill_events where policy_id = $1 and bill_id = $2 order by seq", *billed.key
    )
    assert (steps[-1]["to_state"], len(steps)) == (row["state"], row["state_seq"])


@pytest.mark.parametrize("_", range(ROUNDS))
def test_the_same_word_twice_at_once(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    body = event(billed.begin(amount="30.00"))
    answers = together(*[said(gateway, body) for _ in range(3)])
    assert {answer["status"] for answer in answers} <= {200, 409}
    assert 200 in {answer["status"] for answer in answers}
    assert billed.row()["paid_amount"] == 30
    whole(billed)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_events_of_one_payment_at_once(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    payment = billed.begin(amount="30.00")
    answers = together(said(gateway, event(payment)), said(gateway, event(payment)))
    assert [answer["status"] for answer in answers] == [200, 200]
    assert billed.row()["paid_amount"] == 30
    whole(billed)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_who_begin_to_pay_share_one_attempt(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    made = [payload(answer) for answer in together(*[sending(billed, "customer", "billPay") for _ in range(2)])]
    assert len({item["checkoutUrl"] for item in made}) == 1
    assert len(billed.payments()) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_receipts_do_not_overpay(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    calls = [sending(billed, "adjuster", "billPay", amount="60.00", reference=f"R-{at}") for at in range(2)]
    answers = together(*calls)
    assert sorted("errors" in answer for answer in answers) == [False, True]
    assert billed.row()["paid_amount"] == 60
    whole(billed)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_money_that_meets_a_waiver(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    body = event(billed.begin())
    together(said(gateway, body), sending(billed, "supervisor", "billWaive", reason="减免"))
    (payment,) = billed.payments()
    assert (billed.row()["state"], payment["state"]) in {("PAID", "PAID"), ("WAIVED", "REFUND_DUE")}
    whole(billed)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_greying_that_meets_the_money_leaves_no_card_grey(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    body = event(billed.begin())
    change(gateway, "update bills set due_on = '2026-03-01' where policy_id = $1 and id = $2", *billed.key)

    def greying(_: httpx.Client) -> dict[str, Any]:
        return dict(tick(gateway, "2026-03-09T09:10:00+08:00"))

    together(said(gateway, body), greying)
    live = look(gateway, "select id from card_suspensions where policy_id = $1 and lifted_at is null", billed.key[0])
    assert (billed.row()["state"], live) == ("PAID", [])


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_reminders_at_once_count_once(gateway: Gateway, _: int) -> None:
    billed = begin(gateway, "CY26")
    calls = [sending(billed, "adjuster", "billReminderRecord", channel="PHONE") for _ in range(2)]
    made = [payload(answer) for answer in together(*calls)]
    assert sorted(item["bill"] is None for item in made) == [False, True]
    assert billed.row()["reminder_count"] == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_visit_has_one_bill_even_at_once(gateway: Gateway, _: int) -> None:
    _, claim = visit(gateway)
    staff = gateway.staff().at(NOW)
    issue = [
        ask(staff, document("billIssue"), {"idempotencyKey": new_key(), "claim": claim, "amount": "10.00"})
        for _ in range(2)
    ]
    assert sorted("errors" in answer for answer in together(*issue)) == [False, True]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_dispute_that_meets_the_money_is_not_left_open(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    body = event(billed.begin())
    together(said(gateway, body), sending(billed, "customer", "billDispute", grounds="重复计费"))
    row = billed.row()
    assert (row["state"], row["disputed_at"]) == ("PAID", None)
    assert disputes(billed) in ([], ["LAPSED"])
    whole(billed)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_dispute_that_is_decided_meets_the_money(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    body = event(billed.begin())
    billed.send("customer", "billDispute", grounds="重复计费")
    less = {"outcome": "ADJUSTED", "amount": "40.00", "reason": "重复计费"}
    together(said(gateway, body), sending(billed, "supervisor", "billDisputeDecide", **less))
    (payment,) = billed.payments()
    ends = {("PAID", "PAID", "LAPSED"), ("PARTIALLY_PAID", "REFUND_DUE", "ADJUSTED")}
    assert (billed.row()["state"], payment["state"], *disputes(billed)) in ends
    whole(billed)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_dispute_that_meets_the_graying_comes_before_it_or_after(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    change(gateway, "update bills set due_on = '2026-03-01' where policy_id = $1 and id = $2", *billed.key)

    def graying(_http: httpx.Client) -> dict[str, Any]:
        return dict(tick(gateway, "2026-03-09T09:10:00+08:00"))

    together(graying, sending(billed, "customer", "billDispute", grounds="重复计费"))
    sql = "select suspended_at from card_suspensions where policy_id = $1 and cause_id = $2"
    before = look(gateway, sql, *billed.key)
    tick(gateway, "2026-03-10T09:10:00+08:00")
    assert (disputes(billed), look(gateway, sql, *billed.key)) == (["OPEN"], before)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_dispute_ends_in_one_way(gateway: Gateway, _: int) -> None:
    billed = begin(gateway)
    billed.send("customer", "billDispute", grounds="重复计费")
    stands = {"outcome": "UPHELD", "reason": "已核对"}
    answers = together(
        sending(billed, "customer", "billDisputeWithdraw"), sending(billed, "supervisor", "billDisputeDecide", **stands)
    )
    assert sorted("errors" in answer for answer in answers) == [False, True]
    whole(billed)


def disputes(billed: Billed) -> list[str]:
    sql = "select state from bill_disputes where policy_id = $1 and bill_id = $2"
    return [row["state"] for row in look(billed.gateway, sql, *billed.key)]
