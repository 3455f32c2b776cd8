"""`gateway decisions replay` beyond claims: authorizations, advances, appeals, waivers, disputes and cards keep what
they were shown when somebody decided, and come out the same again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gateway.execution import ids
from gateway.repositories import decisions
from gateway.validation.calendar import WorkCalendar
from gateway.validation.replay import other_judgement
from gateway.validation.retelling import read, told
from gateway.validation.rule import Rule
from gateway.validation.rulebook import Rulebook
from tests.support import advances, bills, claims, preauths
from tests.support.client import Gateway, new_key
from tests.support.escorts import as_owner

Row = dict[str, Any]
CALENDAR = WorkCalendar({})


def kept(gateway: Gateway, subject: str) -> list[Row]:
    """Judgements on the policy of a case, in their order."""
    decoded = ids.decode(subject)
    assert decoded is not None

    async def look(owner: Any) -> list[Row]:
        return [dict(row) async for row in decisions.of_other_cases(owner) if row["policy_id"] == decoded[1][0]]

    return as_owner(gateway, look)


def in_parts(gateway: Gateway) -> str:
    case = preauths.begin(gateway, items=[preauths.STAY, preauths.STAY | {"name": "手术"}])
    case.send("adjuster", "preAuthInquire", question="为何需要手术？")
    case.send("customer", "preAuthAnswer", answer="见病历")
    made = [
        {"position": 1, "decision": "APPROVED", "approvedAmount": "8000.00"},
        {"position": 2, "decision": "DENIED", "reason": "不必要"},
    ]
    case.send("adjuster", "preAuthDecide", decisions=made, validUntil="2026-04-30")
    return case.id


def above_one_persons_limit(gateway: Gateway) -> str:
    case = preauths.begin(gateway, items=[preauths.STAY | {"perTreatment": "60000.00"}])
    case.approve("60000.00")
    case.send("supervisor", "preAuthApprove", isApproved=True)
    return case.id


def advance(gateway: Gateway) -> str:
    return advances.begin(gateway, "VAS").go_to("PAID").id


def appeal(gateway: Gateway) -> str:
    case = claims.begin(gateway)
    case.decide(excluded="860.00")
    given = {"idempotencyKey": new_key(), "appeal": case.appeal(), "outcome": "UPHELD", "reason": "as before"}
    claims.send(case.who("supervisor"), "appealDecide", given)
    return case.id


def bill(gateway: Gateway) -> str:
    billed = bills.begin(gateway)
    billed.send("supervisor", "billWaive", amount="40.00", reason="困难减免")
    billed.send("customer", "billDispute", grounds="重复计费")
    billed.send("supervisor", "billDisputeDecide", outcome="UPHELD", reason="已核对")
    return billed.id


CASES: dict[Callable[[Gateway], str], list[str]] = {
    in_parts: ["preAuthInquire", "preAuthDecide"],
    above_one_persons_limit: ["preAuthDecide", "preAuthApprove"],
    advance: ["advanceReview", "advanceAuthorize"],
    appeal: ["appealDecide"],
    bill: ["billWaive", "billDisputeDecide"],
}


@pytest.mark.parametrize(("make", "operations"), CASES.items(), ids=lambda item: getattr(item, "__name__", "decided"))
def test_what_was_decided_comes_out_the_same(
    gateway: Gateway, make: Callable[[Gateway], str], operations: list[str]
) -> None:
    found = kept(gateway, make(gateway))
    assert [row["operation"] for row in found] == operations
    assert [other_judgement(row["facts"], CALENDAR) for row in found] == [[]] * len(operations)


def test_what_is_granted_in_all_is_counted_again(gateway: Gateway) -> None:
    judgement = kept(gateway, in_parts(gateway))[-1]["facts"]
    assert (judgement["decided"]["outcome"], judgement["decided"]["total"]) == ("PARTIALLY_APPROVED", "8000.00")
    other = judgement | {"decided": judgement["decided"] | {"amounts": ["8000.00", "0.01"]}}
    (told_of,) = other_judgement(other, CALENDAR)
    assert told_of == "PARTIALLY_APPROVED 8000.00, now PARTIALLY_APPROVED 8000.01"


def test_other_facts_would_be_told(gateway: Gateway) -> None:
    judgement = next(row for row in kept(gateway, advance(gateway)) if row["operation"] == "advanceReview")["facts"]
    assert judgement["verdicts"], "a review asks rules"
    answered = [item | {"status": "REFUSED"} for item in judgement["verdicts"]]
    assert other_judgement(judgement | {"verdicts": answered}, CALENDAR)


def test_a_changed_rulebook_changes_nothing_that_was_decided(gateway: Gateway) -> None:
    """By its own rules it comes out the same; by others that ask nothing, it is told."""
    judgement = next(row for row in kept(gateway, advance(gateway)) if row["operation"] == "advanceReview")["facts"]
    silent = Rulebook(replace(read(Rule, rule), operations=()) for rule in judgement["rules"])
    assert other_judgement(judgement, CALENDAR) == []
    assert other_judgement(judgement, CALENDAR, silent)


def test_no_name_is_kept(gateway: Gateway) -> None:
    case = advances.begin(gateway, "VAS").go_to("PAID")
    (member, *_) = (
        case.who("supervisor").ask("{ policies(first: 1) { nodes { insured { name } } } }").data["policies"]["nodes"]
    )
    name = member["insured"][0]["name"]
    assert name not in str([told(row["facts"]) for row in kept(gateway, case.id)])


def test_a_dry_run_keeps_nothing(gateway: Gateway) -> None:
    billed = bills.begin(gateway)
    given = {"bill": billed.id, "amount": "40.00", "reason": "困难减免"}
    bills.send(billed.who("supervisor"), "billWaive", given, dry_run=True)
    assert kept(gateway, billed.id) == []
