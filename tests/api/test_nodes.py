"""`node` and `nodes`: every object again by its id, and nothing else."""

from typing import Any

import pytest

from gateway.execution.sources import PREFIXES
from gateway.schema import schema
from tests.support import escorts
from tests.support.client import Client, Gateway
from tests.support.consultations import send

NODE = "query Node($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
OWNED = """query Owned($number: String!) {
  policy(number: $number) { id holder { id } insured { id } entitlements { id } bookings { nodes { id } } } }"""
CATALOGUE = {
    "Product": "{ product(code: ZYB) { id } }",
    "City": "{ cities(first: 1) { nodes { id } } }",
    "Hospital": '{ hospital(code: "DEMO-SH-001") { id } }',
    "Drug": "{ drugs(first: 1) { nodes { id } } }",
    "Rule": '{ rule(code: "ZYB-ESC-26") { id } }',
    "Vendor": "{ product(code: ZYB) { vendors { vendor { id } } } }",
}
EMPTY = {"Expert"}
"""Types of which there is nothing yet."""
ELSEWHERE = {
    "VendorToken",  # the administrator's, in `tests/auth`
    "Restriction",  # in `test_answers.py`
    "BrandTransfer",  # in `test_visit_lifecycle.py`
    *("EmergencyNotice", "GuaranteeLetter"),  # in `test_preauths.py`
    *("PreAuth", "Claim", "Appeal", "Advance", "Bill", "Repayment", "Card", "Document"),  # in `test_cases.py`
    "ClaimDecision",  # in `test_cases.py`
    *("GuaranteeLetter", "EmergencyNotice"),  # in `test_preauths.py`
    *("Consent", "PolicyAccess"),  # in `tests/personal`
    "Notice",  # in `test_notices.py`
    "HotlineOverride",  # in `test_overrides.py`
    *("HealthRecord", "HealthRecordEntry", "GrowthAssessment"),  # in `test_health_records.py`
    "ManagerContact",  # in `test_manager_contacts.py`
    "Pharmacy",  # in `test_pharmacies.py`
    "Vaccination",  # in `test_vaccinations.py`
}
TOLD = {"Message": ("messageLeave", "message"), "Complaint": ("complaintCreate", "complaint")}
"""What a customer tells the insurer: type → mutation, and field of its payload."""


def first_id(value: Any) -> str:
    """The only id in an answer, however deep."""
    if isinstance(value, dict):
        return value["id"] if "id" in value else first_id(next(iter(value.values())))
    return first_id(value[0])


def node(client: Client, wanted: str) -> Any:
    return client.ask(NODE, id=wanted).data["node"]


@pytest.fixture(scope="module")
def owned(gateway: Gateway) -> dict[str, str]:
    """Ids of one customer's own objects, by type; and under "number" the policy's number."""
    number = escorts.register(gateway)
    customer = gateway.customer(number).at(escorts.NOW)
    booking = escorts.book(customer, number)["booking"]
    policy = customer.ask(OWNED, number=number).data["policy"]
    left = {name: told(customer, number, *of) for name, of in TOLD.items()}
    return {
        "number": number,
        "Policy": policy["id"],
        "Person": policy["insured"][0]["id"],
        "Entitlement": policy["entitlements"][0]["id"],
        "Booking": booking["id"],
        **left,
    }


def told(customer: Client, number: str, mutation: str, field: str) -> str:
    given = {"policyNumber": number, "content": "words"}
    return send(customer, mutation, shows=f"{field} {{ id }}", **given).data[mutation][field]["id"]


def test_every_type_of_object_is_tried_here(owned: dict[str, str]) -> None:
    known = {kind.name for kind in schema._schema.type_map.values() if "Node" in interfaces(kind)}
    assert known == {source.name for source in PREFIXES.values()}
    assert known == set(CATALOGUE) | EMPTY | ELSEWHERE | set(owned) - {"number"}


def interfaces(kind: Any) -> set[str]:
    return {interface.name for interface in getattr(kind, "interfaces", ())}


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_an_object_of_the_catalogue_is_found_by_anyone(gateway: Gateway, kind: str) -> None:
    wanted = first_id(gateway.anyone().ask(CATALOGUE[kind]).data)
    assert node(gateway.anyone(), wanted) == {"__typename": kind, "id": wanted}


@pytest.mark.parametrize("kind", ["Policy", "Person", "Entitlement", "Booking"])
def test_an_object_of_ones_own_is_found(gateway: Gateway, owned: dict[str, str], kind: str) -> None:
    customer = gateway.customer(owned["number"])
    assert node(customer, owned[kind]) == {"__typename": kind, "id": owned[kind]}


@pytest.mark.parametrize("kind", ["Policy", "Person", "Entitlement", "Booking"])
def test_a_foreign_object_is_null_for_everybody_else(gateway: Gateway, owned: dict[str, str], kind: str) -> None:
    others = (gateway.anyone(), gateway.customer("DEMO-ZYB-001"), gateway.vendor("VAS-SERVICE"))
    assert [node(client, owned[kind]) for client in others] == [None, None, None]


@pytest.mark.parametrize("kind", ["Policy", "Person", "Entitlement", "Booking"])
def test_an_object_behind_a_scope_is_null_without_it(gateway: Gateway, owned: dict[str, str], kind: str) -> None:
    assert node(gateway.vendor("HUANQIU", "catalogue:read"), owned[kind]) is None


def test_a_prefix_of_another_type_finds_nothing(gateway: Gateway, owned: dict[str, str]) -> None:
    customer, digits = gateway.customer(owned["number"]), owned["Booking"].removeprefix("book_")
    for prefix in (source for source in PREFIXES if source != "book"):
        assert node(customer, f"{prefix}_{digits}") is None


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        " ",
        "x",
        "_",
        "book_",
        "book_0",
        "book_" + "0" * 64,
        "book_" + "0" * 32,
        "prod_" + "0" * 32,
        "prod_" + "0" * 64,
        "PROD_" + "0" * 32,
        "hosp_" + "g" * 32,
        "nope_" + "0" * 32,
        "prod_" + "0" * 31 + "٣",
        "prod_" + "0" * 32 + "\n",
        "' or '1'='1",
        "__typename",
        "1",
        "漢" * 40,
        "a" * 20_000,
    ],
)
def test_what_is_no_id_is_null(gateway: Gateway, wanted: str) -> None:
    assert node(gateway.staff(), wanted) is None


def test_an_id_is_the_same_in_small_letters_only(gateway: Gateway, owned: dict[str, str]) -> None:
    assert node(gateway.customer(owned["number"]), owned["Policy"].upper()) is None


def test_many_keep_their_order_their_repeats_and_their_gaps(gateway: Gateway, owned: dict[str, str]) -> None:
    product = first_id(gateway.anyone().ask(CATALOGUE["Product"]).data)
    wanted = [owned["Booking"], "nope", product, owned["Policy"], product]
    found = gateway.customer(owned["number"]).ask(NODES, ids=wanted).data["nodes"]
    assert [item and item["id"] for item in found] == [wanted[0], None, product, wanted[3], product]


def test_a_hundred_ids_are_taken_and_no_more(gateway: Gateway) -> None:
    assert gateway.anyone().ask(NODES, ids=["x"] * 100).data["nodes"] == [None] * 100
    answer = gateway.anyone().ask(NODES, ids=["x"] * 101)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["ids"])


def test_no_ids_are_no_objects(gateway: Gateway) -> None:
    assert gateway.anyone().ask(NODES, ids=[]).data["nodes"] == []


def test_fields_of_the_type_are_read_through_a_fragment(gateway: Gateway, owned: dict[str, str]) -> None:
    document = "query Q($id: ID!) { node(id: $id) { ... on Booking { number policy { number } } } }"
    found = gateway.customer(owned["number"]).ask(document, id=owned["Booking"]).data["node"]
    assert found["policy"]["number"] == owned["number"]
