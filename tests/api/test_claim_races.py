"""Claims, deciders and payments that meet: one of them wins, and no invoice or cent goes twice."""

import httpx
import pytest

from tests.support.claims import begin, document, policy, request, rows_of, visit
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, person, refused
from tests.support.races import Call, payload, together

ROUNDS = 6
UPHELD = {"outcome": "UPHELD", "reason": "as it was"}


def ask(client: Client, mutation: str, given: dict[str, object]) -> Call:
    body = {"query": document(mutation), "variables": {"input": {"idempotencyKey": new_key()} | given}}

    def call(http: httpx.Client) -> dict[str, object]:
        return http.post(f"{client.address}/graphql", json=body, headers=client.all_headers).json()

    return call


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_invoice_that_is_claimed_twice_at_once_is_taken_once(gateway: Gateway, _: int) -> None:
    number, visits = policy(gateway), [visit()]
    client = gateway.customer(number).at(NOW)
    given = [request(gateway, number, visits=visits) for _ in range(4)]
    made = [payload(answer) for answer in together(*(ask(client, "claimSubmit", item) for item in given))]
    assert sorted(item["claim"] is None for item in made) == [False, True, True, True]
    assert {code for item in made for code in refused(item)} == {"CY26-CLM-06"}
    assert len(rows_of(gateway, "claim_invoices", number)) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_invoice_of_two_people_of_a_policy_is_taken_once(gateway: Gateway, _: int) -> None:
    """They hold different locks: the index has the last word."""
    number, visits = policy(gateway, insured=[person(), person(name="演示二")]), [visit()]
    client = gateway.customer(number).at(NOW)
    people = client.ask("query Q($n: String!) { policy(number: $n) { insured { id } } }", n=number).data["policy"]
    given = [request(gateway, number, visits=visits, insured=one["id"]) for one in people["insured"]]
    made = [payload(answer) for answer in together(*(ask(client, "claimSubmit", item) for item in given))]
    assert sorted(item["claim"] is None for item in made) == [False, True]
    assert {code for item in made for code in refused(item)} == {"CY26-CLM-06"}


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_claims_of_one_day_cannot_both_pass_by_the_sum(gateway: Gateway, _: int) -> None:
    number = policy(gateway)
    client = gateway.customer(number).at(NOW)
    given = [request(gateway, number, visits=[visit(amount="6000.00")]) for _ in range(2)]
    made = [payload(answer) for answer in together(*(ask(client, "claimSubmit", item) for item in given))]
    assert sorted(item["claim"]["status"] for item in made) == ["AWAITING_ORIGINALS", "SUBMITTED"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_two_deciders_one_decides_and_no_decision_is_lost(gateway: Gateway, _: int) -> None:
    """The second finds a decision, which it could only correct, and a correction says why."""
    case = begin(gateway)
    given = {"claim": case.id, "lines": [{"position": 1}]}
    answers = together(*(ask(case.who(role), "claimAdjudicate", given) for role in ("adjuster", "supervisor")))
    assert sorted("errors" in answer for answer in answers) == [False, True]
    assert [row["revision"] for row in rows_of(gateway, "claim_decisions", case.number)] == [1]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_deciding_meets_withdrawing(gateway: Gateway, _: int) -> None:
    case = begin(gateway)
    answers = together(
        ask(case.who("adjuster"), "claimAdjudicate", {"claim": case.id, "lines": [{"position": 1}]}),
        ask(case.who("customer"), "claimWithdraw", {"claim": case.id}),
    )
    assert sorted("errors" in answer for answer in answers) == [False, True]
    (claim,) = rows_of(gateway, "claims", case.number)
    (invoice,) = rows_of(gateway, "claim_invoices", case.number)
    assert (claim["state"] == "WITHDRAWN") is (invoice["released_at"] is not None)
    assert len(rows_of(gateway, "claim_decisions", case.number)) == (claim["state"] == "DECIDED")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_decision_is_paid_once(gateway: Gateway, _: int) -> None:
    case = begin(gateway)
    case.decide()
    answers = together(*(ask(case.who("adjuster"), "claimPay", {"claim": case.id}) for _ in range(4)))
    assert sorted("errors" in answer for answer in answers) == [False, True, True, True]
    (paid,) = rows_of(gateway, "claim_payments", case.number)
    assert (str(paid["amount"]), paid["state"]) == ("860.00", "PAID")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_supervisors_approve_one_decision(gateway: Gateway, _: int) -> None:
    case = begin(gateway, visits=[visit(amount="60000.00")], more=["PHOTO_ID_COPY"])
    case.send("adjuster", "claimOriginalsReceive")
    case.decide()
    answers = together(
        *(ask(case.who("supervisor"), "claimApprove", {"claim": case.id, "isApproved": True}) for _ in range(2))
    )
    assert sorted("errors" in answer for answer in answers) == [False, True]
    assert [row["revision"] for row in rows_of(gateway, "claim_decisions", case.number)] == [1]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_paying_meets_correcting(gateway: Gateway, _: int) -> None:
    """Whichever comes first: what is paid beyond the correction is asked back, and no more is paid than it grants."""
    case = begin(gateway)
    case.decide()
    line = {"position": 1, "excluded": "200.00", "reason": "x"}
    together(
        ask(case.who("adjuster"), "claimPay", {"claim": case.id}),
        ask(case.who("supervisor"), "claimAdjudicate", {"claim": case.id, "lines": [line], "reason": "x"}),
    )
    (paid,) = rows_of(gateway, "claim_payments", case.number)
    asked_back = sum(row["amount"] for row in rows_of(gateway, "repayments", case.number))
    assert paid["amount"] - asked_back == 660


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_appeals_at_once_are_one(gateway: Gateway, _: int) -> None:
    case = begin(gateway)
    case.decide(excluded="1.00")
    given = {"claim": case.id, "grounds": "it was needed"}
    answers = together(*(ask(case.who("customer"), "appealSubmit", given) for _ in range(2)))
    assert sorted("errors" in answer for answer in answers) == [False, True]
    assert len(rows_of(gateway, "appeals", case.number)) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_appeal_is_decided_once(gateway: Gateway, _: int) -> None:
    case = begin(gateway)
    case.decide(excluded="1.00")
    given = {"appeal": case.appeal(), **UPHELD}
    answers = together(*(ask(case.who("supervisor"), "appealDecide", given) for _ in range(2)))
    assert sorted("errors" in answer for answer in answers) == [False, True]
    commands = {row["seq"]: row["command"] for row in rows_of(gateway, "appeal_events", case.number)}
    assert commands == {1: "file", 2: "decide"}
