"""What a request may do without a token, with which scopes, and in which role."""

import pytest

from gateway.auth.viewer import CUSTOMER_SCOPES, SCOPES, Viewer, ViewerKind
from gateway.repositories.policies import policy_id
from tests.support import escorts
from tests.support.cases import Case, new_case
from tests.support.client import Client, Gateway
from tests.support.mutations import MUTATIONS, of_bookings, sample, send

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


@pytest.fixture(scope="module")
def mine(gateway: Gateway) -> Case:
    return new_case(gateway, "ZYB")


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
