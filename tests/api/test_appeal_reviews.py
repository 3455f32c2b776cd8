"""An appeal is in one pair of hands: taken by somebody without a part in the decision, or taken over."""

import pytest

from gateway.auth.viewer import STAFF_ROLES, Viewer, ViewerKind
from tests.support.claims import Case, begin, document, rows_of, send, send_raw
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW
from tests.support.races import ask, together


@pytest.fixture
def case(gateway: Gateway) -> Case:
    """Decided by the adjuster of the house."""
    case = begin(gateway)
    case.decide(excluded="200.00")
    return case


def colleague(gateway: Gateway, name: str) -> Client:
    viewer = Viewer(ViewerKind.STAFF, f"staff:{name}", name, frozenset(STAFF_ROLES["adjuster"]), role="adjuster")
    return gateway.client(viewer).at(NOW)


def take(client: Client, appeal: str) -> Answer:
    return send_raw(client, "appealReview", {"idempotencyKey": new_key(), "appeal": appeal})


def uphold(client: Client, appeal: str) -> Answer:
    given = {"idempotencyKey": new_key(), "appeal": appeal, "outcome": "UPHELD", "reason": "as it was"}
    return send_raw(client, "appealDecide", given)


def test_who_takes_an_appeal_decides_it(gateway: Gateway, case: Case) -> None:
    first, appeal = colleague(gateway, "first"), case.appeal()
    assert take(first, appeal).data["appealReview"]["appeal"]["status"] == "UNDER_REVIEW"
    assert uphold(first, appeal).data["appealDecide"]["appeal"]["status"] == "DECIDED"


def test_an_appeal_that_nobody_has_taken_is_decided_all_the_same(gateway: Gateway, case: Case) -> None:
    assert uphold(colleague(gateway, "first"), case.appeal()).data["appealDecide"]["refusals"] == []


def test_whoever_decided_does_not_take_it(case: Case) -> None:
    assert take(case.who("adjuster"), case.appeal()).code == "FORBIDDEN"


def test_a_colleague_neither_takes_it_as_well_nor_decides_it(gateway: Gateway, case: Case) -> None:
    first, second, appeal = colleague(gateway, "first"), colleague(gateway, "second"), case.appeal()
    take(first, appeal)
    for answer in (take(second, appeal), uphold(second, appeal)):
        assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "appeal"])
        assert "Somebody else" in answer.error["message"]


def test_nobody_takes_it_twice(gateway: Gateway, case: Case) -> None:
    first, appeal = colleague(gateway, "first"), case.appeal()
    take(first, appeal)
    assert "already" in take(first, appeal).error["message"]


def test_a_supervisor_takes_it_over_and_the_first_has_it_no_more(gateway: Gateway, case: Case) -> None:
    first, supervisor, appeal = colleague(gateway, "first"), case.who("supervisor"), case.appeal()
    take(first, appeal)
    assert "Somebody else" in uphold(supervisor, appeal).error["message"]
    assert take(supervisor, appeal).data["appealReview"]["refusals"] == []
    assert "Somebody else" in uphold(first, appeal).error["message"]
    assert uphold(supervisor, appeal).data["appealDecide"]["refusals"] == []


def test_a_decided_appeal_is_not_taken(gateway: Gateway, case: Case) -> None:
    first, appeal = colleague(gateway, "first"), case.appeal()
    uphold(first, appeal)
    assert "decided" in take(colleague(gateway, "second"), appeal).error["message"]


def test_more_time_leaves_it_where_it_is(gateway: Gateway, case: Case) -> None:
    first, appeal = colleague(gateway, "first"), case.appeal()
    take(first, appeal)
    more = {"appeal": appeal, "answerBy": "2026-04-10", "reason": "an expert is asked"}
    assert send(case.who("supervisor"), "appealExtend", {"idempotencyKey": new_key()} | more)["refusals"] == []
    assert uphold(first, appeal).data["appealDecide"]["refusals"] == []


@pytest.mark.parametrize("_", range(6))
def test_of_two_who_take_it_at_once_one_has_it(gateway: Gateway, case: Case, _: int) -> None:
    appeal = case.appeal()
    calls = [
        ask(colleague(gateway, name), document("appealReview"), {"idempotencyKey": new_key(), "appeal": appeal})
        for name in ("first", "second")
    ]
    assert sorted("errors" in answer for answer in together(*calls)) == [False, True]
    steps = sorted(row["command"] for row in rows_of(gateway, "appeal_events", case.number))
    assert steps == ["file", "review"]
