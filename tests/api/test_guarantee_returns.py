"""What a direct claim drew and does not need comes back to the letter in force, to the cent and once."""

from typing import Any

import pytest

from tests.support.client import Gateway, new_key
from tests.support.preauths import Case, begin, document, request, rows_of, send, send_raw
from tests.support.races import ask, together

DAY = "2026-03-28T10:00:00+08:00"


def granted(gateway: Gateway) -> tuple[Case, str, str]:
    """An authorization of 8,000, its letter, and a direct claim under it."""
    case = begin(gateway)
    letter = case.approve()["preAuth"]["guaranteeLetters"][0]["id"]
    return case, letter, case.claim()


def given(letter: str, claim: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": amount, **more}


def draw(case: Case, letter: str, claim: str, amount: str) -> dict[str, Any]:
    return send(case.who("adjuster", DAY), "guaranteeLetterDraw", given(letter, claim, amount))


def back(case: Case, letter: str, claim: str, amount: str, role: str = "adjuster") -> Any:
    asked = given(letter, claim, amount, reason="claim withdrawn")
    return send_raw(case.who(role, DAY), "guaranteeLetterReturn", asked)


def ledger(case: Case) -> list[tuple[str, str]]:
    rows = rows_of(case.gateway, "guarantee_draws", case.number)
    return [(row["kind"], str(row["amount"])) for row in sorted(rows, key=lambda row: row["id"])]


def test_what_comes_back_can_be_drawn_again(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    draw(case, letter, claim, "8000.00")
    found = back(case, letter, claim, "3000.00").data["guaranteeLetterReturn"]["letter"]
    assert (found["status"], found["drawn"], found["endedAt"]) == ("DRAWN", {"amount": "5000.00"}, None)
    assert draw(case, letter, claim, "3000.01")["refusals"]
    assert draw(case, letter, claim, "3000.00")["letter"]["status"] == "EXHAUSTED"
    assert ledger(case) == [("DRAW", "8000.00"), ("RETURN", "3000.00"), ("DRAW", "3000.00")]


def test_no_more_comes_back_than_the_claim_has_drawn(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    other = case.claim()
    draw(case, letter, claim, "3000.00")
    draw(case, letter, other, "2000.00")
    answer = back(case, letter, claim, "3000.01")
    assert answer.error["extensions"]["inputPath"] == ["input", "amount"]
    assert "3000.00" in answer.error["message"]
    back(case, letter, claim, "3000.00")
    assert back(case, letter, claim, "0.01").code == "BAD_USER_INPUT"


def test_what_was_drawn_on_the_old_letter_comes_back_to_the_new_one(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    draw(case, letter, claim, "3000.00")
    asked = request(case.number, supersedes=case.id)
    made = send(case.who("customer"), "preAuthSubmit", asked)["preAuth"]["id"]
    after = Case(gateway, case.number, made)
    after.approve("9000.00")
    renewed = after.letter()["id"]
    assert back(case, letter, claim, "1.00").error["extensions"]["inputPath"] == ["input", "letter"]
    found = back(case, renewed, claim, "3000.00").data["guaranteeLetterReturn"]["letter"]
    assert (found["status"], found["drawn"]) == ("ISSUED", {"amount": "0.00"})
    (row,) = [row for row in rows_of(gateway, "guarantee_letters", case.number) if row["ended_at"] is None]
    assert str(row["carried"]) == "0.00"


@pytest.mark.parametrize("role", ["customer", "hotline"])
def test_clients_and_the_hotline_give_nothing_back(gateway: Gateway, role: str) -> None:
    case, letter, claim = granted(gateway)
    assert back(case, letter, claim, "1.00", role).code == "FORBIDDEN"


def test_a_letter_that_was_taken_back_takes_nothing(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    draw(case, letter, claim, "3000.00")
    revoke = {"idempotencyKey": new_key(), "letter": letter, "reason": "x"}
    send(case.who("adjuster"), "guaranteeLetterRevoke", revoke)
    assert back(case, letter, claim, "1.00").error["extensions"]["inputPath"] == ["input", "letter"]


def test_a_repeat_gives_back_once(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    draw(case, letter, claim, "3000.00")
    asked = given(letter, claim, "1000.00", reason="settled for less")
    answers = [send(case.who("adjuster", DAY), "guaranteeLetterReturn", asked) for _ in range(2)]
    assert [answer["isReplay"] for answer in answers] == [False, True]
    assert answers[1]["letter"]["drawn"] == {"amount": "2000.00"}


@pytest.mark.parametrize("_", range(5))
def test_the_same_draw_does_not_come_back_twice_at_once(gateway: Gateway, _: int) -> None:
    case, letter, claim = granted(gateway)
    draw(case, letter, claim, "3000.00")
    who, asked = case.who("adjuster", DAY), document("guaranteeLetterReturn")
    answers = together(*(ask(who, asked, given(letter, claim, "2000.00", reason="x")) for _ in range(2)))
    assert sorted("errors" in answer for answer in answers) == [False, True]
    (row,) = rows_of(gateway, "guarantee_letters", case.number)
    assert str(row["drawn"]) == "1000.00"
