"""An extension or a change of an authorization: the new request takes the place of the old one, letter and draws
included."""

from typing import Any

import pytest

from tests.support import preauths
from tests.support.client import Answer, Gateway, new_key
from tests.support.direct_claims import LINE, ON_THE_DAY, authorize
from tests.support.direct_claims import begin as begin_visit
from tests.support.escorts import NOW, person, row_counts
from tests.support.preauths import (
    CHECK,
    PRIVATE,
    STAY,
    Case,
    begin,
    document,
    policy,
    request,
    rows_of,
    send,
    send_raw,
)
from tests.support.races import ask, together

LATER = "2026-03-28T10:00:00+08:00"
"""During the stay: too late for a request of its own."""

LONGER: dict[str, Any] = {"category": "INPATIENT", "name": "住院七天", "perTreatment": "15000.00"}
LINE_OF = """query L($id: ID!) { node(id: $id) { ... on PreAuth { status supersedes { id } revisions { id status }
  guaranteeLetters { id status ceiling { amount } drawn { amount } carried { amount } }
  timeline { command status role } } } }"""


def shown(case: Case) -> dict[str, Any]:
    return case.who("supervisor").ask(LINE_OF, id=case.id).data["node"]


def revision(case: Case, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return request(case.number, items=[LONGER], supersedes=case.id) | changes


def revise(case: Case, now: str = NOW, **changes: Any) -> Case:
    made = send(case.who("customer", now), "preAuthSubmit", revision(case) | changes)
    assert made["refusals"] == []
    return Case(case.gateway, case.number, made["preAuth"]["id"])


def revise_raw(case: Case, **changes: Any) -> Answer:
    return send_raw(case.who("customer"), "preAuthSubmit", revision(case) | changes)


def granted(gateway: Gateway) -> tuple[Case, str, str]:
    case = begin(gateway)
    made = case.approve()
    return case, made["preAuth"]["guaranteeLetters"][0]["id"], made["letterCode"]


def draw(case: Case, letter: str, claim: str, amount: str) -> dict[str, Any]:
    given = {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": amount}
    return send(case.who("adjuster", LATER), "guaranteeLetterDraw", given)


def test_what_nobody_has_decided_is_replaced_at_once(gateway: Gateway) -> None:
    first = begin(gateway)
    second = revise(first)
    found = shown(first)
    assert found["status"] == "SUPERSEDED"
    assert found["revisions"] == [{"id": second.id, "status": "SUBMITTED"}]
    assert found["timeline"][-1] == {"command": "supersede", "status": "SUPERSEDED", "role": "CUSTOMER"}
    assert shown(second)["supersedes"] == {"id": first.id}


def test_what_was_approved_stays_in_force_until_the_revision_is_granted(gateway: Gateway) -> None:
    first, _, code = granted(gateway)
    second = revise(first)
    assert shown(first)["status"] == "APPROVED"
    assert [letter["status"] for letter in shown(first)["guaranteeLetters"]] == ["ISSUED"]
    second.send("adjuster", "preAuthDecide", decisions=[{"position": 1, "decision": "DENIED", "reason": "not covered"}])
    assert shown(first)["status"] == "APPROVED"
    assert [letter["status"] for letter in shown(first)["guaranteeLetters"]] == ["ISSUED"]
    assert code


def test_a_granted_revision_takes_the_place_of_request_and_letter(gateway: Gateway) -> None:
    first, letter, code = granted(gateway)
    made = revise(first).approve("15000.00")
    before = shown(first)
    assert (before["status"], before["timeline"][-1]["command"]) == ("SUPERSEDED", "supersede")
    assert [found["status"] for found in before["guaranteeLetters"]] == ["SUPERSEDED"]
    (after,) = made["preAuth"]["guaranteeLetters"]
    assert (after["status"], after["ceiling"]) == ("ISSUED", {"amount": "15000.00"})
    assert made["letterCode"] not in (None, code)
    (old,) = [row for row in rows_of(gateway, "guarantee_letters", first.number) if row["state"] == "SUPERSEDED"]
    asked = preauths.hospital(gateway, "JDHEALTH").ask(CHECK, number=old["number"], code=code)
    assert (asked.data["guaranteeLetterCheck"]["isUsable"], letter is not None) == (False, True)


def test_the_new_letter_carries_what_was_drawn(gateway: Gateway) -> None:
    first, letter, _ = granted(gateway)
    draw(first, letter, first.claim(), "3000.00")
    second = revise(first)
    second.approve("15000.00")
    (after,) = shown(second)["guaranteeLetters"]
    assert (after["drawn"], after["carried"]) == ({"amount": "3000.00"}, {"amount": "3000.00"})
    claim = second.claim()
    assert draw(second, after["id"], claim, "12000.01")["refusals"]
    assert draw(second, after["id"], claim, "12000.00")["letter"]["status"] == "EXHAUSTED"


def test_a_claim_under_the_old_request_draws_on_the_new_letter(gateway: Gateway) -> None:
    first, _, _ = granted(gateway)
    claim = first.claim()
    second = revise(first)
    second.approve("15000.00")
    (after,) = shown(second)["guaranteeLetters"]
    assert draw(second, after["id"], claim, "9000.00")["letter"]["drawn"] == {"amount": "9000.00"}


@pytest.mark.parametrize("end", ["SUPERSEDED", "REVOKED"])
def test_a_letter_that_has_ended_promises_nothing(gateway: Gateway, end: str) -> None:
    first, letter, _ = granted(gateway)
    claim = first.claim()
    if end == "SUPERSEDED":
        revise(first).approve("15000.00")
    else:
        given = {"idempotencyKey": new_key(), "letter": letter, "reason": "代码遗失"}
        send(first.who("adjuster"), "guaranteeLetterRevoke", given)
    said = draw(first, letter, claim, "1.00")["refusals"]
    assert {found["rule"]["code"] for found in said} == {"CY26-PA-01"}
    assert any("0.00" in found["message"] for found in said), said
    assert shown(first)["guaranteeLetters"][0]["drawn"] == {"amount": "0.00"}


def test_what_was_drawn_is_carried_along_the_whole_line(gateway: Gateway) -> None:
    first, letter, _ = granted(gateway)
    draw(first, letter, first.claim(), "3000.00")
    second = revise(first)
    second.approve("9000.00")
    draw(second, shown(second)["guaranteeLetters"][0]["id"], second.claim(), "2000.00")
    third = revise(second)
    third.approve("10000.00")
    assert shown(third)["guaranteeLetters"][0]["carried"] == {"amount": "5000.00"}


def test_a_revision_grants_no_less_than_was_drawn(gateway: Gateway) -> None:
    first, letter, _ = granted(gateway)
    draw(first, letter, first.claim(), "3000.00")
    second = revise(first)
    less = [{"position": 1, "decision": "APPROVED", "approvedAmount": "2999.99"}]
    answer = second.send_raw("adjuster", "preAuthDecide", decisions=less, validUntil="2026-04-30")
    assert answer.error["extensions"]["inputPath"] == ["input", "decisions"]
    assert second.approve("3000.00")["preAuth"]["guaranteeLetters"] == []
    assert shown(first)["guaranteeLetters"][0]["status"] == "SUPERSEDED"


def test_a_letter_that_is_issued_anew_carries_what_was_drawn_on_the_first(gateway: Gateway) -> None:
    case, letter, _ = granted(gateway)
    draw(case, letter, case.claim(), "3000.00")
    given = {"idempotencyKey": new_key(), "letter": letter, "reason": "代码遗失"}
    send(case.who("adjuster"), "guaranteeLetterRevoke", given)
    case.send("adjuster", "guaranteeLetterIssue")
    again = shown(case)["guaranteeLetters"][-1]
    assert (again["ceiling"], again["drawn"]) == ({"amount": "8000.00"}, {"amount": "3000.00"})


def test_above_the_limit_the_places_change_with_the_supervisors_word(gateway: Gateway) -> None:
    first, _, _ = granted(gateway)
    second = revise(first)
    second.approve("60000.00")
    assert (shown(first)["status"], shown(second)["status"]) == ("APPROVED", "AWAITING_APPROVAL")
    second.send("supervisor", "preAuthApprove", isApproved=True)
    assert (shown(first)["status"], shown(second)["status"]) == ("SUPERSEDED", "APPROVED")
    assert [letter["status"] for letter in shown(first)["guaranteeLetters"]] == ["SUPERSEDED"]


def test_an_approved_stay_may_be_extended_while_it_lasts(gateway: Gateway) -> None:
    first, _, _ = granted(gateway)
    made = send(first.who("customer", LATER), "preAuthSubmit", revision(first))
    in_time = next(found for found in made["verdicts"] if found["rule"]["code"] == "CY26-PA-03")
    assert (in_time["status"], made["refusals"]) == ("WARNED", [])


@pytest.mark.parametrize("treatment_on", ["2026-03-25", "2026-05-02"], ids=["before", "after-a-gap"])
def test_treatment_that_was_not_approved_is_asked_for_in_time(gateway: Gateway, treatment_on: str) -> None:
    first, _, _ = granted(gateway)
    now = "2026-03-24T10:00:00+08:00" if treatment_on < "2026-04" else "2026-05-01T10:00:00+08:00"
    made = send(first.who("customer", now), "preAuthSubmit", revision(first, treatmentOn=treatment_on))
    assert {found["rule"]["code"] for found in made["refusals"]} >= {"CY26-PA-03"}


def test_a_revision_of_what_is_not_approved_is_asked_for_in_time(gateway: Gateway) -> None:
    first = begin(gateway)
    made = send(first.who("customer", LATER), "preAuthSubmit", revision(first))
    assert {found["rule"]["code"] for found in made["refusals"]} == {"CY26-PA-03"}
    assert shown(first)["status"] == "SUBMITTED"


def test_the_cost_of_a_revision_counts_once(gateway: Gateway) -> None:
    first = begin(gateway, items=[STAY | {"category": "OTHER", "perTreatment": "20000.00"}])
    found = {"category": "OTHER", "name": "康复治疗", "perTreatment": "25000.00"}
    made = send(first.who("customer"), "preAuthSubmit", revision(first, items=[found]))
    assert made["preAuth"]["items"][0]["matchedRules"] == []
    more = request(first.number, items=[found | {"perTreatment": "5000.01"}])
    made = send(first.who("customer"), "preAuthSubmit", more)
    assert made["preAuth"]["items"][0]["matchedRules"] == ["CY26-PA-12"]


def test_a_request_has_one_live_revision(gateway: Gateway) -> None:
    first, _, _ = granted(gateway)
    second = revise(first)
    answer = revise_raw(first)
    assert answer.error["extensions"]["inputPath"] == ["input", "supersedes"]
    assert "PA2026" in answer.error["message"]
    second.send("customer", "preAuthWithdraw")
    revise(first)


@pytest.mark.parametrize("command", ["withdrawn", "superseded"])
def test_what_is_at_an_end_is_not_revised(gateway: Gateway, command: str) -> None:
    first = begin(gateway)
    if command == "withdrawn":
        first.send("customer", "preAuthWithdraw")
    else:
        revise(first)
    assert revise_raw(first).error["extensions"]["inputPath"] == ["input", "supersedes"]


def test_a_revision_stays_with_its_hospital(gateway: Gateway) -> None:
    first = begin(gateway)
    assert revise_raw(first, hospital=PRIVATE).error["extensions"]["inputPath"] == ["input", "supersedes"]


def test_a_foreign_request_is_answered_like_one_that_is_not_there(gateway: Gateway) -> None:
    first, other = begin(gateway), begin(gateway)
    absent = other.id[:-4] + ("AAAA" if not other.id.endswith("AAAA") else "BBBB")
    messages = {
        revise_raw(first, supersedes=given).error["message"].replace(given, "…") for given in (other.id, absent)
    }
    assert len(messages) == 1


def test_a_revision_is_for_the_same_insured(gateway: Gateway) -> None:
    number = policy(gateway, insured=[person(**preauths.CHILD), person(**preauths.CHILD | {"name": "演示妹妹"})])
    people = (
        gateway.customer(number)
        .ask("query P($n: String!) { policy(number: $n) { insured { id } } }", n=number)
        .data["policy"]["insured"]
    )
    first = begin(gateway, number=number, insured=people[0]["id"])
    answer = revise_raw(first, insured=people[1]["id"])
    assert answer.error["extensions"]["inputPath"] == ["input", "supersedes"]


def test_a_hospital_keeps_sight_of_what_the_client_revises(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    hospital = preauths.hospital(gateway)
    made = send(hospital, "preAuthSubmit", request(number, channel="HOSPITAL"))
    first = Case(gateway, number, made["preAuth"]["id"])
    second = revise(first)
    found = hospital.ask("query N($id: ID!) { node(id: $id) { ... on PreAuth { status } } }", id=second.id)
    assert found.data["node"] == {"status": "SUBMITTED"}


def test_a_dry_run_of_a_revision_leaves_no_trace(gateway: Gateway) -> None:
    first = begin(gateway)
    before = row_counts(gateway)
    made = send(first.who("customer"), "preAuthSubmit", revision(first), dry_run=True)
    assert (made["preAuth"]["status"], row_counts(gateway)) == ("SUBMITTED", before)
    assert shown(first)["status"] == "SUBMITTED"


def test_a_repeated_revision_is_the_same_one(gateway: Gateway) -> None:
    first = begin(gateway)
    given = revision(first)
    made = [send(first.who("customer"), "preAuthSubmit", given) for _ in range(2)]
    assert made[1]["isReplay"]
    assert made[0]["preAuth"]["id"] == made[1]["preAuth"]["id"]


@pytest.mark.parametrize("_", range(5))
def test_of_two_revisions_at_once_one_is_made(gateway: Gateway, _: int) -> None:
    first, _letter, _code = granted(gateway)
    call = ask(first.who("customer"), document("preAuthSubmit"), revision(first))
    other = ask(first.who("customer"), document("preAuthSubmit"), revision(first))
    assert sorted("errors" in answer for answer in together(call, other)) == [False, True]
    assert [row["state"] for row in rows_of(gateway, "preauths", first.number)].count("SUBMITTED") == 1


@pytest.mark.parametrize("named", ["old", "new"])
def test_a_stay_that_was_extended_is_authorized_from_its_first_day(gateway: Gateway, named: str) -> None:
    visit = begin_visit(gateway)
    first = Case(gateway, visit.number, authorize(visit))
    second = revise(first, now=ON_THE_DAY)
    decisions = [{"position": 1, "decision": "APPROVED", "approvedAmount": "15000.00"}]
    second.send("adjuster", "preAuthDecide", LATER, decisions=decisions, validUntil="2026-04-30")
    made = visit.tried(
        now=LATER,
        kind="INPATIENT",
        booking=None,
        preAuth=(first if named == "old" else second).id,
        lines=[LINE | {"category": "INPATIENT", "amount": "6000.00"}],
    )
    assert (made["refusals"], made["claim"]["isPreAuthMissing"]) == ([], False)


def test_what_was_superseded_holds_no_longer_than_that(gateway: Gateway) -> None:
    visit = begin_visit(gateway)
    first = Case(gateway, visit.number, authorize(visit))
    second = revise(first)
    second.approve("15000.00", until="2026-03-26")
    for case, day, is_missing in ((first, "2026-03-27", True), (second, "2026-03-26", False)):
        made = visit.tried(
            now=LATER,
            kind="INPATIENT",
            booking=None,
            visitedOn=day,
            preAuth=case.id,
            lines=[LINE | {"category": "INPATIENT", "amount": "6000.00"}],
        )
        assert bool(made["refusals"]) is is_missing
