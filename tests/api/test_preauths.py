"""The life of a pre-authorization: asked for, questioned, decided item by item, guaranteed, drawn on and withdrawn."""

from typing import Any

import pytest

from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, add_paper, person, refused, row_counts, verdict_of
from tests.support.preauths import (
    CHECK,
    CHILD,
    HOSPITAL,
    STAY,
    VISIT,
    Case,
    begin,
    document,
    emergency,
    hospital,
    policy,
    request,
    requirement,
    send,
    send_raw,
)

UNTIL = "2026-04-30"


def decisions(*words: str, **more: Any) -> list[dict[str, Any]]:
    made = [{"position": at, "decision": word} for at, word in enumerate(words, 1)]
    for item in made:
        if item["decision"] == "DENIED":
            item["reason"] = "not covered"
        elif item["decision"] in ("MODIFIED", "PARTIALLY_APPROVED"):
            item["approvedAmount"] = "100.00"
    return [item | more for item in made]


def test_a_request_is_kept_with_its_items_and_the_rules_that_list_them(gateway: Gateway) -> None:
    number = policy(gateway)
    made = send(gateway.customer(number).at(NOW), "preAuthSubmit", request(number, items=[STAY, VISIT]))
    found = made["preAuth"]
    assert (found["status"], found["channel"]) == ("SUBMITTED", "MINI_PROGRAM")
    assert [item["matchedRules"] for item in found["items"]] == [["CY26-PA-07"], []]
    assert found["timeline"] == [
        {"command": "submit", "fromStatus": "", "status": "SUBMITTED", "role": "CUSTOMER", "reason": None}
    ]
    assert found["number"].startswith("PA2026")


def test_a_dry_run_shows_the_request_and_leaves_nothing(gateway: Gateway) -> None:
    number = policy(gateway)
    before = row_counts(gateway)
    made = send(gateway.customer(number).at(NOW), "preAuthSubmit", request(number), dry_run=True)
    assert made["isDryRun"]
    assert made["preAuth"]["status"] == "SUBMITTED"
    assert row_counts(gateway) == before


def test_a_repeated_key_is_answered_with_the_same_request(gateway: Gateway) -> None:
    number = policy(gateway)
    client, given = gateway.customer(number).at(NOW), request(number)
    first, again = (send(client, "preAuthSubmit", given) for _ in range(2))
    assert again["isReplay"]
    assert again["preAuth"]["id"] == first["preAuth"]["id"]


def test_a_question_is_answered_before_the_decision(gateway: Gateway) -> None:
    case = begin(gateway)
    assert case.send("adjuster", "preAuthReview")["preAuth"]["status"] == "UNDER_REVIEW"
    asked = case.send("adjuster", "preAuthInquire", question="睡眠监测报告？")
    assert asked["preAuth"]["status"] == "INFO_REQUESTED"
    early = case.send("adjuster", "preAuthDecide", decisions=decisions("APPROVED"), validUntil=UNTIL)
    assert refused(early) == {"CY26-PA-01"}
    paper = add_paper(gateway, case.number, "EXAM_REPORT", None)
    answered = case.send("customer", "preAuthAnswer", answer="已上传", documents=[paper])
    assert answered["preAuth"]["status"] == "UNDER_REVIEW"
    assert answered["preAuth"]["inquiries"] == [{"question": "睡眠监测报告？", "answer": "已上传"}]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("APPROVED", "APPROVED"), "APPROVED"),
        (("APPROVED", "MODIFIED"), "APPROVED"),
        (("APPROVED", "DENIED"), "PARTIALLY_APPROVED"),
        (("PARTIALLY_APPROVED", "PARTIALLY_APPROVED"), "PARTIALLY_APPROVED"),
        (("DENIED", "NOT_REQUIRED"), "REFUSED"),
        (("APPROVED", "NOT_REQUIRED"), "APPROVED"),
        (("NOT_REQUIRED", "NOT_REQUIRED"), "NOT_REQUIRED"),
    ],
    ids="-".join,
)
def test_the_decisions_on_items_sum_up(gateway: Gateway, words: tuple[str, str], status: str) -> None:
    case = begin(gateway, items=[STAY, VISIT])
    made = case.send("adjuster", "preAuthDecide", decisions=decisions(*words), validUntil=UNTIL)
    assert made["preAuth"]["status"] == status
    assert [item["decision"] for item in made["preAuth"]["items"]] == list(words)


def test_what_is_granted_is_guaranteed_with_a_ceiling_a_period_and_a_code(gateway: Gateway) -> None:
    made = begin(gateway, items=[STAY, VISIT]).send(
        "adjuster", "preAuthDecide", decisions=decisions("APPROVED", "APPROVED"), validUntil=UNTIL
    )
    (letter,) = made["preAuth"]["guaranteeLetters"]
    assert letter["status"] == "ISSUED"
    assert letter["ceiling"] == {"amount": "8300.00"}
    assert (letter["startsOn"], letter["endsOn"]) == ("2026-03-26", UNTIL)
    assert len(made["letterCode"]) == 16


def test_the_code_of_a_letter_is_not_shown_again(gateway: Gateway) -> None:
    case = begin(gateway)
    given = {
        "idempotencyKey": new_key(),
        "preAuth": case.id,
        "decisions": decisions("APPROVED"),
        "validUntil": UNTIL,
    }
    first, again = (send(case.who("adjuster"), "preAuthDecide", given) for _ in range(2))
    assert first["letterCode"] is not None
    assert (again["isReplay"], again["letterCode"]) == (True, None)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"decisions": []}, ["input", "decisions"]),
        ({"decisions": [{"position": 2, "decision": "APPROVED"}]}, ["input", "decisions"]),
        ({"decisions": [{"position": 1, "decision": "DENIED"}]}, ["input", "decisions", "0", "reason"]),
        ({"decisions": [{"position": 1, "decision": "MODIFIED"}]}, ["input", "decisions", "0", "approvedAmount"]),
        ({"validUntil": None}, ["input", "validUntil"]),
        ({"validUntil": "2026-03-25"}, ["input", "validUntil"]),
        ({"validUntil": "2027-01-01"}, ["input", "validUntil"]),
    ],
    ids=["none", "another item", "no reason", "no amount", "no last day", "before the treatment", "after the policy"],
)
def test_a_decision_that_lacks_something_is_named(gateway: Gateway, given: dict[str, Any], path: list[str]) -> None:
    whole = {"decisions": decisions("APPROVED"), "validUntil": UNTIL} | given
    answer = begin(gateway).send_raw("adjuster", "preAuthDecide", **whole)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", path)


def test_above_the_limit_a_supervisor_follows_who_is_somebody_else(gateway: Gateway) -> None:
    case = begin(gateway)
    made = case.send(
        "adjuster",
        "preAuthDecide",
        decisions=[{"position": 1, "decision": "APPROVED", "approvedAmount": "50000.01"}],
        validUntil=UNTIL,
    )
    assert made["preAuth"]["status"] == "AWAITING_APPROVAL"
    assert (made["letterCode"], made["preAuth"]["guaranteeLetters"]) == (None, [])
    assert case.send_raw("adjuster", "preAuthApprove", isApproved=True).code == "FORBIDDEN"
    approved = case.send("supervisor", "preAuthApprove", isApproved=True)
    assert approved["preAuth"]["status"] == "APPROVED"
    assert approved["preAuth"]["guaranteeLetters"][0]["ceiling"] == {"amount": "50000.01"}
    assert approved["letterCode"] is not None


def test_at_the_limit_nobody_else_is_needed(gateway: Gateway) -> None:
    assert begin(gateway).approve("50000.00")["preAuth"]["status"] == "APPROVED"


def test_who_decided_cannot_approve_it(gateway: Gateway) -> None:
    case = begin(gateway)
    large = [{"position": 1, "decision": "APPROVED", "approvedAmount": "60000.00"}]
    case.send("supervisor", "preAuthDecide", decisions=large, validUntil=UNTIL)
    assert case.send_raw("supervisor", "preAuthApprove", isApproved=True).code == "FORBIDDEN"


def test_a_supervisor_may_send_a_decision_back(gateway: Gateway) -> None:
    case = begin(gateway)
    large = [{"position": 1, "decision": "APPROVED", "approvedAmount": "60000.00"}]
    case.send("adjuster", "preAuthDecide", decisions=large, validUntil=UNTIL)
    found = case.send("supervisor", "preAuthApprove", isApproved=False, reason="too much")["preAuth"]
    assert (found["status"], found["validUntil"], found["items"][0]["decision"]) == ("UNDER_REVIEW", None, None)
    assert case.approve()["preAuth"]["status"] == "APPROVED"


@pytest.mark.parametrize("mutation", ["preAuthReview", "preAuthInquire", "preAuthDecide"])
def test_the_hotline_takes_requests_and_decides_nothing(gateway: Gateway, mutation: str) -> None:
    case = begin(gateway)
    more: dict[str, Any] = {
        "preAuthInquire": {"question": "?"},
        "preAuthDecide": {"decisions": decisions("APPROVED"), "validUntil": UNTIL},
    }.get(mutation, {})
    assert case.send_raw("hotline", mutation, **more).code == "FORBIDDEN"


def test_a_withdrawn_request_takes_its_letter_along(gateway: Gateway) -> None:
    case = begin(gateway)
    case.approve()
    found = case.send("customer", "preAuthWithdraw", reason="改期")["preAuth"]
    assert found["status"] == "WITHDRAWN"
    assert found["guaranteeLetters"][0]["status"] == "REVOKED"
    assert refused(case.send("customer", "preAuthWithdraw")) == {"CY26-PA-01"}


# Letters


def verify(gateway: Gateway, number: str, code: str, vendor: str = "JDHEALTH", *hospitals: str, now: str = NOW) -> Any:
    client = hospital(gateway, vendor, *hospitals).at(now)
    return client.ask(CHECK, number=number, code=code).data["guaranteeLetterCheck"]


def granted(gateway: Gateway, amount: str = "8000.00", product: str = "CY26") -> tuple[Case, dict[str, Any], str]:
    case = begin(gateway, product)
    made = case.approve(amount)
    return case, made["preAuth"]["guaranteeLetters"][0], made["letterCode"]


def test_a_hospital_verifies_a_letter_by_its_code(gateway: Gateway) -> None:
    _, letter, code = granted(gateway)
    found = verify(gateway, letter["number"], code.lower(), now="2026-03-26T10:00:00+08:00")
    assert found == {
        "number": letter["number"],
        "status": "ISSUED",
        "isUsable": True,
        "hospital": {"code": HOSPITAL},
        "patientName": "演**",
        "ceiling": "8000.00",
        "remaining": "8000.00",
        "startsOn": "2026-03-26",
        "endsOn": UNTIL,
    }


def test_a_wrong_code_is_answered_like_no_letter(gateway: Gateway) -> None:
    _, letter, code = granted(gateway)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert verify(gateway, letter["number"], wrong) is None
    assert verify(gateway, "GL-none", code) is None
    assert verify(gateway, letter["number"], code, "JDHEALTH", "DEMO-SH-005") is None


def test_a_letter_is_not_usable_before_its_period_or_after(gateway: Gateway) -> None:
    _, letter, code = granted(gateway)
    assert verify(gateway, letter["number"], code)["isUsable"] is False
    late = verify(gateway, letter["number"], code, now="2026-05-01T00:00:00+08:00")
    assert (late["status"], late["remaining"], late["isUsable"]) == ("EXPIRED", "0.00", False)


ON_THE_DAY = "2026-03-27T10:00:00+08:00"


def draw(case: Case, letter: str, claim: str, amount: str, now: str = ON_THE_DAY) -> dict[str, Any]:
    given = {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": amount}
    return send(case.who("adjuster", now), "guaranteeLetterDraw", given)


def test_a_letter_is_drawn_on_up_to_its_ceiling(gateway: Gateway) -> None:
    case, letter, _ = granted(gateway)
    claim = case.claim()
    first = draw(case, letter["id"], claim, "3000.00")["letter"]
    assert (first["status"], first["drawn"]) == ("DRAWN", {"amount": "3000.00"})
    over = draw(case, letter["id"], claim, "5000.01")
    assert refused(over) == {"CY26-PA-01"}
    assert "5000.00" in over["refusals"][0]["message"]
    last = draw(case, letter["id"], claim, "5000.00")["letter"]
    assert (last["status"], last["endedAt"] is not None) == ("EXHAUSTED", True)
    assert refused(draw(case, letter["id"], claim, "0.01")) == {"CY26-PA-01"}


@pytest.mark.parametrize("now", ["2026-03-25T23:59:59+08:00", "2026-05-01T00:00:00+08:00"], ids=["before", "after"])
def test_a_letter_is_drawn_on_in_its_period_only(gateway: Gateway, now: str) -> None:
    case, letter, _ = granted(gateway)
    assert refused(draw(case, letter["id"], case.claim(), "1.00", now)) == {"CY26-PA-01"}


def test_only_a_direct_claim_of_the_same_request_draws(gateway: Gateway) -> None:
    case, letter, _ = granted(gateway)
    given = {"idempotencyKey": new_key(), "letter": letter["id"], "amount": "1.00"}
    for claim in (case.claim("PUBLIC_OUTPATIENT"), case.claim(preauth_id=None)):
        answer = send_raw(case.who("adjuster", ON_THE_DAY), "guaranteeLetterDraw", given | {"claim": claim})
        assert answer.error["extensions"]["inputPath"] == ["input", "claim"]


def test_what_was_drawn_on_cannot_be_withdrawn(gateway: Gateway) -> None:
    case, letter, _ = granted(gateway)
    draw(case, letter["id"], case.claim(), "1.00")
    assert case.send_raw("customer", "preAuthWithdraw").code == "BAD_USER_INPUT"


def test_a_letter_is_delivered_revoked_and_issued_anew(gateway: Gateway) -> None:
    case, letter, code = granted(gateway)
    staff = case.who("adjuster")
    given = {"letter": letter["id"]}
    delivered = send(staff, "guaranteeLetterDeliver", given | {"idempotencyKey": new_key()})
    assert delivered["letter"]["status"] == "DELIVERED"
    live = case.send_raw("adjuster", "guaranteeLetterIssue")
    assert live.error["extensions"]["inputPath"] == ["input", "preAuth"]
    revoked = send(staff, "guaranteeLetterRevoke", given | {"idempotencyKey": new_key(), "reason": "代码遗失"})
    assert revoked["letter"]["status"] == "REVOKED"
    again = case.send("adjuster", "guaranteeLetterIssue")
    assert again["letterCode"] not in (None, code)
    assert [item["status"] for item in again["preAuth"]["guaranteeLetters"]] == ["REVOKED", "ISSUED"]
    assert verify(gateway, letter["number"], code)["status"] == "REVOKED"


def test_nothing_is_guaranteed_where_the_hospital_does_not_bill_directly(gateway: Gateway) -> None:
    case = begin(gateway, hospital="DEMO-SH-002")
    made = case.approve()
    assert made["preAuth"]["status"] == "APPROVED"
    assert (made["preAuth"]["guaranteeLetters"], made["letterCode"]) == ([], None)
    assert case.send_raw("adjuster", "guaranteeLetterIssue").code == "BAD_USER_INPUT"


# Emergencies


def test_an_emergency_makes_a_notice_and_a_request(gateway: Gateway) -> None:
    number = policy(gateway)
    made = send(gateway.customer(number).at(NOW), "preAuthEmergencyNotify", emergency(number))
    assert made["notice"]["status"] == "ON_TIME"
    assert made["preAuth"]["status"] == "SUBMITTED"
    assert made["preAuth"]["emergencyNotices"] == [{"id": made["notice"]["id"], "status": "ON_TIME"}]


def late_notice(gateway: Gateway) -> str:
    number = policy(gateway)
    given = emergency(number, emergencyAt="2026-03-01T08:00:00+08:00")
    return send(gateway.customer(number).at(NOW), "preAuthEmergencyNotify", given)["notice"]["id"]


@pytest.mark.parametrize(("is_granted", "status"), [(True, "WAIVER_GRANTED"), (False, "WAIVER_REFUSED")])
def test_a_late_notice_is_excused_or_not_by_a_supervisor_once(gateway: Gateway, is_granted: bool, status: str) -> None:
    notice = late_notice(gateway)
    given = {"notice": notice, "isGranted": is_granted, "reason": "在抢救"}
    adjuster, supervisor = gateway.staff().at(NOW), gateway.staff("supervisor").at(NOW)
    mutation = "emergencyNoticeDecide"
    assert send_raw(adjuster, mutation, given | {"idempotencyKey": new_key()}).code == "FORBIDDEN"
    decided = send(supervisor, mutation, given | {"idempotencyKey": new_key()})["notice"]
    assert decided == {"id": notice, "status": status, "reason": "在抢救"}
    assert send_raw(supervisor, mutation, given | {"idempotencyKey": new_key()}).code == "BAD_USER_INPUT"


def test_an_emergency_does_not_lie_in_the_future(gateway: Gateway) -> None:
    number = policy(gateway)
    given = emergency(number, emergencyAt="2026-03-09T09:00:01+08:00")
    answer = send_raw(gateway.customer(number).at(NOW), "preAuthEmergencyNotify", given)
    assert answer.error["extensions"]["inputPath"] == ["input", "emergencyAt"]


# Whose it is


def test_a_foreign_policy_is_answered_like_none(gateway: Gateway) -> None:
    mine, theirs = policy(gateway), policy(gateway)
    client = gateway.customer(mine).at(NOW)
    for mutation, given in (("preAuthSubmit", request), ("preAuthEmergencyNotify", emergency)):
        foreign, absent = (send_raw(client, mutation, given(number)).error for number in (theirs, "none"))
        assert foreign["message"] == absent["message"]


STEPS: dict[str, dict[str, Any]] = {
    "preAuthWithdraw": {},
    "preAuthAnswer": {"answer": "x"},
}


@pytest.mark.parametrize("mutation", sorted(STEPS))
def test_a_foreign_request_is_answered_like_none(gateway: Gateway, mutation: str) -> None:
    case, stranger = begin(gateway), gateway.customer(policy(gateway)).at(NOW)
    wanted = [case.id, "preauth_" + "0" * 64]
    foreign, absent = (
        send_raw(stranger, mutation, {"idempotencyKey": new_key(), "preAuth": id} | STEPS[mutation]).error
        for id in wanted
    )
    assert foreign["message"] == absent["message"]


def test_a_hospital_sees_and_steers_its_own_request_only(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    own = hospital(gateway)
    made = send(own, "preAuthSubmit", request(number, channel="HOSPITAL"))
    assert made["refusals"] == []
    see = "query Q($id: ID!) { node(id: $id) { id } }"
    id = made["preAuth"]["id"]
    other = hospital(gateway, "WINDSTONE", "DEMO-BJ-001")
    assert own.ask(see, id=id).data["node"] == {"id": id}
    assert other.ask(see, id=id).data["node"] is None
    withdraw = {"idempotencyKey": new_key(), "preAuth": id}
    assert send_raw(other, "preAuthWithdraw", withdraw).code == "BAD_USER_INPUT"
    assert send(own, "preAuthWithdraw", withdraw)["preAuth"]["status"] == "WITHDRAWN"


def test_a_vendor_without_a_contract_asks_for_no_policy(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    stranger = hospital(gateway, "HUANQIU")
    foreign, absent = (send_raw(stranger, "preAuthSubmit", request(name)).error for name in (number, "none"))
    assert foreign["message"] == absent["message"]


def test_of_several_insured_the_request_names_one(gateway: Gateway) -> None:
    family = [person(**CHILD), person(name="演示妹妹", gender="FEMALE", birthOn="2020-05-05")]
    number = policy(gateway, insured=family)
    client = gateway.customer(number).at(NOW)
    answer = send_raw(client, "preAuthSubmit", request(number))
    assert answer.error["extensions"]["inputPath"] == ["input", "insured"]
    people = client.ask("query P($n: String!) { policy(number: $n) { insured { id } } }", n=number).data["policy"]
    second = people["insured"][1]["id"]
    assert send(client, "preAuthSubmit", request(number, insured=second))["refusals"] == []
    elsewhere = gateway.customer(policy(gateway)).at(NOW).ask("{ policies { nodes { insured { id } } } }").data
    stranger = elsewhere["policies"]["nodes"][0]["insured"][0]["id"]
    foreign = send_raw(client, "preAuthSubmit", request(number, insured=stranger))
    assert foreign.error["extensions"]["inputPath"] == ["input", "insured"]


def test_a_product_without_authorization_is_the_wrong_one_to_name(gateway: Gateway) -> None:
    from tests.support.escorts import register

    number = register(gateway)
    client = gateway.customer(number).at(NOW)
    assert send_raw(client, "preAuthSubmit", request(number)).error["extensions"]["inputPath"] == [
        "input",
        "policyNumber",
    ]


def test_the_question_whether_to_ask_needs_the_scope_and_ones_own_policy(gateway: Gateway) -> None:
    mine, theirs = policy(gateway), policy(gateway)
    client = gateway.customer(mine).at(NOW)
    assert requirement(client, mine)["isRequired"] is False
    given = {"treatmentOn": "2026-03-26", "items": [VISIT]}
    text = "query R($input: PreAuthRequirementInput!) { preAuthRequirement(input: $input) { isRequired } }"
    foreign, absent = (client.ask(text, input=given | {"policyNumber": name}).error for name in (theirs, "none"))
    assert foreign["message"] == absent["message"]
    assert gateway.anyone().ask(text, input=given | {"policyNumber": mine}).code == "UNAUTHENTICATED"


def test_a_decision_says_by_whom_why_and_under_which_rulebook(gateway: Gateway) -> None:
    from tests.support.preauths import rows_of

    case = begin(gateway)
    case.send("adjuster", "preAuthDecide", decisions=decisions("APPROVED"), validUntil=UNTIL, reason="符合")
    event = next(row for row in rows_of(gateway, "preauth_events", case.number) if row["command"] == "decide")
    assert (event["actor"], event["reason"], event["role"]) == ("staff:adjuster", "符合", "STAFF")
    assert event["details"] == {"rules": ["CY26-PA-01"], "granted": "8000.00"}
    assert len(event["rulebook"]) == 64


def test_the_verdicts_are_those_of_the_handbook_in_its_order(gateway: Gateway) -> None:
    number = policy(gateway)
    made = send(gateway.customer(number).at(NOW), "preAuthSubmit", request(number))
    codes = [verdict["rule"]["code"] for verdict in made["verdicts"]]
    assert codes == ["CY26-CARD-12", "CY26-PA-02", "CY26-PA-02", "CY26-PA-03", "CY26-PA-04", "CY26-PA-04"]
    assert verdict_of(made, "CY26-PA-03")["status"] == "PASSED"
    assert "letterCode" in document("preAuthDecide")
