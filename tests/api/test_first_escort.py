"""What a user must see: the first refusal, the corrected request, the same key twice, and two hundred at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.support import escorts
from tests.support.client import PATIENCE, Gateway, new_key
from tests.support.escorts import HOSPITAL_OUTSIDE, NOW, book, entitlement, refused, register, request

ELDERLY = {"name": "演示老人", "gender": "FEMALE", "birthOn": "1954-06-01"}
DAY_20 = "2026-01-20T09:00:00+08:00"
ALONE_IN_XUZHOU = {
    "hospital": HOSPITAL_OUTSIDE,
    "patient": {**ELDERLY, "phone": "13800138000"},
    "visitAt": "2026-01-20T15:00:00+08:00",
}


def elderly_policy(gateway: Gateway) -> str:
    return register(gateway, insured=[escorts.person(**ELDERLY)])


def test_one_answer_names_every_refusal(gateway: Gateway) -> None:
    number = elderly_policy(gateway)
    answer = book(gateway.customer(number).at(DAY_20), number, **ALONE_IN_XUZHOU)
    assert {"ZYB-TBL-12", "ZYB-ESC-20", "ZYB-TBL-07", "ZYB-TBL-09"} <= refused(answer)
    assert answer["booking"] is None


def test_a_waiting_period_says_from_when_the_same_request_passes(gateway: Gateway) -> None:
    number = elderly_policy(gateway)
    answer = book(gateway.customer(number).at(DAY_20), number, **ALONE_IN_XUZHOU)
    assert escorts.verdict_of(answer, "ZYB-TBL-09")["passesFrom"] == "2026-01-30T16:00:00Z"


def test_a_refusal_speaks_the_language_of_the_request(gateway: Gateway) -> None:
    number = elderly_policy(gateway)
    customer = gateway.customer(number).at(DAY_20)
    english = escorts.verdict_of(book(customer.in_("en"), number, **ALONE_IN_XUZHOU), "ZYB-TBL-12")
    chinese = escorts.verdict_of(book(customer.in_("zh-CN"), number, **ALONE_IN_XUZHOU), "ZYB-TBL-12")
    assert english["message"].isascii() or "徐州" in english["message"]
    assert "徐州" in chinese["message"]
    assert chinese["message"] != english["message"]


def test_every_refusal_has_a_clause_and_a_remedy(gateway: Gateway) -> None:
    number = elderly_policy(gateway)
    for verdict in book(gateway.customer(number).at(DAY_20), number, **ALONE_IN_XUZHOU)["refusals"]:
        assert verdict["rule"]["clause"]["section"]
        assert verdict["remedy"], verdict


def test_a_dry_run_answers_the_same_and_leaves_nothing(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    tried = book(customer, number, dry_run=True)
    assert tried["isDryRun"]
    assert tried["booking"]["status"] == "REQUESTED"
    assert entitlement(customer, number)["reserved"] == 0


def test_a_dry_run_does_not_use_up_its_key(gateway: Gateway) -> None:
    number, key = register(gateway), new_key()
    customer = gateway.customer(number).at(NOW)
    book(customer, number, dry_run=True, idempotencyKey=key)
    assert not book(customer, number, idempotencyKey=key)["isReplay"]


def test_the_corrected_request_reserves_one_use(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    booked = book(customer, number)
    assert refused(booked) == set()
    assert booked["booking"]["status"] == "REQUESTED"
    account = entitlement(customer, number)
    assert (account["granted"], account["reserved"], account["used"], account["remaining"]) == (1, 1, 0, 0)
    assert [entry["kind"] for entry in account["ledger"]] == ["GRANT", "HOLD"]


def test_the_same_key_twice_books_once_and_answers_the_same(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    wanted = request(number)
    first, second = (customer.ask(escorts.ESCORT_BOOK, input=wanted).data["escortBook"] for _ in range(2))
    assert (first.pop("isReplay"), second.pop("isReplay")) == (False, True)
    assert first == second


def test_another_body_under_the_same_key_is_a_fault(gateway: Gateway) -> None:
    number, key = register(gateway), new_key()
    customer = gateway.customer(number).at(NOW)
    book(customer, number, idempotencyKey=key)
    again = escorts.book_raw(customer, number, idempotencyKey=key, need="something else")
    assert again.code == "IDEMPOTENCY_KEY_REUSED"


def test_two_hundred_at_once_take_one_use(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)

    def attempt(_: int) -> dict[str, Any]:
        body = {"query": escorts.ESCORT_BOOK, "variables": {"input": request(number)}}
        with httpx.Client(timeout=PATIENCE) as http:
            while True:  # whom a busy machine lets down before its turn comes asks again, under the same key
                answer = http.post(f"{customer.address}/graphql", json=body, headers=customer.all_headers).json()
                codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
                if codes != ["DEADLINE_EXCEEDED"]:
                    return answer

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(attempt, range(200)))
    assert [answer for answer in answers if "errors" in answer] == []
    won = [answer for answer in answers if answer["data"]["escortBook"]["booking"]]
    lost = [refused(answer["data"]["escortBook"]) for answer in answers if not answer["data"]["escortBook"]["booking"]]
    assert len(won) == 1
    assert lost == [{"ZYB-TBL-04"}] * 199
    account = entitlement(customer, number)
    assert (account["reserved"], account["used"], account["remaining"]) == (1, 0, 0)
    assert sum(entry["reservedChange"] for entry in account["ledger"]) == 1
