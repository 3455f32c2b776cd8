"""The life of a claim: filed, completed, questioned, decided line by line, paid, and appealed against."""

from typing import Any

import asyncpg
import pytest

from gateway.repositories.policies import policy_id
from tests.support.claims import (
    ACCOUNT,
    PUBLIC,
    administrator,
    begin,
    checklist,
    papers,
    policy,
    request,
    required,
    rows_of,
    send,
    send_raw,
    stay,
    visit,
)
from tests.support.client import Gateway, new_key
from tests.support.escorts import (
    NOW,
    add_paper,
    change,
    look,
    person,
    refused,
    register,
    row_counts,
    verdict_of,
    warned,
)
from tests.support.preauths import hospital

LATER = "2026-03-11T09:00:00+08:00"
PARCEL = {"trackingNumber": "SF1", "insuredName": "演示成人", "idNumber": "P12345", "phone": "13800138000"}


def statuses(found: dict[str, Any]) -> dict[str, str]:
    return {paper["kind"]: paper["status"] for paper in found["documents"]}


# Filing


def test_a_claim_is_kept_with_its_visits_lines_and_papers(gateway: Gateway) -> None:
    number = policy(gateway)
    given = request(gateway, number)
    made = send(gateway.customer(number).at(NOW), "claimSubmit", given)
    found = made["claim"]
    assert made["refusals"] == []
    assert (found["status"], found["channel"]) == ("SUBMITTED", "ONLINE")
    assert found["number"].startswith("CL2026")
    assert found["askedAmount"] == {"amount": "860.00"}
    assert found["bankAccount"] == {"bankName": "演示银行", "holder": "演示成人", "number": "****3445"}
    invoice = given["visits"][0]["invoiceNumber"]
    assert found["lines"] == [{"position": 1, "category": "OUTPATIENT", "name": invoice, "asked": {"amount": "860.00"}}]
    assert set(statuses(found).values()) == {"PROVIDED"}
    assert found["documentsCompleteAt"] == "2026-03-09T01:00:00Z"


def test_the_lines_of_a_bill_are_kept_when_they_come_to_its_amount(gateway: Gateway) -> None:
    number = policy(gateway)
    lines = [{"category": "DRUG", "name": "药费", "amount": "800.00"}]
    lines.append({"category": "CONSULTATION", "name": "诊费", "amount": "60.00"})
    client = gateway.customer(number).at(NOW)
    made = send(client, "claimSubmit", request(gateway, number, visits=[visit(lines=lines)]))
    assert [line["name"] for line in made["claim"]["lines"]] == ["药费", "诊费"]
    short = request(gateway, number, visits=[visit(lines=lines[:1])])
    assert send_raw(client, "claimSubmit", short).error["extensions"]["inputPath"] == ["input", "visits", "0", "lines"]


def test_a_bill_of_two_hundred_lines_is_filed_and_decided(gateway: Gateway) -> None:
    lines = [{"category": "DRUG", "name": f"药 {place}", "amount": "4.30"} for place in range(200)]
    case = begin(gateway, visits=[visit(lines=lines)])
    rulings = [{"position": place, "copayPercent": "10"} for place in range(1, 201)]
    found = case.send("adjuster", "claimAdjudicate", lines=rulings)["claim"]
    assert found["decision"]["paid"] == {"amount": "774.00"}


def test_a_dry_run_shows_the_claim_and_leaves_nothing(gateway: Gateway) -> None:
    number = policy(gateway)
    given = request(gateway, number)
    before = row_counts(gateway)
    made = send(gateway.customer(number).at(NOW), "claimSubmit", given, dry_run=True)
    assert made["isDryRun"]
    assert made["claim"]["status"] == "SUBMITTED"
    assert row_counts(gateway) == before


def test_a_repeated_key_is_answered_with_the_same_claim(gateway: Gateway) -> None:
    number = policy(gateway)
    client, given = gateway.customer(number).at(NOW), request(gateway, number)
    first, again = (send(client, "claimSubmit", given) for _ in range(2))
    assert again["isReplay"]
    assert again["claim"]["id"] == first["claim"]["id"]


def test_an_invoice_is_in_one_live_claim(gateway: Gateway) -> None:
    number = policy(gateway)
    client, first = gateway.customer(number).at(NOW), request(gateway, number)
    made = send(client, "claimSubmit", first)["claim"]
    invoice = first["visits"][0]["invoiceNumber"]
    again = request(gateway, number, visits=[visit(invoiceNumber=invoice.lower(), invoiceCode="0440")])
    assert refused(send(client, "claimSubmit", again, dry_run=True)) == {"CY26-CLM-06"}
    send(client, "claimWithdraw", {"idempotencyKey": new_key(), "claim": made["id"]})
    assert refused(send(client, "claimSubmit", again)) == set()


def test_an_invoice_of_somebody_elses_policy_is_no_matter(gateway: Gateway) -> None:
    one, other = policy(gateway), policy(gateway)
    visits = [visit()]
    for number in (one, other):
        made = send(gateway.customer(number).at(NOW), "claimSubmit", request(gateway, number, visits=visits))
        assert made["refusals"] == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"visits": []}, ["input", "visits"]),
        ({"visits": [visit(hospital="nowhere")]}, ["input", "visits", "0", "hospital"]),
        ({"visits": [visit(amount="0.00")]}, ["input", "visits", "0", "amount"]),
        ({"visits": [visit(amount="1.001")]}, ["input", "visits", "0", "amount"]),
        ({"visits": [visit(amount="-1.00")]}, ["input", "visits", "0", "amount"]),
        ({"visits": [visit(visitedOn="2026-03-10")]}, ["input", "visits", "0", "visitedOn"]),
        ({"visits": [visit(dischargedOn="2026-03-01")]}, ["input", "visits", "0", "dischargedOn"]),
        ({"visits": [visit(invoiceNumber=" ")]}, ["input", "visits", "0", "invoiceNumber"]),
        ({"visits": [visit(invoiceNumber="A1"), visit(invoiceNumber="ａ1")]}, ["input", "visits"]),
        ({"visits": [visit(lines=[{"category": "X", "name": "x", "amount": "4.30"}] * 201)]}, ["input", "visits"]),
        ({"bankAccount": ACCOUNT | {"number": "abc"}}, ["input", "bankAccount", "number"]),
        ({"kind": "DIRECT_OUTPATIENT"}, ["input", "kind"]),
        ({"channel": "HOTLINE"}, ["input", "channel"]),
        ({"documents": [{"kind": "invoice", "document": "doc_1"}]}, ["input", "documents", "0", "kind"]),
        ({"documents": [{"kind": "INVOICE", "document": "doc_1"}]}, ["input", "documents"]),
    ],
)
def test_what_cannot_be_taken_is_named(gateway: Gateway, changes: dict[str, Any], path: list[str]) -> None:
    number = policy(gateway)
    answer = send_raw(gateway.customer(number).at(NOW), "claimSubmit", request(gateway, number, **changes))
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", path)


def test_a_product_without_claims_is_told_so(gateway: Gateway) -> None:
    number = policy(gateway)
    other = register(gateway)
    given = request(gateway, number) | {"policyNumber": other}
    answer = send_raw(gateway.customer(number, other).at(NOW), "claimSubmit", given)
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


def test_a_policy_of_several_people_asks_whose_claim_it_is(gateway: Gateway) -> None:
    number = policy(gateway, insured=[person(), person(name="演示二")])
    client = gateway.customer(number).at(NOW)
    answer = send_raw(client, "claimSubmit", request(gateway, number))
    assert answer.error["extensions"]["inputPath"] == ["input", "insured"]
    people = client.ask("query Q($n: String!) { policy(number: $n) { insured { id name } } }", n=number)
    second = people.data["policy"]["insured"][1]["id"]
    assert send(client, "claimSubmit", request(gateway, number, insured=second))["refusals"] == []


def test_a_paper_of_another_policy_is_not_there(gateway: Gateway) -> None:
    number, other = policy(gateway), policy(gateway)
    foreign = {"kind": "INVOICE", "document": add_paper(gateway, other, "INVOICE", None)}
    given = request(gateway, number, without=["INVOICE"])
    given["documents"].append(foreign)
    answer = send_raw(gateway.customer(number).at(NOW), "claimSubmit", given)
    assert answer.error["extensions"]["inputPath"] == ["input", "documents"]


def test_all_missing_papers_are_named_at_once(gateway: Gateway) -> None:
    number = policy(gateway)
    given = request(gateway, number, without=["CLAIM_FORM", "INVOICE", "ITEMIZED_BILL"])
    made = send(gateway.customer(number).at(NOW), "claimSubmit", given)
    assert made["claim"] is None
    assert refused(made) == {"CY26-CLM-02", "CY26-CLM-06", "CY26-CLM-08"}


def test_staff_write_down_what_comes_by_telephone_and_papers_follow(gateway: Gateway) -> None:
    number = policy(gateway)
    given = request(gateway, number, channel="HOTLINE", without=["CLAIM_FORM"])
    made = send(gateway.staff("adjuster").at(NOW), "claimSubmit", given)
    assert {"CY26-CLM-02", "CY26-CLM-03"} <= warned(made)
    found = made["claim"]
    assert (found["status"], found["channel"], found["documentsCompleteAt"]) == ("SUBMITTED", "HOTLINE", None)
    assert {kind for kind, state in statuses(found).items() if state == "MISSING"} == {
        "CLAIM_FORM",
        "CLAIM_APPLICATION",
        "BANK_ACCOUNT",
    }
    client = gateway.customer(number).at(LATER)
    handed = papers(gateway, number, ["CLAIM_FORM", "CLAIM_APPLICATION", "BANK_ACCOUNT"])
    add = {"idempotencyKey": new_key(), "claim": found["id"], "documents": handed}
    whole = send(client, "claimDocumentsAdd", add)["claim"]
    assert set(statuses(whole).values()) == {"PROVIDED"}
    assert whole["documentsCompleteAt"] == "2026-03-11T01:00:00Z"


# Whose it is


@pytest.mark.parametrize(
    ("mutation", "fields"),
    [
        ("claimDocumentsAdd", {"documents": [{"kind": "INVOICE", "document": "doc_1"}]}),
        ("claimShipmentRegister", PARCEL),
        ("claimWithdraw", {}),
        ("claimAccountChange", {"bankAccount": ACCOUNT}),
        ("appealSubmit", {"grounds": "x"}),
    ],
)
def test_a_foreign_claim_is_answered_like_none(gateway: Gateway, mutation: str, fields: dict[str, Any]) -> None:
    case, stranger = begin(gateway), gateway.customer(policy(gateway)).at(NOW)
    unknown = case.id[:-4] + "beef"
    answers = [
        send_raw(stranger, mutation, {"idempotencyKey": new_key(), "claim": claim} | fields)
        for claim in (case.id, unknown, "claim_1", "nonsense")
    ]
    assert len({answer.error["message"] for answer in answers}) == 1
    assert {answer.code for answer in answers} == {"BAD_USER_INPUT"}


def test_a_foreign_policy_is_answered_like_none(gateway: Gateway) -> None:
    own, other = policy(gateway), policy(gateway)
    client = gateway.customer(own).at(NOW)
    given = request(gateway, own)
    messages = {
        send_raw(client, "claimSubmit", given | {"policyNumber": number}).error["message"]
        for number in (other, "nowhere")
    }
    assert len(messages) == 1


def test_an_agent_files_for_a_customer_and_a_hospital_does_not(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    given = request(gateway, number, "CY23")
    assert send(administrator(gateway), "claimSubmit", given, dry_run=True)["refusals"] == []
    for stranger in (hospital(gateway), administrator(gateway, "JDHEALTH")):
        answer = send_raw(stranger, "claimSubmit", given)
        assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


# Before filing


def test_the_checklist_says_what_the_claim_will_need(gateway: Gateway) -> None:
    number = policy(gateway)
    found = checklist(gateway.customer(number).at(NOW), number)
    assert found["channel"] == "ONLINE"
    assert required(found) == {
        "CLAIM_FORM",
        "INSURED_ID_FRONT",
        "INSURED_ID_BACK",
        "INVOICE",
        "ITEMIZED_BILL",
        "OUTPATIENT_RECORD",
    }
    made = {paper["kind"] for paper in found["documents"]} - required(found)
    assert made == {"CLAIM_APPLICATION", "BANK_ACCOUNT"}
    assert all(verdict["status"] == "PASSED" for verdict in found["verdicts"])


def test_what_the_checklist_lists_is_what_filing_asks_for(gateway: Gateway) -> None:
    number = policy(gateway, insured=[person(birthOn="2018-05-05")])
    client = gateway.customer(number).at(NOW)
    asked = {"hasSurgery": True, "thirdPartySettled": True}
    visits = [visit(amount="12000.00")]
    seen = [{"hospital": PUBLIC, "visitedOn": visits[0]["visitedOn"], "amount": "12000.00"}]
    found = checklist(client, number, visits=seen, **asked)
    assert found["channel"] == "MAIL_ORIGINALS"
    given = request(gateway, number, visits=visits, documents=[], **asked)
    missing = send(client, "claimSubmit", given)
    by_rule = {paper["rule"]["code"] for paper in found["documents"] if paper["isRequired"]}
    assert refused(missing) == by_rule
    given["documents"] = papers(gateway, number, required(found))
    made = send(client, "claimSubmit", given | {"idempotencyKey": new_key()})
    assert (made["refusals"], made["claim"]["status"]) == ([], "AWAITING_ORIGINALS")


def test_the_checklist_warns_of_a_private_hospital(gateway: Gateway) -> None:
    number = policy(gateway)
    seen = [{"hospital": "DEMO-SH-005", "visitedOn": "2026-03-02", "amount": "860.00"}]
    found = checklist(gateway.customer(number).at(NOW), number, visits=seen)
    no = {verdict["rule"]["code"] for verdict in found["verdicts"] if verdict["status"] == "REFUSED"}
    assert no == {"CY26-CARD-13", "CY26-BKG-02", "CY26-CLM-01"}


def test_the_checklist_of_a_foreign_policy_is_not_told(gateway: Gateway) -> None:
    own, other = policy(gateway), policy(gateway)
    client = gateway.customer(own).at(NOW)
    document = "query C($i: ClaimChecklistInput!) { claimChecklist(input: $i) { channel } }"
    seen = [{"visitedOn": "2026-03-02", "amount": "1.00"}]
    messages = {
        client.ask(document, i={"policyNumber": number, "kind": "VACCINE", "visits": seen}).error["message"]
        for number in (other, "nowhere")
    }
    assert len(messages) == 1


# Originals


def test_originals_are_mailed_received_and_then_reviewed(gateway: Gateway) -> None:
    case = begin(gateway, visits=[visit(amount="10000.01")], more=["PHOTO_ID_COPY"])
    sent = case.send("customer", "claimShipmentRegister", **PARCEL)["claim"]
    assert sent["status"] == "AWAITING_ORIGINALS"
    assert sent["shipments"] == [
        {"trackingNumber": "SF1", "contactName": "演示成人", "contactPhone": "****8000", "receivedAt": None}
    ]
    assert "errors" in case.send_raw("adjuster", "claimReview").body
    found = case.send("adjuster", "claimOriginalsReceive", LATER)["claim"]
    assert (found["status"], found["originalsReceivedAt"]) == ("UNDER_REVIEW", "2026-03-11T01:00:00Z")
    assert found["shipments"][0]["receivedAt"] == "2026-03-11T01:00:00Z"
    assert found["documentsCompleteAt"] == "2026-03-11T01:00:00Z"


def test_a_parcel_for_a_claim_that_waits_for_none_is_not_registered(gateway: Gateway) -> None:
    answer = begin(gateway).send_raw("customer", "claimShipmentRegister", **PARCEL)
    assert answer.error["extensions"]["inputPath"] == ["input", "claim"]


# Questions


def test_papers_are_asked_for_in_one_go_and_the_answer_goes_on(gateway: Gateway) -> None:
    case = begin(gateway)
    asked = case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"], rejected=["INVOICE"], note="blurred")
    found = asked["claim"]
    assert found["status"] == "SUPPLEMENT_REQUESTED"
    assert found["supplements"] == [
        {"kinds": ["LAB_REPORT", "INVOICE"], "note": "blurred", "status": "OPEN", "closedAt": None}
    ]
    assert sorted(paper["status"] for paper in found["documents"] if paper["kind"] == "INVOICE") == [
        "MISSING",
        "REJECTED",
    ]
    assert statuses(found)["LAB_REPORT"] == "MISSING"
    assert case.add("LAB_REPORT")["claim"]["status"] == "SUPPLEMENT_REQUESTED"
    whole = case.add("INVOICE", now=LATER)["claim"]
    assert whole["status"] == "UNDER_REVIEW"
    assert whole["supplements"][0]["status"] == "ANSWERED"
    assert "MISSING" not in statuses(whole).values()
    assert whole["documentsCompleteAt"] == "2026-03-11T01:00:00Z"


def test_one_question_is_open_at_a_time(gateway: Gateway) -> None:
    case = begin(gateway)
    case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"])
    assert "errors" in case.send_raw("adjuster", "claimSupplementRequest", kinds=["EXAM_REPORT"]).body
    assert "errors" in case.send_raw("adjuster", "claimAdjudicate", lines=[{"position": 1}]).body


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, ["input", "kinds"]),
        ({"kinds": ["lab"]}, ["input", "kinds"]),
        ({"kinds": ["INVOICE"]}, ["input", "kinds"]),
        ({"rejected": ["LAB_REPORT"], "note": "x"}, ["input", "rejected"]),
        ({"rejected": ["INVOICE"]}, ["input", "note"]),
    ],
    ids=["nothing", "no kind", "there already", "never there", "without a reason"],
)
def test_a_question_that_lacks_something_is_named(gateway: Gateway, fields: dict[str, Any], path: list[str]) -> None:
    answer = begin(gateway).send_raw("adjuster", "claimSupplementRequest", **fields)
    assert answer.error["extensions"]["inputPath"] == path


def test_a_claim_whose_papers_never_came_is_closed_and_frees_its_invoice(gateway: Gateway) -> None:
    visits = [visit()]
    case = begin(gateway, visits=visits)
    case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"])
    closed = case.send("adjuster", "claimClose", reason="no answer")["claim"]
    assert closed["status"] == "CLOSED_INCOMPLETE"
    assert closed["supplements"][0]["status"] == "OVERDUE"
    assert closed["visits"][0]["invoices"][0]["releasedAt"] is not None
    begin(gateway, number=case.number, visits=visits)


# Decisions


def test_a_line_is_decided_to_the_cent(gateway: Gateway) -> None:
    case = begin(gateway)
    case.send("adjuster", "claimReview")
    made = case.decide(excluded="60.01", deductible="100.00", copayPercent="10", rules=["CY26-CLM-06"])
    found = made["claim"]
    assert found["status"] == "DECIDED"
    told = {name: found["decision"][name]["amount"] for name in ("asked", "allowed", "deductible", "copay", "paid")}
    assert told == {
        "asked": "860.00",
        "allowed": "799.99",
        "deductible": "100.00",
        "copay": "70.00",
        "paid": "629.99",
    }
    assert (found["decision"]["outcome"], found["decision"]["ruleCodes"]) == ("PARTIALLY_APPROVED", ["CY26-CLM-06"])
    assert set(statuses(found).values()) == {"ACCEPTED"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"lines": []}, ["input", "lines"]),
        ({"lines": [{"position": 2}]}, ["input", "lines"]),
        ({"lines": [{"position": 1}, {"position": 1}]}, ["input", "lines"]),
        ({"lines": [{"position": 1, "excluded": "860.01", "reason": "x"}]}, ["input", "lines", "0", "excluded"]),
        ({"lines": [{"position": 1, "excluded": "1.001", "reason": "x"}]}, ["input", "lines", "0", "excluded"]),
        ({"lines": [{"position": 1, "excluded": "1.00"}], "reason": "x"}, ["input", "lines", "0", "reason"]),
        ({"lines": [{"position": 1, "excluded": "1.00", "reason": "x"}]}, ["input", "reason"]),
        ({"lines": [{"position": 1}], "rules": ["ZYB-ESC-01"]}, ["input", "rules"]),
    ],
    ids=["none", "another", "twice", "too much", "mills", "no reason", "no reason of the whole", "a foreign rule"],
)
def test_a_decision_that_lacks_something_is_named(gateway: Gateway, fields: dict[str, Any], path: list[str]) -> None:
    answer = begin(gateway).send_raw("adjuster", "claimAdjudicate", **fields)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", path)


def test_above_the_limit_a_supervisor_approves_who_is_somebody_else(gateway: Gateway) -> None:
    case = begin(gateway, visits=[visit(amount="60000.00")], more=["PHOTO_ID_COPY"])
    case.send("adjuster", "claimOriginalsReceive")
    waiting = case.decide("supervisor", deductible="100.00")["claim"]
    assert (waiting["status"], waiting["decision"]) == ("AWAITING_APPROVAL", None)
    assert case.send_raw("supervisor", "claimApprove", isApproved=True).code == "FORBIDDEN"
    assert case.send_raw("adjuster", "claimApprove", isApproved=True).code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("deductible", "status"),
    [("10000.01", "DECIDED"), ("10000.00", "DECIDED"), ("9999.99", "AWAITING_APPROVAL")],
    ids=["a cent less", "exactly", "a cent more"],
)
def test_one_person_decides_up_to_the_limit_itself(gateway: Gateway, deductible: str, status: str) -> None:
    case = begin(gateway, visits=[visit(amount="60000.00")], more=["PHOTO_ID_COPY"])
    case.send("adjuster", "claimOriginalsReceive")
    assert case.decide(deductible=deductible)["claim"]["status"] == status


def test_a_decision_that_is_approved_comes_into_force_and_one_sent_back_does_not(gateway: Gateway) -> None:
    case = begin(gateway, visits=[visit(amount="60000.00")], more=["PHOTO_ID_COPY"])
    case.send("adjuster", "claimOriginalsReceive")
    case.decide()
    back = case.send("supervisor", "claimApprove", isApproved=False, reason="look again")["claim"]
    assert (back["status"], back["decision"]) == ("UNDER_REVIEW", None)
    case.decide(deductible="100.00")
    found = case.send("supervisor", "claimApprove", isApproved=True)["claim"]
    assert (found["status"], found["decision"]["paid"]) == ("DECIDED", {"amount": "59900.00"})
    (row,) = rows_of(gateway, "claim_decisions", case.number)
    assert (row["decided_by"], row["approved_by"]) == ("staff:adjuster", "staff:supervisor")


def test_a_decision_is_corrected_by_a_revision_and_what_was_paid_too_much_is_asked_back(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide()
    case.send("adjuster", "claimPay")
    assert "errors" in case.send_raw("adjuster", "claimAdjudicate", lines=[{"position": 1}]).body
    made = case.decide(excluded="200.00", rules=["CY26-BILL-06"])
    assert verdict_of(made, "CY26-BILL-06")["status"] == "WARNED"
    assert (made["claim"]["status"], made["claim"]["decision"]["revision"]) == ("DECIDED", 2)
    (repayment,) = rows_of(gateway, "repayments", case.number)
    assert (str(repayment["amount"]), repayment["state"], repayment["cause"]) == ("200.00", "OPEN", "REVISED")
    assert "errors" in case.send_raw("adjuster", "claimPay").body


# Payment


def test_a_payment_is_ordered_fails_and_is_repeated_to_another_account(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(deductible="60.00")
    ordered = case.send("adjuster", "claimPay", result="ORDERED", reference="PO-1")["claim"]
    assert ordered["status"] == "DECIDED"
    assert "errors" in case.send_raw("adjuster", "claimPay", result="ORDERED").body
    assert "errors" in case.send_raw("adjuster", "claimPay", reference="PO-2").body
    assert "errors" in case.send_raw("customer", "claimAccountChange", bankAccount=ACCOUNT).body
    failed = case.send("adjuster", "claimPay", result="FAILED", reference="PO-1", failure="no such account")["claim"]
    assert failed["status"] == "PAYMENT_FAILED"
    case.send("customer", "claimAccountChange", bankAccount=ACCOUNT | {"number": "6222020200998877661"})
    paid = case.send("adjuster", "claimPay")["claim"]
    assert paid["status"] == "PAID"
    told = [(item["status"], item["account"], item["amount"]["amount"]) for item in paid["payments"]]
    assert told == [("FAILED", "****3445", "800.00"), ("PAID", "****7661", "800.00")]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"failure": "x"}, ["input", "failure"]),
        ({"result": "FAILED"}, ["input", "failure"]),
    ],
)
def test_a_failure_says_why_and_nothing_else_does(gateway: Gateway, fields: dict[str, Any], path: list[str]) -> None:
    case = begin(gateway)
    case.decide()
    answer = case.send_raw("adjuster", "claimPay", **fields)
    assert answer.error["extensions"]["inputPath"] == path


def test_what_was_refused_is_not_paid(gateway: Gateway) -> None:
    case = begin(gateway)
    found = case.decide(excluded="860.00")["claim"]
    assert found["decision"]["outcome"] == "REFUSED"
    assert case.send_raw("adjuster", "claimPay").error["extensions"]["inputPath"] == ["input", "claim"]


@pytest.mark.parametrize("mutation", ["claimWithdraw", "claimReview"])
def test_what_is_decided_is_neither_withdrawn_nor_reviewed(gateway: Gateway, mutation: str) -> None:
    case = begin(gateway)
    case.decide()
    role = "customer" if mutation == "claimWithdraw" else "adjuster"
    assert case.send_raw(role, mutation).error["extensions"]["inputPath"] == ["input", "claim"]


# Appeals


def test_an_appeal_is_judged_by_somebody_else_and_makes_a_new_decision(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    case.send("adjuster", "claimPay")
    appeal = case.appeal()
    given = {
        "appeal": appeal,
        "outcome": "PARTIALLY_OVERTURNED",
        "reason": "half of it",
        "lines": [{"position": 1, "excluded": "100.00", "reason": "the rest"}],
    }
    own = send_raw(case.who("adjuster"), "appealDecide", {"idempotencyKey": new_key()} | given)
    assert own.code == "FORBIDDEN"
    made = send(case.who("supervisor"), "appealDecide", {"idempotencyKey": new_key()} | given)["appeal"]
    assert (made["status"], made["outcome"], made["reason"]) == ("DECIDED", "PARTIALLY_OVERTURNED", "half of it")
    assert made["newDecision"] == {"revision": 2, "paid": {"amount": "760.00"}}
    assert made["claim"]["status"] == "DECIDED"
    paid = case.send("adjuster", "claimPay")["claim"]
    assert [item["amount"]["amount"] for item in paid["payments"]] == ["660.00", "100.00"]


def test_an_appeal_that_changes_nothing_leaves_the_decision(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    given = {"idempotencyKey": new_key(), "appeal": case.appeal(), "outcome": "UPHELD", "reason": "as it was"}
    made = send(case.who("supervisor"), "appealDecide", given)["appeal"]
    assert (made["outcome"], made["newDecision"], made["decision"]) == ("UPHELD", None, {"revision": 1})
    again = send_raw(case.who("supervisor"), "appealDecide", given | {"idempotencyKey": new_key()})
    assert again.error["extensions"]["inputPath"] == ["input", "appeal"]


def extension(appeal: str, **changes: Any) -> dict[str, Any]:
    good = {"idempotencyKey": new_key(), "appeal": appeal, "answerBy": "2026-04-10", "reason": "an expert is asked"}
    return good | changes


def test_an_appeal_is_extended_once_with_a_day_that_the_client_learns(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    appeal = case.appeal()
    made = send(case.who("supervisor"), "appealExtend", extension(appeal))["appeal"]
    assert (made["status"], made["answerBy"], made["extendedAt"] is not None) == ("UNDER_REVIEW", "2026-04-10", True)
    asked = "select audience from outbox_messages where policy_id = $1 and topic = 'appeal.extended'"
    told = look(gateway, asked, policy_id(case.number))
    assert [row["audience"] for row in told] == ["CUSTOMER"]
    again = send_raw(case.who("supervisor"), "appealExtend", extension(appeal, answerBy="2026-05-10"))
    assert again.error["extensions"]["inputPath"] == ["input", "appeal"]
    given = {"idempotencyKey": new_key(), "appeal": appeal, "outcome": "UPHELD", "reason": "as it was"}
    assert send(case.who("supervisor"), "appealDecide", given)["appeal"]["status"] == "DECIDED"


def test_a_decided_appeal_is_not_extended(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    appeal = case.appeal()
    given = {"idempotencyKey": new_key(), "appeal": appeal, "outcome": "UPHELD", "reason": "as it was"}
    send(case.who("supervisor"), "appealDecide", given)
    answer = send_raw(case.who("supervisor"), "appealExtend", extension(appeal))
    assert answer.error["extensions"]["inputPath"] == ["input", "appeal"]


def test_a_promised_day_lies_ahead(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    given = extension(case.appeal(), answerBy="2026-03-01")
    assert send_raw(case.who("supervisor"), "appealExtend", given).error["extensions"]["inputPath"] == [
        "input",
        "answerBy",
    ]


@pytest.mark.parametrize("role", ["adjuster", "hotline", "customer"])
def test_a_supervisor_extends_an_appeal_and_nobody_else(gateway: Gateway, role: str) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    assert send_raw(case.who(role), "appealExtend", extension(case.appeal())).code == "FORBIDDEN"


def test_one_appeal_is_open_at_a_time_and_another_may_follow(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    first = case.appeal()
    assert "errors" in case.send_raw("customer", "appealSubmit", grounds="again").body
    assert "errors" in case.send_raw("adjuster", "claimAdjudicate", lines=[{"position": 1}], reason="x").body
    given = {"idempotencyKey": new_key(), "appeal": first, "outcome": "UPHELD", "reason": "as it was"}
    send(case.who("supervisor"), "appealDecide", given)
    second = case.send("customer", "appealSubmit", grounds="new papers")["appeal"]
    assert second["level"] == 2


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"outcome": "UPHELD", "lines": [{"position": 1}]}, ["input", "lines"]),
        ({"outcome": "OVERTURNED"}, ["input", "lines"]),
        (
            {"outcome": "OVERTURNED", "lines": [{"position": 1, "excluded": "201.00", "reason": "x"}]},
            ["input", "lines"],
        ),
        ({"reason": " "}, ["input", "reason"]),
    ],
    ids=["upheld with lines", "changed without", "for the worse", "no reason"],
)
def test_an_outcome_that_does_not_fit_is_named(gateway: Gateway, changes: dict[str, Any], path: list[str]) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    given = {"idempotencyKey": new_key(), "appeal": case.appeal(), "outcome": "UPHELD", "reason": "x"} | changes
    answer = send_raw(case.who("supervisor"), "appealDecide", given)
    assert answer.error["extensions"]["inputPath"] == path


def test_a_foreign_appeal_is_answered_like_none(gateway: Gateway) -> None:
    given = {"idempotencyKey": new_key(), "outcome": "UPHELD", "reason": "x"}
    case = begin(gateway)
    case.decide(excluded="1.00")
    unknown = case.appeal()[:-4] + "beef"
    answers = [send_raw(case.who("supervisor"), "appealDecide", given | {"appeal": one}) for one in (unknown, "x")]
    assert len({answer.error["message"] for answer in answers}) == 1


# What the database says by itself


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("update claim_decisions set excluded = excluded - 0.01 where policy_id = $1", "balanced"),
        ("update claim_decision_lines set copay = copay + 0.01 where policy_id = $1", "balanced"),
        ("update claim_decisions set approved_by = decided_by where policy_id = $1", "two_people"),
        ("update appeals set reviewer = decider where policy_id = $1", "two_people"),
    ],
)
def test_the_database_refuses_what_a_bug_would_write(gateway: Gateway, statement: str, constraint: str) -> None:
    case = begin(gateway)
    case.decide(excluded="200.00")
    case.appeal()
    with pytest.raises(asyncpg.CheckViolationError) as wrong:
        change(gateway, statement, policy_id(case.number))
    assert wrong.value.constraint_name.endswith(constraint)


def test_a_vendor_records_originals_of_a_stay(gateway: Gateway) -> None:
    """Originals of CY23 go to the company that the handbook names, which sees such claims and no account."""
    case = begin(gateway, "CY23", **stay())
    found = case.send("vendor", "claimOriginalsReceive")["claim"]
    assert found["status"] == "UNDER_REVIEW"
    assert found["bankAccount"] == {"bankName": None, "holder": "演**", "number": None}
