"""Bills: issued for a visit, reminded of, paid at the hospital, let go; who may do what, and what is left."""

from typing import Any

import asyncpg
import pytest

from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.jobs.house import tick
from tests.support import bills, escorts, preauths, visits
from tests.support.bills import begin, send, send_raw, visit
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, change, look, refused, row_counts
from tests.support.preauths import hospital

DAY = "2026-03-{}T10:00:00+08:00"


def test_a_bill_is_for_the_visit_of_a_claim(gateway: Gateway) -> None:
    number, claim = visit(gateway)
    bill = send(hospital_of(gateway, claim), "billIssue", {"claim": claim, "amount": "120.50"})["bill"]
    assert (bill["status"], bill["amount"], bill["claim"]) == ("ISSUED", {"amount": "120.50"}, {"id": claim})
    assert [step["command"] for step in bill["timeline"]] == ["issue"]
    assert gateway.customer(number).at(NOW).ask("{ bills { nodes { id } } }").data["bills"]["nodes"] == [
        {"id": bill["id"]}
    ]


def hospital_of(gateway: Gateway, claim: str) -> Any:
    """The vendor's token, once the claim is routed to it."""

    change(
        gateway,
        "update claims set vendor_code = 'WINDSTONE' where policy_id = $1 and id = $2",
        *ids.decode_as("claim", claim, 2),
    )
    return hospital(gateway)


def test_a_bill_is_for_the_visit_of_a_booking(gateway: Gateway) -> None:
    trip = visits.begin(gateway, product="CY23")
    bill = send(gateway.staff().at(NOW), "billIssue", {"booking": trip.booking, "amount": "80.00"})["bill"]
    assert (bill["visitType"], bill["booking"]["id"], bill["claim"]) == ("OUTPATIENT", trip.booking, None)


def test_a_visit_has_one_bill(gateway: Gateway) -> None:
    billed = begin(gateway)
    answer = send_raw(gateway.staff().at(NOW), "billIssue", {"claim": billed.claim, "amount": "1.00"})
    assert "a bill already" in answer.error["message"]


def test_after_a_waiver_another_bill_may_be_issued(gateway: Gateway) -> None:
    billed = begin(gateway)
    billed.send("supervisor", "billWaive", reason="开错")
    again = send(gateway.staff().at(NOW), "billIssue", {"claim": billed.claim, "amount": "1.00"})
    assert again["bill"]["status"] == "ISSUED"


def test_no_more_is_billed_than_the_claim_leaves(gateway: Gateway) -> None:
    _, claim = visit(gateway)
    staff = gateway.staff().at(NOW)
    answer = send_raw(staff, "billIssue", {"claim": claim, "amount": "8000.01"})
    assert answer.error["extensions"]["inputPath"] == ["input", "amount"]
    assert send(staff, "billIssue", {"claim": claim, "amount": "8000.00"})["bill"]["id"]


@pytest.mark.parametrize("given", [{}, {"claim": "claim_x", "booking": "book_x"}], ids=["neither", "both"])
def test_the_visit_is_named_once(gateway: Gateway, given: dict[str, str]) -> None:
    answer = send_raw(gateway.staff().at(NOW), "billIssue", given | {"amount": "1.00"})
    assert answer.error["extensions"]["inputPath"] == ["input", "claim"]


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "0.001"])
def test_an_amount_is_above_nothing_and_in_whole_cents(gateway: Gateway, amount: str) -> None:
    _, claim = visit(gateway)
    assert send_raw(gateway.staff().at(NOW), "billIssue", {"claim": claim, "amount": amount}).code == "BAD_USER_INPUT"


def test_a_product_without_bills_is_told_so(gateway: Gateway) -> None:

    journey = escorts.begin(gateway)
    answer = send_raw(gateway.staff().at(NOW), "billIssue", {"booking": journey.booking, "amount": "1.00"})
    assert "knows no bills" in answer.error["message"]


def test_reminders_count_once_they_are_delivered(gateway: Gateway) -> None:
    billed = begin(gateway)
    missed = billed.send("hotline", "billReminderRecord", channel="PHONE", isDelivered=False)["bill"]
    assert missed["reminderCount"] == 0
    reached = billed.send("hotline", "billReminderRecord", channel="EMAIL")["bill"]
    assert (reached["reminderCount"], [item["seq"] for item in reached["reminders"]]) == (1, [1, 2])


def test_a_settled_bill_is_not_reminded_of(gateway: Gateway) -> None:
    billed = begin(gateway)
    billed.send("adjuster", "billPay", reference="R-1")
    answer = billed.send_raw("adjuster", "billReminderRecord", channel="PHONE")
    assert answer.error["extensions"]["inputPath"] == ["input", "bill"]


def test_a_disputed_bill_is_not_reminded_of(gateway: Gateway) -> None:

    billed = begin(gateway)
    change(gateway, "update bills set disputed_at = now() where policy_id = $1 and id = $2", *billed.key)
    assert "reminders rest" in billed.send_raw("adjuster", "billReminderRecord", channel="PHONE").error["message"]


def test_money_at_the_hospital_is_recorded_in_parts(gateway: Gateway) -> None:
    billed = begin(gateway)
    first = billed.send("adjuster", "billPay", amount="30.00", reference="R-1")
    assert (first["bill"]["status"], first["bill"]["outstandingAmount"]) == ("PARTIALLY_PAID", {"amount": "70.00"})
    assert first["checkoutUrl"] is None
    second = billed.send("adjuster", "billPay", reference="R-2")["bill"]
    assert (second["status"], second["outstandingAmount"]) == ("PAID", {"amount": "0.00"})
    assert [item["amount"]["amount"] for item in second["payments"]] == ["30.00", "70.00"]


def test_a_receipt_counts_once(gateway: Gateway) -> None:
    billed = begin(gateway)
    billed.send("adjuster", "billPay", amount="30.00", reference="R-1")
    answer = billed.send_raw("adjuster", "billPay", amount="30.00", reference="R-1")
    assert answer.error["extensions"]["inputPath"] == ["input", "reference"]


def test_nobody_pays_more_than_is_left(gateway: Gateway) -> None:
    billed = begin(gateway)
    answer = billed.send_raw("adjuster", "billPay", amount="100.01", reference="R-1")
    assert answer.error["extensions"]["inputPath"] == ["input", "amount"]


def test_a_part_is_waived_and_then_the_rest(gateway: Gateway) -> None:
    billed = begin(gateway)
    part = billed.send("supervisor", "billWaive", amount="40.00", reason="困难减免")["bill"]
    assert (part["status"], part["waivedAmount"]) == ("PARTIALLY_PAID", {"amount": "40.00"})
    rest = billed.send("supervisor", "billWaive", reason="困难减免")["bill"]
    assert (rest["status"], rest["outstandingAmount"]["amount"]) == ("WAIVED", "0.00")
    assert rest["settledAt"] is not None


def test_who_has_issued_a_bill_does_not_waive_it(gateway: Gateway) -> None:
    billed = begin(gateway, by="supervisor")
    assert billed.send_raw("supervisor", "billWaive", reason="x").code == "FORBIDDEN"


def test_the_database_keeps_issuer_and_waiver_apart(gateway: Gateway) -> None:

    billed = begin(gateway)
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        change(
            gateway,
            """
            insert into bill_waivers (policy_id, id, bill_id, command_id, amount, reason, issued_by, waived_by, at)
            values ($1, gen_random_uuid(), $2, gen_random_uuid(), 1, 'x', 'staff:adjuster', 'staff:adjuster', now())
            """,
            *billed.key,
        )


def test_a_settled_bill_gives_the_card_back_at_once(gateway: Gateway) -> None:
    billed = begin(gateway)
    billed.grey()
    assert card(gateway, billed.number) == "GREYED"
    billed.send("adjuster", "billPay", amount="99.99", reference="R-1")
    assert card(gateway, billed.number) == "GREYED"
    billed.send("adjuster", "billPay", reference="R-2")
    assert card(gateway, billed.number) == "ACTIVE"
    told = look(
        gateway,
        "select topic from outbox_messages where policy_id = $1 and topic = 'card.restored'",
        billed.key[0],
    )
    assert len(told) == 1


def card(gateway: Gateway, number: str) -> str:
    (policy,) = (
        gateway.customer(number).at(NOW).ask("{ policies { nodes { cards { status } } } }").data["policies"]["nodes"]
    )
    return policy["cards"][0]["status"]


# What holds for each of them


def attempt(billed: bills.Billed, mutation: str) -> dict[str, Any]:
    more = {
        "billIssue": {},
        "billReminderRecord": {"channel": "PHONE"},
        "billPay": {"reference": "R-9"},
        "billWaive": {"reason": "x"},
    }[mutation]
    return {"bill": billed.id} | more


STEPS = ["billReminderRecord", "billPay", "billWaive"]


@pytest.mark.parametrize("mutation", STEPS)
def test_a_repeat_does_nothing_again(gateway: Gateway, mutation: str) -> None:
    billed = begin(gateway)
    given = attempt(billed, mutation) | {"idempotencyKey": new_key()}
    staff = gateway.staff("supervisor").at(NOW)
    first, second = (send(staff, mutation, given) for _ in range(2))
    assert (first["isReplay"], second["isReplay"]) == (False, True)
    assert first["bill"] == second["bill"]


@pytest.mark.parametrize("mutation", STEPS)
def test_a_dry_run_leaves_no_trace(gateway: Gateway, mutation: str) -> None:
    billed = begin(gateway)
    before = row_counts(gateway), billed.row()
    tried = send(gateway.staff("supervisor").at(NOW), mutation, attempt(billed, mutation), dry_run=True)
    assert tried["bill"] is not None
    assert (row_counts(gateway), billed.row()) == before


@pytest.mark.parametrize("mutation", STEPS)
def test_a_foreign_bill_is_answered_like_one_that_is_not_there(gateway: Gateway, mutation: str) -> None:
    billed = begin(gateway)
    stranger = hospital(gateway) if mutation != "billWaive" else gateway.staff("supervisor").at(NOW)
    missing = billed.id[:-4] + "0000"
    answers = [send_raw(stranger, mutation, attempt(billed, mutation) | {"bill": missing})]
    if mutation != "billWaive":
        answers.append(send_raw(stranger, mutation, attempt(billed, mutation)))
    assert {answer.error["message"] for answer in answers} == {
        "No such object: expected the id of an object you may see, bill_…"
    }


def test_a_foreign_claim_is_answered_like_one_that_is_not_there(gateway: Gateway) -> None:
    _, claim = visit(gateway)
    messages = {
        send_raw(hospital(gateway), "billIssue", {"claim": given, "amount": "1.00"}).error["message"]
        for given in (claim, claim[:-4] + "0000")
    }
    assert len(messages) == 1


@pytest.mark.parametrize("mutation", ["billIssue", "billReminderRecord", "billWaive"])
def test_clients_only_pay(gateway: Gateway, mutation: str) -> None:
    billed = begin(gateway)
    given = {"claim": billed.claim, "amount": "1.00"} if mutation == "billIssue" else attempt(billed, mutation)
    assert send_raw(billed.who("customer"), mutation, given).code == "FORBIDDEN"


def test_cy26_bill_03_the_third_reminder_greys_the_card_and_paying_restores_it(gateway: Gateway) -> None:

    billed = begin(gateway, "CY26")
    for day in ("16", "17", "18"):
        assert billed.send("hotline", "billReminderRecord", DAY.format(day), channel="PHONE")["refusals"] == []
    tick(gateway, "2026-03-19T23:59:00+08:00")
    assert card(gateway, billed.number) == "ACTIVE"
    tick(gateway, "2026-03-20T00:01:00+08:00")
    assert card(gateway, billed.number) == "GREYED"
    billed.send("adjuster", "billPay", reference="R-1")
    assert card(gateway, billed.number) == "ACTIVE"


@pytest.mark.parametrize("product", ["CY23", "CY26"])
def test_a_greyed_card_takes_no_booking_for_direct_billing(gateway: Gateway, product: str) -> None:

    rule = {"CY23": "CY23-PAY-06", "CY26": "CY26-BILL-03"}[product]
    number = visits.policy(gateway, product)
    adult = {"patient": visits.PATIENT}
    assert visits.tried(gateway, number, **adult)["refusals"] == []
    greyed(gateway, number)
    assert refused(visits.tried(gateway, number, **adult)) == {rule}


def greyed(gateway: Gateway, number: str) -> None:

    change(
        gateway,
        """
        with card as (
          insert into cards (policy_id, id, number, insured_id, machine, state, state_seq, is_demo, created_at,
            updated_at)
          select policy_id, gen_random_uuid(), 'C', id, 'CARD', 'BOUND', 1, false, now(), now() from policy_members
          where policy_id = $1 and role = 'INSURED' returning policy_id, id)
        insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, suspended_at)
        select policy_id, gen_random_uuid(), id, 'BILL', gen_random_uuid(), now() from card
        """,
        policy_id(number),
    )


def test_the_visit_of_another_policy_keeps_its_own_bill(gateway: Gateway) -> None:
    first, second = begin(gateway), begin(gateway)
    first.send("adjuster", "billPay", reference="R-1")
    assert second.row()["state"] == "ISSUED"
    assert second.row()["hospital_code"] == preauths.HOSPITAL
