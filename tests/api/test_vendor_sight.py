"""What vendors see: what is routed to them, with people masked."""

from typing import Any

import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from tests.support import escorts
from tests.support.cases import ABSENT, DOCUMENTS, ID_NUMBER, NAME, PHONE, Case, absent, me, new_case, same
from tests.support.client import Gateway, new_number
from tests.support.mutations import of_bookings, of_policies, sample, send

CLIENTS_OWN = {"messageLeave", "complaintCreate", "onsiteAssistanceRequest"}
"""What no vendor does for a client."""


@pytest.fixture(scope="module")
def mine(gateway: Gateway) -> Case:
    return new_case(gateway, "ZYB")


@pytest.fixture(scope="module")
def elsewhere(gateway: Gateway) -> Case:
    """Of another customer, with another vendor."""
    return new_case(gateway, "VAS")


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
