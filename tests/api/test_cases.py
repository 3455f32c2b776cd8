"""Pre-authorizations, claims, advances, bills and cards as they are read, and by whom."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.auth.viewer import CUSTOMER_SCOPES, VENDOR_LIMIT, Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.support.client import Answer, Client, Gateway
from tests.support.walk import backward, forward, page

CHILDREN = "DEMO-CY26-001"
STAY = "DEMO-CY23-001"
ADVANCED = "DEMO-ZAWX-001"
LATER = "DEMO-CY26-002"
SCOPES = {"preAuths": "preauths:read", "claims": "claims:read", "advances": "advances:read", "bills": "bills:read"}
LISTS = sorted(SCOPES)
NOW = "2026-03-12T09:00:00+08:00"


def demo(gateway: Gateway, *numbers: str) -> Client:
    return gateway.customer(*numbers).at(NOW)


def handler(gateway: Gateway, vendor: str, **cuts: tuple[str, ...]) -> Client:
    viewer = Viewer(
        ViewerKind.VENDOR,
        f"vendor:{vendor}",
        vendor,
        frozenset(VENDOR_LIMIT),
        vendor=vendor,
        **cuts,  # type: ignore[arg-type]
    )
    return gateway.client(viewer).at(NOW)


def numbers(client: Client, field: str, arguments: str = "") -> list[str]:
    return [node["number"] for node in forward(client, field, "number", arguments=arguments)]


OF_DEMO = 'where: {number: {contains: "DEMO"}}'
"""Other tests make cases of their own."""


def one(client: Client, field: str, number: str, selection: str) -> dict[str, Any]:
    document = f"query Q($n: String!) {{ {field}(where: {{number: {{eq: $n}}}}) {{ nodes {{ {selection} }} }} }}"
    (node,) = client.ask(document, n=number).data[field]["nodes"]
    return node


# Lists


@pytest.mark.parametrize(
    ("field", "number", "own"),
    [
        ("preAuths", CHILDREN, {"DEMO-PA-001", "DEMO-PA-002"}),
        ("claims", CHILDREN, {"DEMO-CL-001", "DEMO-CL-002", "DEMO-CL-003"}),
        ("claims", STAY, {"DEMO-CL-004"}),
        ("advances", ADVANCED, {"DEMO-AD-001"}),
        ("bills", LATER, {"DEMO-BL-002"}),
    ],
)
def test_a_list_holds_ones_own_cases_and_no_other(gateway: Gateway, field: str, number: str, own: set[str]) -> None:
    client = demo(gateway, number)
    assert set(numbers(client, field)) == own
    assert page(client, field).data[field]["totalCount"] == len(own)
    nested = client.ask(f"{{ policies {{ nodes {{ {field} {{ totalCount nodes {{ number }} }} }} }} }}")
    (policy,) = nested.data["policies"]["nodes"]
    assert {node["number"] for node in policy[field]["nodes"]} == own


@pytest.mark.parametrize("field", LISTS)
def test_a_list_is_walked_either_way_to_the_same_items(gateway: Gateway, field: str) -> None:
    staff = gateway.staff()
    for order in ("", "orderBy: CREATED_AT_ASC", "orderBy: NUMBER_ASC"):
        there, back = (walk(staff, field, "id", size=1, arguments=order) for walk in (forward, backward))
        assert there == back
        assert len(there) >= 2


@pytest.mark.parametrize("field", LISTS)
def test_a_list_is_ordered_as_it_is_asked(gateway: Gateway, field: str) -> None:
    staff = gateway.staff()
    newest, oldest = (
        [node["createdAt"] for node in forward(staff, field, "createdAt", arguments=order)]
        for order in ("", "orderBy: CREATED_AT_ASC")
    )
    assert oldest == sorted(oldest)
    assert newest == oldest[::-1]
    by_number = numbers(staff, field, "orderBy: NUMBER_ASC")
    assert by_number == sorted(by_number)


FILTERS = {
    ("preAuths", 'number: {eq: "DEMO-PA-002"}'): {"DEMO-PA-002"},
    ("preAuths", "status: {eq: SUBMITTED}"): {"DEMO-PA-002"},
    ("preAuths", "status: {in: [PARTIALLY_APPROVED, EXPIRED]}"): {"DEMO-PA-001"},
    ("preAuths", 'treatmentOn: {gte: "2026-02-27"}'): {"DEMO-PA-002"},
    ("preAuths", 'treatmentOn: {lte: "2026-02-26"}'): {"DEMO-PA-001"},
    ("claims", "kind: {in: [VACCINE, PUBLIC_INPATIENT]}"): {"DEMO-CL-002", "DEMO-CL-004"},
    ("claims", "kind: {eq: ADVANCE_SETTLEMENT}"): {"DEMO-CL-005"},
    ("claims", "status: {eq: AWAITING_ORIGINALS}"): {"DEMO-CL-003"},
    ("claims", "status: {in: []}"): set[str](),
    ("claims", 'policyNumber: {eq: "DEMO-CY26-001"}, status: {eq: PAID}'): {"DEMO-CL-001"},
    ("claims", 'createdAt: {gte: "2026-03-05T12:00:00+08:00"}'): {"DEMO-CL-002", "DEMO-CL-003"},
    ("claims", 'createdAt: {lte: "2026-01-20T11:10:00+08:00"}'): {"DEMO-CL-001"},
    ("advances", "status: {eq: SETTLED}"): {"DEMO-AD-001"},
    ("advances", 'admittedOn: {eq: "2026-03-09"}'): {"DEMO-AD-002"},
    ("advances", 'policyNumber: {contains: "ZAWX"}'): {"DEMO-AD-001"},
    ("bills", "status: {eq: PARTIALLY_PAID}"): {"DEMO-BL-001"},
    ("bills", 'number: {in: ["DEMO-BL-002", "nothing"]}'): {"DEMO-BL-002"},
    ("bills", 'policyNumber: {in: ["DEMO-CY26-001"]}'): {"DEMO-BL-001"},
}


@pytest.mark.parametrize(("field", "where"), sorted(FILTERS))
def test_a_filter_leaves_what_fulfills_it(gateway: Gateway, field: str, where: str) -> None:
    owner = demo(gateway, CHILDREN, STAY, ADVANCED, LATER)
    assert set(numbers(owner, field, f"where: {{{where}}}")) == FILTERS[field, where]


# What a case tells


def test_a_pre_authorization_tells_what_was_decided_of_each_item(gateway: Gateway) -> None:
    found = one(
        demo(gateway, CHILDREN),
        "preAuths",
        "DEMO-PA-001",
        """status treatmentOn expectedCumulative { amount currency } hospital { code } insured { name }
        items { category decision approvedAmount { amount } reason matchedRules }
        inquiries { question answer } guaranteeLetters { number status ceiling { amount } startsOn endsOn }
        documents { kind mediaType size status } timeline { command fromStatus status role }""",
    )
    assert found["status"] == "PARTIALLY_APPROVED"
    assert [item["decision"] for item in found["items"]] == ["APPROVED", "MODIFIED", "DENIED"]
    assert found["items"][1]["approvedAmount"] == {"amount": "6000.00"}
    (letter,) = found["guaranteeLetters"]
    assert letter["status"] == "DELIVERED"
    assert (letter["startsOn"], letter["endsOn"]) == ("2026-02-26", "2026-03-31")
    assert found["documents"] == [
        {"kind": "EXAM_REPORT", "mediaType": "application/pdf", "size": 182044, "status": "ACCEPTED"}
    ]
    steps = found["timeline"]
    assert [step["fromStatus"] for step in steps] == ["", *(step["status"] for step in steps[:-1])]
    assert steps[-1]["status"] == found["status"]


def test_a_late_emergency_is_told_beside_its_request(gateway: Gateway) -> None:
    found = one(demo(gateway, CHILDREN), "preAuths", "DEMO-PA-002", "emergencyNotices { status channel }")
    assert found["emergencyNotices"] == [{"status": "LATE", "channel": "HOTLINE"}]


SUMS = "asked { amount } allowed { amount } deductible { amount } copay { amount } excluded { amount } other { amount }"


@pytest.mark.parametrize("number", ["DEMO-CL-001", "DEMO-CL-004", "DEMO-CL-005"])
def test_a_decision_accounts_for_every_cent_that_was_asked(gateway: Gateway, number: str) -> None:
    sums = f"{SUMS} paid {{ amount }}"
    found = one(
        gateway.staff(), "claims", number, f"askedAmount {{ amount }} decision {{ revision {sums} lines {{ {sums} }} }}"
    )
    decision = found["decision"]
    for told in (decision, *decision["lines"]):
        parts = [Decimal(told[name]["amount"]) for name in ("deductible", "copay", "excluded", "other", "paid")]
        assert sum(parts) == Decimal(told["asked"]["amount"])
    for name in ("asked", "paid", "excluded"):
        lines = [Decimal(line[name]["amount"]) for line in decision["lines"]]
        assert sum(lines) == Decimal(decision[name]["amount"])
    assert decision["asked"] == found["askedAmount"]


def test_the_decision_in_force_is_the_last_one(gateway: Gateway) -> None:
    found = one(
        demo(gateway, STAY),
        "claims",
        "DEMO-CL-004",
        """decision { revision outcome paid { amount } } decisions { revision outcome }
        appeals { number outcome decision { revision } newDecision { revision } timeline { status } }
        lines { name outcomes { decision { revision } paid { amount } } } supplements { kinds status }
        shipments { trackingNumber contactName contactPhone } payments { status failure account }
        documents { kind status document { kind } rule { code } } slaClocks { status }""",
    )
    assert found["decision"] == {"revision": 2, "outcome": "APPROVED", "paid": {"amount": "9000.00"}}
    assert [item["revision"] for item in found["decisions"]] == [1, 2]
    (appeal,) = found["appeals"]
    assert (appeal["decision"]["revision"], appeal["newDecision"]["revision"]) == (1, 2)
    bed = found["lines"][1]["outcomes"]
    assert {item["decision"]["revision"]: item["paid"]["amount"] for item in bed} == {1: "0.00", 2: "3000.00"}
    assert found["payments"] == [{"status": "FAILED", "failure": "户名不符", "account": "****7661"}]
    assert found["shipments"][0]["contactPhone"] == "****1008"
    assert found["slaClocks"] == [{"status": "MET"}]


def test_an_advance_is_settled_to_the_cent_and_what_is_left_is_owed_back(gateway: Gateway) -> None:
    found = one(
        demo(gateway, ADVANCED),
        "advances",
        "DEMO-AD-001",
        """paidAmount { amount } coveredAmount { amount } repayableAmount { amount }
        payments { seq kind status approvedAmount { amount } reviews { stage outcome } } claims { number kind }
        repayments { number amount { amount } outstandingAmount { amount } entries { kind amount { amount } } }""",
    )
    paid, covered, owed = (
        Decimal(found[name]["amount"]) for name in ("paidAmount", "coveredAmount", "repayableAmount")
    )
    assert paid == covered + owed == sum(Decimal(item["approvedAmount"]["amount"]) for item in found["payments"])
    assert [[item["stage"] for item in payment["reviews"]] for payment in found["payments"]] == [["VENDOR"]] * 2
    (repayment,) = found["repayments"]
    assert repayment["outstandingAmount"] == {"amount": "2000.00"}
    assert found["claims"] == [{"number": "DEMO-CL-005", "kind": "ADVANCE_SETTLEMENT"}]


def test_a_bill_tells_what_is_still_owed(gateway: Gateway) -> None:
    found = one(
        demo(gateway, CHILDREN),
        "bills",
        "DEMO-BL-001",
        """amount { amount } outstandingAmount { amount } reminderCount reminders { seq channel }
        payments { amount { amount } status } waivers { amount { amount } } claim { number }""",
    )
    assert found["outstandingAmount"] == {"amount": "200.00"}
    assert [item["seq"] for item in found["reminders"]] == [1, 2, 3]
    assert found["claim"] == {"number": "DEMO-CL-001"}
    waived = one(demo(gateway, LATER), "bills", "DEMO-BL-002", "status outstandingAmount { amount } waivers { reason }")
    assert waived == {
        "status": "WAIVED",
        "outstandingAmount": {"amount": "0.00"},
        "waivers": [{"reason": "医院重复计费"}],
    }


# Cards

CARDS = "query Q($n: String!) { policy(number: $n) { cards { number status displayOn suspensions { cause } } } }"


def cards(client: Client, number: str) -> dict[str, dict[str, Any]]:
    return {card["number"]: card for card in client.ask(CARDS, n=number).data["policy"]["cards"]}


def test_a_card_is_greyed_while_a_cause_is_left(gateway: Gateway) -> None:
    found = cards(demo(gateway, CHILDREN), CHILDREN)
    assert {number: card["status"] for number, card in found.items()} == {
        "DEMO-CARD-CY26-1": "GREYED",
        "DEMO-CARD-CY26-2": "ACTIVE",
    }
    assert found["DEMO-CARD-CY26-1"]["suspensions"] == [{"cause": "BILL"}]


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2026-03-12T15:59:59Z", "2026-03-12"),
        ("2026-03-12T16:00:00Z", "2026-03-13"),
        ("2026-03-13T00:00:00+08:00", "2026-03-13"),
    ],
)
def test_a_card_shows_the_day_in_shanghai_by_the_clock_of_the_request(gateway: Gateway, now: str, shown: str) -> None:
    found = cards(gateway.customer(CHILDREN).at(now), CHILDREN)
    assert {card["displayOn"] for card in found.values()} == {shown}


@pytest.mark.parametrize(
    ("now", "status"), [("2026-12-31T23:59:59+08:00", "ACTIVE"), ("2027-01-01T00:00:00+08:00", "EXPIRED")]
)
def test_a_card_expires_with_the_cover(gateway: Gateway, now: str, status: str) -> None:
    found = cards(gateway.customer(CHILDREN).at(now), CHILDREN)
    assert found["DEMO-CARD-CY26-2"]["status"] == status


def test_a_card_that_nobody_has_bound_says_so(gateway: Gateway) -> None:
    (card,) = cards(demo(gateway, STAY), STAY).values()
    assert card["status"] == "NOT_BOUND"


# Who sees what

IDS = """{ preAuths { nodes { id documents { id } } }
  claims { nodes { id decisions { id } appeals { id } documents { document { id } } } }
  advances { nodes { id documents { id } repayments { id } } } bills { nodes { id } }
  policies { nodes { cards { id } } } }"""
NODES = "query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def all_ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in all_ids(item)]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in ([item] if key == "id" else all_ids(item))]
    return []


def test_every_case_is_found_again_by_its_id(gateway: Gateway) -> None:
    owner = demo(gateway, CHILDREN, STAY, ADVANCED, LATER)
    wanted = all_ids(owner.ask(IDS).data)
    found = owner.ask(NODES, ids=wanted).data["nodes"]
    assert [node["id"] for node in found] == wanted
    kinds = {"PreAuth", "Document", "Claim", "ClaimDecision", "Appeal", "Advance", "Repayment", "Bill", "Card"}
    assert {node["__typename"] for node in found} == kinds


@pytest.mark.parametrize("number", ["DEMO-ZYB-001", "DEMO-VAS-001"])
def test_a_foreign_case_is_null_like_one_that_does_not_exist(gateway: Gateway, number: str) -> None:
    wanted = all_ids(demo(gateway, CHILDREN, STAY, ADVANCED, LATER).ask(IDS).data)
    stranger = demo(gateway, number)
    assert stranger.ask(NODES, ids=wanted).data["nodes"] == [None] * len(wanted)
    own = policy_id(number)
    stitched = []
    for one_id in wanted:
        decoded = ids.decode(one_id)
        assert decoded is not None
        stitched.append(ids.encode(decoded[0], own, decoded[1][1]))
    assert stranger.ask(NODES, ids=stitched).data["nodes"] == [None] * len(wanted)
    assert gateway.anyone().ask(NODES, ids=wanted).data["nodes"] == [None] * len(wanted)


@pytest.mark.parametrize("field", LISTS)
def test_a_foreign_number_reads_like_one_that_nobody_has(gateway: Gateway, field: str) -> None:
    foreign = numbers(gateway.staff(), field, 'where: {policyNumber: {contains: "DEMO"}}')[0]
    document = f"query Q($n: String!) {{ {field}(where: {{number: {{eq: $n}}}}) {{ totalCount nodes {{ id }} }} }}"
    stranger = demo(gateway, "DEMO-ZYB-001")
    given = [stranger.ask(document, n=number).data for number in (foreign, "DEMO-XX-404")]
    assert given[0] == given[1] == {field: {"totalCount": 0, "nodes": []}}


@pytest.mark.parametrize("field", LISTS)
def test_a_list_is_not_open_without_a_token(gateway: Gateway, field: str) -> None:
    assert gateway.anyone().ask(f"{{ {field} {{ totalCount }} }}").code == "UNAUTHENTICATED"


@pytest.mark.parametrize("nested", [False, True], ids=["at the root", "of a policy"])
@pytest.mark.parametrize("field", LISTS)
def test_a_list_needs_its_scope(gateway: Gateway, field: str, nested: bool) -> None:
    inner = f"{field} {{ totalCount }}"
    answer = without(gateway, SCOPES[field], CHILDREN).ask(
        f"{{ policies {{ nodes {{ number {inner} }} }} }}" if nested else f"{{ {inner} }}"
    )
    assert answer.code == "FORBIDDEN"
    assert answer.error["extensions"]["missingScopes"] == [SCOPES[field]]


def without(gateway: Gateway, scope: str, number: str) -> Client:
    scopes = frozenset(CUSTOMER_SCOPES) - {scope}
    return gateway.client(
        Viewer(ViewerKind.CUSTOMER, f"customer:{number}", "limited", scopes, policies=(policy_id(number),))
    )


PARTS = {
    "documents:read": ("preAuths", "documents { kind }"),
    "claims:read": ("bills", "claim { number }"),
    "bills:read": ("claims", "bills { number }"),
    "policies:read": ("claims", "card { number }"),
}


@pytest.mark.parametrize("scope", sorted(PARTS))
def test_a_part_behind_another_scope_is_null_and_blanks_nothing_else(gateway: Gateway, scope: str) -> None:
    field, part = PARTS[scope]
    answer: Answer = without(gateway, scope, CHILDREN).ask(f"{{ {field} {{ nodes {{ number {part} }} }} }}")
    nodes = answer.body["data"][field]["nodes"]
    assert all(node["number"] for node in nodes)
    shown = {str(node[part.split()[0]]) for node in nodes}
    assert answer.code == "FORBIDDEN"
    assert "None" in shown


@pytest.mark.parametrize(
    ("vendor", "field", "seen"),
    [
        ("QITAI", "advances", {"DEMO-AD-001"}),
        ("QITAI", "claims", {"DEMO-CL-005"}),
        ("CY26-ADVANCE", "advances", {"DEMO-AD-002"}),
        ("WINDSTONE", "claims", {"DEMO-CL-004"}),
        ("HUANQIU", "claims", set[str]()),
        ("WINDSTONE", "advances", set[str]()),
        ("QITAI", "bills", set[str]()),
        ("QITAI", "preAuths", set[str]()),
    ],
)
def test_a_vendor_sees_the_cases_that_it_handles(gateway: Gateway, vendor: str, field: str, seen: set[str]) -> None:
    assert set(numbers(handler(gateway, vendor), field, OF_DEMO)) == seen


@pytest.mark.parametrize(
    ("cuts", "seen"),
    [
        ({"products": ("ZAWX",)}, {"DEMO-AD-001"}),
        ({"products": ("ZYB",)}, set[str]()),
        ({"hospitals": ("DEMO-SH-002",)}, {"DEMO-AD-001"}),
        ({"hospitals": ("DEMO-SH-001",)}, set[str]()),
        ({"services": ("ADVANCE_PAYMENT",)}, {"DEMO-AD-001"}),
        ({"services": ("SECOND_OPINION",)}, set[str]()),
    ],
    ids=str,
)
def test_a_token_that_is_cut_sees_the_advances_it_is_cut_to(
    gateway: Gateway, cuts: dict[str, tuple[str, ...]], seen: set[str]
) -> None:
    assert set(numbers(handler(gateway, "QITAI", **cuts), "advances", OF_DEMO)) == seen


def test_a_vendor_sees_of_people_and_accounts_only_what_its_work_needs(gateway: Gateway) -> None:
    answer = handler(gateway, "WINDSTONE").ask(
        """{ claims(where: {number: {contains: "DEMO"}}) { nodes {
        insured { name birthOn } policy { number } bankAccount { bankName holder number }
        shipments { contactName contactPhone } documents { document { kind } } } } }"""
    )
    (claim,) = answer.data["claims"]["nodes"]
    assert claim["insured"] == {"name": "演**", "birthOn": None}
    assert claim["policy"] == {"number": STAY}
    assert claim["bankAccount"] == {"bankName": None, "holder": "演**", "number": None}
    assert claim["shipments"] == [{"contactName": "演**", "contactPhone": "****1008"}]
    assert claim["documents"] == [{"document": {"kind": "DISCHARGE_SUMMARY"}}]


def test_an_owner_sees_the_account_by_its_last_digits(gateway: Gateway) -> None:
    found = one(demo(gateway, STAY), "claims", "DEMO-CL-004", "bankAccount { bankName holder number }")
    assert found["bankAccount"] == {"bankName": "演示银行", "holder": "演示张先生", "number": "****7661"}


def test_what_is_demo_says_so(gateway: Gateway) -> None:
    for field in LISTS:
        found = forward(gateway.staff(), field, "number isDemo", arguments='where: {policyNumber: {contains: "DEMO"}}')
        assert {node["isDemo"] for node in found} == {True}
