"""Who sees what: a foreign object is answered word for word like one that does not exist."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.auth.viewer import CUSTOMER_SCOPES, SCOPES, VENDOR_SCOPES, Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.support import escorts
from tests.support.client import Answer, Client, Gateway, new_number
from tests.support.mutations import MUTATIONS, of_bookings, of_policies, sample, send

PHONE = "13912345678"
ID_NUMBER = "110101199003070011"
SYMPTOM = "罕见的症状描述"
NAME = "欧阳可见"
VENDORS_OWN = {"bookingCheckOut", "bookingContactShow", "bookingDeductionPropose"}
SERVING = {
    "bookingAccept",
    "bookingDecline",
    "bookingAssign",
    "bookingCheckIn",
    "bookingNoShowRecord",
    "bookingComplete",
    "bookingTerminate",
}
"""For vendors, and for staff where the insurer itself serves: the lifecycle says who of both."""

CLIENTS_OWN = {"messageLeave", "complaintCreate", "onsiteAssistanceRequest"}
"""What no vendor does for a client."""

STAFF_OWN = {
    "policyRegister",
    "bookingDeductionDecide",
    "vaccineBrandTransferDecide",
    "preAuthReview",
    "preAuthInquire",
    "preAuthDecide",
    "preAuthApprove",
    "emergencyNoticeDecide",
    "guaranteeLetterIssue",
    "guaranteeLetterDeliver",
    "guaranteeLetterRevoke",
    "cardReinstate",
    "hotlineOverride",
    "noticePublish",
    "messageAnswer",
    "complaintAnswer",
    "visitRestrictionLift",
}


@dataclass(frozen=True)
class Case:
    """A policy with one booking, and the ids of all that belongs to it."""

    number: str
    policy: str
    booking: str
    booking_number: str
    person: str
    entitlement: str

    @property
    def ids(self) -> tuple[str, ...]:
        return self.policy, self.booking, self.person, self.entitlement


def new_case(gateway: Gateway, product: str) -> Case:
    patient = {"name": NAME, "gender": "FEMALE", "birthOn": "1990-03-07"}
    insured = escorts.person(**patient, phone=PHONE, idType="ID_CARD", idNumber=ID_NUMBER)
    number = escorts.register(gateway, product, insured=[insured])
    customer = gateway.customer(number).at(escorts.NOW)
    wanted = {"patient": {**patient, "phone": PHONE}, "symptom": SYMPTOM}
    booking = escorts.book(customer, number, **wanted)["booking"]
    policy = customer.ask(
        "query P($n: String!) { policy(number: $n) { id insured { id } entitlements { id service } } }", n=number
    ).data["policy"]
    account = next(item for item in policy["entitlements"] if item["service"] == "OUTPATIENT_ESCORT")
    return Case(number, policy["id"], booking["id"], booking["number"], policy["insured"][0]["id"], account["id"])


@pytest.fixture(scope="module")
def mine(gateway: Gateway) -> Case:
    return new_case(gateway, "ZYB")


@pytest.fixture(scope="module")
def theirs(gateway: Gateway) -> Case:
    """Of another customer, with the same vendor."""
    return new_case(gateway, "ZYB")


@pytest.fixture(scope="module")
def elsewhere(gateway: Gateway) -> Case:
    """Of another customer, with another vendor."""
    return new_case(gateway, "VAS")


def me(gateway: Gateway, case: Case) -> Client:
    return gateway.customer(case.number).at(escorts.NOW)


def limited(gateway: Gateway, case: Case, *scopes: str) -> Client:
    """A customer's token with these scopes only."""
    return gateway.client(
        Viewer(
            ViewerKind.CUSTOMER,
            f"customer:{case.number}",
            "limited",
            frozenset(scopes) | {"catalogue:read"},
            policies=(policy_id(case.number),),
        )
    ).at(escorts.NOW)


def absent(prefix: str) -> str:
    return ids.encode(prefix, *([uuid.uuid4()] if prefix == "pol" else [uuid.uuid4(), uuid.uuid4()]))


def words(answer: Answer) -> tuple[int, str]:
    """All that a client can tell two answers apart by."""
    body = json.loads(answer.response.text)
    for error in body.get("errors", ()):
        del error["extensions"]["requestId"]
    body.get("extensions", {}).get("cost", {}).pop("remaining", None)  # which only counts the caller's own requests
    return answer.response.status_code, json.dumps(body, sort_keys=True)


def same(answers: Iterable[Answer]) -> tuple[int, str]:
    first, *others = map(words, answers)
    assert all(other == first for other in others)
    return first


# One customer and another

DOCUMENTS = {
    "policy": ("number", "query Q($x: String!) { policy(number: $x) { id number } }"),
    "policies by number": (
        "number",
        "query Q($x: String!) { policies(where: {number: $x}) { totalCount nodes { id } pageInfo { hasNextPage } } }",
    ),
    "policies of the viewer": (
        "number",
        "query Q($x: String!) { viewer { policies(where: {number: $x}) { totalCount nodes { id } } } }",
    ),
    "bookings by policy number": (
        "number",
        "query Q($x: String!) { bookings(where: {policyNumber: {eq: $x}}) { totalCount nodes { id } } }",
    ),
    "bookings by a part of the policy number": (
        "number",
        "query Q($x: String!) { bookings(where: {policyNumber: {contains: $x}}) { totalCount nodes { id } } }",
    ),
    "bookings by number": (
        "booking_number",
        "query Q($x: String!) { bookings(where: {number: {in: [$x]}}) { totalCount edges { cursor } } }",
    ),
    "node of a policy": ("policy", "query Q($x: ID!) { node(id: $x) { id } }"),
    "node of a booking": ("booking", "query Q($x: ID!) { node(id: $x) { id } }"),
    "node of a person": ("person", "query Q($x: ID!) { node(id: $x) { id } }"),
    "node of an entitlement": ("entitlement", "query Q($x: ID!) { node(id: $x) { id } }"),
    "nodes": ("booking", "query Q($x: ID!) { nodes(ids: [$x, $x]) { id } }"),
    "entitlements": ("policy", "query Q($x: ID!) { entitlements(policy: $x) { id } }"),
    "quote": ("booking", "query Q($x: ID!) { cancellationQuote(booking: $x) { outcome freeUntil } }"),
}
ABSENT = {
    "number": lambda: new_number("ZYB"),
    "booking_number": lambda: "ESC20260309ABCDEFGH",
    "policy": lambda: absent("pol"),
    "booking": lambda: absent("book"),
    "person": lambda: absent("person"),
    "entitlement": lambda: absent("ent"),
}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_what_is_foreign_reads_like_what_is_not_there(
    gateway: Gateway, mine: Case, theirs: Case, elsewhere: Case, name: str
) -> None:
    field, document = DOCUMENTS[name]
    wanted = [getattr(theirs, field), getattr(elsewhere, field), ABSENT[field]()]
    same(me(gateway, mine).ask(document, x=value) for value in wanted)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_what_is_ones_own_reads_otherwise(gateway: Gateway, mine: Case, name: str) -> None:
    field, document = DOCUMENTS[name]
    own, other = (me(gateway, mine).ask(document, x=value) for value in (getattr(mine, field), ABSENT[field]()))
    assert words(own) != words(other)


def test_a_booking_of_a_foreign_policy_under_ones_own_key_is_not_there(
    gateway: Gateway, mine: Case, theirs: Case
) -> None:
    """The parts of two ids put together: one's own policy, and a booking of another."""
    own, foreign = ids.decode(mine.booking), ids.decode(theirs.booking)
    assert own is not None
    assert foreign is not None
    mixed = [ids.encode("book", own[1][0], foreign[1][1]), ids.encode("book", foreign[1][0], own[1][1])]
    document = "query Q($x: ID!) { node(id: $x) { id } cancellationQuote(booking: $x) { outcome } }"
    same(me(gateway, mine).ask(document, x=value) for value in [*mixed, absent("book")])


@pytest.mark.parametrize("mutation", of_bookings())
def test_a_mutation_of_a_foreign_booking_answers_like_one_of_no_booking(
    gateway: Gateway, mine: Case, theirs: Case, elsewhere: Case, mutation: str
) -> None:
    wanted = [theirs.booking, elsewhere.booking, absent("book")]
    client = me(gateway, mine)
    for dry_run in (False, True):
        same(send(client, mutation, sample(mutation, booking=value), dry_run=dry_run) for value in wanted)


NOT_FOR_CLIENTS = {
    *("directClaimCreate", "hotlineOverride"),
    *("growthAssessmentRecord", "healthRecordEntryAdd", "healthRecordUpdate", "vaccinationPlanRecord"),
}


@pytest.mark.parametrize("mutation", of_policies())
def test_acting_for_a_foreign_policy_answers_like_acting_for_none(
    gateway: Gateway, mine: Case, theirs: Case, mutation: str
) -> None:
    client = me(gateway, mine)
    given = [sample(mutation, policyNumber=number) for number in (theirs.number, new_number("ZYB"))]
    status, text = same(send(client, mutation, item) for item in given)
    assert ("FORBIDDEN" if mutation in NOT_FOR_CLIENTS else "BAD_USER_INPUT") in text
    assert status == 200


def test_lists_hold_ones_own_only(gateway: Gateway, mine: Case, theirs: Case) -> None:
    document = (
        "{ policies { totalCount nodes { number bookings { totalCount } } } bookings { totalCount nodes { id } } }"
    )
    answer = me(gateway, mine).ask(document).data
    assert answer["policies"] == {"totalCount": 1, "nodes": [{"number": mine.number, "bookings": {"totalCount": 1}}]}
    assert answer["bookings"] == {"totalCount": 1, "nodes": [{"id": mine.booking}]}


def test_going_round_through_ones_own_objects_leads_to_no_other(gateway: Gateway, mine: Case) -> None:
    document = """{ bookings { nodes { policy { number insured { name } bookings { totalCount nodes {
        id policy { bookings { nodes { insured { id } } } } } } entitlements { insured { id }
        ledger { kind } } } } } }"""
    (booking,) = me(gateway, mine).ask(document).data["bookings"]["nodes"]
    assert booking["policy"]["number"] == mine.number
    assert [item["id"] for item in booking["policy"]["bookings"]["nodes"]] == [mine.booking]


def test_a_cursor_of_another_leads_to_ones_own_only(gateway: Gateway, mine: Case, theirs: Case) -> None:
    document = "query Q($a: String) { bookings(orderBy: CREATED_AT_ASC, after: $a) { edges { cursor node { id } } } }"
    (edge,) = me(gateway, theirs).ask(document).data["bookings"]["edges"]
    found = me(gateway, mine).ask(document, a=edge["cursor"]).data["bookings"]["edges"]
    assert {item["node"]["id"] for item in found} <= {mine.booking}


def test_a_customer_of_two_policies_sees_both(gateway: Gateway, mine: Case, theirs: Case) -> None:
    both = gateway.customer(mine.number, theirs.number)
    found = both.ask("{ bookings { nodes { id } } policies { totalCount } }").data
    assert {item["id"] for item in found["bookings"]["nodes"]} == {mine.booking, theirs.booking}
    assert found["policies"]["totalCount"] == 2


def test_a_customer_of_no_policy_sees_nothing(gateway: Gateway) -> None:
    nobody = gateway.client(Viewer(ViewerKind.CUSTOMER, "customer:none", "nobody", frozenset(CUSTOMER_SCOPES)))
    assert nobody.ask("{ bookings { totalCount } policies { totalCount } }").data == {
        "bookings": {"totalCount": 0},
        "policies": {"totalCount": 0},
    }


def test_staff_sees_all(gateway: Gateway, mine: Case, elsewhere: Case) -> None:
    document = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    wanted = [*mine.ids, *elsewhere.ids]
    found = gateway.staff().ask(document, ids=wanted).data["nodes"]
    assert [item["id"] for item in found] == wanted


# Nobody signed in


@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_no_mutation_is_open_without_a_token(gateway: Gateway, mine: Case, mutation: str) -> None:
    names = {"booking": mine.booking} if mutation in of_bookings() else {}
    assert send(gateway.anyone(), mutation, sample(mutation, **names)).code == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "document",
    [
        "{ policies { totalCount } }",
        "{ bookings { totalCount } }",
        "{ viewer { policies { totalCount } } }",
        'query Q($n: String = "x") { policy(number: $n) { id } }',
        '{ entitlements(policy: "pol_0") { id } }',
        '{ cancellationQuote(booking: "book_0") { outcome } }',
        "{ one: bookings { totalCount } }",
        "{ ... on Query { ...Q } } fragment Q on Query { bookings { totalCount } }",
    ],
)
def test_nothing_private_is_open_without_a_token(gateway: Gateway, document: str) -> None:
    assert gateway.anyone().ask(document).code == "UNAUTHENTICATED"


def test_node_is_null_without_a_token(gateway: Gateway, mine: Case) -> None:
    document = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert gateway.anyone().ask(document, ids=list(mine.ids)).data["nodes"] == [None] * 4


# Scopes


@pytest.mark.parametrize(
    ("document", "scope"),
    [
        ("{ policies { totalCount } }", "policies:read"),
        ("{ viewer { policies { totalCount } } }", "policies:read"),
        ('{ policy(number: "x") { id } }', "policies:read"),
        ('{ entitlements(policy: "x") { id } }', "policies:read"),
        ("{ bookings { totalCount } }", "bookings:read"),
        ('{ cancellationQuote(booking: "x") { outcome } }', "bookings:read"),
        ("{ policies { nodes { bookings { totalCount } } } }", "bookings:read"),
    ],
)
def test_a_token_without_the_scope_is_told_which_it_lacks(
    gateway: Gateway, mine: Case, document: str, scope: str
) -> None:
    answer = limited(gateway, mine, *(set(CUSTOMER_SCOPES) - {scope})).ask(document)
    assert answer.code == "FORBIDDEN"
    assert answer.error["extensions"]["missingScopes"] == [scope]


@pytest.mark.parametrize("mutation", of_bookings())
def test_a_mutation_needs_its_scope(gateway: Gateway, mine: Case, mutation: str) -> None:
    client = limited(gateway, mine, *(set(SCOPES) - {"bookings:write"}))
    answer = send(client, mutation, sample(mutation, booking=mine.booking))
    assert answer.code == "FORBIDDEN"
    assert answer.error["extensions"]["missingScopes"] in (["bookings:write"], [])


@pytest.mark.parametrize(
    ("document", "rest"),
    [
        ("{ policies { nodes { number bookings { totalCount } } } }", "policies"),
        ("{ viewer { kind policies { nodes { bookings { totalCount } } } } }", "viewer"),
    ],
)
def test_one_part_that_is_forbidden_does_not_blank_the_page(
    gateway: Gateway, mine: Case, document: str, rest: str
) -> None:
    answer = limited(gateway, mine, "policies:read").ask(document)
    assert answer.code == "FORBIDDEN"
    assert (answer.body["data"] or {}).get(rest)


@pytest.mark.parametrize(
    "inside", ["policy { number }", "insured { name }", "policy { entitlements { used } }", "policy { __typename }"]
)
def test_a_nested_field_needs_the_scope_of_what_it_leads_to(gateway: Gateway, mine: Case, inside: str) -> None:
    answer = limited(gateway, mine, "bookings:read").ask(f"{{ bookings {{ nodes {{ number {inside} }} }} }}")
    assert answer.code == "FORBIDDEN"
    assert answer.error["extensions"]["missingScopes"] == ["policies:read"]
    assert answer.body["data"]["bookings"]["nodes"] == [{"number": mine.booking_number, inside.split()[0]: None}]


def test_scopes_in_capitals_are_no_scopes(gateway: Gateway, mine: Case) -> None:
    client = limited(gateway, mine, "BOOKINGS:READ", "Policies:Read")
    assert client.ask("{ bookings { totalCount } }").code == "FORBIDDEN"


@pytest.mark.parametrize("mutation", sorted(VENDORS_OWN | SERVING | STAFF_OWN))
def test_a_customer_does_not_do_the_work_of_vendors_or_staff(gateway: Gateway, mine: Case, mutation: str) -> None:
    every_scope = limited(gateway, mine, *SCOPES)
    names = {"booking": mine.booking} if mutation in of_bookings() else {}
    assert send(every_scope, mutation, sample(mutation, **names)).code == "FORBIDDEN"


@pytest.mark.parametrize("mutation", sorted(STAFF_OWN))
def test_a_vendor_does_not_do_the_work_of_staff(gateway: Gateway, mine: Case, mutation: str) -> None:
    names = {"booking": mine.booking} if mutation in of_bookings() else {}
    assert send(gateway.vendor("HUANQIU", *SCOPES), mutation, sample(mutation, **names)).code == "FORBIDDEN"


@pytest.mark.parametrize("mutation", sorted(VENDORS_OWN))
def test_staff_does_not_do_the_work_of_vendors(gateway: Gateway, mine: Case, mutation: str) -> None:
    assert send(gateway.staff(), mutation, sample(mutation, booking=mine.booking)).code == "FORBIDDEN"


# Vendors


def test_a_vendor_sees_the_bookings_that_are_routed_to_it(gateway: Gateway, mine: Case, elsewhere: Case) -> None:
    document = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    wanted = [mine.booking, elsewhere.booking]
    found = {
        code: [item and item["id"] for item in gateway.vendor(code).ask(document, ids=wanted).data["nodes"]]
        for code in ("HUANQIU", "VAS-SERVICE", "QITAI", "NOBODY")
    }
    assert found == {
        "HUANQIU": [mine.booking, None],
        "VAS-SERVICE": [None, elsewhere.booking],
        "QITAI": [None, None],
        "NOBODY": [None, None],
    }


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_vendor_reads_what_is_anothers_like_what_is_not_there(gateway: Gateway, mine: Case, name: str) -> None:
    field, document = DOCUMENTS[name]
    other = gateway.vendor("VAS-SERVICE").at(escorts.NOW)
    same(other.ask(document, x=value) for value in (getattr(mine, field), ABSENT[field]()))


@pytest.mark.parametrize("mutation", of_bookings())
def test_a_vendor_acts_on_anothers_booking_as_on_none(gateway: Gateway, mine: Case, mutation: str) -> None:
    other = gateway.vendor("VAS-SERVICE").at(escorts.NOW)
    same(send(other, mutation, sample(mutation, booking=value)) for value in (mine.booking, absent("book")))


@pytest.mark.parametrize("mutation", sorted(set(of_policies()) - CLIENTS_OWN))
def test_a_vendor_acts_for_no_policy_of_a_product_that_it_does_not_serve(
    gateway: Gateway, mine: Case, mutation: str
) -> None:
    other = gateway.vendor("VAS-SERVICE").at(escorts.NOW)
    same(send(other, mutation, sample(mutation, policyNumber=number)) for number in (mine.number, new_number("ZYB")))


def test_a_token_that_is_cut_to_a_product_sees_no_other(gateway: Gateway, mine: Case) -> None:
    def seen_by(*products: str) -> Any:
        viewer = Viewer(
            ViewerKind.VENDOR,
            "vendor:HUANQIU",
            "cut",
            frozenset(VENDOR_SCOPES),
            vendor="HUANQIU",
            products=products,
        )
        document = "query Q($x: ID!) { node(id: $x) { id } }"
        return gateway.client(viewer).ask(document, x=mine.booking).data["node"]

    assert seen_by("ZYB") == {"id": mine.booking}
    assert seen_by("VAS") is None


VENDOR_VIEW = """query Q($id: ID!) { node(id: $id) { ... on Booking { number
  insured { name birthOn idNumber phone idType }
  policy { number holder { name idNumber } insured { name birthOn idNumber phone } entitlements { service }
    bookings { totalCount } }
  details { ... on EscortDetails { patientName patientPhone symptom } } timeline { command } } } }"""


def test_a_vendor_sees_masked_people(gateway: Gateway, mine: Case) -> None:
    booking = gateway.vendor("HUANQIU").ask(VENDOR_VIEW, id=mine.booking).data["node"]
    assert booking["insured"] == {
        "name": "欧**",
        "birthOn": None,
        "idNumber": "****0011",
        "phone": "****5678",
        "idType": "ID_CARD",
    }
    assert booking["details"]["patientName"] == "欧**"
    assert booking["details"]["patientPhone"] == "****5678"


def test_a_vendor_sees_no_number_and_no_name_anywhere(gateway: Gateway, mine: Case) -> None:
    text = gateway.vendor("HUANQIU").ask(VENDOR_VIEW, id=mine.booking).response.text
    assert [secret for secret in (PHONE, ID_NUMBER, NAME, "1990-03-07") if secret in text] == []


def test_a_vendor_sees_of_a_policy_only_what_its_service_needs(gateway: Gateway, mine: Case) -> None:
    policy = gateway.vendor("HUANQIU").ask(VENDOR_VIEW, id=mine.booking).data["node"]["policy"]
    assert policy["holder"] is None
    assert [item["name"] for item in policy["insured"]] == ["欧**"]
    assert [item["service"] for item in policy["entitlements"]] == ["OUTPATIENT_ESCORT"]
    assert policy["bookings"]["totalCount"] == 1


def test_nobody_is_shown_a_whole_number(gateway: Gateway, mine: Case) -> None:
    document = (
        "query Q($id: ID!) { node(id: $id) { ... on Policy { insured { idNumber phone } holder { idNumber phone } } } }"
    )
    for client in (me(gateway, mine), gateway.staff("supervisor")):
        person = client.ask(document, id=mine.policy).data["node"]["insured"][0]
        assert person == {"idNumber": "****0011", "phone": "****5678"}


# Secrets

SECRETS = (PHONE, ID_NUMBER, SYMPTOM, NAME)


def bad_requests(case: Case) -> list[dict[str, Any]]:
    """Requests that go wrong at different depths, each with all secrets in it."""
    patient = {"name": NAME, "phone": PHONE, "gender": "FEMALE", "birthOn": "1990-03-07"}
    good = escorts.request(case.number, patient=patient, symptom=SYMPTOM, need=ID_NUMBER)
    return [
        good | {"nope": 1},
        {name: value for name, value in good.items() if name != "hospital"},
        good | {"visitAt": ID_NUMBER},
        good | {"conditions": [SYMPTOM]},
        good | {"hospital": "nope"},
        good | {"patient": {**patient, "phone": ID_NUMBER}},
        good | {"patient": [patient]},
        good | {"symptom": SYMPTOM * 1_000},
        good | {"symptom": SYMPTOM + "\x00"},
        good | {"plannedMinutes": PHONE},
    ]


def test_no_error_repeats_what_is_personal(gateway: Gateway, mine: Case) -> None:
    for given in bad_requests(mine):
        answer = me(gateway, mine).ask(escorts.ESCORT_BOOK, input=given)
        assert answer.code == "BAD_USER_INPUT"
        assert [secret for secret in SECRETS if secret in answer.response.text] == []


def test_an_exception_is_masked_and_logged_without_what_is_personal(
    gateway: Gateway, mine: Case, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError(f"{PHONE} {ID_NUMBER} {SYMPTOM} {NAME} select * from policies {given} {named}")

    monkeypatch.setattr("gateway.repositories.idempotency.claim", broken)
    given = bad_requests(mine)[0]
    del given["nope"]
    answer = me(gateway, mine).ask(escorts.ESCORT_BOOK, input=given)
    logged = "".join(capfd.readouterr())
    assert answer.code == "INTERNAL"
    assert answer.error["extensions"]["requestId"] in logged
    for text in (answer.response.text, logged):
        assert [secret for secret in (*SECRETS, "select *", "Traceback") if secret in text] == []


def test_nothing_that_goes_well_or_wrong_is_logged_with_what_is_personal(
    gateway: Gateway, mine: Case, capfd: pytest.CaptureFixture[str]
) -> None:
    for given in bad_requests(mine):
        me(gateway, mine).ask(escorts.ESCORT_BOOK, input=given)
    new_case(gateway, "ZYB")
    logged = "".join(capfd.readouterr())
    assert [secret for secret in SECRETS if secret in logged] == []


def test_what_is_stored_of_numbers_cannot_be_read(gateway: Gateway, mine: Case) -> None:
    rows = escorts.look(
        gateway,
        "select row_to_json(member)::text as row from policy_members as member where policy_id = $1"
        " union all select row_to_json(detail)::text from escort_details as detail where policy_id = $1",
        policy_id(mine.number),
    )
    text = "".join(row["row"] for row in rows)
    assert text
    assert [secret for secret in (PHONE, ID_NUMBER) if secret in text] == []
