"""One query, one statement: what each kind of declaration becomes, and that both ways answer alike."""

import datetime as dt
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.execution.conftest import People
from tests.execution.twins import Twins, customer, staff, vendor
from tests.support.client import Gateway

CATALOGUE = {
    "columns": "{ cities(first: 3) { nodes { id code name province pinyin services } } }",
    "aliases": "{ a: cities(first: 1) { n: nodes { x: code y: code } } b: cities(first: 2) { nodes { code } } }",
    "merged fields": "{ cities(first: 2) { nodes { code } } cities(first: 2) { nodes { name } totalCount } }",
    "fragments": """{ ...Q } fragment Q on Query { cities(first: 2) { ...C } }
        fragment C on CityConnection { nodes { ... on City { code } ... on Node { id __typename } ... { name } } }""",
    "typename": """{ __typename cities(first: 1) {
        __typename edges { __typename node { __typename } } pageInfo { __typename } } }""",
    "only the total": '{ hospitals(where: {city: "上海"}) { totalCount __typename } }',
    "relations": """{ hospitals(first: 5) { nodes { code city { name } brand { name closedOn }
        departments { code name isFeatured } featuredDepartments { name }
        networks { product plan liability validFrom validTo }
        serviceHours { opensAt closesAt } location { latitude longitude coordinateSystem } items source } } }""",
    "a product": """{ product(code: ZYB) { id code name insurer { name } handbook { title edition source }
        plans { code name } riders { code } services { kind name summary quota hours { opensAt closesAt afterHours }
        firstResponseMinutes vendor { name } rider { code } ruleCodes waitingDays }
        vendors { code name role services vendor { id } }
        contactChannels { purpose kind value note hours services product { code } } } }""",
    "languages": "{ product(code: ZYB) { zh: name(lang: ZH) en: name(lang: EN) name handbook { title(lang: ZH) } } }",
    "nested connections": """{ products { nodes { code rules(first: 2, where: {kind: HARD}) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { code clause { handbook section item lines } parameters reading sameAs } } } } } }""",
    "backward": """{ drugs(last: 3) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { seq brand product { code } } } } }""",
    "nothing on a page": "{ drugs(first: 0) { nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } }",
    "lists": "{ departments { code name } contactChannels(product: ZYB) { value } }",
    "a calendar": '{ workCalendar(from: "2026-02-10", to: "2026-02-25") { on isWorkday status name source } }',
    "disclosures": """{ disclosures(operation: "escortBook", product: ZYB) {
        id statement isRequired rule { code enforcement enforcementNote } } }""",
    "notices": "{ notices(product: ZYB) { nodes { id title body url effectiveOn publishedAt product { code } } } }",
    "absent": '{ hospital(code: "none") { code } policy: product(code: VAS) { insurer { name } } }',
    "the viewer": "{ viewer { kind name scopes language now vendor } }",
}


@pytest.mark.parametrize("case", CATALOGUE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_catalogue_reads_alike(twins: Twins, case: str, language: str) -> None:
    assert twins.same(CATALOGUE[case], language=language)


BOOKINGS = """{ bookings(first: 10) { totalCount nodes { id number product service status visitAt plannedMinutes
    confirmedAt isDemo createdAt updatedAt availableActions
    policy { number } insured { name birthOn phone idNumber } hospital { name } department { name } vendor { name }
    details { __typename ... on EscortDetails { patientName patientGender patientPhone registration isDiagnosed symptom
      need conditions companionRelation escortName meetingPlace checkedInAt checkedOutAt actualMinutes }
      ... on ConsultationDetails { mode topic question phone isByPhone doctorTitle firstRepliedAt
        messages { author content at } }
      ... on DrugQuestionDetails { category phone drug { brand } } ... on CheckupPlanDetails { ageYears habits } }
    timeline { command fromStatus status role reason at } slaClocks { rule { code } status startedAt dueAt stoppedAt
      isEstimated } rating { score comment at } deduction { status } } } }"""

POLICIES = """{ policies(first: 10) { totalCount edges { cursor node { id number product { code } plan { code }
    riders { code rider { name } } channel status effectiveAt startsOn endsOn waitingDays
    advanceLimit { amount currency } holder { name role } insured { id name gender birthOn idType idNumber phone }
    entitlements { id service name granted reserved used remaining cancellationCount startsOn usableFrom expiresOn
      insured { name } ledger { kind grantedChange reservedChange usedChange reason ruleCode at } }
    bookings(first: 1, orderBy: NUMBER_ASC) { totalCount edges { cursor node { number } } }
    isDemo createdAt } } } }"""


@pytest.mark.parametrize("document", [BOOKINGS, POLICIES])
@pytest.mark.parametrize("who", ["customer", "other", "vendor", "cut", "staff"])
def test_private_rows_read_alike_for_every_viewer(twins: Twins, people: People, document: str, who: str) -> None:
    viewers = {
        "customer": customer(people.zyb, people.vas),
        "other": customer(people.idle),
        "vendor": vendor("HUANQIU"),
        "cut": vendor("HUANQIU", "VAS"),
        "staff": staff(),
    }
    twins.same(document, viewer=viewers[who])


def test_objects_by_id_read_alike(twins: Twins, people: People) -> None:
    document = """query Q($id: ID!, $ids: [ID!]!) {
        node(id: $id) { __typename id ... on Booking { number } ... on Hospital { name } }
        nodes(ids: $ids) { id ... on Product { code } ... on Booking { status } } }"""
    product = twins.same("{ product(code: ZYB) { id } }")["product"]["id"]
    unknown = ["", "book_", "drug_" + "0" * 32, "prod_" + "0" * 64]
    for id_ in [product, *people.bookings, *unknown]:
        ids = [*people.bookings, product, *unknown, product]
        for viewer in (staff(), customer(people.zyb), vendor("HUANQIU")):
            twins.same(document, {"id": id_, "ids": ids}, viewer)


def test_a_plan_serves_every_value_of_one_shape_and_holds_none(twins: Twins) -> None:
    document = "query Q($w: HospitalFilter, $n: Int) { hospitals(where: $w, first: $n) { nodes { code } } }"
    plans = {
        id(twins.plan(document, {"w": {"city": city, "keyword": word}, "n": n}))
        for city, word, n in [("上海", "儿", 1), ("beijing", "医院 儿童", 50), ("' or 1=1 --", "%", 0)]
    }
    assert len(plans) == 1
    plan = twins.plan(document, {"w": {"city": "上海", "keyword": "儿"}, "n": 7})
    assert plan is not None
    assert "上海" not in plan.sql
    assert "or 1=1" not in plan.sql


def test_a_plan_of_one_viewer_gives_another_their_own(twins: Twins, people: People) -> None:
    document = "{ policies { nodes { number } } }"
    for number in (people.zyb, people.vas, people.idle):
        found = twins.same(document, viewer=customer(number))["policies"]["nodes"]
        assert found == [{"number": number}]
    assert twins.plan(document, viewer=customer(people.zyb)) is twins.plan(document, viewer=customer(people.vas))
    assert twins.plan(document, viewer=vendor("HUANQIU")) is not twins.plan(document, viewer=vendor("HUANQIU", "VAS"))


def test_conditions_on_fields_are_part_of_the_shape(twins: Twins) -> None:
    document = """query Q($a: Boolean!, $b: Boolean = true) {
        cities(first: 2) { nodes {
            code @include(if: $a) name @skip(if: $b) id @include(if: false) ...P @skip(if: $a) } } }
        fragment P on City { province }"""
    answers = [twins.same(document, {"a": a, "b": b}) for a in (True, False) for b in (True, False)]
    assert len({orjson.dumps(answer) for answer in answers}) == 4


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ __schema { queryType { name } } }", {}),
        ("{ drugs(first: 101) { totalCount } }", {}),
        ("{ drugs(first: 1, last: 1) { totalCount } }", {}),
        ('{ drugs(after: "forged") { totalCount } }', {}),
        ('{ workCalendar(from: "2026-02-10", to: "2026-02-09") { on } }', {}),
        ("query Q($n: Int!) { drugs(first: $n) { totalCount } }", {"n": "x"}),
        ("{ policies { totalCount } }", {}),
        ('{ hospitals(where: {near: {latitude: "91", longitude: "0", radiusKm: "1"}}) { totalCount } }', {}),
    ],
)
def test_refusals_are_left_to_the_plain_executor(twins: Twins, document: str, variables: dict[str, Any]) -> None:
    assert twins.planned(document, variables) is None


def test_many_fields_are_more_than_one_call_of_a_function(twins: Twins) -> None:
    fields = " ".join(f"f{at}: code" for at in range(120))
    assert len(twins.same(f"{{ departments {{ {fields} }} }}")["departments"][0]) == 120


def test_pages_follow_each_other_by_cursors_of_either_way(twins: Twins) -> None:
    document = """query Q($a: String, $b: String, $f: Int, $l: Int) { drugs(after: $a, before: $b, first: $f, last: $l,
        orderBy: BRAND_ASC) { nodes { seq } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    seen: list[int] = []
    place: str | None = None
    while True:
        page = twins.same(document, {"a": place, "f": 40})["drugs"]
        seen += [node["seq"] for node in page["nodes"]]
        place = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 102
    back = twins.same(document, {"b": place, "l": 30})["drugs"]
    assert [node["seq"] for node in back["nodes"]] == seen[-31:-1]


def test_a_developer_sees_the_plan_on_request(gateway: Gateway) -> None:
    asking = replace(gateway.anyone(), headers={"x-dev-plan": "1"})
    plan = asking.ask("query Q($n: Int) { cities(first: $n) { nodes { code } } }", n=2).body["extensions"]["plan"]
    assert plan["planned"] is True
    assert "from cities" in plan["sql"].lower()
    assert "INTEGER" in plan["parameters"]
    assert plan["executeMilliseconds"] > 0
    assert asking.ask("{ __schema { queryType { name } } }").body["extensions"]["plan"] == {"planned": False}
    assert "plan" not in gateway.anyone().ask("{ cities(first: 1) { totalCount } }").body["extensions"]


@pytest.mark.parametrize(("now", "count"), [("2026-12-31T15:59:59Z", 1), ("2026-12-31T16:00:00Z", 0)])
def test_both_ways_ask_the_clock_of_the_request(
    twins: Twins, monkeypatch: pytest.MonkeyPatch, now: str, count: int
) -> None:
    monkeypatch.setattr("tests.execution.twins.CLOCK", dt.datetime.fromisoformat(now))
    document = '{ hospitals(where: {city: "南京", product: CY26, liability: VACCINE}) { totalCount } }'
    assert twins.same(document)["hospitals"]["totalCount"] == count
