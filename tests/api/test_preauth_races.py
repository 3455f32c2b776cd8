"""Requests for authorization, deciders and draws that meet: one goes after the other, and the sums hold."""

import httpx
import pytest

from tests.api.test_preauths import ON_THE_DAY, UNTIL, decisions, granted
from tests.api.test_races import Call, payload, together
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, look
from tests.support.preauths import VISIT, begin, document, policy, request, rows_of

ROUNDS = 6


def ask(client: Client, mutation: str, given: dict[str, object]) -> Call:
    body = {"query": document(mutation), "variables": {"input": {"idempotencyKey": new_key()} | given}}

    def call(http: httpx.Client) -> dict[str, object]:
        return http.post(f"{client.address}/graphql", json=body, headers=client.all_headers).json()

    return call


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_requests_cannot_both_pass_by_the_sum(gateway: Gateway, _: int) -> None:
    number = policy(gateway)
    client = gateway.customer(number).at(NOW)
    given = [request(number, items=[VISIT], expectedCumulative="20000.00") for _ in range(2)]
    made = [payload(answer) for answer in together(*(ask(client, "preAuthSubmit", item) for item in given))]
    rules = sorted(item["preAuth"]["items"][0]["matchedRules"] for item in made)
    assert rules == [[], ["CY26-PA-12"]]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_two_deciders_one_decides(gateway: Gateway, _: int) -> None:
    case = begin(gateway)
    calls = [
        ask(case.who(role), "preAuthDecide", {"preAuth": case.id, "decisions": decisions(word), "validUntil": UNTIL})
        for role, word in (("adjuster", "APPROVED"), ("supervisor", "DENIED"))
    ]
    made = [payload(answer) for answer in together(*calls)]
    assert sorted(item["preAuth"] is None for item in made) == [False, True]
    commands = [row["command"] for row in rows_of(gateway, "preauth_events", case.number)]
    assert commands.count("decide") == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_deciding_meets_withdrawing(gateway: Gateway, _: int) -> None:
    case = begin(gateway)
    given = {"preAuth": case.id, "decisions": decisions("APPROVED"), "validUntil": UNTIL}
    decided, withdrawn = (
        payload(answer)["preAuth"]
        for answer in together(
            ask(case.who("adjuster"), "preAuthDecide", given),
            ask(case.who("customer"), "preAuthWithdraw", {"preAuth": case.id}),
        )
    )
    assert withdrawn["status"] == "WITHDRAWN"
    letters = [row["state"] for row in rows_of(gateway, "guarantee_letters", case.number)]
    assert letters == (["REVOKED"] if decided else [])


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_draws_do_not_take_more_than_the_ceiling(gateway: Gateway, _: int) -> None:
    case, letter, _code = granted(gateway)
    claims = [case.claim(), case.claim()]
    calls = [
        ask(
            case.who("adjuster", ON_THE_DAY),
            "guaranteeLetterDraw",
            {"letter": letter["id"], "claim": claim, "amount": "5000.00"},
        )
        for claim in claims
    ]
    made = [payload(answer) for answer in together(*calls)]
    assert sorted(item["letter"] is None for item in made) == [False, True]
    (found,) = rows_of(gateway, "guarantee_letters", case.number)
    draws = rows_of(gateway, "guarantee_draws", case.number)
    assert found["drawn"] == sum(row["amount"] for row in draws) == 5000


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_letters_for_one_hospital_are_never_live(gateway: Gateway, _: int) -> None:
    case, letter, _code = granted(gateway)
    staff = case.who("adjuster")
    given = {"letter": letter["id"], "reason": "x"}
    payload(together(ask(staff, "guaranteeLetterRevoke", given))[0])
    answers = together(*[ask(staff, "guaranteeLetterIssue", {"preAuth": case.id}) for _ in range(2)])
    assert sorted("errors" in answer for answer in answers) == [False, True]
    live = look(
        gateway,
        "select number from guarantee_letters where policy_id = $1 and ended_at is null",
        rows_of(gateway, "preauths", case.number)[0]["policy_id"],
    )
    assert len(live) == 1
