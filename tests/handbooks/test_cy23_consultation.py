"""The CY23 handbook on asking doctors, messages and complaints, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.consultations import OPEN, begin, new_policy, question, send, try_question
from tests.support.escorts import at, look


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return new_policy(gateway, "CY23")


def rule(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { enforcement parameters } }"
    return gateway.anyone().ask(document, code=code).data["rule"]


@pytest.mark.parametrize("now", ["2026-03-09 03:00", "2026-03-09 12:00", "2026-03-08 23:59"])
def test_svc_03_doctors_answer_the_phone_day_and_night(gateway: Gateway, number: str, now: str) -> None:
    answer = try_question(gateway, "CY23", number, at(now), mode="PHONE")
    assert (answer["refusals"], answer["booking"]["status"]) == ([], "REQUESTED")


@pytest.mark.parametrize("now", ["2026-03-09 03:00", "2026-03-09 12:00"])
def test_svc_03_questions_in_writing_have_no_hours(gateway: Gateway, number: str, now: str) -> None:
    assert try_question(gateway, "CY23", number, at(now), mode="TEXT")["refusals"] == []


def test_card_14_vaccine_knowledge_comes_as_notices(gateway: Gateway) -> None:
    assert rule(gateway, "CY23-CARD-14") == {"enforcement": "DATA", "parameters": {"categories": ["FREE", "PAID"]}}


def test_card_15_a_message_is_kept_and_told_to_customer_service(gateway: Gateway, number: str) -> None:
    customer = gateway.customer(number).at(OPEN)
    shows = "message { id content phone answer answeredAt createdAt }"
    given = {"policyNumber": number, "content": "怎么改地址？", "phone": "13800138000"}
    left = send(customer, "messageLeave", shows=shows, **given).data["messageLeave"]["message"]
    assert (left["content"], left["phone"], left["answeredAt"]) == ("怎么改地址？", "****8000", None)
    posted = look(gateway, "select topic, audience from outbox_messages where payload->>'message' = $1", left["id"])
    assert posted == [{"topic": "message.left", "audience": "STAFF"}]


def test_card_16_and_17_doctors_of_the_network_answer_where_no_vendor_is_named(gateway: Gateway) -> None:
    case = begin(gateway, "CY23", mode="TEXT")
    assert case.seen_by("customer")["vendor"] is None
    assert case.topics() == [("booking.requested", "STAFF")]
    assert case.reply()["booking"]["status"] == "IN_SERVICE"


def test_card_20_a_complaint_is_kept_and_goes_to_the_insurer(gateway: Gateway, number: str) -> None:
    case = begin(gateway, "CY23", number=number)
    shows = "complaint { id number status content answer }"
    given = {"policyNumber": number, "content": "等了太久", "booking": case.booking}
    made = send(case.who("customer"), "complaintCreate", shows=shows, **given).data["complaintCreate"]["complaint"]
    assert made["number"].startswith("CMP20260309")
    assert (made["status"], made["answer"]) == ("RECEIVED", None)
    posted = look(gateway, "select topic, audience from outbox_messages where payload->>'complaint' = $1", made["id"])
    assert posted == [{"topic": "complaint.received", "audience": "STAFF"}]


def test_a_service_that_the_product_lacks_is_the_wrong_one_to_ask_for(gateway: Gateway, number: str) -> None:
    given = question("CY23", number, mode="FAMILY_DOCTOR")
    error = send(gateway.customer(number).at(OPEN), "consultationStart", **given).error
    assert (error["extensions"]["code"], error["extensions"]["inputPath"]) == (
        "BAD_USER_INPUT",
        ["input", "policyNumber"],
    )
