"""The CY26 handbook on the health record and on assessments of growth, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support import consents
from tests.support.client import Client, Gateway
from tests.support.consultations import send
from tests.support.escorts import NOW, refused, verdict_of
from tests.support.health_records import GOOD, MEASURED, NODE, REPORT, TEAM, agree, done, policy, put, read

MUTATIONS = sorted(GOOD)


@pytest.fixture(scope="module")
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture
def number(gateway: Gateway) -> str:
    return policy(gateway)


# The record -----------------------------------------------------------------------------------------------------


def test_fd_03_it_holds_basics_reports_visits_and_vaccinations(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, "healthRecordUpdate", number)
    done(vendor, "healthRecordEntryAdd", number)
    done(vendor, "healthRecordEntryAdd", number, kind="VISIT", title="发热就诊")
    done(vendor, "vaccinationPlanRecord", number)
    record = read(gateway.customer(number).at(NOW), number)
    assert record is not None
    assert (record["basics"], record["familyHistory"], record["habits"]) == (["足月顺产"], ["高血压"], ["挑食"])
    assert [entry["kind"] for entry in record["entries"]["nodes"]] == ["VISIT", "CHECKUP_REPORT"]
    assert [dose["vaccine"] for dose in record["vaccinations"]] == ["麻腮风"]
    assert record["vendor"] == {"code": "JDHEALTH"}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_fd_03_nothing_is_put_into_it_before_a_guardian_agrees(gateway: Gateway, vendor: Client, mutation: str) -> None:
    number = policy(gateway, is_agreed=False)
    answer = put(vendor, mutation, number).data[mutation]
    verdict = verdict_of(answer, "CY26-FD-03")
    assert (refused(answer), verdict["inputPath"]) == ({"CY26-FD-03"}, ["input", "policyNumber"])
    assert "consentGrant" in verdict["remedy"]
    agree(gateway, number)
    assert done(vendor, mutation, number)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_fd_03_a_consent_to_another_vendor_is_none(gateway: Gateway, vendor: Client, mutation: str) -> None:
    number = policy(gateway, is_agreed=False)
    agree(gateway, number, vendor="QITAI")
    assert refused(put(vendor, mutation, number).data[mutation]) == {"CY26-FD-03"}


def test_fd_03_once_it_is_withdrawn_nothing_is_added_and_the_vendor_sees_nothing(
    gateway: Gateway, vendor: Client
) -> None:
    number = policy(gateway, is_agreed=False)
    customer, consent = gateway.customer(number).at(NOW), agree(gateway, number)
    written = [
        done(vendor, "healthRecordUpdate", number)["healthRecord"]["id"],
        done(vendor, "healthRecordEntryAdd", number)["entry"]["id"],
        done(vendor, "growthAssessmentRecord", number)["growthAssessment"]["id"],
    ]
    assert all(vendor.ask(NODE, id=wanted).data["node"] for wanted in written)
    consents.withdraw(customer, consent)
    assert [vendor.ask(NODE, id=wanted).data["node"] for wanted in written] == [None] * 3
    assert refused(put(vendor, "healthRecordEntryAdd", number).data["healthRecordEntryAdd"]) == {"CY26-FD-03"}


def test_fd_03_the_family_reads_it_at_any_time(gateway: Gateway, vendor: Client) -> None:
    number = policy(gateway, is_agreed=False)
    customer, consent = gateway.customer(number).at(NOW), agree(gateway, number)
    done(vendor, "healthRecordEntryAdd", number)
    consents.withdraw(customer, consent)
    assert (read(customer, number) or {})["entries"]["totalCount"] == 1


def test_fd_03_the_team_reads_it_with_the_child_whom_it_serves(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, "healthRecordUpdate", number)
    asked = {"policyNumber": number, "mode": "FAMILY_DOCTOR", "topic": "GROWTH", "question": "是不是偏瘦？"}
    send(gateway.customer(number).at(NOW), "consultationStart", **asked)
    assert (read(vendor, number) or {})["familyHistory"] == ["高血压"]


# Growth ---------------------------------------------------------------------------------------------------------


def test_fd_04_an_assessment_is_the_word_of_those_named_with_a_diet_plan(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    done(vendor, "healthRecordEntryAdd", number, **_without_title())
    answer = done(vendor, "growthAssessmentRecord", number)
    assert verdict_of(answer, "CY26-FD-04")["status"] == "PASSED"
    record = read(gateway.customer(number).at(NOW), number) or {}
    (found,) = record["growthAssessments"]
    assert {role: found[role] for role in TEAM} == TEAM
    assert (found["assessment"], found["dietPlan"]) == ("生长平稳，略偏瘦。", "每天加一杯奶。")
    (measured,) = record["entries"]["nodes"]
    assert (measured["heightCm"], measured["weightKg"]) == ("112.5", "19.35")


@pytest.mark.parametrize("role", sorted(TEAM))
def test_fd_04_nobody_of_the_team_is_left_out(vendor: Client, number: str, role: str) -> None:
    team = {name: who for name, who in TEAM.items() if name != role}
    verdict = verdict_of(_assessed(vendor, number, team=team), "CY26-FD-04")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "team", role])
    assert role in verdict["message"]


@pytest.mark.parametrize("plan", [None, "  "])
def test_fd_04_a_diet_plan_is_its_result(vendor: Client, number: str, plan: str | None) -> None:
    verdict = verdict_of(_assessed(vendor, number, dietPlan=plan), "CY26-FD-04")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "dietPlan"])


@pytest.mark.parametrize("mode", ["PHONE", "TEXT", "OTHER"])
def test_fd_04_the_list_of_ways_is_open(vendor: Client, number: str, mode: str) -> None:
    assert refused(_assessed(vendor, number, mode=mode)) == set()


def _assessed(vendor: Client, number: str, **changes: Any) -> dict[str, Any]:
    return put(vendor, "growthAssessmentRecord", number, dry_run=True, **changes).data["growthAssessmentRecord"]


def _without_title() -> dict[str, Any]:
    return dict.fromkeys(REPORT) | MEASURED
