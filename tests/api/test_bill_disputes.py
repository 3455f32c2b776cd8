"""Disputes of bills: who opens and who decides them, what rests meanwhile, and where the money goes."""

from typing import Any

import asyncpg
import pytest

from gateway.execution import ids
from tests.jobs.house import tick
from tests.support.bills import Billed, begin, event, send_raw
from tests.support.bills import call as provider_says
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, change, look, row_counts
from tests.support.preauths import hospital

DAY = "2026-03-{}T10:00:00+08:00"
WRONG = {"grounds": "药品没有领取"}
STANDS = {"outcome": "UPHELD", "reason": "已核对收费明细"}
LESS = {"outcome": "ADJUSTED", "reason": "重复计费"}


def disputed(gateway: Gateway, product: str = "CY23", **given: Any) -> Billed:
    billed = begin(gateway, product, **given)
    assert billed.send("customer", "billDispute", **WRONG)["bill"]["status"] == "ISSUED"
    return billed


def shown(billed: Billed) -> dict[str, Any]:
    answer = billed.who("customer").ask(
        """query($id: ID!) { node(id: $id) { ... on Bill {
             status disputedAt dueOn disputes { status grounds takenOff { amount } reason endedAt } } } }""",
        id=billed.id,
    )
    return answer.data["node"]


def suspended(billed: Billed) -> list[dict[str, Any]]:
    sql = "select id from card_suspensions where policy_id = $1 and cause_id = $2 and lifted_at is null"
    return look(billed.gateway, sql, *billed.key)


def due(billed: Billed, day: str) -> None:
    sql = "update bills set due_on = $3::text::date where policy_id = $1 and id = $2"
    change(billed.gateway, sql, *billed.key, day)


def test_the_client_says_what_is_wrong(gateway: Gateway) -> None:
    found = shown(disputed(gateway))
    assert found["disputedAt"] is not None
    assert found["disputes"] == [
        {"status": "OPEN", "grounds": WRONG["grounds"], "takenOff": None, "reason": None, "endedAt": None}
    ]


@pytest.mark.parametrize("role", ["hotline", "adjuster", "supervisor"])
def test_staff_record_what_the_client_says(gateway: Gateway, role: str) -> None:
    billed = begin(gateway)
    assert billed.send(role, "billDispute", **WRONG)["refusals"] == []


def test_a_hospital_disputes_no_bill(gateway: Gateway) -> None:
    billed = begin(gateway, vendor_code="WINDSTONE")
    assert send_raw(hospital(gateway), "billDispute", {"bill": billed.id} | WRONG).code == "FORBIDDEN"


@pytest.mark.parametrize("role", ["customer", "hotline"])
def test_clients_and_the_hotline_decide_no_dispute(gateway: Gateway, role: str) -> None:
    assert disputed(gateway).send_raw(role, "billDisputeDecide", **STANDS).code == "FORBIDDEN"


def test_who_has_issued_the_bill_decides_nothing(gateway: Gateway) -> None:
    assert disputed(gateway).send_raw("adjuster", "billDisputeDecide", **STANDS).code == "FORBIDDEN"


def test_the_database_keeps_issuer_and_judge_apart(gateway: Gateway) -> None:
    billed = disputed(gateway)
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        change(
            gateway,
            """update bill_disputes set state = 'UPHELD', reason = 'x', decided_by = issued_by, ended_at = now()
               where policy_id = $1 and bill_id = $2""",
            *billed.key,
        )


def test_who_has_decided_the_claim_decides_nothing(gateway: Gateway) -> None:
    billed = disputed(gateway)
    change(
        gateway,
        """insert into claim_decisions (policy_id, id, claim_id, revision, outcome, asked, allowed, deductible, copay,
             excluded, other, paid, rule_codes, facts, rulebook, decided_by, decided_at)
           select policy_id, gen_random_uuid(), id, 9, 'APPROVED', 1, 1, 0, 0, 0, 0, 1, '{}', '{}', 'x',
             'staff:supervisor', now() from claims where policy_id = $1 and id = $2""",
        *ids.decode_as("claim", billed.claim, 2),
    )
    assert billed.send_raw("supervisor", "billDisputeDecide", **STANDS).code == "FORBIDDEN"


def test_a_bill_that_stands_is_owed_as_before(gateway: Gateway) -> None:
    billed = disputed(gateway)
    made = billed.send("supervisor", "billDisputeDecide", **STANDS)["bill"]
    assert (made["status"], made["outstandingAmount"]["amount"]) == ("ISSUED", "100.00")
    found = shown(billed)
    assert (found["disputedAt"], found["disputes"][0]["status"]) == (None, "UPHELD")


def test_what_was_never_owed_is_taken_off(gateway: Gateway) -> None:
    billed = disputed(gateway)
    made = billed.send("supervisor", "billDisputeDecide", amount="40.00", **LESS)["bill"]
    assert (made["status"], made["outstandingAmount"]["amount"]) == ("PARTIALLY_PAID", "60.00")
    assert made["waivers"] == [{"amount": {"amount": "40.00"}, "reason": LESS["reason"]}]
    assert shown(billed)["disputes"][0]["takenOff"] == {"amount": "40.00"}


def test_a_bill_without_any_ground_gives_the_card_back(gateway: Gateway) -> None:
    billed = disputed(gateway)
    billed.grey()
    made = billed.send("supervisor", "billDisputeDecide", amount="100.00", **LESS)["bill"]
    assert (made["status"], made["settledAt"] is not None) == ("WAIVED", True)
    assert suspended(billed) == []


@pytest.mark.parametrize(
    "given",
    [LESS, LESS | {"amount": "100.01"}, STANDS | {"amount": "1.00"}],
    ids=["nothing named", "more than is owed", "off a bill that stands"],
)
def test_an_amount_fits_the_outcome(gateway: Gateway, given: dict[str, str]) -> None:
    answer = disputed(gateway).send_raw("supervisor", "billDisputeDecide", **given)
    assert answer.error["extensions"]["inputPath"] == ["input", "amount"]


def test_the_database_takes_off_what_was_decided(gateway: Gateway) -> None:
    billed = disputed(gateway)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fk_bill_waivers__taken_off"):
        change(
            gateway,
            """insert into bill_waivers (policy_id, id, bill_id, command_id, dispute_id, amount, reason, waived_by, at)
               select policy_id, gen_random_uuid(), bill_id, gen_random_uuid(), id, 40, 'x', 'x', now()
               from bill_disputes where policy_id = $1 and bill_id = $2""",
            *billed.key,
        )


def test_what_the_client_withdraws_is_owed_as_before(gateway: Gateway) -> None:
    billed = disputed(gateway)
    made = billed.send("customer", "billDisputeWithdraw")["bill"]
    assert [step["command"] for step in made["timeline"]] == ["issue", "dispute", "withdrawDispute"]
    assert shown(billed)["disputes"][0]["status"] == "WITHDRAWN"


@pytest.mark.parametrize("mutation", ["billDisputeWithdraw", "billDisputeDecide"])
def test_nothing_ends_that_was_not_opened(gateway: Gateway, mutation: str) -> None:
    more = STANDS if mutation == "billDisputeDecide" else {}
    answer = begin(gateway).send_raw("supervisor", mutation, **more)
    assert answer.error["extensions"]["inputPath"] == ["input", "bill"]


def test_one_dispute_is_open_at_a_time(gateway: Gateway) -> None:
    answer = disputed(gateway).send_raw("hotline", "billDispute", **WRONG)
    assert answer.error["extensions"]["inputPath"] == ["input", "bill"]


def test_a_client_disputes_a_bill_once(gateway: Gateway) -> None:
    billed = disputed(gateway)
    billed.send("customer", "billDisputeWithdraw")
    assert billed.send_raw("customer", "billDispute", **WRONG).error["extensions"]["inputPath"] == ["input", "bill"]


def test_staff_look_at_it_again(gateway: Gateway) -> None:
    billed = disputed(gateway)
    billed.send("supervisor", "billDisputeDecide", **STANDS)
    billed.send("hotline", "billDispute", grounds="收据补到了")
    assert [item["status"] for item in shown(billed)["disputes"]] == ["UPHELD", "OPEN"]


def test_a_settled_bill_is_not_disputed(gateway: Gateway) -> None:
    billed = begin(gateway)
    billed.send("adjuster", "billPay", reference="R-1")
    assert billed.send_raw("customer", "billDispute", **WRONG).error["extensions"]["inputPath"] == ["input", "bill"]


def test_money_that_settles_the_bill_ends_its_dispute(gateway: Gateway) -> None:
    billed = disputed(gateway)
    billed.send("adjuster", "billPay", amount="99.99", reference="R-1")
    assert shown(billed)["disputes"][0]["status"] == "OPEN"
    billed.send("adjuster", "billPay", reference="R-2")
    found = shown(billed)
    assert (found["status"], found["disputedAt"], found["disputes"][0]["status"]) == ("PAID", None, "LAPSED")


def test_money_that_comes_after_the_bill_was_cut_is_given_back(gateway: Gateway) -> None:
    billed = begin(gateway)
    payment = billed.begin()
    billed.send("customer", "billDispute", **WRONG)
    billed.send("supervisor", "billDisputeDecide", amount="40.00", **LESS)
    assert provider_says(gateway, event(payment)).status_code == 200
    assert [item["state"] for item in billed.payments()] == ["REFUND_DUE"]


def test_cy23_pay_06_a_disputed_bill_grays_no_card_until_its_days_are_over(gateway: Gateway) -> None:
    """Disputed two days before it is due: two days are left when the dispute has ended."""
    billed = begin(gateway)
    due(billed, "2026-03-20")
    billed.send("customer", "billDispute", DAY.format("18"), **WRONG)
    tick(gateway, DAY.format("25"))
    assert suspended(billed) == []
    made = billed.send("supervisor", "billDisputeDecide", DAY.format("25"), **STANDS)["bill"]
    assert made["dueOn"] == "2026-03-27"
    tick(gateway, DAY.format("27"))
    assert suspended(billed) == []
    tick(gateway, DAY.format("28"))
    assert len(suspended(billed)) == 1


def test_cy26_bill_03_days_of_grace_begin_anew_after_a_dispute(gateway: Gateway) -> None:
    billed = begin(gateway, "CY26")
    for day in ("16", "17", "18"):
        assert billed.send("hotline", "billReminderRecord", DAY.format(day), channel="PHONE")["refusals"] == []
    billed.send("customer", "billDispute", DAY.format("18"), **WRONG)
    billed.send("supervisor", "billDisputeDecide", DAY.format("25"), **STANDS)
    tick(gateway, DAY.format("26"))
    assert suspended(billed) == []
    tick(gateway, DAY.format("27"))
    assert len(suspended(billed)) == 1


def test_a_card_that_is_gray_stays_so_until_somebody_decides(gateway: Gateway) -> None:
    billed = begin(gateway)
    billed.grey()
    billed.send("customer", "billDispute", **WRONG)
    assert len(suspended(billed)) == 1


def test_each_side_is_told(gateway: Gateway) -> None:
    billed = disputed(gateway)
    billed.send("supervisor", "billDisputeDecide", **STANDS)
    told = look(
        gateway,
        "select topic, audience from outbox_messages where policy_id = $1 and topic like 'bill.disp%' order by topic",
        billed.key[0],
    )
    assert [tuple(row.values()) for row in told] == [
        ("bill.dispute_decided", "CUSTOMER"),
        ("bill.disputed", "STAFF"),
    ]


def test_staff_find_what_is_disputed(gateway: Gateway) -> None:
    billed, other = disputed(gateway), begin(gateway)
    document = "query($at: DateTime!) { bills(where: {disputedAt: {gte: $at}}, first: 100) { nodes { id } } }"
    nodes = gateway.staff("supervisor").at(NOW).ask(document, at=NOW).data["bills"]["nodes"]
    found = [node["id"] for node in nodes]
    assert (billed.id in found, other.id in found) == (True, False)


STEPS = {"billDispute": WRONG, "billDisputeWithdraw": {}, "billDisputeDecide": STANDS}


def ready(gateway: Gateway, mutation: str) -> Billed:
    return begin(gateway) if mutation == "billDispute" else disputed(gateway)


@pytest.mark.parametrize("mutation", STEPS)
def test_a_repeat_does_nothing_again(gateway: Gateway, mutation: str) -> None:
    billed, given = ready(gateway, mutation), STEPS[mutation] | {"idempotencyKey": new_key()}
    first, second = (billed.send("supervisor", mutation, **given) for _ in range(2))
    assert (first["isReplay"], second["isReplay"]) == (False, True)
    assert first["bill"] == second["bill"]


@pytest.mark.parametrize("mutation", STEPS)
def test_a_dry_run_leaves_no_trace(gateway: Gateway, mutation: str) -> None:
    billed = ready(gateway, mutation)
    before = row_counts(gateway), billed.row()
    answer = send_raw(billed.who("supervisor"), mutation, {"bill": billed.id} | STEPS[mutation], dry_run=True)
    assert answer.data[mutation]["bill"] is not None
    assert (row_counts(gateway), billed.row()) == before


@pytest.mark.parametrize("mutation", ["billDispute", "billDisputeWithdraw"])
def test_a_foreign_bill_is_answered_like_one_that_is_not_there(gateway: Gateway, mutation: str) -> None:
    billed, stranger = ready(gateway, mutation), begin(gateway).who("customer")
    messages = {
        send_raw(stranger, mutation, STEPS[mutation] | {"bill": given}).error["message"]
        for given in (billed.id, billed.id[:-4] + "0000")
    }
    assert len(messages) == 1
