"""The CY26 handbook on cards, authorization before treatment and emergencies, clause by clause, through the API."""

from typing import Any

import pytest

from tests.api.test_cards import PAPER
from tests.api.test_cards import send as send_card
from tests.api.test_preauths import draw
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, person, refused, verdict_of, warned
from tests.support.preauths import (
    CHILD,
    HOSPITAL,
    LATEST,
    PRIVATE,
    STAY,
    TREATMENT,
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
)


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway)


@pytest.fixture(scope="module")
def client(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number).at(NOW)


def tried(client: Client, number: str, **changes: Any) -> dict[str, Any]:
    return send(client, "preAuthSubmit", request(number, **changes), dry_run=True)


def item(category: str, **changes: Any) -> dict[str, Any]:
    return {"category": category, "name": "x", **changes}


# The card -------------------------------------------------------------------------------------------------------


def test_card_01_a_card_is_bound_as_soon_as_the_policy_is_issued(gateway: Gateway) -> None:
    child = person(**CHILD)
    number = policy(gateway, insured=[child], effectiveOn="2026-06-01", channel="OFFLINE_PAPER")
    given = {"policyNumber": number, "name": CHILD["name"], "idNumber": child["idNumber"]} | PAPER
    assert send_card(gateway.customer(number).at(NOW), "cardBind", **given)["card"]["status"] == "ACTIVE"


def test_card_05_one_account_holds_the_cards_of_the_family(gateway: Gateway) -> None:
    family = [person(**CHILD), person(name="演示妹妹", gender="FEMALE", birthOn="2020-05-05")]
    number = policy(gateway, insured=family)
    client = gateway.customer(number).at(NOW)
    held = []
    for member in family:
        paper = {name: member[name] for name in ("name", "idType", "idNumber", "birthOn", "gender")}
        held.append(send_card(client, "familyMemberAdd", policyNumber=number, relation="CHILD", **paper)["card"]["id"])
    assert len(set(held)) == 2


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"relation": None}, ["input", "relation"]),
        ({"name": "别人"}, ["input", "name"]),
        ({"idNumber": "P0000000"}, ["input", "idNumber"]),
        ({"idType": "BIRTH_CERTIFICATE"}, ["input", "idNumber"]),
    ],
    ids=["no relation", "another name", "another number", "another kind of paper"],
)
def test_card_06_relation_name_and_the_paper_of_the_application_are_needed(
    gateway: Gateway, changes: dict[str, Any], path: list[str]
) -> None:
    child = person(**CHILD)
    number = policy(gateway, insured=[child])
    given = {"policyNumber": number, "name": CHILD["name"], "relation": "CHILD", "idNumber": child["idNumber"]} | PAPER
    answer = send_card(gateway.customer(number).at(NOW), "familyMemberAdd", dry_run=True, **given | changes)
    assert refused(answer) == {"CY26-CARD-06"}
    assert [verdict["inputPath"] for verdict in answer["refusals"]] == [path]


def test_card_06_blanks_and_full_width_signs_make_no_other_name(gateway: Gateway) -> None:
    child = person(name="Ann Lee", birthOn="2018-05-05")
    number = policy(gateway, insured=[child])
    given = {"policyNumber": number, "name": "ＡＮＮ Lee", "relation": "CHILD", "idNumber": child["idNumber"]} | PAPER
    assert send_card(gateway.customer(number).at(NOW), "familyMemberAdd", **given)["refusals"] == []


@pytest.mark.parametrize("missing", ["birthOn", "gender"])
def test_card_07_papers_other_than_an_identity_card_need_birthday_and_gender(gateway: Gateway, missing: str) -> None:
    child = person(**CHILD)
    number = policy(gateway, insured=[child])
    given = {"policyNumber": number, "name": CHILD["name"], "relation": "CHILD", "idNumber": child["idNumber"]} | PAPER
    answer = send_card(gateway.customer(number).at(NOW), "familyMemberAdd", **given | {missing: None})
    assert refused(answer) == {"CY26-CARD-07"}


def test_card_07_of_an_identity_card_the_number_is_enough(gateway: Gateway) -> None:
    child = person(**CHILD, idType="ID_CARD", idNumber="110101201805059016")
    number = policy(gateway, insured=[child])
    given = {"policyNumber": number, "name": CHILD["name"], "relation": "CHILD"}
    paper = {"idType": "ID_CARD", "idNumber": "110101201805059016"}
    assert send_card(gateway.customer(number).at(NOW), "familyMemberAdd", **given | paper)["refusals"] == []


def test_card_09_who_cannot_bind_is_told_of_the_hotline(gateway: Gateway) -> None:
    number = policy(gateway)
    answer = send_card(gateway.customer(number).at(NOW), "cardBind", policyNumber=number, name="别人")
    assert all("hotline" in verdict["remedy"] or "Please" in verdict["remedy"] for verdict in answer["refusals"])
    listed = gateway.anyone().ask('{ disclosures(operation: "cardBind", product: CY26) { id } }').data["disclosures"]
    assert [item["id"] for item in listed] == ["CY26-CARD-09"]


def test_card_14_past_requests_can_be_looked_up(gateway: Gateway) -> None:
    case = begin(gateway)
    found = case.who("customer").ask("{ preAuths { nodes { id } } }").data["preAuths"]["nodes"]
    assert found == [{"id": case.id}]


@pytest.mark.parametrize("code", [WITHOUT_DIRECT, "DEMO-SH-004"], ids=["without the mark", "outside the network"])
def test_card_12_where_nothing_is_billed_directly_no_authorization_is_needed(
    client: Client, number: str, code: str
) -> None:
    answer = tried(client, number, hospital=code)
    assert (refused(answer), warned(answer)) == (set(), {"CY26-CARD-12"})
    found = requirement(client, number, hospital=code, items=[STAY])
    assert (found["isRequired"], codes(found)) == (False, {"CY26-PA-07"})


def test_card_12_a_private_hospital_in_the_network_bills_directly(client: Client, number: str) -> None:
    assert verdict_of(tried(client, number, hospital=PRIVATE), "CY26-CARD-12")["status"] == "PASSED"


# Authorization --------------------------------------------------------------------------------------------------


def test_pa_01_what_is_granted_is_guaranteed_in_writing(gateway: Gateway) -> None:
    (letter,) = begin(gateway).approve()["preAuth"]["guaranteeLetters"]
    assert (letter["status"], letter["ceiling"]) == ("ISSUED", {"amount": "8000.00"})


@pytest.mark.parametrize(("amount", "refusals"), [("8000.00", set()), ("8000.01", {"CY26-PA-01"})])
def test_pa_01_no_more_is_drawn_than_is_guaranteed(gateway: Gateway, amount: str, refusals: set[str]) -> None:
    case = begin(gateway)
    (letter,) = case.approve()["preAuth"]["guaranteeLetters"]
    assert refused(draw(case, letter["id"], case.claim(), amount)) == refusals


@pytest.mark.parametrize(
    ("effective", "status"),
    [("2026-02-24", "PASSED"), ("2026-02-25", "REFUSED")],
    ids=["the first day after it", "its last day"],
)
def test_pa_02_the_treatment_comes_after_the_waiting_period(gateway: Gateway, effective: str, status: str) -> None:
    number = policy(gateway, effectiveOn=effective)
    answer = tried(gateway.customer(number).at(NOW), number)
    assert [verdict["status"] for verdict in answer["verdicts"] if verdict["rule"]["code"] == "CY26-PA-02"] == [
        status,
        "PASSED",
    ]


def test_pa_02_a_waiting_period_that_nobody_states_is_for_people(gateway: Gateway) -> None:
    number = policy(gateway, waitingDays=None)
    answer = tried(gateway.customer(number).at(NOW), number)
    assert verdict_statuses(answer, "CY26-PA-02") == ["UNKNOWN", "PASSED"]
    assert answer["preAuth"]["status"] == "SUBMITTED"


@pytest.mark.parametrize(
    ("day", "is_refused"), [("2026-12-31", False), ("2027-01-01", True)], ids=["the last day", "after"]
)
def test_pa_02_the_treatment_lies_within_the_policy(client: Client, number: str, day: str, is_refused: bool) -> None:
    assert refused(tried(client, number, treatmentOn=day)) == ({"CY26-PA-02"} if is_refused else set())


def verdict_statuses(answer: dict[str, Any], code: str) -> list[str]:
    return [verdict["status"] for verdict in answer["verdicts"] if verdict["rule"]["code"] == code]


@pytest.mark.parametrize(
    ("now", "status"),
    [(f"{LATEST}T23:59:59+08:00", "PASSED"), ("2026-03-20T00:00:00+08:00", "REFUSED")],
    ids=["five working days ahead", "four"],
)
def test_pa_03_five_working_days_are_needed(client: Client, number: str, now: str, status: str) -> None:
    answer = tried(client.at(now), number)
    verdict = verdict_of(answer, "CY26-PA-03")
    assert verdict["status"] == status
    assert verdict["rule"]["sameAs"] == ["CY26-DBC-02"]
    assert refused(answer) == (set() if status == "PASSED" else {"CY26-PA-03"})
    assert requirement(client, number)["latestOn"] == LATEST


def test_pa_03_over_new_year_the_working_sunday_counts(gateway: Gateway) -> None:
    number = policy(gateway, effectiveOn="2025-11-01")
    client = gateway.customer(number).at("2025-12-20T09:00:00+08:00")
    found = requirement(client, number, treatmentOn="2026-01-08")
    assert (found["latestOn"], found["isEstimated"]) == ("2025-12-31", False)


def test_pa_03_a_year_without_a_notice_is_estimated(gateway: Gateway) -> None:
    number = policy(gateway, effectiveOn="2027-01-01")
    client = gateway.customer(number).at("2027-02-01T09:00:00+08:00")
    found = requirement(client, number, treatmentOn="2027-03-18")
    assert found["isEstimated"]
    answer = tried(client, number, treatmentOn="2027-03-18")
    assert verdict_of(answer, "CY26-PA-03")["isEstimated"]


def test_pa_03_the_hotline_may_take_a_late_request_with_a_reason(gateway: Gateway, client: Client, number: str) -> None:
    late = "2026-03-24T10:00:00+08:00"
    hotline = gateway.staff("hotline").at(late)
    assert refused(tried(hotline, number, channel="HOTLINE")) == {"CY26-PA-03"}
    excused = tried(hotline, number, channel="HOTLINE", lateReason="床位提前")
    assert (refused(excused), warned(excused)) == (set(), {"CY26-PA-03"})
    assert excused["preAuth"]["timeline"][0]["reason"] == "床位提前"
    assert refused(tried(client.at(late), number, lateReason="床位提前")) == {"CY26-PA-03"}


@pytest.mark.parametrize("channel", ["HOTLINE", "MINI_PROGRAM", "EMAIL"])
def test_pa_04_three_ways_are_open(client: Client, number: str, channel: str) -> None:
    assert refused(tried(client, number, channel=channel)) == set()


@pytest.mark.parametrize("channel", ["OFFICIAL_ACCOUNT", "HOSPITAL"])
def test_pa_04_no_other_way_is(client: Client, number: str, channel: str) -> None:
    answer = tried(client, number, channel=channel)
    assert refused(answer) == {"CY26-PA-04"}
    assert answer["refusals"][0]["inputPath"] == ["input", "channel"]


def test_pa_04_the_insured_applies_and_not_the_hospital(gateway: Gateway, number: str) -> None:
    answer = tried(hospital(gateway, "JDHEALTH"), number)
    assert verdict_statuses(answer, "CY26-PA-04") == ["REFUSED", "PASSED"]


@pytest.mark.parametrize(
    ("began", "status"),
    [
        ("2026-03-07T09:00:01+08:00", "ON_TIME"),
        ("2026-03-07T09:00:00+08:00", "ON_TIME"),
        ("2026-03-07T08:59:59+08:00", "LATE"),
    ],
    ids=["a second before the 48th hour", "at the 48th hour", "a second later"],
)
def test_pa_06_an_emergency_is_told_within_48_hours(client: Client, number: str, began: str, status: str) -> None:
    answer = send(client, "preAuthEmergencyNotify", emergency(number, emergencyAt=began), dry_run=True)
    assert answer["refusals"] == []
    assert answer["notice"]["status"] == status
    assert warned(answer) == (set() if status == "ON_TIME" else {"CY26-PA-06"})


def test_pa_06_an_emergency_is_told_by_one_of_the_three_ways(client: Client, number: str) -> None:
    answer = send(client, "preAuthEmergencyNotify", emergency(number, channel="HOSPITAL"), dry_run=True)
    assert refused(answer) == {"CY26-PA-06"}


LISTED: list[tuple[dict[str, Any], set[str]]] = [
    (item("INPATIENT"), {"CY26-PA-07"}),
    (item("OBSERVATION_WARD"), {"CY26-PA-07"}),
    (item("SURGERY"), {"CY26-PA-07"}),
    (item("SURGERY_UNDER_GENERAL_ANESTHESIA"), {"CY26-PA-07", "CY26-PA-08"}),
    *[
        (item(category), {"CY26-PA-08"})
        for category in (
            "CHEMOTHERAPY",
            "RADIOTHERAPY",
            "TUMOR_IMMUNOTHERAPY",
            "TUMOR_ENDOCRINE_THERAPY",
            "PROTON_OR_HEAVY_ION",
            "DIALYSIS",
        )
    ],
    (item("EXAMINATION", isLargeExam=True, unitPrice="10.00"), {"CY26-PA-09"}),
    (item("EXAMINATION", unitPrice="5000.00"), {"CY26-PA-09"}),
    (item("EXAMINATION", unitPrice="5000.01"), {"CY26-PA-09"}),
    (item("EXAMINATION", unitPrice="4999.99"), set()),
    (item("TREATMENT", unitPrice="5000.00"), {"CY26-PA-09"}),
    (item("TREATMENT", unitPrice="5000.01"), {"CY26-PA-09"}),
    (item("TREATMENT", unitPrice="4999.99"), set()),
    (item("INJECTION_OR_DRUG", perTreatment="3000.01"), {"CY26-PA-10"}),
    (item("INJECTION_OR_DRUG", perTreatment="3000.00"), set()),
    (item("INJECTION_OR_DRUG", perTreatment="2999.99"), set()),
    (item("DURABLE_EQUIPMENT", unitPrice="1.00"), {"CY26-PA-11"}),
    (item("DURABLE_EQUIPMENT", unitPrice="1.00", isRental=True), {"CY26-PA-11"}),
    (item("DURABLE_EQUIPMENT", unitPrice="1.00") | {"name": "雾化器"}, set()),
    (item("OTHER", unitPrice="29999.99"), set()),
    (item("OTHER", unitPrice="30000.00"), set()),
    (item("OTHER", unitPrice="30000.01"), {"CY26-PA-12"}),
]


@pytest.mark.parametrize(
    ("given", "expected"), LISTED, ids=[f"{at}-{row[0]['category']}" for at, row in enumerate(LISTED)]
)
def test_pa_07_to_12_what_is_listed_is_to_be_asked_for(
    client: Client, number: str, given: dict[str, Any], expected: set[str]
) -> None:
    found = requirement(client, number, items=[given], hospital=HOSPITAL)
    assert (codes(found), found["isRequired"]) == (expected, bool(expected))
    assert expected - {"CY26-PA-12"} <= {
        verdict["rule"]["code"] for verdict in found["verdicts"] if verdict["status"] == "WARNED"
    }


def test_pa_09_without_a_price_it_is_not_known(client: Client, number: str) -> None:
    found = requirement(client, number, items=[item("EXAMINATION")])
    assert verdict_of(found, "CY26-PA-09")["status"] == "UNKNOWN"
    assert found["matches"] == []


@pytest.mark.parametrize(
    ("expected", "is_listed"),
    [("29999.99", False), ("30000.00", False), ("30000.01", True)],
    ids=["a cent less", "exactly", "a cent more"],
)
def test_pa_12_the_expected_total_counts_above_the_limit(
    client: Client, number: str, expected: str, is_listed: bool
) -> None:
    found = requirement(client, number, items=[VISIT], expectedCumulative=expected)
    assert codes(found) == ({"CY26-PA-12"} if is_listed else set())


def test_pa_12_what_stands_on_another_list_is_not_on_the_last(client: Client, number: str) -> None:
    found = requirement(client, number, items=[STAY, VISIT], expectedCumulative="40000.00")
    assert [(match["position"], match["rule"]["code"]) for match in found["matches"]] == [
        (1, "CY26-PA-07"),
        (2, "CY26-PA-12"),
    ]


def test_pa_12_live_requests_count_and_withdrawn_ones_do_not(gateway: Gateway) -> None:
    first = begin(gateway, items=[VISIT], expectedCumulative="20000.00")
    second = begin(gateway, number=first.number, items=[VISIT], expectedCumulative="20000.00")
    listed = second.who("customer").ask("{ preAuths { nodes { id items { matchedRules } } } }").data["preAuths"]
    rules = {node["id"]: node["items"][0]["matchedRules"] for node in listed["nodes"]}
    assert rules == {first.id: [], second.id: ["CY26-PA-12"]}
    first.send("customer", "preAuthWithdraw")
    second.send("customer", "preAuthWithdraw")
    found = requirement(first.who("customer"), first.number, expectedCumulative="20000.00")
    assert found["matches"] == []


def test_the_treatment_of_the_samples_is_a_thursday(client: Client, number: str) -> None:
    days = client.ask(f'{{ workCalendar(from: "{LATEST}", to: "{TREATMENT}") {{ isWorkday }} }}').data["workCalendar"]
    assert sum(day["isWorkday"] for day in days[1:]) == 5
