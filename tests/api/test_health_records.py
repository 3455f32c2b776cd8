"""A child's health record: put down by who keeps it, read by the family, and by nobody else."""

from typing import Any

import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from gateway.repositories.policies import policy_id
from tests.support import consents, visits
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, add_paper, look, person, row_counts
from tests.support.health_records import GOOD, MEASURED, NODE, REPORT, agree, done, policy, put, read
from tests.support.preauths import CHILD

MUTATIONS = ["growthAssessmentRecord", "healthRecordEntryAdd", "healthRecordUpdate"]
MEASUREMENT = dict.fromkeys(REPORT) | MEASURED
PAGE = """query P($n: String!, $after: String, $kind: HealthRecordEntryKind) { policy(number: $n) { insured {
  healthRecord { entries(first: 1, after: $after, where: {kind: $kind}) {
    totalCount nodes { title on } pageInfo { endCursor hasNextPage } } } } } }"""


@pytest.fixture(scope="module")
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture(scope="module")
def shared(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share."""
    return policy(gateway)


@pytest.fixture
def number(gateway: Gateway) -> str:
    return policy(gateway)


def test_without_a_record_there_is_none(gateway: Gateway, number: str) -> None:
    assert read(gateway.customer(number).at(NOW), number) is None


def test_what_is_not_said_stays_and_what_is_said_is_all_of_it(vendor: Client, number: str) -> None:
    done(vendor, "healthRecordUpdate", number)
    changed = done(vendor, "healthRecordUpdate", number, basics=None, familyHistory=[" "], habits=["不挑食", "早睡"])
    record = changed["healthRecord"]
    assert (record["basics"], record["familyHistory"], record["habits"]) == (["足月顺产"], [], ["不挑食", "早睡"])


def test_entries_come_page_by_page_newest_first(gateway: Gateway, vendor: Client, number: str) -> None:
    for day, title in (("2026-02-01", "甲"), ("2026-03-01", "乙")):
        done(vendor, "healthRecordEntryAdd", number, on=day, title=title)
    done(vendor, "healthRecordEntryAdd", number, **MEASUREMENT)
    seen, after = [], None
    for _ in range(2):
        page = _page(gateway.customer(number).at(NOW), number, after=after, kind="CHECKUP_REPORT")
        seen += [node["title"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (seen, page["totalCount"], page["pageInfo"]["hasNextPage"]) == (["乙", "甲"], 2, False)


def _page(client: Client, number: str, **given: Any) -> dict[str, Any]:
    return client.ask(PAGE, n=number, **given).data["policy"]["insured"][0]["healthRecord"]["entries"]


def test_the_keeper_finds_the_records_that_it_keeps_by_policy_without_any_booking(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    made = done(vendor, "healthRecordUpdate", number)["healthRecord"]["id"]
    done(vendor, "healthRecordUpdate", policy(gateway))
    others = gateway.customer(policy(gateway)), gateway.vendor("QITAI"), gateway.vendor("CY26-ADVANCE")
    seen = [_listed(client, number) for client in (vendor, gateway.customer(number), gateway.staff(), *others)]
    assert seen == [[made]] * 3 + [[]] * 3


def test_a_record_names_its_policy_to_those_who_see_that(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, "healthRecordUpdate", number)
    document = "query L($n: String!) { healthRecords(where: {policyNumber: $n}) { nodes { policy { number } } } }"
    seen = [
        client.ask(document, n=number).data["healthRecords"]["nodes"][0]["policy"]
        for client in (gateway.customer(number), gateway.staff(), vendor)
    ]
    assert seen == [{"number": number}, {"number": number}, None]


def _listed(client: Client, number: str) -> list[str]:
    document = "query L($n: String!) { healthRecords(where: {policyNumber: $n}) { nodes { id } } }"
    return [node["id"] for node in client.ask(document, n=number).data["healthRecords"]["nodes"]]


def test_the_keeper_reads_it_for_as_long_as_the_family_agrees(gateway: Gateway, vendor: Client) -> None:
    number = policy(gateway, is_agreed=False)
    consent = agree(gateway, number)
    made = done(vendor, "healthRecordUpdate", number)["healthRecord"]["id"]
    assert (_listed(vendor, number), vendor.ask(NODE, id=made).data["node"]) == ([made], {"__typename": "HealthRecord"})
    consents.withdraw(gateway.customer(number).at(NOW), consent)
    assert (_listed(vendor, number), vendor.ask(NODE, id=made).data["node"]) == ([], None)


def test_a_suggested_check_up_stands_in_it(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, "healthRecordUpdate", number)
    ask = """mutation C($input: CheckupPlanRequestInput!) { checkupPlanRequest(input: $input) { booking { id } } }"""
    given = {"idempotencyKey": new_key(), "policyNumber": number}
    booking = gateway.customer(number).at(NOW).ask(ask, input=given).data["checkupPlanRequest"]["booking"]["id"]
    reply = (
        """mutation R($input: ConsultationReplyInput!) { consultationReply(input: $input) { refusals { message } } }"""
    )
    said = {"idempotencyKey": new_key(), "booking": booking, "content": "每年一次", "suggestions": ["视力"]}
    assert vendor.ask(reply, input=said).data["consultationReply"]["refusals"] == []
    assert (read(gateway.customer(number).at(NOW), number) or {})["checkupPlans"] == [{"suggestions": ["视力"]}]


# Papers ---------------------------------------------------------------------------------------------------------

PAPER = "query D($id: ID!) { node(id: $id) { ... on Document { kind } } }"


def test_the_paper_of_a_report_is_read_by_family_and_keeper(gateway: Gateway, vendor: Client, number: str) -> None:
    paper = add_paper(gateway, number, "EXAM_REPORT", None)
    entry = done(gateway.staff("hotline").at(NOW), "healthRecordEntryAdd", number, document=paper)["entry"]
    assert entry["document"] == {"id": paper}
    readers = {"family": gateway.customer(number), "keeper": vendor, "other vendor": gateway.vendor("CY26-ADVANCE")}
    seen = {name: client.ask(PAPER, id=paper).data["node"] for name, client in readers.items()}
    assert seen == {"family": {"kind": "EXAM_REPORT"}, "keeper": {"kind": "EXAM_REPORT"}, "other vendor": None}


# What is wrong with it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mutation", "changes", "path"),
    [
        ("healthRecordUpdate", {"basics": ["x"] * 51}, "basics"),
        ("healthRecordUpdate", {"habits": ["x" * 2001]}, "habits"),
        ("healthRecordUpdate", {"insured": "person_0"}, "insured"),
        ("healthRecordEntryAdd", {"title": " "}, "title"),
        ("healthRecordEntryAdd", {"title": "x" * 61}, "title"),
        ("healthRecordEntryAdd", {"on": "2026-03-10"}, "on"),
        ("healthRecordEntryAdd", {"on": "2018-05-04"}, "on"),
        ("healthRecordEntryAdd", {"heightCm": "112.5"}, "kind"),
        ("healthRecordEntryAdd", {"document": "doc_0"}, "document"),
        ("healthRecordEntryAdd", {"note": "x" * 2001}, "note"),
        ("healthRecordEntryAdd", MEASUREMENT | {"heightCm": None, "weightKg": None}, "heightCm"),
        ("healthRecordEntryAdd", MEASUREMENT | {"title": "x"}, "title"),
        ("healthRecordEntryAdd", MEASUREMENT | {"heightCm": "0"}, "heightCm"),
        ("healthRecordEntryAdd", MEASUREMENT | {"heightCm": "112.55"}, "heightCm"),
        ("healthRecordEntryAdd", MEASUREMENT | {"weightKg": "1000"}, "weightKg"),
        ("healthRecordEntryAdd", MEASUREMENT | {"weightKg": "-1"}, "weightKg"),
        ("growthAssessmentRecord", {"assessment": " "}, "assessment"),
        ("growthAssessmentRecord", {"assessedOn": "2026-03-10"}, "assessedOn"),
    ],
)
def test_what_is_wrong_is_named(vendor: Client, shared: str, mutation: str, changes: dict[str, Any], path: str) -> None:
    answer = put(vendor, mutation, shared, dry_run=True, **changes)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", path]


def test_a_paper_of_another_policy_is_none(gateway: Gateway, vendor: Client, shared: str) -> None:
    foreign = add_paper(gateway, policy(gateway), "EXAM_REPORT", None)
    answer = put(vendor, "healthRecordEntryAdd", shared, document=foreign)
    assert answer.error["extensions"]["inputPath"] == ["input", "document"]


def test_of_several_children_one_is_named(gateway: Gateway, vendor: Client) -> None:
    number = policy(gateway, is_agreed=False, insured=[person(**CHILD), person(**CHILD | {"name": "演示弟弟"})])
    answer = put(vendor, "healthRecordEntryAdd", number)
    assert answer.error["extensions"]["inputPath"] == ["input", "insured"]


# Once, in secret, by nobody else --------------------------------------------------------------------------------


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_the_same_key_puts_it_down_once(vendor: Client, number: str, mutation: str) -> None:
    key = new_key()
    answers = [put(vendor, mutation, number, idempotencyKey=key).data[mutation] for _ in range(2)]
    assert [answer["isReplay"] for answer in answers] == [False, True]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_dry_run_leaves_no_trace(gateway: Gateway, vendor: Client, shared: str, mutation: str) -> None:
    before = row_counts(gateway)
    answer = put(vendor, mutation, shared, dry_run=True).data[mutation]
    assert (answer["isDryRun"], answer["refusals"]) == (True, [])
    assert row_counts(gateway) == before


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_it_is_noted_who_put_it_down(gateway: Gateway, vendor: Client, number: str, mutation: str) -> None:
    done(vendor, mutation, number)
    found = look(
        gateway,
        "select actor_kind from audit_entries where policy_id = $1 and operation = $2",
        policy_id(number),
        mutation,
    )
    assert found == [{"actor_kind": "VENDOR"}]


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("code", ["CY26-ADVANCE", "QITAI"])
def test_no_other_vendor_puts_anything_down(gateway: Gateway, shared: str, mutation: str, code: str) -> None:
    answer = put(gateway.vendor(code).at(NOW), mutation, shared)
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_the_family_reads_and_does_not_write(gateway: Gateway, shared: str, mutation: str) -> None:
    assert put(gateway.customer(shared).at(NOW), mutation, shared).code == "FORBIDDEN"


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_staff_puts_down_what_it_was_told(gateway: Gateway, number: str, mutation: str) -> None:
    assert done(gateway.staff("hotline").at(NOW), mutation, number)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_product_without_health_records_has_none(gateway: Gateway, mutation: str) -> None:
    number = visits.policy(gateway, "CY23")
    answer = put(gateway.staff("hotline").at(NOW), mutation, number)
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_token_that_does_not_cover_records_neither_writes_nor_reads(
    gateway: Gateway, vendor: Client, number: str, mutation: str
) -> None:
    payload = done(vendor, mutation, number)
    (made,) = (value["id"] for value in payload.values() if isinstance(value, dict))
    cut = Viewer(
        ViewerKind.VENDOR,
        "vendor:JDHEALTH",
        "JDHEALTH",
        frozenset(VENDOR_SCOPES),
        vendor="JDHEALTH",
        services=("RESPIRATORY_TEST",),
    )
    client = gateway.client(cut).at(NOW)
    assert client.ask(NODE, id=made).data["node"] is None
    assert put(client, mutation, number).code == "FORBIDDEN"


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_strangers_see_nothing(gateway: Gateway, vendor: Client, number: str, mutation: str) -> None:
    payload = done(vendor, mutation, number)
    (made,) = (value["id"] for value in payload.values() if isinstance(value, dict))
    assert gateway.customer(number).ask(NODE, id=made).data["node"] is not None
    for stranger in (gateway.customer(policy(gateway)), gateway.vendor("QITAI"), gateway.vendor("CY26-ADVANCE")):
        assert stranger.ask(NODE, id=made).data["node"] is None


def test_every_way_in_is_tried_here() -> None:
    assert set(GOOD) == {*MUTATIONS, "vaccinationPlanRecord"}
