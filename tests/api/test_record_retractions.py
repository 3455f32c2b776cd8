"""What stands in a health record in error is taken back, or corrected in one step; what stood there can be read."""

from typing import Any

import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from gateway.repositories.policies import policy_id
from tests.support import consents
from tests.support.client import Client, Gateway, new_key
from tests.support.consents import insured
from tests.support.escorts import NOW, at, look, person, row_counts
from tests.support.health_records import MEASURED, REPORT, agree, done, policy, put, read, retract
from tests.support.preauths import CHILD
from tests.support.races import ask as asking
from tests.support.races import together

LATER = at("2026-03-09 11:00")
MEASUREMENT = dict.fromkeys(REPORT) | MEASURED
MADE_BY = {"entry": "healthRecordEntryAdd", "growthAssessment": "growthAssessmentRecord"}
FIELDS = sorted(MADE_BY)
HISTORY = """query H($n: String!, $all: Boolean) { policy(number: $n) { insured { healthRecord {
  entries(first: 10, withRetracted: $all) { totalCount nodes {
    id title isRetracted retractedAt retractionReason replacedBy { id title } } }
  growthAssessments { id measuresRetractedAt } retractedGrowthAssessments { id retractionReason } } } } }"""


@pytest.fixture(scope="module")
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture
def number(gateway: Gateway) -> str:
    return policy(gateway)


def add(client: Client, number: str, field: str = "entry", **changes: Any) -> str:
    return done(client, MADE_BY[field], number, **changes)[field]["id"]


def history(client: Client, number: str, *, all: bool | None = True) -> dict[str, Any]:
    return client.ask(HISTORY, n=number, all=all).data["policy"]["insured"][0]["healthRecord"]


def test_an_entry_that_is_taken_back_stands_in_the_history_alone(gateway: Gateway, vendor: Client, number: str) -> None:
    wrong, right = add(vendor, number, title="别人的体检"), add(vendor, number)
    retract(vendor.at(LATER), "entry", wrong, reason="记到了别的孩子名下")
    family = gateway.customer(number).at(LATER)
    for all in (None, False):
        assert [entry["id"] for entry in history(family, number, all=all)["entries"]["nodes"]] == [right]
    entries = history(family, number)["entries"]
    (gone,) = [entry for entry in entries["nodes"] if entry["isRetracted"]]
    assert (entries["totalCount"], gone["id"], gone["title"]) == (2, wrong, "别人的体检")
    assert (gone["retractedAt"], gone["retractionReason"]) == ("2026-03-09T03:00:00Z", "记到了别的孩子名下")


def test_an_assessment_that_is_taken_back_stands_apart(vendor: Client, gateway: Gateway, number: str) -> None:
    wrong, right = (add(vendor, number, "growthAssessment") for _ in range(2))
    retract(vendor, "growthAssessment", wrong, reason="评估的是弟弟")
    seen = history(gateway.customer(number), number)
    assert [found["id"] for found in seen["growthAssessments"]] == [right]
    assert seen["retractedGrowthAssessments"] == [{"id": wrong, "retractionReason": "评估的是弟弟"}]


@pytest.mark.parametrize("field", FIELDS)
def test_the_family_is_told(gateway: Gateway, vendor: Client, number: str, field: str) -> None:
    made = add(vendor, number, field)
    retract(vendor, field, made)
    rows = look(
        gateway,
        "select topic, audience, payload from outbox_messages where policy_id = $1 and topic like 'healthRecord.%'",
        policy_id(number),
    )
    told = {"topic": f"healthRecord.{field}Retracted", "audience": "CUSTOMER"}
    assert [(row["topic"], row["audience"], row["payload"][field]) for row in rows] == [(*told.values(), made)]


# Growth that was assessed by what was wrong ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured_on", "assessed_on", "is_doubted"),
    [("2026-03-02", "2026-03-05", True), ("2026-03-05", "2026-03-05", True), ("2026-03-06", "2026-03-05", False)],
    ids=["before", "the same day", "after"],
)
def test_an_assessment_is_flagged_whose_measures_are_taken_back(
    gateway: Gateway, vendor: Client, number: str, measured_on: str, assessed_on: str, is_doubted: bool
) -> None:
    measured = add(vendor, number, **MEASUREMENT | {"on": measured_on})
    add(vendor, number, "growthAssessment", assessedOn=assessed_on)
    retract(vendor.at(LATER), "entry", measured)
    (assessment,) = history(gateway.customer(number), number)["growthAssessments"]
    assert assessment["measuresRetractedAt"] == ("2026-03-09T03:00:00Z" if is_doubted else None)


def test_one_that_was_made_before_the_measurement_was_known_is_not_flagged(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    add(vendor, number, "growthAssessment")
    retract(vendor.at(LATER), "entry", add(vendor.at(LATER), number, **MEASUREMENT))
    assert history(gateway.customer(number), number)["growthAssessments"][0]["measuresRetractedAt"] is None


def test_an_entry_without_measures_flags_nothing(gateway: Gateway, vendor: Client, number: str) -> None:
    report = add(vendor, number)
    add(vendor, number, "growthAssessment")
    retract(vendor, "entry", report)
    assert history(gateway.customer(number), number)["growthAssessments"][0]["measuresRetractedAt"] is None


# A correction: both in one step ---------------------------------------------------------------------------------


def correct(client: Client, number: str, wrong: str, *, reason: str = "身高抄错", **changes: Any) -> Any:
    return put(client, "healthRecordEntryAdd", number, corrects={"entry": wrong, "reason": reason}, **changes)


def test_a_correction_takes_the_wrong_one_back_and_stands_for_it(gateway: Gateway, vendor: Client, number: str) -> None:
    wrong = add(vendor, number, title="入园检查")
    right = correct(vendor, number, wrong).data["healthRecordEntryAdd"]["entry"]["id"]
    nodes = {entry["id"]: entry for entry in history(gateway.customer(number), number)["entries"]["nodes"]}
    assert nodes[wrong]["replacedBy"] == {"id": right, "title": "入园体检"}
    assert (nodes[wrong]["retractionReason"], nodes[right]["isRetracted"]) == ("身高抄错", False)


def test_a_dry_run_of_a_correction_leaves_the_wrong_one_as_it_was(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    wrong, before = add(vendor, number), row_counts(gateway)
    assert correct(vendor, number, wrong, dry_run=True).data["healthRecordEntryAdd"]["refusals"] == []
    assert row_counts(gateway) == before
    assert history(gateway.customer(number), number)["entries"]["nodes"][0]["isRetracted"] is False


def test_it_stays_within_one_childs_record(gateway: Gateway, vendor: Client) -> None:
    number = policy(gateway, is_agreed=False, insured=[person(**CHILD), person(**CHILD | {"name": "演示弟弟"})])
    children = [insured(gateway.customer(number), number, index) for index in range(2)]
    for child in children:
        agree(gateway, number, insured=child)
    wrong = add(vendor, number, insured=children[0])
    answer = correct(vendor, number, wrong, insured=children[1])
    assert answer.error["extensions"]["inputPath"] == ["input", "corrects", "entry"]


def test_a_correction_needs_the_consent_that_every_entry_needs(gateway: Gateway, vendor: Client) -> None:
    number = policy(gateway, is_agreed=False)
    consent = agree(gateway, number)
    wrong = add(vendor, number)
    consents.withdraw(gateway.customer(number).at(NOW), consent)
    refused = correct(gateway.staff("hotline").at(NOW), number, wrong).data["healthRecordEntryAdd"]["refusals"]
    assert [refusal["rule"]["code"] for refusal in refused] == ["CY26-FD-03"]


# Who, and how often ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS)
def test_staff_takes_back_even_when_the_consent_is_withdrawn(gateway: Gateway, vendor: Client, field: str) -> None:
    number = policy(gateway, is_agreed=False)
    consent = agree(gateway, number)
    made = add(vendor, number, field)
    consents.withdraw(gateway.customer(number).at(NOW), consent)
    assert retract(vendor, field, made, is_raw=True).code == "BAD_USER_INPUT"
    assert retract(gateway.staff("hotline").at(NOW), field, made)["isRetracted"] is True


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("code", ["CY26-ADVANCE", "QITAI"])
def test_for_another_vendor_it_is_not_there(
    gateway: Gateway, vendor: Client, number: str, field: str, code: str
) -> None:
    other = gateway.vendor(code).at(NOW)
    made = add(vendor, number, field)
    unknown = made[:-4] + ("AAAA" if made[-4:] != "AAAA" else "BBBB")
    answers = [retract(other, field, wanted, is_raw=True) for wanted in (made, unknown)]
    assert [answer.code for answer in answers] == ["BAD_USER_INPUT"] * 2
    assert answers[0].error["message"] == answers[1].error["message"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_token_that_does_not_cover_records_takes_nothing_back(
    gateway: Gateway, vendor: Client, number: str, field: str
) -> None:
    scopes, services = frozenset(VENDOR_SCOPES), ("RESPIRATORY_TEST",)
    cut = Viewer(ViewerKind.VENDOR, "vendor:JDHEALTH", "JDHEALTH", scopes, vendor="JDHEALTH", services=services)
    made = add(vendor, number, field)
    assert retract(gateway.client(cut).at(NOW), field, made, is_raw=True).code == "FORBIDDEN"


@pytest.mark.parametrize("field", FIELDS)
def test_the_family_takes_nothing_back(gateway: Gateway, vendor: Client, number: str, field: str) -> None:
    made = add(vendor, number, field)
    assert retract(gateway.customer(number).at(NOW), field, made, is_raw=True).code == "FORBIDDEN"


@pytest.mark.parametrize("field", FIELDS)
def test_it_is_taken_back_once_and_with_a_reason(vendor: Client, number: str, field: str) -> None:
    made = add(vendor, number, field)
    blank = retract(vendor, field, made, reason=" ", is_raw=True)
    assert blank.error["extensions"]["inputPath"] == ["input", "reason"]
    retract(vendor, field, made)
    again = retract(vendor, field, made, is_raw=True)
    assert (again.error["extensions"]["inputPath"], "already" in again.error["message"]) == (["input", field], True)


def test_of_two_who_take_it_back_at_once_one_does(gateway: Gateway, vendor: Client, number: str) -> None:
    made = add(vendor, number)
    document = """mutation R($input: HealthRecordEntryRetractInput!) { healthRecordEntryRetract(input: $input) {
      entry { id } } }"""
    given = [{"idempotencyKey": new_key(), "entry": made, "reason": reason} for reason in ("一", "二")]
    answers = together(*[asking(vendor, document, each) for each in given])
    assert sorted("errors" in answer for answer in answers) == [False, True]


@pytest.mark.parametrize("field", FIELDS)
def test_a_dry_run_shows_it_taken_back_and_leaves_it(gateway: Gateway, vendor: Client, number: str, field: str) -> None:
    made, before = add(vendor, number, field), row_counts(gateway)
    assert retract(vendor, field, made, dry_run=True)["isRetracted"] is True
    assert row_counts(gateway) == before
    assert retract(vendor, field, made)["isRetracted"] is True


@pytest.mark.parametrize("field", FIELDS)
def test_it_is_noted_who_took_it_back(gateway: Gateway, vendor: Client, number: str, field: str) -> None:
    retract(vendor, field, add(vendor, number, field))
    found = look(
        gateway,
        "select actor_kind from audit_entries where policy_id = $1 and operation like '%Retract'",
        policy_id(number),
    )
    assert found == [{"actor_kind": "VENDOR"}]


def test_the_keeper_reads_what_was_taken_back_too(gateway: Gateway, vendor: Client, number: str) -> None:
    wrong = add(vendor, number)
    retract(vendor, "entry", wrong)
    document = "query N($id: ID!) { node(id: $id) { ... on HealthRecordEntry { isRetracted } } }"
    readers = (vendor, gateway.customer(number), gateway.staff())
    assert [client.ask(document, id=wrong).data["node"] for client in readers] == [{"isRetracted": True}] * 3
    assert (read(gateway.customer(number), number) or {})["entries"]["totalCount"] == 0
