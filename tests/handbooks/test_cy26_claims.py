"""The CY26 handbook on claims after the visit, clause by clause, asked through the API."""

from typing import Any

import pytest

from gateway.execution import ids
from tests.support import papers as uploads
from tests.support.claims import (
    CHILD,
    PRIVATE,
    PUBLIC,
    begin,
    checklist,
    policy,
    request,
    required,
    rows_of,
    send,
    visit,
)
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, change, person, refused, warned
from tests.support.preauths import begin as authorize

VACCINE = {"kind": "VACCINE", "visits": [visit(amount="680.00")]}
PARCEL = {"trackingNumber": "SF1", "insuredName": "演示成人", "idNumber": "P12345", "phone": "13800138000"}


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway)


@pytest.fixture(scope="module")
def client(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number).at(NOW)


def tried(gateway: Gateway, number: str, **changes: Any) -> dict[str, Any]:
    client = gateway.customer(number).at(NOW)
    return send(client, "claimSubmit", request(gateway, number, **changes), dry_run=True)


# What can be claimed --------------------------------------------------------------------------------------------


def test_card_12_nobody_needs_authorization_for_a_claim_afterwards(gateway: Gateway, number: str) -> None:
    made = tried(
        gateway, number, kind="PUBLIC_INPATIENT", hasSurgery=True, more=["DISCHARGE_SUMMARY", "OPERATION_REPORT"]
    )
    assert made["refusals"] == []
    assert made["claim"]["status"] == "SUBMITTED"


def test_card_13_what_was_billed_directly_is_not_claimed_again(gateway: Gateway) -> None:
    """The hospital's own claim of the day, as its mutation makes it."""
    case = authorize(gateway)
    claim = case.claim("DIRECT_OUTPATIENT", hospital_code=PUBLIC)
    policy_id, claim_id = ids.decode_as("claim", claim, 2)
    change(
        gateway,
        """
        insert into claim_visits (policy_id, id, claim_id, position, hospital_code, visited_on, amount)
        values ($1, gen_random_uuid(), $2, 1, $3, '2026-03-02', 860)
        """,
        policy_id,
        claim_id,
        PUBLIC,
    )
    minor = {"more": ["BIRTH_CERTIFICATE"]}
    made = tried(gateway, case.number, **minor)
    assert refused(made) == {"CY26-CARD-13"}
    assert made["refusals"][0]["inputPath"] == ["input", "visits", "0", "hospital"]
    assert tried(gateway, case.number, visits=[visit(visitedOn="2026-03-03")], **minor)["refusals"] == []


def test_bkg_02_and_clm_01_private_hospitals_are_not_paid_back(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, visits=[visit(hospital=PRIVATE)])
    assert refused(made) == {"CY26-CARD-13", "CY26-BKG-02", "CY26-CLM-01"}


def test_bkg_16_an_emergency_at_a_private_hospital_is_for_people(gateway: Gateway) -> None:
    number = policy(gateway)
    given = request(gateway, number, visits=[visit(hospital=PRIVATE)], isEmergency=True)
    made = send(gateway.customer(number).at(NOW), "claimSubmit", given)
    assert (made["refusals"], made["claim"]["status"]) == ([], "SUBMITTED")
    assert {"CY26-BKG-02", "CY26-CLM-01"} <= warned(made)
    (told,) = [row for row in rows_of(gateway, "outbox_messages", number) if row["topic"] == "claim.review_needed"]
    assert told["audience"] == "STAFF"


def test_clm_01_the_handbook_knows_no_prescriptions_of_internet_hospitals(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, kind="INTERNET_PRESCRIPTION", isFollowUp=True)
    assert refused(made) == {"CY26-CLM-01"}


def test_test_03_a_test_bought_on_a_shopping_site_is_not_paid_back(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, isSelfOrderedTest=True)
    assert refused(made) == {"CY26-TEST-03"}
    assert made["refusals"][0]["inputPath"] == ["input", "isSelfOrderedTest"]


# Papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "kinds"),
    [
        ("CY26-CLM-02", ["CLAIM_FORM"]),
        ("CY26-CLM-04", ["INSURED_ID_FRONT"]),
        ("CY26-CLM-04", ["INSURED_ID_BACK"]),
        ("CY26-CLM-06", ["INVOICE"]),
        ("CY26-CLM-08", ["ITEMIZED_BILL"]),
        ("CY26-CLM-09", ["OUTPATIENT_RECORD"]),
    ],
)
def test_clm_02_to_09_each_paper_is_asked_for(gateway: Gateway, number: str, clause: str, kinds: list[str]) -> None:
    made = tried(gateway, number, without=kinds)
    assert refused(made) == {clause}
    assert made["refusals"][0]["inputPath"] == ["input", "documents"]
    assert kinds[0] in made["refusals"][0]["message"]


def test_clm_02_the_application_is_made_by_the_system_and_the_form_still_signed(client: Client, number: str) -> None:
    found = {paper["kind"]: paper["isRequired"] for paper in checklist(client, number)["documents"]}
    assert (found["CLAIM_APPLICATION"], found["CLAIM_FORM"]) == (False, True)


@pytest.mark.parametrize("field", ["bankName", "number"])
def test_clm_03_the_account_is_typed_in(gateway: Gateway, number: str, field: str) -> None:
    account = {"bankName": "演示银行", "number": "6222020200112233445", field: None}
    made = tried(gateway, number, bankAccount=account)
    assert refused(made) == {"CY26-CLM-03"}
    assert made["refusals"][0]["inputPath"] == ["input", "bankAccount", field]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], {"CY26-CLM-05"}),
        (["BIRTH_CERTIFICATE"], set[str]()),
        (["HOUSEHOLD_REGISTER"], {"CY26-CLM-05"}),
        (["HOUSEHOLD_REGISTER", "RELATIONSHIP_PROOF"], set[str]()),
    ],
    ids=["nothing", "birth certificate", "register", "register and proof"],
)
def test_clm_05_a_minor_shows_whose_child_it_is(gateway: Gateway, more: list[str], expected: set[str]) -> None:
    number = policy(gateway, insured=[person(**CHILD)])
    assert refused(tried(gateway, number, more=more)) == expected


@pytest.mark.parametrize(("born", "is_minor"), [("2008-03-09", False), ("2008-03-10", True)])
def test_clm_05_somebody_is_a_minor_until_the_18th_birthday(gateway: Gateway, born: str, *, is_minor: bool) -> None:
    number = policy(gateway, insured=[person(birthOn=born)])
    found = checklist(gateway.customer(number).at(NOW), number)
    assert ("BIRTH_CERTIFICATE" in required(found)) is is_minor


def test_clm_07_what_a_third_party_has_settled_is_shown_by_its_sheet(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, thirdPartySettled=True)) == {"CY26-CLM-07"}
    made = tried(gateway, number, thirdPartySettled=True, more=["THIRD_PARTY_SETTLEMENT"])
    assert made["refusals"] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "PUBLIC_INPATIENT", "without": ["OUTPATIENT_RECORD"]}, {"CY26-CLM-09"}),
        (
            {"kind": "PUBLIC_INPATIENT", "without": ["OUTPATIENT_RECORD"], "more": ["DISCHARGE_SUMMARY"]},
            set[str](),
        ),
        ({"hasSurgery": True}, {"CY26-CLM-09"}),
        ({"hasSurgery": True, "more": ["OPERATION_REPORT"]}, set[str]()),
    ],
    ids=["a stay", "a stay with its summary", "surgery", "surgery with its report"],
)
def test_clm_09_the_record_is_that_of_the_visit(
    gateway: Gateway, number: str, changes: dict[str, Any], expected: set[str]
) -> None:
    assert refused(tried(gateway, number, **changes)) == expected


# Online and by mail ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "channel", "with_photo"),
    [
        ("9999.99", "ONLINE", False),
        ("10000.00", "ONLINE", True),
        ("10000.01", "MAIL_ORIGINALS", True),
    ],
)
def test_bill_04_and_clm_10_at_exactly_ten_thousand_online_and_a_photo(
    client: Client, number: str, amount: str, channel: str, *, with_photo: bool
) -> None:
    seen = [{"hospital": PUBLIC, "visitedOn": "2026-03-02", "amount": amount}]
    found = checklist(client, number, visits=seen)
    assert found["channel"] == channel
    assert ("PHOTO_ID_COPY" in required(found)) is with_photo


def test_bill_04_without_the_photo_ten_thousand_is_refused(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, visits=[visit(amount="10000.00")])
    assert refused(made) == {"CY26-BILL-04"}


def test_clm_10_two_visits_on_two_days_stay_online(gateway: Gateway, number: str) -> None:
    visits = [visit(amount="6000.00", visitedOn=day) for day in ("2026-03-02", "2026-03-03")]
    made = tried(gateway, number, visits=visits, more=["PHOTO_ID_COPY"])
    assert (made["refusals"], made["claim"]["status"]) == ([], "SUBMITTED")


def test_clm_10_a_gray_copy_is_pointed_out_and_people_judge(gateway: Gateway) -> None:
    number = policy(gateway)
    client = gateway.customer(number).at(NOW)
    good = request(gateway, number)
    shots = {
        color: uploads.upload(client, number, uploads.picture(color=color, size=(900, 1200)), kind="INVOICE")
        for color in (True, False)
    }

    def filed(*, color: bool) -> dict[str, Any]:
        others = [paper for paper in good["documents"] if paper["kind"] != "INVOICE"]
        papers = [*others, {"kind": "INVOICE", "document": shots[color]}]
        return send(client, "claimSubmit", good | {"documents": papers}, dry_run=True)

    assert "CY26-CLM-10" not in warned(filed(color=True))
    gray = filed(color=False)
    assert (refused(gray), "CY26-CLM-10" in warned(gray)) == (set(), True)
    assert any("INVOICE" in found["message"] for found in gray["verdicts"] if found["status"] == "WARNED")


def test_clm_11_two_visits_on_one_day_are_one_sum(gateway: Gateway, number: str) -> None:
    visits = [visit(amount="6000.00"), visit(amount="6000.00")]
    made = tried(gateway, number, visits=visits, more=["PHOTO_ID_COPY"])
    assert made["claim"]["status"] == "AWAITING_ORIGINALS"
    assert "CY26-CLM-11" in warned(made)


def test_clm_11_a_claim_split_in_two_is_still_one_sum_of_the_day(gateway: Gateway) -> None:
    number = policy(gateway)
    begin(gateway, number=number, visits=[visit(amount="6000.00")])
    made = tried(gateway, number, visits=[visit(amount="4000.01")])
    assert made["claim"]["status"] == "AWAITING_ORIGINALS"
    assert tried(gateway, number, visits=[visit(amount="4000.00")])["claim"]["status"] == "SUBMITTED"


@pytest.mark.parametrize("channel", ["ONLINE", "HOTLINE"])
def test_clm_10_and_11_more_is_not_taken_online_or_by_the_hotline(gateway: Gateway, number: str, channel: str) -> None:
    given = request(gateway, number, channel=channel, visits=[visit(amount="10000.01")], more=["PHOTO_ID_COPY"])
    made = send(gateway.staff("adjuster").at(NOW), "claimSubmit", given, dry_run=True)
    assert refused(made) == {"CY26-CLM-10", "CY26-CLM-11"}
    assert made["refusals"][0]["inputPath"] == ["input", "channel"]


@pytest.mark.parametrize("kind", ["PUBLIC_OUTPATIENT", "VACCINE"])
def test_clm_10_e_mail_is_none_of_the_ways(gateway: Gateway, number: str, kind: str) -> None:
    given = request(gateway, number, kind=kind, channel="EMAIL")
    made = send(gateway.staff("hotline").at(NOW), "claimSubmit", given, dry_run=True)
    assert "CY26-CLM-10" in refused(made)
    assert made["refusals"][0]["inputPath"] == ["input", "channel"]


def test_clm_12_an_invoice_is_marked_before_it_is_claimed_online(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, visits=[visit(), visit(isInvoiceMarked=False)])
    assert refused(made) == {"CY26-CLM-12"}
    assert made["refusals"][0]["inputPath"] == ["input", "visits", "1", "isInvoiceMarked"]
    large = tried(gateway, number, visits=[visit(amount="10000.01", isInvoiceMarked=False)], more=["PHOTO_ID_COPY"])
    assert large["refusals"] == []


def mailed(gateway: Gateway) -> Any:
    return begin(gateway, visits=[visit(amount="10000.01")], more=["PHOTO_ID_COPY"])


def test_clm_13_a_parcel_that_is_to_be_paid_on_arrival_is_refused(gateway: Gateway) -> None:
    made = mailed(gateway).send("customer", "claimShipmentRegister", **PARCEL, isPrepaid=False)
    assert refused(made) == {"CY26-CLM-13"}


@pytest.mark.parametrize("field", sorted(PARCEL))
def test_clm_15_a_parcel_says_whose_papers_are_in_it(gateway: Gateway, field: str) -> None:
    made = mailed(gateway).send("customer", "claimShipmentRegister", **PARCEL | {field: None})
    assert refused(made) == {"CY26-CLM-15"}
    assert made["refusals"][0]["inputPath"] == ["input", field]


def test_clm_14_the_address_is_printed(gateway: Gateway) -> None:
    rule = gateway.anyone().ask('{ rule(code: "CY26-CLM-14") { statement(lang: EN) } }').data["rule"]
    assert "100176" in rule["statement"]


# Decisions ------------------------------------------------------------------------------------------------------


def test_bill_06_what_was_paid_too_much_is_asked_back_and_grays_no_card(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide()
    case.send("adjuster", "claimPay")
    made = case.decide(excluded="860.00")
    assert "CY26-BILL-06" in warned(made)
    (repayment,) = rows_of(gateway, "repayments", case.number)
    assert (str(repayment["amount"]), repayment["payee"]) == ("860.00", "INSURER")
    assert rows_of(gateway, "card_suspensions", case.number) == []


def test_pa_05_a_direct_visit_without_authorization_is_for_people(gateway: Gateway) -> None:
    case = authorize(gateway)
    claim = case.claim("DIRECT_OUTPATIENT", is_preauth_missing=True)
    policy_id, claim_id = ids.decode_as("claim", claim, 2)
    change(
        gateway,
        """
        with visit as (insert into claim_visits (policy_id, id, claim_id, position, hospital_code, visited_on, amount)
                       values ($1, gen_random_uuid(), $2, 1, $3, '2026-03-02', 8000) returning id)
        insert into claim_lines (policy_id, id, claim_id, visit_id, position, category, name, asked)
        select $1, gen_random_uuid(), $2, id, 1, 'OUTPATIENT', 'x', 8000 from visit
        """,
        policy_id,
        claim_id,
        PUBLIC,
    )
    given = {"idempotencyKey": new_key(), "claim": claim, "lines": [{"position": 1}]}
    made = send(gateway.staff("adjuster").at(NOW), "claimAdjudicate", given)
    assert (made["refusals"], made["claim"]["status"]) == ([], "DECIDED")
    assert "CY26-PA-05" in warned(made)


def test_clm_16_an_appeal_needs_a_decision(gateway: Gateway) -> None:
    case = begin(gateway)
    made = case.send("customer", "appealSubmit", grounds="too slow")
    assert refused(made) == {"CY26-CLM-16"}
    case.decide(excluded="1.00")
    assert case.send("customer", "appealSubmit", grounds="it was needed")["appeal"]["status"] == "FILED"


def test_clm_17_receipt_and_answer_of_an_appeal_are_recorded(gateway: Gateway) -> None:
    case = begin(gateway)
    case.decide(excluded="1.00")
    appeal = case.appeal(now="2026-03-10T09:00:00+08:00")
    given = {"idempotencyKey": new_key(), "appeal": appeal, "outcome": "UPHELD", "reason": "x"}
    send(case.who("supervisor", "2026-03-11T09:00:00+08:00"), "appealDecide", given)
    found = case.who("customer").ask(
        "query Q($id: ID!) { node(id: $id) { ... on Appeal { createdAt decidedAt } } }", id=appeal
    )
    assert found.data["node"] == {"createdAt": "2026-03-10T01:00:00Z", "decidedAt": "2026-03-11T01:00:00Z"}


# Vaccines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("GENERAL", set[str]()),
        ("SPECIAL", {"CY26-VAC-12"}),
        ("INTERNATIONAL", {"CY26-VAC-12"}),
        (None, {"CY26-VAC-12"}),
    ],
)
def test_vac_12_vaccines_of_general_departments(
    gateway: Gateway, number: str, given: str | None, expected: set[str]
) -> None:
    assert refused(tried(gateway, number, kind="VACCINE", visits=[visit(departmentClass=given)])) == expected


def test_vac_12_anywhere_in_the_country_whatever_the_plan(gateway: Gateway) -> None:
    number = policy(gateway, plan="BEIJING")
    assert refused(tried(gateway, number, kind="VACCINE", visits=[visit(hospital="DEMO-SH-004")])) == set()


def test_vac_12_not_of_private_clinics_even_in_an_emergency(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, kind="VACCINE", isEmergency=True, visits=[visit(hospital="DEMO-SH-008")])
    assert refused(made) == {"CY26-VAC-12"}


def test_vac_13_a_complete_vaccine_claim_is_decided_in_five_working_days(gateway: Gateway) -> None:
    case = begin(gateway, **VACCINE)
    (clock,) = clocks(case)
    assert (clock["rule"]["code"], clock["dueAt"], clock["status"]) == (
        "CY26-VAC-13",
        "2026-03-16T16:00:00Z",
        "RUNNING",
    )
    case.decide(now="2026-03-16T23:59:59+08:00")
    assert clocks(case, "2026-03-16T23:59:59+08:00")[0]["status"] == "MET"


def test_vac_13_the_clock_rests_while_papers_are_asked_for(gateway: Gateway) -> None:
    """Asked on Tuesday, answered on Friday: three working days later than Monday the 16th."""
    case = begin(gateway, **VACCINE)
    asked, answered = "2026-03-10T10:00:00+08:00", "2026-03-13T17:00:00+08:00"
    case.send("adjuster", "claimSupplementRequest", asked, kinds=["VACCINATION_RECORD"])
    assert [clock["status"] for clock in clocks(case, asked)] == ["CANCELLED"]
    case.add("VACCINATION_RECORD", now=answered)
    running = [clock for clock in clocks(case, answered) if clock["status"] == "RUNNING"]
    assert [(clock["startedAt"], clock["dueAt"]) for clock in running] == [
        ("2026-03-09T01:00:00Z", "2026-03-19T16:00:00Z")
    ]


def test_vac_13_other_claims_of_this_product_have_no_deadline(gateway: Gateway) -> None:
    assert clocks(begin(gateway)) == []


def test_vac_14_the_money_comes_within_ten_days(gateway: Gateway) -> None:
    case = begin(gateway, **VACCINE)
    case.decide()
    paying = [clock for clock in clocks(case) if clock["rule"]["code"] == "CY26-VAC-14"]
    assert [clock["dueAt"] for clock in paying] == ["2026-03-19T16:00:00Z"]
    late = "2026-03-20T00:00:01+08:00"
    case.send("adjuster", "claimPay", late)
    assert [clock["status"] for clock in clocks(case, late) if clock["rule"]["code"] == "CY26-VAC-14"] == ["MISSED"]


def test_vac_15_vaccines_go_by_mail_above_ten_thousand_as_well(gateway: Gateway, number: str) -> None:
    made = tried(gateway, number, kind="VACCINE", visits=[visit(amount="10000.01")], more=["PHOTO_ID_COPY"])
    assert made["claim"]["status"] == "AWAITING_ORIGINALS"
    assert {verdict["rule"]["code"] for verdict in made["verdicts"] if "CY26-VAC-15" in verdict["rule"]["sameAs"]} == {
        "CY26-CLM-10",
        "CY26-CLM-11",
        "CY26-CLM-12",
    }


def test_vac_16_the_papers_are_those_of_any_claim(client: Client, number: str) -> None:
    assert required(checklist(client, number, kind="VACCINE")) == required(checklist(client, number))


def clocks(case: Any, now: str = NOW) -> list[dict[str, Any]]:
    shown = "slaClocks { rule { code } startedAt dueAt status }"
    asked = "query Q($id: ID!) { node(id: $id) { ... on Claim { " + shown + " } } }"
    return case.who("customer", now).ask(asked, id=case.id).data["node"]["slaClocks"]


def test_a_clause_that_was_asked_for_papers_is_named_by_the_paper(gateway: Gateway, number: str) -> None:
    """The checklist after filing says by which clause each paper is there."""
    made = tried(gateway, number)
    by_kind = {paper["kind"]: paper["rule"]["code"] for paper in made["claim"]["documents"]}
    assert by_kind == {
        "CLAIM_FORM": "CY26-CLM-02",
        "INSURED_ID_FRONT": "CY26-CLM-04",
        "INSURED_ID_BACK": "CY26-CLM-04",
        "INVOICE": "CY26-CLM-06",
        "ITEMIZED_BILL": "CY26-CLM-08",
        "OUTPATIENT_RECORD": "CY26-CLM-09",
    }
