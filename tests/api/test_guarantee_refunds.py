"""A direct claim that ends without a cent gives its draws back by itself, and the letter's ledger always adds up."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.execution import ids
from tests.support import claims
from tests.support.client import Gateway, new_key
from tests.support.escorts import change, look
from tests.support.preauths import NOW, Case, begin, document, hospital, itemize, request, rows_of, send, send_raw
from tests.support.races import Call, ask, together

DAY = "2026-03-28T10:00:00+08:00"
ROUNDS = 6


def granted(gateway: Gateway, drawn: str = "3000.00") -> tuple[Case, str, str]:
    """An authorization of 8,000, its letter, and a direct claim that has drawn on it."""
    case = begin(gateway)
    letter = case.approve()["preAuth"]["guaranteeLetters"][0]["id"]
    claim = case.claim(vendor_code="WINDSTONE")
    assert draw(case, letter, claim, drawn).data["guaranteeLetterDraw"]["refusals"] == []
    return case, letter, claim


def draw(case: Case, letter: str, claim: str, amount: str) -> Any:
    given = {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": amount}
    return send_raw(case.who("adjuster", DAY), "guaranteeLetterDraw", given)


def withdraw(case: Case, claim: str, who: Any = None) -> Any:
    client = who or case.who("customer", DAY)
    return claims.send_raw(client, "claimWithdraw", {"idempotencyKey": new_key(), "claim": claim}).data["claimWithdraw"]


def refuse(case: Case, claim: str) -> Any:
    itemize(case.gateway, claim)
    ruling = {"position": 1, "excluded": "8000.00", "reason": "除外责任"}
    given = {"idempotencyKey": new_key(), "claim": claim, "lines": [ruling], "reason": "除外责任"}
    return claims.send_raw(case.who("supervisor", DAY), "claimAdjudicate", given).data["claimAdjudicate"]


def letter_of(case: Case, letter: str) -> dict[str, Any]:
    (found,) = [row for row in rows_of(case.gateway, "guarantee_letters", case.number) if _id(row) == letter]
    return found


def _id(row: dict[str, Any]) -> str:
    return ids.encode("letter", row["policy_id"], row["id"])


def whole(case: Case) -> None:
    """What the last letter has drawn is what the ledger of the line comes to, within its ceiling."""
    last = max(rows_of(case.gateway, "guarantee_letters", case.number), key=lambda row: row["id"])
    signs = {"DRAW": 1, "RETURN": -1}
    entries = rows_of(case.gateway, "guarantee_draws", case.number)
    assert last["drawn"] == sum(signs[entry["kind"]] * entry["amount"] for entry in entries)
    assert 0 <= last["drawn"] <= last["ceiling"]


@pytest.mark.parametrize("drawn", ["3000.00", "8000.00"], ids=["a part", "all of the letter"])
def test_a_claim_that_is_withdrawn_gives_back_what_it_has_drawn(gateway: Gateway, drawn: str) -> None:
    case, letter, claim = granted(gateway, drawn)
    assert withdraw(case, claim)["claim"]["status"] == "WITHDRAWN"
    found = letter_of(case, letter)
    assert (found["state"], found["drawn"], found["ended_at"]) == ("DRAWN", 0, None)
    whole(case)


def test_a_hospital_that_withdraws_its_claim_gives_back_as_well(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    assert withdraw(case, claim, hospital(gateway).at(DAY))["claim"]["status"] == "WITHDRAWN"
    assert letter_of(case, letter)["drawn"] == 0


def test_a_claim_that_is_refused_gives_back_what_it_has_drawn(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    assert refuse(case, claim)["claim"]["status"] == "DECIDED"
    assert letter_of(case, letter)["drawn"] == 0
    whole(case)


def test_a_claim_whose_papers_never_came_gives_back(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    change(
        case.gateway, "update claims set state = 'SUPPLEMENT_REQUESTED' where policy_id = $1 and id = $2", *_key(claim)
    )
    given = {"idempotencyKey": new_key(), "claim": claim, "reason": "没有补交"}
    closed = claims.send_raw(case.who("adjuster", DAY), "claimClose", given).data["claimClose"]
    assert closed["claim"]["status"] == "CLOSED_INCOMPLETE"
    assert letter_of(case, letter)["drawn"] == 0


def _key(claim: str) -> Any:
    return ids.decode_as("claim", claim, 2)


def test_what_other_claims_have_drawn_stays(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    draw(case, letter, case.claim(), "2000.00")
    withdraw(case, claim)
    assert letter_of(case, letter)["drawn"] == 2000


def test_what_staff_gave_back_before_is_not_given_back_twice(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    given = {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": "1000.00", "reason": "x"}
    send(case.who("adjuster", DAY), "guaranteeLetterReturn", given)
    withdraw(case, claim)
    whole(case)


def test_a_revision_gets_back_what_was_drawn_before_it(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    asked = request(case.number, supersedes=case.id)
    after = Case(gateway, case.number, send(case.who("customer"), "preAuthSubmit", asked)["preAuth"]["id"])
    after.approve("9000.00")
    withdraw(case, claim)
    assert letter_of(case, letter)["drawn"] == 3000
    assert letter_of(case, after.letter()["id"])["drawn"] == 0
    whole(case)


def test_a_letter_that_was_taken_back_stays_so_and_the_next_one_carries_nothing(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    send(case.who("adjuster"), "guaranteeLetterRevoke", {"idempotencyKey": new_key(), "letter": letter, "reason": "x"})
    withdraw(case, claim)
    found = letter_of(case, letter)
    assert (found["state"], found["drawn"], found["ended_at"] is None) == ("REVOKED", 0, False)
    send(case.who("adjuster"), "guaranteeLetterIssue", {"idempotencyKey": new_key(), "preAuth": case.id})
    assert letter_of(case, case.letter()["id"])["carried"] == 0


@pytest.mark.parametrize("end", [withdraw, refuse], ids=["withdrawn", "refused"])
def test_nothing_is_drawn_for_a_claim_that_has_ended(gateway: Gateway, end: Any) -> None:
    case, letter, claim = granted(gateway)
    end(case, claim)
    assert draw(case, letter, claim, "1.00").error["extensions"]["inputPath"] == ["input", "claim"]


def test_it_comes_back_with_the_claim_or_not_at_all(gateway: Gateway) -> None:
    case, letter, claim = granted(gateway)
    given = {"idempotencyKey": new_key(), "claim": claim}
    answer = claims.send_raw(case.who("customer", DAY), "claimWithdraw", given, dry_run=True)
    assert answer.data["claimWithdraw"]["claim"]["status"] == "WITHDRAWN"
    assert letter_of(case, letter)["drawn"] == 3000


def test_the_letter_tells_why_it_came_back(gateway: Gateway) -> None:
    case, _, claim = granted(gateway)
    withdraw(case, claim)
    sql = (
        "select role, actor, reason, details from guarantee_letter_events where policy_id = $1 and command = 'giveBack'"
    )
    (event,) = look(gateway, sql, rows_of(gateway, "preauths", case.number)[0]["policy_id"])
    assert (event["role"], event["reason"]) == ("SYSTEM", "the claim was withdrawn")
    assert event["details"] == {"claim": claim, "amount": "3000.00"}


# At once


def drawing(case: Case, letter: str, claim: str, amount: str) -> Call:
    given = {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": amount}
    return ask(case.who("adjuster", DAY), document("guaranteeLetterDraw"), given)


def withdrawing(case: Case, claim: str) -> Call:
    return ask(
        case.who("customer", DAY), claims.document("claimWithdraw"), {"idempotencyKey": new_key(), "claim": claim}
    )


@pytest.mark.parametrize("_", range(ROUNDS))
def test_what_comes_back_meets_a_new_draw(gateway: Gateway, _: int) -> None:
    """Of 8,000 another claim wants what is there only after the first has given back."""
    case, letter, claim = granted(gateway, "5000.00")
    other = case.claim()
    answers = together(withdrawing(case, claim), drawing(case, letter, other, "4000.00"))
    assert [answer.get("errors") for answer in answers] == [None, None]
    is_drawn = not answers[1]["data"]["guaranteeLetterDraw"]["refusals"]
    assert letter_of(case, letter)["drawn"] == (Decimal(4000) if is_drawn else 0)
    whole(case)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_claim_does_not_draw_while_it_is_withdrawn(gateway: Gateway, _: int) -> None:
    case, letter, claim = granted(gateway)
    together(withdrawing(case, claim), drawing(case, letter, claim, "1000.00"))
    assert letter_of(case, letter)["drawn"] == 0
    whole(case)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_what_comes_back_meets_a_revision(gateway: Gateway, _: int) -> None:
    case, _letter, claim = granted(gateway)
    asked = request(case.number, supersedes=case.id)
    after = Case(gateway, case.number, send(case.who("customer"), "preAuthSubmit", asked)["preAuth"]["id"])
    decisions = [{"position": 1, "decision": "APPROVED", "approvedAmount": "9000.00"}]
    given = {"idempotencyKey": new_key(), "preAuth": after.id, "decisions": decisions, "validUntil": "2026-04-30"}
    granting = ask(after.who("adjuster", NOW), document("preAuthDecide"), given)
    answers = together(withdrawing(case, claim), granting)
    assert [answer.get("errors") for answer in answers] == [None, None]
    whole(case)
