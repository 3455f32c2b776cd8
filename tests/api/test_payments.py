"""Paying online: the client goes to the provider's page, and the provider's word counts once, whenever it comes."""

import time
from typing import Any
from uuid import UUID

import orjson
import pytest

from gateway.execution import ids
from tests.jobs.house import tick
from tests.support.bills import Billed, begin, call, event, sandbox, send
from tests.support.client import Gateway, new_key
from tests.support.escorts import change, look, row_counts

LATER = "2026-03-09T09:31:00+08:00"


@pytest.fixture
def billed(gateway: Gateway) -> Billed:
    return begin(gateway)


def states(billed: Billed) -> tuple[str, list[str]]:
    return billed.row()["state"], [payment["state"] for payment in billed.payments()]


def test_the_client_pays_and_the_bill_is_settled(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin()
    assert states(billed) == ("ISSUED", ["PENDING"])
    answer = call(gateway, event(payment))
    assert (answer.status_code, answer.json()) == (200, {"status": "taken"})
    assert states(billed) == ("PAID", ["PAID"])
    row = billed.row()
    assert (row["paid_amount"], row["outstanding_amount"]) == (100, 0)
    (step,) = look(
        gateway, "select * from bill_events where policy_id = $1 and bill_id = $2 and command = 'pay'", *billed.key
    )
    assert (step["role"], step["details"]) == ("SYSTEM", {"amount": "100.00", "provider": "sandbox"})


def test_a_bill_is_paid_in_parts(gateway: Gateway, billed: Billed) -> None:
    call(gateway, event(billed.begin(amount="30.00")))
    assert billed.row()["state"] == "PARTIALLY_PAID"
    call(gateway, event(billed.begin()))
    assert states(billed) == ("PAID", ["PAID", "PAID"])


def test_the_same_word_twice_counts_once(gateway: Gateway, billed: Billed) -> None:
    said = event(billed.begin(amount="30.00"))
    assert [call(gateway, said).json()["status"] for _ in range(3)] == ["taken", "known", "known"]
    assert billed.row()["paid_amount"] == 30


def test_two_events_of_one_payment_count_once(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin(amount="30.00")
    for _ in range(2):
        assert call(gateway, event(payment)).status_code == 200
    assert billed.row()["paid_amount"] == 30


def test_the_same_id_with_other_words_is_refused(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin()
    assert call(gateway, event(payment, "FAILED", id="evt-1")).status_code == 200
    assert call(gateway, event(payment, "PAID", id="evt-1")).status_code == 409
    assert states(billed) == ("ISSUED", ["FAILED"])


def test_word_before_the_own_commit_comes_again(gateway: Gateway, billed: Billed) -> None:
    """The attempt is not there yet: nothing is taken in, and the same event is taken in once it is."""
    payment = billed.begin()
    key = payment["policy_id"], payment["id"]
    columns = "policy_id, id, bill_id, provider, reference, amount, state, principal, created_at"
    change(gateway, "delete from bill_payments where policy_id = $1 and id = $2", *key)
    said, before = event(payment), row_counts(gateway)
    early = call(gateway, said)
    assert (early.status_code, early.headers["retry-after"], early.json()) == (404, "5", {"status": "unknown"})
    assert row_counts(gateway) == before
    places = ", ".join(f"${at}" for at in range(1, 10))
    values = [payment[name.strip()] for name in columns.split(",")]
    change(gateway, f"insert into bill_payments ({columns}) values ({places})", *values)
    assert call(gateway, said).json() == {"status": "taken"}
    assert states(billed) == ("PAID", ["PAID"])


def test_money_for_a_bill_that_was_waived_meanwhile_goes_back(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin()
    billed.send("supervisor", "billWaive", reason="减免")
    assert call(gateway, event(payment)).status_code == 200
    assert states(billed) == ("WAIVED", ["REFUND_DUE"])
    told = look(
        gateway,
        "select audience from outbox_messages where policy_id = $1 and topic = 'bill.refund_due'",
        billed.key[0],
    )
    assert [row["audience"] for row in told] == ["STAFF"]


def test_money_that_is_more_than_is_left_goes_back(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin()
    billed.send("adjuster", "billPay", amount="60.00", reference="R-1")
    call(gateway, event(payment))
    assert states(billed) == ("PARTIALLY_PAID", ["REFUND_DUE", "PAID"])
    assert billed.row()["outstanding_amount"] == 40


def test_an_attempt_that_nobody_finishes_ends(gateway: Gateway, billed: Billed) -> None:
    billed.begin(amount="30.00")
    tick(gateway, "2026-03-09T09:29:00+08:00")
    assert states(billed) == ("ISSUED", ["PENDING"])
    tick(gateway, LATER)
    assert states(billed) == ("ISSUED", ["FAILED"])


def test_money_that_comes_after_the_end_is_set_off_all_the_same(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin()
    tick(gateway, LATER)
    assert call(gateway, event(payment)).status_code == 200
    assert states(billed) == ("PAID", ["PAID"])


def test_a_failure_that_comes_after_the_money_changes_nothing(gateway: Gateway, billed: Billed) -> None:
    payment = billed.begin()
    call(gateway, event(payment))
    assert call(gateway, event(payment, "FAILED")).status_code == 200
    assert states(billed) == ("PAID", ["PAID"])


def test_after_a_failure_the_client_tries_again(gateway: Gateway, billed: Billed) -> None:
    call(gateway, event(billed.begin(), "FAILED"))
    call(gateway, event(billed.begin()))
    assert states(billed) == ("PAID", ["FAILED", "PAID"])


def test_whoever_asks_again_goes_on_with_the_same_attempt(billed: Billed) -> None:
    first, second = (billed.send("customer", "billPay")["checkoutUrl"] for _ in range(2))
    assert first == second
    assert len(billed.payments()) == 1


def test_another_amount_waits_until_the_attempt_has_ended(billed: Billed) -> None:
    billed.begin(amount="30.00")
    answer = billed.send_raw("customer", "billPay", amount="40.00")
    assert answer.error["extensions"]["inputPath"] == ["input", "amount"]


def test_a_repeat_has_the_same_address(billed: Billed) -> None:
    given = {"bill": billed.id, "idempotencyKey": new_key()}
    first, second = (send(billed.who("customer"), "billPay", given) for _ in range(2))
    assert (second["isReplay"], second["checkoutUrl"]) == (True, first["checkoutUrl"])


def test_a_dry_run_gives_no_address_and_leaves_no_attempt(gateway: Gateway, billed: Billed) -> None:
    before = row_counts(gateway)
    tried = send(billed.who("customer"), "billPay", {"bill": billed.id}, dry_run=True)
    assert (tried["checkoutUrl"], tried["bill"]["payments"][0]["status"]) == (None, "PENDING")
    assert row_counts(gateway) == before


def test_a_client_pays_no_foreign_bill(gateway: Gateway, billed: Billed) -> None:
    stranger = begin(gateway).who("customer")
    messages = [
        stranger.ask(
            "mutation M($i: BillPayInput!) { billPay(input: $i) { bill { id } } }",
            i={"idempotencyKey": new_key(), "bill": bill},
        ).error["message"]
        for bill in (billed.id, billed.id[:-4] + "0000")
    ]
    assert messages[0] == messages[1]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"signature": ""}, 401),
        ({"signature": f"t={int(time.time())},v1={'0' * 64}"}, 401),
        ({"at": 1_700_000_000}, 401),
        ({"provider": "nobody"}, 401),
    ],
    ids=["none", "of somebody else", "too old", "of a stranger"],
)
def test_a_signature_that_is_not_good_is_told_nothing(
    gateway: Gateway, billed: Billed, changes: dict[str, Any], status: int
) -> None:
    said = event(billed.begin())
    assert call(gateway, said, **changes).status_code == status
    assert states(billed) == ("ISSUED", ["PENDING"])


def test_a_signature_is_of_these_very_bytes(gateway: Gateway, billed: Billed) -> None:
    said = event(billed.begin())
    signature = sandbox(gateway).sign(said, int(time.time()))
    assert call(gateway, said.replace(b"100.00", b"900.00"), signature=signature).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"id": "x"}', b'{"id": "x", "reference": "y", "outcome": "PAID", "amount": 100.0}', b"\xff" * 10],
    ids=["empty", "a list", "half", "a float", "no JSON"],
)
def test_words_that_cannot_be_read_are_bad_input(gateway: Gateway, body: bytes) -> None:
    assert call(gateway, body).status_code == 422


@pytest.mark.parametrize("amount", ["99.99", "NaN", "1e400"])
def test_another_amount_than_was_asked_for_is_not_taken(gateway: Gateway, billed: Billed, amount: str) -> None:
    assert call(gateway, event(billed.begin(), amount=amount)).status_code == 422
    assert states(billed) == ("ISSUED", ["PENDING"])


def test_a_body_without_end_is_not_read(gateway: Gateway) -> None:
    assert call(gateway, b"x" * 20_000).status_code == 413


@pytest.mark.parametrize("reference", ["", "bill_x", ids.encode("pay", UUID(int=1), UUID(int=1))])
def test_a_reference_that_nobody_knows_is_asked_for_again(gateway: Gateway, billed: Billed, reference: str) -> None:
    assert call(gateway, event(billed.begin(), reference=reference)).status_code == 404


def test_the_sandbox_is_a_page_with_two_buttons(gateway: Gateway, billed: Billed) -> None:
    address = gateway.address + billed.send("customer", "billPay")["checkoutUrl"]
    page = gateway.http.get(address)
    assert (page.status_code, "100.00 CNY" in page.text) == (200, True)
    assert gateway.http.post(address, data={"outcome": "FAILED"}).json() == {"status": "taken"}
    assert states(billed) == ("ISSUED", ["FAILED"])
    assert gateway.http.post(address, data={"outcome": "PAID"}).json() == {"status": "taken"}
    assert states(billed) == ("PAID", ["PAID"])


def test_an_address_of_the_sandbox_cannot_be_made_up(gateway: Gateway, billed: Billed) -> None:
    address = gateway.address + billed.send("customer", "billPay")["checkoutUrl"]
    assert gateway.http.get(address.replace("amount=100.00", "amount=1.00")).status_code == 401


def test_no_answer_of_the_provider_route_tells_of_people(gateway: Gateway, billed: Billed) -> None:
    answer = call(gateway, event(billed.begin()))
    assert set(orjson.loads(answer.content)) == {"status"}
