"""`gateway decisions replay`: what a decision was shown and answered is kept with it, and comes out the same again."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gateway.repositories import decisions
from gateway.validation.calendar import WorkCalendar
from gateway.validation.replay import differences, is_kept, verdicts_again
from gateway.validation.rulebook import Rulebook
from tests.support.claims import ACCOUNT, Case, begin, send, visit
from tests.support.client import Gateway, new_key
from tests.support.escorts import as_owner

Row = dict[str, Any]
CALENDAR = WorkCalendar({})


def kept(gateway: Gateway, case: Case) -> list[Row]:
    """The decisions of a claim, in their order."""
    number = case.send("adjuster", "claimAccountChange", bankAccount=ACCOUNT)["claim"]["number"]

    async def read(owner: Any) -> list[Row]:
        return [dict(row) async for row in decisions.of_claims(owner) if row["number"] == number]

    return sorted(as_owner(gateway, read), key=lambda row: row["revision"])


def first(gateway: Gateway) -> Case:
    case = begin(gateway)
    case.decide(excluded="100.00", deductible="10.00", copayPercent="33.33")
    return case


def corrected(gateway: Gateway) -> Case:
    """After the payment, so that something is asked back."""
    case = begin(gateway)
    case.decide()
    case.send("adjuster", "claimPay")
    case.decide(excluded="200.00", copay="0.01")
    return case


def approved(gateway: Gateway) -> Case:
    case = begin(gateway, visits=[visit(amount="60000.00")], more=["PHOTO_ID_COPY"])
    case.send("adjuster", "claimOriginalsReceive")
    case.decide(deductible="99.99")
    case.send("supervisor", "claimApprove", isApproved=True)
    return case


def appealed(gateway: Gateway) -> Case:
    case = begin(gateway)
    case.decide(excluded="860.00")
    outcome = {"outcome": "OVERTURNED", "reason": "it was needed", "lines": [{"position": 1, "copayPercent": "12.5"}]}
    send(case.who("supervisor"), "appealDecide", {"idempotencyKey": new_key(), "appeal": case.appeal(), **outcome})
    return case


@pytest.mark.parametrize(("way", "many"), [(first, 1), (corrected, 2), (approved, 1), (appealed, 2)])
def test_a_stored_decision_comes_out_the_same(gateway: Gateway, way: Callable[[Gateway], Case], many: int) -> None:
    found = kept(gateway, way(gateway))
    assert len(found) == many
    assert all(is_kept(row) for row in found)
    assert [differences(row, CALENDAR) for row in found] == [[]] * many


def test_what_the_rules_answered_is_kept_with_their_values(gateway: Gateway) -> None:
    _, correction = kept(gateway, corrected(gateway))
    told = {verdict["rule"]: (verdict["status"], verdict["values"]) for verdict in correction["facts"]["verdicts"]}
    assert told["CY26-BILL-06"] == ("WARNED", {"amount": "200.01"})


def test_a_decision_that_a_supervisor_approved_keeps_what_the_adjuster_was_shown(gateway: Gateway) -> None:
    (row,) = kept(gateway, approved(gateway))
    assert row["facts"]["facts"]["operation"] == "claimAdjudicate"
    assert {verdict["rule"] for verdict in row["facts"]["verdicts"]} == {"CY26-PA-05", "CY26-BILL-06"}


def test_another_fact_gives_another_answer(gateway: Gateway) -> None:
    _, row = kept(gateway, corrected(gateway))
    row["facts"]["facts"]["overpaid"] = "200.00"
    assert differences(row, CALENDAR) == [
        "CY26-BILL-06 nothing_overpaid: WARNED {'amount': '200.01'}, now WARNED {'amount': '200.00'}"
    ]


def test_another_sum_is_told(gateway: Gateway) -> None:
    (row,) = kept(gateway, first(gateway))
    (cut,) = row["facts"]["cuts"].values()
    cut["copay_percent"] = "33.34"
    assert len(differences(row, CALENDAR)) == 2  # the line, and the whole


def test_by_another_rulebook_it_may_come_out_otherwise(gateway: Gateway) -> None:
    (row,) = kept(gateway, first(gateway))
    (then, *_) = row["facts"]["rules"]
    assert differences(row, CALENDAR, Rulebook([]))[0].startswith(f"{sorted([then['code'], 'CY26-BILL-06'])[0]} ")
    assert verdicts_again(row["facts"], rulebook=Rulebook([])) == []


def test_its_own_rules_are_kept_and_not_those_of_today(gateway: Gateway) -> None:
    """Whoever changes a handbook changes no decision."""
    (row,) = kept(gateway, first(gateway))
    known = {rule["code"]: rule for rule in row["facts"]["rules"]}
    assert set(known) == {"CY26-PA-05", "CY26-BILL-06"}
    assert known["CY26-BILL-06"]["checks"] == ["nothing_overpaid"]


def test_nothing_personal_is_kept(gateway: Gateway) -> None:
    case = approved(gateway)
    told = json.dumps([row["facts"] for row in kept(gateway, case)], ensure_ascii=False, default=str)
    personal = ("演示", ACCOUNT["number"][-4:], ACCOUNT["holder"], case.number)
    assert [word for word in personal if word in told] == []


def test_every_decision_of_this_database_comes_out_the_same(gateway: Gateway) -> None:
    """Those of other tests too; what a test wrote by itself is left out."""
    first(gateway)

    async def read(owner: Any) -> list[list[str]]:
        return [differences(row, CALENDAR) async for row in decisions.of_claims(owner) if is_kept(row)]

    found = as_owner(gateway, read)
    assert found
    assert not any(found)


def test_sums_are_kept_to_the_cent(gateway: Gateway) -> None:
    (row,) = kept(gateway, first(gateway))
    assert [type(part) for part in row["sums"]] == [Decimal] * 7
