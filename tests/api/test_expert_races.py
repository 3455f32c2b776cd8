"""Callers who meet at the last time of an expert: one of them has it, and nobody meets a fault."""

import pytest

from tests.support.client import Gateway, new_key
from tests.support.escorts import VERDICT, at, entitlement, refused
from tests.support.expert_calls import NOW, expert_with, policy, wanted
from tests.support.races import all_agrees, ask, payload, together

DOCUMENTS = {
    mutation: f"mutation C($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ {mutation}(input: $input) "
    "{ refusals { ...V } booking { id } } }" + VERDICT
    for mutation in ("expertCallBook", "expertCallNow")
}


@pytest.mark.parametrize("_", range(5))
@pytest.mark.parametrize(("mutation", "code"), [("expertCallBook", "VAS-EXP-01"), ("expertCallNow", "VAS-EXP-15")])
def test_the_last_time_goes_to_one(gateway: Gateway, mutation: str, code: str, _: int) -> None:
    starts = "2026-03-12 15:00" if mutation == "expertCallBook" else "2026-03-09 10:00"
    expert = expert_with(gateway, starts, is_visit_hours=True)
    numbers = [policy(gateway) for _ in range(3)]
    more = {"startsAt": at(starts)} if mutation == "expertCallBook" else {}
    calls = [
        ask(
            gateway.customer(number).at(NOW),
            DOCUMENTS[mutation],
            {"idempotencyKey": new_key()} | wanted(number, expert, **more),
        )
        for number in numbers
    ]
    answers = [payload(answer) for answer in together(*calls)]
    assert sorted((refused(answer) for answer in answers), key=len) == [set(), {code}, {code}]
    held = [entitlement(gateway.customer(number), number, "EXPERT_CALL")["reserved"] for number in numbers]
    assert sorted(held) == [0, 0, 1]
    all_agrees(gateway)


def test_two_who_order_at_once_stand_one_behind_the_other(gateway: Gateway) -> None:
    expert = expert_with(gateway, "2026-03-09 10:00", "2026-03-09 10:15", is_visit_hours=True)
    document = DOCUMENTS["expertCallNow"].replace(
        "booking { id }", "booking { details { ... on ExpertCallDetails { queueLength } } }"
    )
    numbers = [policy(gateway) for _ in range(2)]
    calls = [
        ask(gateway.customer(number).at(NOW), document, {"idempotencyKey": new_key()} | wanted(number, expert))
        for number in numbers
    ]
    found = [payload(answer)["booking"]["details"]["queueLength"] for answer in together(*calls)]
    assert sorted(found) == [0, 1]
