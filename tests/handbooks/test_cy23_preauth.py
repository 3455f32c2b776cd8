"""The CY23 handbook on cards and authorization before treatment, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.api.test_cards import PHONE, code_in_the_mail, with_code
from tests.api.test_cards import send as send_card
from tests.api.test_preauths import draw
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, refused, verdict_of, warned
from tests.support.preauths import (
    CHILD,
    HOSPITAL,
    LATEST,
    STAY,
    VISIT,
    WITHOUT_DIRECT,
    begin,
    codes,
    emergency,
    hospital,
    policy,
    request,
    requirement,
    send,
    send_raw,
)


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway, "CY23")


@pytest.fixture(scope="module")
def client(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number).at(NOW)


def tried(client: Client, number: str, **changes: Any) -> dict[str, Any]:
    return send(client, "preAuthSubmit", request(number, **changes), dry_run=True)


def item(category: str, **changes: Any) -> dict[str, Any]:
    return {"category": category, "name": "x", **changes}


# The card -------------------------------------------------------------------------------------------------------


def test_card_03_a_policy_bought_online_is_bound_before_it_takes_effect(gateway: Gateway) -> None:
    number = policy(gateway, "CY23", effectiveOn="2026-06-01")
    client = gateway.customer(number).at(NOW)
    assert send_card(client, "cardBind", **with_code(gateway, client, number))["card"]["status"] == "ACTIVE"


def test_card_04_a_policy_on_paper_is_bound_once_it_takes_effect(gateway: Gateway) -> None:
    number = policy(gateway, "CY23", effectiveOn="2026-03-10", channel="OFFLINE_PAPER")
    client = gateway.customer(number).at("2026-03-09T23:59:59+08:00")
    who = {"policyNumber": number, "name": CHILD["name"], "phone": PHONE}
    early = send_card(client, "cardCodeSend", **who)
    assert refused(early) == {"CY23-CARD-04"}
    assert early["refusals"][0]["passesFrom"] == "2026-03-09T16:00:00Z"
    in_time = client.at("2026-03-10T00:00:00+08:00")
    assert send_card(in_time, "cardBind", **with_code(gateway, in_time, number))["refusals"] == []


@pytest.mark.parametrize("name", ["演示孩", "演示孩子子", ""])
def test_card_06_the_childs_name_is_that_of_the_application(gateway: Gateway, number: str, name: str) -> None:
    client = gateway.customer(number).at(NOW)
    answer = send_card(client, "cardCodeSend", dry_run=True, policyNumber=number, name=name, phone=PHONE)
    assert refused(answer) == {"CY23-CARD-06"}


def test_card_06_blanks_make_no_other_name(gateway: Gateway, number: str) -> None:
    client = gateway.customer(number).at(NOW)
    answer = send_card(client, "cardCodeSend", dry_run=True, policyNumber=number, name="演示 孩子", phone=PHONE)
    assert answer["refusals"] == []


def test_card_07_the_phone_is_that_of_the_application_and_proven(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    given = with_code(gateway, client, number)
    other = send_card(client, "cardBind", dry_run=True, **given | {"phone": "13900139000"})
    assert [verdict["inputPath"] for verdict in other["refusals"]] == [["input", "phone"], ["input", "code"]]
    unproven = send_card(client, "cardBind", dry_run=True, **given | {"code": None})
    assert [verdict["inputPath"] for verdict in unproven["refusals"]] == [["input", "code"]]
    assert send_card(client, "cardBind", **given)["refusals"] == []
    assert len(code_in_the_mail(gateway, number)) == 6


def test_card_09_who_cannot_bind_is_told_of_the_hotline(gateway: Gateway, number: str) -> None:
    answer = send_card(gateway.customer(number).at(NOW), "cardBind", policyNumber=number, name="别人")
    assert all("hotline" in verdict["remedy"] for verdict in answer["refusals"])
    rule = gateway.anyone().ask('{ rule(code: "CY23-CARD-09") { parameters } }').data["rule"]
    assert rule["parameters"]["phone"] == "021-80209058"


# Authorization --------------------------------------------------------------------------------------------------


def test_pa_01_and_09_what_is_granted_is_guaranteed_within_the_plan(gateway: Gateway) -> None:
    made = begin(gateway, "CY23").approve()
    (letter,) = made["preAuth"]["guaranteeLetters"]
    assert letter["ceiling"] == {"amount": "8000.00"}


def test_pa_01_what_is_guaranteed_is_not_decided_again(gateway: Gateway) -> None:
    case = begin(gateway, "CY23")
    case.approve()
    again = case.send("adjuster", "preAuthDecide", decisions=[{"position": 1, "decision": "DENIED", "reason": "x"}])
    assert refused(again) == {"CY23-PA-01"}


@pytest.mark.parametrize(("amount", "refusals"), [("8000.00", set()), ("8000.01", {"CY23-PA-09"})])
def test_pa_09_the_hospital_is_paid_what_the_letter_promises(gateway: Gateway, amount: str, refusals: set[str]) -> None:
    case = begin(gateway, "CY23")
    (letter,) = case.approve()["preAuth"]["guaranteeLetters"]
    assert refused(draw(case, letter["id"], case.claim(), amount)) == refusals


def test_pa_03_the_hospital_may_apply_as_well_as_the_insured(gateway: Gateway, client: Client, number: str) -> None:
    for sender in (client, hospital(gateway)):
        assert refused(tried(sender, number, channel="HOSPITAL")) == set()


@pytest.mark.parametrize("code", [WITHOUT_DIRECT, "DEMO-SH-005"], ids=["without the mark", "of another plan"])
def test_pa_03_it_is_for_hospitals_that_bill_directly(client: Client, number: str, code: str) -> None:
    answer = tried(client, number, hospital=code)
    assert refused(answer) == {"CY23-PA-03"}
    assert answer["refusals"][0]["inputPath"] == ["input", "hospital"]


@pytest.mark.parametrize(
    ("day", "is_refused"), [("2026-12-31", False), ("2027-01-01", True)], ids=["the last day", "after"]
)
def test_pa_03_the_treatment_lies_within_the_policy(client: Client, number: str, day: str, is_refused: bool) -> None:
    assert refused(tried(client, number, treatmentOn=day)) == ({"CY23-PA-03"} if is_refused else set())


@pytest.mark.parametrize(
    ("now", "status"),
    [(f"{LATEST}T23:59:59+08:00", "PASSED"), ("2026-03-20T00:00:00+08:00", "REFUSED")],
    ids=["five working days ahead", "four"],
)
def test_pa_04_five_working_days_are_needed(client: Client, number: str, now: str, status: str) -> None:
    answer = tried(client.at(now), number)
    assert verdict_of(answer, "CY23-PA-04")["status"] == status
    assert refused(answer) == (set() if status == "PASSED" else {"CY23-PA-04"})
    assert requirement(client, number)["latestOn"] == LATEST


def test_pa_04_staff_may_take_a_late_request_with_a_reason(gateway: Gateway, number: str) -> None:
    hotline = gateway.staff("hotline").at("2026-03-24T10:00:00+08:00")
    excused = tried(hotline, number, lateReason="床位提前")
    assert (refused(excused), warned(excused)) == (set(), {"CY23-PA-04"})


def test_this_handbook_knows_no_notice_of_an_emergency(client: Client, number: str) -> None:
    answer = send_raw(client, "preAuthEmergencyNotify", emergency(number))
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


def test_pa_04_a_late_request_is_not_sent_to_a_notice_that_the_handbook_lacks(client: Client, number: str) -> None:
    (refusal,) = tried(client.at("2026-03-24T10:00:00+08:00"), number)["refusals"]
    assert "preAuthEmergencyNotify" not in refusal["remedy"]


BOTH = {"CY23-PA-06", "CY23-IPD-01"}
LISTED: list[tuple[dict[str, Any], set[str]]] = [
    (item("INPATIENT"), BOTH),
    (item("SURGERY"), {"CY23-PA-06", "CY23-IPD-03"}),
    (item("SURGERY_UNDER_GENERAL_ANESTHESIA"), BOTH | {"CY23-IPD-03"}),
    (item("SPECIAL_OUTPATIENT"), {"CY23-PA-06"}),
    (item("CHEMOTHERAPY"), {"CY23-PA-06"}),
    (item("OBSERVATION_WARD"), set()),
    (item("CRITICAL_ILLNESS"), {"CY23-IPD-02"}),
    (item("EXAMINATION", isLargeExam=True, unitPrice="1.00"), {"CY23-PA-07", "CY23-IPD-03"}),
    (item("EXAMINATION", unitPrice="4999.99"), set()),
    (item("EXAMINATION", unitPrice="5000.00"), {"CY23-PA-07"}),
    (item("EXAMINATION", unitPrice="5000.01"), {"CY23-PA-07", "CY23-IPD-05"}),
    (item("TREATMENT", unitPrice="4999.99"), set()),
    (item("TREATMENT", unitPrice="5000.00"), set()),
    (item("TREATMENT", unitPrice="5000.01"), {"CY23-IPD-05"}),
    (item("INJECTION_OR_DRUG", perTreatment="4999.99"), set()),
    (item("INJECTION_OR_DRUG", perTreatment="5000.00"), set()),
    (item("INJECTION_OR_DRUG", perTreatment="5000.01"), {"CY23-IPD-05"}),
    (item("DURABLE_EQUIPMENT", unitPrice="1.00"), {"CY23-IPD-04"}),
    (item("DURABLE_EQUIPMENT", unitPrice="1.00", isRental=True), set()),
    (item("OTHER", unitPrice="29999.99"), set()),
    (item("OTHER", unitPrice="30000.00"), set()),
    (item("OTHER", unitPrice="30000.01"), {"CY23-PA-08"}),
]


@pytest.mark.parametrize(
    ("given", "expected"), LISTED, ids=[f"{at}-{row[0]['category']}" for at, row in enumerate(LISTED)]
)
def test_pa_06_to_08_and_ipd_01_to_05_both_lists_count(
    client: Client, number: str, given: dict[str, Any], expected: set[str]
) -> None:
    found = requirement(client, number, items=[given], hospital=HOSPITAL)
    assert (codes(found), found["isRequired"]) == (expected, bool(expected))


@pytest.mark.parametrize(
    ("expected", "is_listed"),
    [("29999.99", False), ("30000.00", False), ("30000.01", True)],
    ids=["a cent less", "exactly", "a cent more"],
)
def test_pa_08_the_expected_total_counts_above_the_limit(
    client: Client, number: str, expected: str, is_listed: bool
) -> None:
    found = requirement(client, number, items=[VISIT], expectedCumulative=expected)
    assert codes(found) == ({"CY23-PA-08"} if is_listed else set())


def test_pa_08_what_stands_on_another_list_is_not_on_the_last(client: Client, number: str) -> None:
    found = requirement(client, number, items=[STAY], expectedCumulative="40000.00")
    assert "CY23-PA-08" not in codes(found)
