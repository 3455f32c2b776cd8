"""Papers of a claim, looked at one by one: what serves, what does not and why, and what is asked for because of it."""

from typing import Any

import pytest

from gateway.execution import ids
from tests.support import claims
from tests.support.claims import Case, begin, rows_of
from tests.support.client import Answer, Gateway
from tests.support.escorts import change


@pytest.fixture
def case(gateway: Gateway) -> Case:
    return begin(gateway)


def paper(case: Case, kind: str = "INVOICE") -> str:
    (found,) = (row for row in rows_of(case.gateway, "claim_documents", case.number) if row["kind"] == kind)
    return ids.encode("doc", found["policy_id"], found["document_id"])


def judge(case: Case, document: str, is_accepted: bool, reason: str | None = None, role: str = "adjuster") -> Answer:
    given = {"document": document, "isAccepted": is_accepted, "reason": reason}
    return case.send_raw(role, "claimDocumentReview", **given)


def lines(answer: Answer) -> dict[str, tuple[str, str | None]]:
    found = answer.data["claimDocumentReview"]["claim"]["documents"]
    return {line["kind"]: (line["status"], line["reason"]) for line in found}


def status(case: Case, document: str) -> str:
    seen = case.who("customer").ask("query Q($id: ID!) { node(id: $id) { ... on Document { status } } }", id=document)
    return seen.data["node"]["status"]


def steps(case: Case, document: str) -> list[tuple[str, str | None]]:
    _, key = ids.decode_as("doc", document, 2)
    events = [row for row in rows_of(case.gateway, "document_events", case.number) if row["document_id"] == key]
    return [(row["command"], row["reason"]) for row in sorted(events, key=lambda row: row["seq"])]


def test_a_paper_that_serves_is_accepted(case: Case) -> None:
    document = paper(case)
    found = lines(judge(case, document, True))
    assert found["INVOICE"] == ("ACCEPTED", None)
    assert found["CLAIM_FORM"] == ("PROVIDED", None)
    assert (status(case, document), steps(case, document)) == ("ACCEPTED", [("accept", None)])


def test_a_paper_that_does_not_serve_says_why(case: Case) -> None:
    document = paper(case)
    assert lines(judge(case, document, False, "看不清"))["INVOICE"] == ("REJECTED", "看不清")
    assert (status(case, document), steps(case, document)) == ("REJECTED", [("reject", "看不清")])


def test_a_paper_is_not_rejected_without_a_reason(case: Case) -> None:
    answer = judge(case, paper(case), False)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "reason"])


def test_what_was_rejected_by_mistake_is_accepted_after_all(case: Case) -> None:
    document = paper(case)
    judge(case, document, False, "看不清")
    assert lines(judge(case, document, True))["INVOICE"] == ("ACCEPTED", None)
    assert status(case, document) == "ACCEPTED"


def test_nothing_is_said_twice(case: Case) -> None:
    document = paper(case)
    judge(case, document, True)
    answer = judge(case, document, True)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "document"])


def test_what_was_rejected_is_asked_for_with_what_else_is_lacking(case: Case) -> None:
    judge(case, paper(case), False, "看不清")
    asked = case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"])["claim"]
    assert asked["supplements"][0]["kinds"] == ["LAB_REPORT", "INVOICE"]
    assert case.add("LAB_REPORT", "INVOICE")["claim"]["status"] == "UNDER_REVIEW"


def test_rejected_papers_alone_are_enough_to_ask_for(case: Case) -> None:
    judge(case, paper(case), False, "看不清")
    asked = case.send("adjuster", "claimSupplementRequest", kinds=[])["claim"]
    assert (asked["status"], asked["supplements"][0]["kinds"]) == ("SUPPLEMENT_REQUESTED", ["INVOICE"])


def test_what_has_come_again_is_not_asked_for(case: Case) -> None:
    judge(case, paper(case), False, "看不清")
    case.add("INVOICE")
    asked = case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"])["claim"]
    assert asked["supplements"][0]["kinds"] == ["LAB_REPORT"]


def test_papers_that_a_request_rejects_are_rejected_themselves(case: Case) -> None:
    document = paper(case)
    case.send("adjuster", "claimSupplementRequest", kinds=[], rejected=["INVOICE"], note="看不清")
    assert (status(case, document), steps(case, document)) == ("REJECTED", [("reject", "看不清")])


def test_a_decision_accepts_what_nobody_has_rejected(case: Case) -> None:
    form, invoice = paper(case, "CLAIM_FORM"), paper(case)
    judge(case, invoice, False, "看不清")
    case.decide()
    assert (status(case, form), status(case, invoice)) == ("ACCEPTED", "REJECTED")


def test_after_the_decision_papers_stay_as_they_were_judged(case: Case) -> None:
    document = paper(case)
    case.decide()
    answer = judge(case, document, False, "看不清")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "claim"])


def test_a_paper_of_another_claim_is_answered_like_one_that_is_not_there(gateway: Gateway, case: Case) -> None:
    foreign = judge(case, paper(begin(gateway)), True)
    unknown = judge(case, ids.encode("doc", *ids.decode_as("claim", case.id, 2)), True)
    assert foreign.error["message"] == unknown.error["message"]
    assert foreign.error["extensions"]["inputPath"] == ["input", "document"]


@pytest.mark.parametrize("role", ["customer", "vendor", "hotline"])
def test_adjusters_and_supervisors_judge_papers(case: Case, role: str) -> None:
    assert judge(case, paper(case), True, role=role).code == "FORBIDDEN"


def test_a_dry_run_leaves_the_paper_as_it_was(case: Case) -> None:
    document = paper(case)
    given = {"idempotencyKey": "try", "claim": case.id, "document": document, "isAccepted": True}
    tried = claims.send(case.who("adjuster"), "claimDocumentReview", given, dry_run=True)
    assert {line["status"] for line in tried["claim"]["documents"] if line["kind"] == "INVOICE"} == {"ACCEPTED"}
    assert (status(case, document), steps(case, document)) == ("CLEAN", [])


@pytest.mark.parametrize("state", ["INFECTED", "EXPIRED", "REMOVED"])
def test_a_paper_that_cannot_be_read_is_not_judged(case: Case, state: str) -> None:
    document = paper(case)
    change(case.gateway, "update documents set state = $3 where policy_id = $1 and id = $2", *key(document), state)
    assert judge(case, document, True).error["extensions"]["inputPath"] == ["input", "document"]


def key(document: str) -> tuple[Any, ...]:
    return ids.decode_as("doc", document, 2)
