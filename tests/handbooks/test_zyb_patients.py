"""The ZYB handbook on whom the escort is for, and on what must be known and read before, clause by clause."""

import hashlib
from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Gateway
from tests.support.escorts import NOW, Journey, at, book, refused, register, verdict_of
from tests.support.zyb import judged, tried


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share, since they leave nothing behind."""
    return register(gateway)


# 2.2(2) Notes on the escort -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "status"), [(False, "PASSED"), (True, "REFUSED")])
def test_esc_11_the_escort_stays_inside_the_hospital(gateway: Gateway, number: str, wanted: bool, status: str) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-11", needsTransportOutsideHospital=wanted)
    assert verdict["status"] == status
    assert verdict["inputPath"] == (["input", "needsTransportOutsideHospital"] if wanted else [])


EXCLUDED = {
    "ZYB-ESC-13": "PREGNANT_OR_POSTPARTUM",
    "ZYB-ESC-14": "INPATIENT",
    "ZYB-ESC-15": "UNDER_OBSERVATION",
    "ZYB-ESC-16": "CRITICAL",
    "ZYB-ESC-17": "PSYCHIATRIC",
    "ZYB-ESC-18": "INFECTIOUS",
    "ZYB-ESC-19": "INTOXICATED",
}


@pytest.mark.parametrize(("code", "condition"), EXCLUDED.items(), ids=EXCLUDED)
def test_esc_13_to_19_an_excluded_condition_is_refused_by_its_own_rule(
    gateway: Gateway, number: str, code: str, condition: str
) -> None:
    answer = tried(gateway, number, conditions=[condition])
    assert refused(answer) == {code}
    assert verdict_of(answer, code)["inputPath"] == ["input", "conditions"]


def test_esc_13_to_19_pass_where_nothing_is_declared(gateway: Gateway, number: str) -> None:
    answer = tried(gateway, number)
    assert {verdict_of(answer, code)["status"] for code in EXCLUDED} == {"PASSED"}


def test_esc_13_to_19_each_of_several_conditions_is_named(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, conditions=["INFECTIOUS", "CRITICAL"])) == {"ZYB-ESC-16", "ZYB-ESC-18"}


def test_esc_13_to_19_the_refusal_does_not_say_aloud_what_was_declared(gateway: Gateway, number: str) -> None:
    message = judged(gateway, number, "ZYB-ESC-17", conditions=["PSYCHIATRIC"])["message"]
    assert "sychiatr" not in message


ELDERLY = {"name": "演示老人", "gender": "FEMALE", "birthOn": "1956-03-12"}
LEAP_ELDERLY = {"name": "演示闰年老人", "gender": "FEMALE", "birthOn": "1956-02-29"}
CHILD = {"name": "演示孩子", "gender": "MALE", "birthOn": "2013-03-12"}
PATIENTS = {"elderly": ELDERLY, "leap": LEAP_ELDERLY, "child": CHILD}


@pytest.fixture(scope="module")
def family(gateway: Gateway) -> str:
    """A policy of people whose birthdays tell."""
    return register(gateway, insured=[escorts.person(**patient) for patient in PATIENTS.values()])


def patient(name: str) -> dict[str, Any]:
    return {**PATIENTS[name], "phone": "13800138000"}


@pytest.mark.parametrize(
    ("code", "who", "visit_at", "status", "age"),
    [
        ("ZYB-ESC-20", "elderly", "2026-03-11 09:00", "PASSED", 69),
        ("ZYB-ESC-20", "elderly", "2026-03-12 09:00", "REFUSED", 70),
        ("ZYB-ESC-20", "leap", "2026-02-27 09:00", "PASSED", 69),
        ("ZYB-ESC-20", "leap", "2026-02-28 09:00", "REFUSED", 70),
        ("ZYB-ESC-21", "child", "2026-03-11 09:00", "REFUSED", 12),
        ("ZYB-ESC-21", "child", "2026-03-12 09:00", "PASSED", 13),
    ],
)
def test_esc_20_21_age_is_taken_on_the_day_of_the_visit(
    gateway: Gateway, family: str, code: str, who: str, visit_at: str, status: str, age: int
) -> None:
    now = at("2026-02-20 09:00")
    verdict = judged(gateway, family, code, now, patient=patient(who), visitAt=at(visit_at))
    assert verdict["status"] == status
    if status == "REFUSED":
        assert verdict["inputPath"] == ["input", "companion"]
        assert f"will be {age} " in verdict["message"]


def test_esc_21_a_child_of_29_february_turns_13_on_the_28th(gateway: Gateway) -> None:
    leapling = {"name": "演示闰年孩子", "gender": "MALE", "birthOn": "2012-02-29"}
    number = register(gateway, effectiveOn="2024-12-01", insured=[escorts.person(**leapling)])
    asked = {"patient": {**leapling, "phone": "13800138000"}}
    now, eve, birthday = (at(f"2025-02-{day} 09:00") for day in (20, 27, 28))
    assert judged(gateway, number, "ZYB-ESC-21", now, visitAt=eve, **asked)["status"] == "REFUSED"
    assert judged(gateway, number, "ZYB-ESC-21", now, visitAt=birthday, **asked)["status"] == "PASSED"


@pytest.mark.parametrize(("code", "who", "day"), [("ZYB-ESC-20", "elderly", 12), ("ZYB-ESC-21", "child", 11)])
@pytest.mark.parametrize(
    ("relation", "status"), [("RELATIVE", "PASSED"), ("FAMILY_MEMBER", "PASSED"), ("OTHER", "REFUSED")]
)
def test_esc_20_21_a_companion_of_the_family_makes_it_possible(
    gateway: Gateway, family: str, code: str, who: str, day: int, relation: str, status: str
) -> None:
    asked: dict[str, Any] = {
        "patient": patient(who),
        "visitAt": at(f"2026-03-{day} 09:00"),
        "companion": {"relation": relation},
    }
    assert judged(gateway, family, code, **asked)["status"] == status


def test_esc_20_the_age_comes_from_the_policy_where_the_request_leaves_it_out(gateway: Gateway, family: str) -> None:
    nameless = {"name": ELDERLY["name"], "phone": "13800138000"}
    assert "ZYB-ESC-20" in refused(tried(gateway, family, patient=nameless))


def test_esc_23_the_disclosure_is_listed_as_one_that_is_required(gateway: Gateway) -> None:
    document = '{ disclosures(operation: "escortBook", product: ZYB) { id isRequired statement } }'
    listed = {found["id"]: found["isRequired"] for found in gateway.anyone().ask(document).data["disclosures"]}
    assert listed["ZYB-ESC-23"] is True


def test_esc_23_an_acknowledged_disclosure_passes(gateway: Gateway, number: str) -> None:
    assert judged(gateway, number, "ZYB-ESC-23")["status"] == "PASSED"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_esc_23_what_was_acknowledged_is_kept_as_it_was_shown(gateway: Gateway, language: str) -> None:
    number = register(gateway)
    document = f'{{ rule(code: "ZYB-ESC-23") {{ statement(lang: {language.upper()}) }} }}'
    shown = gateway.anyone().ask(document).data["rule"]["statement"]
    booked = book(gateway.customer(number).at(NOW).in_(language), number)
    (kept,) = Journey(gateway, number, "ZYB", booked["booking"]["id"]).look(
        "select rule_code, operation, language, text_sha256 from disclosure_acknowledgements "
        "where policy_id = $1 and subject_id = $2"
    )
    assert kept == {
        "rule_code": "ZYB-ESC-23",
        "operation": "escortBook",
        "language": language,
        "text_sha256": hashlib.sha256(shown.encode()).hexdigest(),
    }


@pytest.mark.parametrize("acknowledged", [[], ["ZYB-GEN-04"]], ids=["none", "another one"])
def test_esc_23_a_disclosure_that_was_not_acknowledged_is_named_in_the_remedy(
    gateway: Gateway, number: str, acknowledged: list[str]
) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-23", acknowledged=acknowledged)
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "acknowledged"])
    assert "ZYB-ESC-23" in verdict["remedy"]


@pytest.mark.parametrize(
    ("visit_at", "status"),
    [("2026-03-12 20:00", "PASSED"), ("2026-03-12 20:01", "REFUSED")],
    ids=["till 24:00", "past"],
)
def test_esc_24_a_visit_ends_on_the_day_on_which_it_begins(
    gateway: Gateway, number: str, visit_at: str, status: str
) -> None:
    verdict = judged(gateway, number, "ZYB-ESC-24", visitAt=at(visit_at))
    assert verdict["status"] == status
    if status == "REFUSED":
        assert verdict["inputPath"] == ["input", "visitAt"]
        assert "2026-03-12" in verdict["message"]


# All rules at once ----------------------------------------------------------------------------------------------


EVERYTHING_WRONG: dict[str, Any] = {
    "hospital": "DEMO-XZ-001",
    "visitAt": at("2026-01-20 21:00"),
    "plannedMinutes": 300,
    "patient": {"name": "路人甲", "birthOn": "1950-01-01"},
    "registration": None,
    "conditions": list(EXCLUDED.values()),
    "needsTransportOutsideHospital": True,
    "acknowledged": [],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_speaks_with_its_actual_values(gateway: Gateway, number: str, language: str) -> None:
    customer = gateway.customer(number).at(at("2026-01-20 09:00")).in_(language)
    answer = book(customer, number, **EVERYTHING_WRONG)
    assert len(refused(answer)) >= 16
    for verdict in answer["refusals"]:
        assert not set("{}–") & set(verdict["message"] + verdict["remedy"]), verdict


def test_every_verdict_of_an_answer_comes_in_handbook_order(gateway: Gateway, number: str) -> None:
    document = "{ rules(first: 100, where: {product: ZYB}) { nodes { code } } }"
    handbook = [found["code"] for found in gateway.anyone().ask(document).data["rules"]["nodes"]]
    asked = [verdict["rule"]["code"] for verdict in tried(gateway, number)["verdicts"]]
    assert asked == sorted(asked, key=handbook.index)
