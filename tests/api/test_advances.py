"""The life of an advance: asked for, reviewed, authorized, signed, paid, topped up, settled, and owed back."""

from typing import Any

import pytest

from tests.support.advances import VENDOR_SCOPES, begin, policy, request, rows_of, send, send_raw
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, change, look, refused, row_counts
from tests.support.preauths import policy as policy_without_advances

PRODUCTS = ("ZAWX", "VAS", "CY26")


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_advance_from_the_request_to_the_difference(gateway: Gateway, product: str) -> None:
    case = begin(gateway, product).go_to("PAID")
    assert case.uses() == (0, 1)
    case.discharge()
    filed = case.file()
    assert [claim["kind"] for claim in filed["claims"]] == ["ADVANCE_SETTLEMENT"]
    case.decide("26500.00")
    settled = case.take("vendor", "advanceSettle")
    assert settled["status"] == "SETTLED"
    assert settled["paidAmount"] == {"amount": "30000.00"}
    assert settled["coveredAmount"] == {"amount": "26500.00"}
    assert settled["repayableAmount"] == {"amount": "3500.00"}
    (owed,) = settled["repayments"]
    assert (owed["status"], owed["cause"], owed["payee"]) == ("OPEN", "ADVANCE_EXCESS", "VENDOR")
    assert owed["outstandingAmount"] == {"amount": "3500.00"}
    steps = settled["timeline"]
    assert [step["fromStatus"] for step in steps] == ["", *(step["status"] for step in steps[:-1])]


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_dry_run_shows_the_advance_and_leaves_nothing(gateway: Gateway, product: str) -> None:
    number = policy(gateway, product)
    given = request(gateway, number, product)
    before = row_counts(gateway)
    made = send(gateway.customer(number).at(NOW), "advanceRequest", given, dry_run=True)
    assert (made["isDryRun"], made["advance"]["status"]) == (True, "REQUESTED")
    assert row_counts(gateway) == before


def test_a_repeated_key_is_answered_with_the_same_advance(gateway: Gateway) -> None:
    number = policy(gateway, "VAS")
    client, given = gateway.customer(number).at(NOW), request(gateway, number, "VAS")
    first, again = (send(client, "advanceRequest", given) for _ in range(2))
    assert again["isReplay"]
    assert again["advance"]["id"] == first["advance"]["id"]
    assert len(rows_of(gateway, "advances", number)) == 1


def test_a_repeated_payment_is_paid_once(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("SIGNED")
    given = {"idempotencyKey": new_key(), "advance": case.id, "reference": new_key()}
    first, again = (send(case.who("vendor"), "advancePay", given) for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert again["advance"]["paidAmount"] == {"amount": "30000.00"}


def test_a_stay_has_one_advance_and_another_stay_its_own(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    again = send_raw(
        case.who("customer"), "advanceRequest", request(gateway, case.number, "VAS", requestedAmount="100.00")
    )
    assert (again.code, again.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "admittedOn"])
    for other in ({"admittedOn": "2026-03-06"}, {"hospital": "DEMO-SH-001"}):
        made = send(case.who("customer"), "advanceRequest", request(gateway, case.number, "VAS", **other))
        assert made["refusals"] == []


def test_a_stay_that_was_cancelled_may_be_asked_for_again(gateway: Gateway) -> None:
    case = begin(gateway)
    assert case.uses() == (1, 0)
    assert case.take("customer", "advanceCancel", reason="不需要")["status"] == "CANCELLED"
    assert case.uses() == (0, 0)
    begin(gateway, number=case.number)
    assert case.uses() == (1, 0)


def test_a_refused_review_gives_the_use_back_and_tells_the_client(gateway: Gateway) -> None:
    case = begin(gateway).go_to("UNDER_REVIEW")
    found = case.review("REFUSED", reason="不属于保障责任")
    assert (found["status"], found["payments"][0]["status"]) == ("REFUSED", "REFUSED")
    assert case.uses() == (0, 0)
    sql = "select audience from outbox_messages where policy_id = $1 and subject_id = $2 and topic = 'advance.refused'"
    assert look(gateway, sql, *case.key) == [{"audience": "CUSTOMER"}]
    assert all(status != "RUNNING" for status in [clock["status"] for clock in found["slaClocks"]])


def test_a_top_up_is_reviewed_and_paid_and_takes_no_further_use(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    asked = case.top_up("5000.00")["advance"]
    assert [(item["kind"], item["status"]) for item in asked["payments"]] == [
        ("FIRST", "PAID"),
        ("TOP_UP", "REQUESTED"),
    ]
    assert case.review(approvedAmount="4000.00")["status"] == "PAID"
    paid = case.pay()
    assert paid["paidAmount"] == {"amount": "34000.00"}
    assert case.uses() == (0, 1)


def test_a_top_up_needs_the_insurer_where_the_first_payment_did(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("PAID")
    case.top_up("5000.00")
    case.review()
    early = case.send("vendor", "advancePay", reference=new_key())
    assert refused(early) == {"VAS-TBL-08"}
    case.authorize()
    assert case.pay()["paidAmount"] == {"amount": "35000.00"}


def test_one_payment_of_a_stay_is_open_at_a_time(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    case.top_up("100.00")
    answer = case.send_raw("customer", "advanceTopUp", amount="100.00")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "advance"])


def test_a_refused_top_up_leaves_the_advance_as_it_was(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    case.top_up("100.00")
    found = case.review("REFUSED", reason="材料不足")
    assert (found["status"], found["payments"][1]["status"]) == ("PAID", "REFUSED")
    assert case.uses() == (0, 1)
    assert case.top_up("200.00")["refusals"] == []


def test_nothing_is_paid_twice_and_not_under_a_reference_of_another(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("SIGNED")
    reference = new_key()
    case.take("vendor", "advancePay", reference=reference)
    assert refused(case.send("vendor", "advancePay", reference=new_key())) == {"CY26-SVC-04"}
    case.top_up("100.00")
    case.review()
    again = case.send_raw("vendor", "advancePay", reference=reference)
    assert again.error["extensions"]["inputPath"] == ["input", "reference"]


def test_where_claim_and_payment_are_equal_nothing_is_owed(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    case.discharge()
    case.file()
    case.decide("30000.00")
    settled = case.take("vendor", "advanceSettle")
    assert (settled["repayableAmount"], settled["repayments"]) == ({"amount": "0.00"}, [])


def test_a_claim_that_pays_more_covers_all_that_was_advanced(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    case.discharge()
    case.file()
    case.decide("36000.00")
    settled = case.take("vendor", "advanceSettle")
    assert (settled["coveredAmount"], settled["repayments"]) == ({"amount": "30000.00"}, [])


def test_nothing_is_settled_before_the_claim_is_decided(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    case.discharge()
    assert case.send_raw("vendor", "advanceSettle").error["extensions"]["inputPath"] == ["input", "advance"]
    case.file()
    assert case.send_raw("vendor", "advanceSettle").error["extensions"]["inputPath"] == ["input", "advance"]


def test_that_a_stay_is_not_covered_is_for_the_insurer_to_say(gateway: Gateway) -> None:
    case = begin(gateway).go_to("PAID")
    assert case.send_raw("vendor", "advanceSettle", isCovered=False, reason="x").code == "FORBIDDEN"
    assert case.send_raw("adjuster", "advanceSettle", isCovered=False).code == "BAD_USER_INPUT"
    settled = case.take("adjuster", "advanceSettle", isCovered=False, reason="责任免除")
    (owed,) = settled["repayments"]
    assert (owed["cause"], owed["outstandingAmount"]) == ("NOT_COVERED", {"amount": "30000.00"})


def test_the_claim_for_a_stay_is_filed_once_with_an_invoice_of_its_own(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("PAID")
    case.discharge()
    number = new_key()
    case.file(invoiceNumber=number)
    given = {"dischargedOn": "2026-03-20", "amount": "1.00", "invoiceNumber": new_key()}
    again = case.send_raw("vendor", "advanceClaimFile", **given)
    assert again.error["extensions"]["inputPath"] == ["input", "advance"]
    other = begin(gateway, "VAS", number=case.number, admittedOn="2026-03-08").go_to("PAID")
    taken = other.send_raw("vendor", "advanceClaimFile", **given | {"invoiceNumber": number})
    assert taken.error["extensions"]["inputPath"] == ["input", "invoiceNumber"]


@pytest.mark.parametrize(
    ("mutation", "role", "fields"),
    [
        ("advanceContactRecord", "vendor", {"isConfirmed": True}),
        ("advanceDocumentsSubmit", "customer", {"attendingDoctorContact": "x"}),
        ("advanceReview", "vendor", {"outcome": "APPROVED"}),
        ("advanceAuthorize", "adjuster", {"outcome": "APPROVED"}),
        ("advanceSign", "customer", {}),
        ("advancePay", "vendor", {"reference": "x"}),
        ("advanceTopUp", "customer", {"amount": "1.00"}),
        ("advanceDischargeNotify", "customer", {"dischargeOn": "2026-03-20"}),
        ("advanceClaimFile", "vendor", {"dischargedOn": "2026-03-20", "amount": "1.00", "invoiceNumber": "x"}),
        ("advanceSettle", "vendor", {}),
        ("advanceCancel", "customer", {}),
    ],
)
def test_a_foreign_advance_is_answered_like_one_that_is_not_there(
    gateway: Gateway, mutation: str, role: str, fields: dict[str, Any]
) -> None:
    mine, theirs = begin(gateway, "CY26"), begin(gateway, "VAS" if role == "vendor" else "CY26")
    absent = mine.id[:-4] + ("0000" if not mine.id.endswith("0000") else "1111")
    ids = [absent] if role == "adjuster" else [theirs.id, absent]
    answers = [mine.send_raw(role, mutation, **fields | {"advance": advance}) for advance in ids]
    assert {answer.code for answer in answers} == {"BAD_USER_INPUT"}
    assert {answer.error["message"] for answer in answers} == {answers[0].error["message"]}
    assert all(answer.error["extensions"]["inputPath"] == ["input", "advance"] for answer in answers)


def test_a_foreign_policy_is_answered_like_one_that_is_not_there(gateway: Gateway) -> None:
    mine, theirs = policy(gateway, "VAS"), policy(gateway, "VAS")
    client = gateway.customer(mine).at(NOW)
    answers = [
        send_raw(client, "advanceRequest", request(gateway, mine, "VAS", policyNumber=number))
        for number in (theirs, "VAS-NOBODY")
    ]
    assert len({answer.error["message"] for answer in answers}) == 1
    assert answers[0].error["extensions"]["inputPath"] == ["input", "policyNumber"]


@pytest.mark.parametrize(
    ("mutation", "role"),
    [
        ("advanceReview", "customer"),
        ("advanceReview", "adjuster"),
        ("advancePay", "adjuster"),
        ("advancePay", "customer"),
        ("advanceAuthorize", "vendor"),
        ("advanceAuthorize", "hotline"),
        ("advanceSettle", "customer"),
        ("advanceSettle", "hotline"),
        ("advanceContactRecord", "customer"),
        ("advanceClaimFile", "customer"),
        ("advanceCancel", "vendor"),
    ],
)
def test_what_is_not_ones_own_to_do_is_forbidden(gateway: Gateway, mutation: str, role: str) -> None:
    case = begin(gateway, "VAS")
    more: dict[str, Any] = {
        "advanceReview": {"outcome": "APPROVED"},
        "advanceAuthorize": {"outcome": "APPROVED"},
        "advancePay": {"reference": "x"},
        "advanceContactRecord": {"isConfirmed": True},
        "advanceClaimFile": {"dischargedOn": "2026-03-20", "amount": "1.00", "invoiceNumber": "x"},
    }.get(mutation, {})
    assert case.send_raw(role, mutation, **more).code == "FORBIDDEN"


def test_a_vendor_of_another_product_cannot_ask(gateway: Gateway) -> None:
    number = policy(gateway, "VAS")
    client = gateway.vendor("QITAI", *VENDOR_SCOPES).at(NOW)
    assert send_raw(client, "advanceRequest", request(gateway, number, "VAS")).code == "BAD_USER_INPUT"


def test_the_hotline_may_ask_for_a_client(gateway: Gateway) -> None:
    number = policy(gateway, "CY26")
    given = {"input": request(gateway, number, "CY26")}
    text = "mutation M($input: AdvanceRequestInput!) { advanceRequest(input: $input) { advance { status } } }"
    made = gateway.staff("hotline").at(NOW).ask(text, **given).data["advanceRequest"]
    assert made["advance"] == {"status": "REQUESTED"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"requestedAmount": "0.00"}, ["input", "requestedAmount"]),
        ({"requestedAmount": "1.001"}, ["input", "requestedAmount"]),
        ({"hospital": "NOWHERE"}, ["input", "hospital"]),
        ({"firstDiagnosedOn": "2026-03-10"}, ["input", "firstDiagnosedOn"]),
        ({"admittedOn": "0001-01-01"}, ["input", "admittedOn"]),
        ({"admittedOn": "9999-12-31"}, ["input", "admittedOn"]),
        ({"documents": [{"kind": "lower", "document": "doc_x"}]}, ["input", "documents"]),
    ],
    ids=["nothing", "part of a cent", "no hospital", "a diagnosis to come", "long ago", "far ahead", "no such paper"],
)
def test_what_cannot_be_taken_is_named(gateway: Gateway, changes: dict[str, Any], path: list[str]) -> None:
    number = policy(gateway, "VAS")
    answer = send_raw(gateway.customer(number).at(NOW), "advanceRequest", request(gateway, number, "VAS", **changes))
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", path)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("mutation", ["advanceDischargeNotify", "advanceContactRecord", "advanceClaimFile"])
def test_a_day_that_no_calendar_has_is_named(gateway: Gateway, mutation: str, day: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "advanceDischargeNotify": {"dischargeOn": day},
        "advanceContactRecord": {"isConfirmed": True, "visitOn": day},
        "advanceClaimFile": {"dischargedOn": day, "amount": "1.00", "invoiceNumber": "x"},
    }
    answer = begin(gateway, "VAS").send_raw("vendor", mutation, **fields[mutation])
    assert answer.code == "BAD_USER_INPUT"


def test_a_product_without_advances_says_so(gateway: Gateway) -> None:
    number = policy_without_advances(gateway, "CY23")
    answer = send_raw(gateway.customer(number).at(NOW), "advanceRequest", request(gateway, number, "VAS"))
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


def test_the_doctors_contact_is_kept_sealed(gateway: Gateway) -> None:
    case = begin(gateway)
    case.take("customer", "advanceDocumentsSubmit", isForceMajeure=True, attendingDoctorContact="王医生 13800138000")
    (row,) = rows_of(gateway, "advances", case.number)
    assert row["doctor_contact_encrypted"]
    assert b"138" not in row["doctor_contact_encrypted"]


def test_an_investigation_goes_on_with_the_review(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("UNDER_REVIEW")
    assert case.send_raw("vendor", "advanceReview", outcome="INVESTIGATE").code == "BAD_USER_INPUT"
    found = case.review("INVESTIGATE", reason="核实事故经过")
    assert (found["status"], found["investigatedFrom"] is not None) == ("INVESTIGATING", True)
    assert case.review()["status"] == "REVIEWED"
    assert case.authorize("INVESTIGATE", reason="再核实")["status"] == "INVESTIGATING"
    assert case.authorize()["status"] == "AUTHORIZED"


def test_the_database_refuses_a_second_yes_by_the_same_person(gateway: Gateway) -> None:
    case = begin(gateway, "VAS").go_to("REVIEWED")
    with pytest.raises(Exception, match="two_people"):
        change(
            gateway,
            "insert into advance_reviews (policy_id, id, advance_id, payment_id, stage, outcome, approved_amount,"
            " reviewer, at) select policy_id, gen_random_uuid(), advance_id, payment_id, 'INSURER', outcome,"
            " approved_amount, reviewer, at from advance_reviews where policy_id = $1 and advance_id = $2",
            *case.key,
        )


def test_an_invoice_of_a_stay_is_one_whatever_its_width_case_and_blanks(gateway: Gateway) -> None:
    case = begin(gateway, "CY26").go_to("PAID")
    case.file(invoiceNumber="inv-7")
    (row,) = rows_of(gateway, "claim_invoices", case.number)
    assert row["number"] == "INV-7"
