"""Who sees whose: customers of one another, and staff."""

import pytest

from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
from gateway.execution import ids
from tests.support.cases import ABSENT, DOCUMENTS, Case, absent, me, new_case, same, words
from tests.support.client import Gateway, new_number
from tests.support.mutations import of_bookings, of_policies, sample, send


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
    "healthManagerContactRecord",
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
